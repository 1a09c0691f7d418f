"""Until it is counted, a sentence about a rule tells what will be done; after, what was done."""

import re
from collections.abc import Iterator

import pytest

from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.consultations.opening import open_consultation
from consult.commands.results.counting import publish_results
from consult.counting import RULES
from consult.web.results import audit
from consult.wording import language
from consult.wording.shown_consultation import ShownConsultation
from events.consultations.terms import CountingTerms
from projections.consultations import Consultations
from projections.partnerships import Partnerships
from tests.builders import (
    ORGANISER,
    RESIDENT,
    close_consultation,
    draft,
    draw_lot,
)
from tests.conftest import only
from tests.kinds import of_kind

pytestmark = only("sqlite")
PAST = re.compile(r"\b(was|were|began|went|had|came|fitted|raised)\b")
GONE = re.compile(r"(?i)\b(oedd|oeddent|dechreuodd|aeth|daeth|codwyd|llanwyd|gyhoeddwyd)\b")
KINDS = {"approval": "approval", "points-sum": "points", "rating": "rating", "star": "rating"}
ANSWERS = {
    "ranking": ["a", "b"],
    "approval": ["a"],
    "points": {"a": 10},
    "rating": {"a": 3},
    "basket": ["b"],
}


def terms() -> Iterator[tuple[str, CountingTerms]]:
    """Every rule with every choice of every parameter, and with none, one and two tie rules."""
    for name, rule in RULES.items():
        id = "points-3" if name == "points-N" else name
        kind = "basket" if rule.budget else KINDS.get(name, "ranking")
        assert kind in rule.accepts or kind == "basket"
        chain = ("cost", "lot") if rule.budget else ("votes",)
        yield kind, CountingTerms(id, tie_chain=chain)
        for each in rule.parameters:
            for value in each.choices or ("2",) * (each.name in {"threshold", "step"}):
                yield kind, CountingTerms(id, tie_chain=chain, parameters={each.name: value})
    yield "ranking", CountingTerms("stv", seats=2, tie_chain=("first-choices", "votes"))
    yield "ranking", CountingTerms("borda", tie_chain=("lot",))
    yield "ranking", CountingTerms("borda")


def said_before(app, services, slug="riverside") -> dict[str, str]:
    """Everything that is said of how it is counted, by language."""
    services.catch_up()
    with services.views.connect() as db:
        page = services.views.reader(Consultations).by_slug(db, slug)
        home = services.views.reader(Partnerships).by_id(db, page.partnership_id)
    found = {}
    for code in ("en", "cy"):
        with app.test_request_context("/"), language.in_language(code):
            (one,) = audit.promised(ShownConsultation(page, home, 0.0))
            found[code] = " ".join([*one["how"], *one["ties"], *one["lot_words"]])
    return found


@pytest.mark.parametrize(
    ("kind", "counting"),
    list(terms()),
    ids=lambda it: it if isinstance(it, str) else f"{it.rule} {dict(it.parameters)} {it.seats}",
)
def test_a_rule_is_told_in_the_tense_of_the_moment(app, services, resident, kind, counting):
    drafted = draft(services, of_kind(kind), counting={f"q-{kind}": counting})
    before = said_before(app, services)
    open_consultation(services, drafted.id, actor=ORGANISER)
    assert said_before(app, services) == before
    assert not PAST.search(before["en"]), before["en"]
    assert not GONE.search(before["cy"]), before["cy"]
    start, count = (resident.open(f"/c/riverside{place}").words for place in ("", "/count"))
    for sentence in re.split(r"(?<=\.) ", before["en"]):
        assert sentence in start
        assert sentence in count
    submit_answers(
        services,
        consultation_id=drafted.id,
        voter="ann",
        sheet=Sheet({f"q-{kind}": ANSWERS[kind]}),
        actor=RESIDENT,
        command_id="",
    )
    close_consultation(services, drafted.id)
    if services.record.get(type(drafted), drafted.id).terms.beacon:
        draw_lot(services, drafted.id)
    publish_results(services, drafted.id, actor=ORGANISER)
    services.catch_up()
    after = resident.open("/c/riverside/count").words
    if counting.parameters.get("top_up") == "greedy":
        assert "What is left then goes to the projects with most support" in before["en"]
        assert "What was left then went to the projects with most support" in after
        assert "What is left then goes" not in after
    if counting.seats == 2:
        assert "2 places are to be filled." in before["en"]
        assert "2 places were filled." in after


def test_what_is_published_of_the_other_questions_is_told_so_too(services, resident):
    drafted = draft(services, of_kind("single"), of_kind("text"))
    open_consultation(services, drafted.id, actor=ORGANISER)
    services.catch_up()
    assert "After it closes we publish how many gave" in resident.open("/c/riverside/count").words
    close_consultation(services, drafted.id)
    publish_results(services, drafted.id, actor=ORGANISER)
    services.catch_up()
    page = resident.open("/c/riverside/count").words
    assert "We have published how many gave each answer." in page
    assert "After it closes" not in page
