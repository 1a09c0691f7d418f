"""Parts of every question's form: facts above it, and the condition under which it is asked."""

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from consult.commands.answers.places import placed
from consult.web.forms.reader import Reader, typed_words
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.option_words import other_title
from events.partnership import Ward
from events.question import (
    OTHER,
    Condition,
    Details,
    Question,
)
from projections.consultations import ConsultationPage

DETAILS_MAX = 5
DETAILS_WORDS_MAX = 5_000


def read_parts(
    form: Reader, known: Question, languages: tuple[str, ...], before: Iterable[Question]
) -> Question:
    """Parse these parts of the form. `before`: the questions asked earlier."""
    return replace(known, details=_details(form, languages), asked_when=_condition(form, before))


def typed_parts(question: Question) -> dict[str, str]:
    """Return these parts as form fields."""
    found: dict[str, str] = {}
    for number, details in enumerate(question.details, start=1):
        found |= typed_words(f"facts-{number}-title", details.title)
        found |= typed_words(f"facts-{number}-words", details.words)
    if question.asked_when:
        ids = question.asked_when.options
        found |= {f"when-{question.asked_when.question}-{id}": "yes" for id in ids}
    return found


def routes(before: Iterable[Question]) -> list[tuple[Question, list[tuple[str, str]]]]:
    """Return the earlier questions that can be conditions, each with its answers."""
    return [(one, _answers(one)) for one in before if one.of_kind.is_route and _answers(one)]


def places(question: Question, page: ConsultationPage, wards: tuple[Ward, ...]) -> list[str]:
    """Return the answers that a question about a place offers under the present terms."""
    return [words for _id, words in _answers(placed(question, wards, page.terms))]


def facts_shown(question: Question, typed: Collection[str]) -> int:
    """Return how many rows for facts a form shows: those in use and an empty one."""
    used = [n for n in range(1, DETAILS_MAX + 1) if any(f"facts-{n}-" in name for name in typed)]
    return min(DETAILS_MAX, max([len(question.details), *used], default=0) + 1)


def _answers(question: Question) -> list[tuple[str, str]]:
    found = [(option.id, said(option.title) or option.id) for option in question.options]
    if question.takes_other:
        found.append((OTHER, other_title(question)))
    return found


def _details(form: Reader, languages: tuple[str, ...]) -> tuple[Details, ...]:
    found = []
    for number in range(1, DETAILS_MAX + 1):
        title = form.words(f"facts-{number}-title", languages)
        words = form.words(f"facts-{number}-words", languages, most=DETAILS_WORDS_MAX)
        if title or words:
            found.append(Details(title, words))
    return tuple(found)


def _condition(form: Reader, before: Iterable[Question]) -> Condition | None:
    chosen = {
        one.id: tuple(id for id, _words in answers if form.is_ticked(f"when-{one.id}-{id}"))
        for one, answers in routes(before)
    }
    given = {id: options for id, options in chosen.items() if options}
    if len(given) > 1:
        second = list(given)[1]
        form.wrong(
            f"when-{second}-{given[second][0]}",
            _("Choose answers to one question only. To combine two, ask in two steps."),
        )
    return Condition(*next(iter(given.items()))) if given else None
