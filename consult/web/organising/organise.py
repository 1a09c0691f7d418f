"""Organisers' pages: the list of consultations, a new one, and the tasks of each."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from flask import current_app, g, render_template, url_for
from flask import request as posted
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as AnyResponse

from consult import access
from consult.commands.consultations.drafting import Draft, describe_consultation, draft_consultation
from consult.commands.consultations.short_names import SLUG
from consult.web import services as find_services
from consult.web.accounts import staff_home
from consult.web.accounts.staff_access import actor_for, partnerships_of
from consult.web.forms.reader import (
    WORDS_LENGTH_MAX,
    Problem,
    Reader,
    Typed,
    typed_words,
)
from consult.web.forms.sending import Page, draw_form, submit
from consult.web.organising import desk, organise_tasks
from consult.web.organising.desk import Desk, find, find_draft
from consult.web.organising.draft import (
    organise_lot,
    organise_options,
    organise_preview,
    organise_questions,
    organise_terms,
)
from consult.web.organising.draft.short_names import proposed
from consult.web.organising.running import (
    organise_campaigns,
    organise_codes,
    organise_follow_ups,
    organise_steps,
)
from consult.web.organising.words import organise_exports, organise_reading
from consult.web.pages import NOBODY, Room
from consult.web.partnership import organise_partnership
from consult.wording.language import N_
from consult.wording.language import gettext as _
from projections.consultations import ConsultationPage, Consultations
from projections.partnerships import PartnershipPage, Partnerships
from projections.results import Results

organise = Room(
    "organise",
    __name__,
    url_prefix="/organise",
    keeps=NOBODY,
    who=access.SEE_WORK,
    work=N_("Consultations"),
)
for part in (
    organise_questions.questions,
    organise_options.options,
    organise_terms.terms,
    organise_preview.preview,
    organise_steps.steps,
    organise_follow_ups.follow_ups,
    organise_codes.codes,
    organise_reading.reading,
    organise_campaigns.campaigns,
    organise_exports.exports,
    organise_partnership.partnership,
    organise_lot.lot,
):
    organise.register_blueprint(part)

LANGUAGES = ("en", "cy")
FORBIDDEN = 403
BAD_REQUEST = 400
GROUPS = {
    access.DRAFT: {access.DRAFT},
    access.OPEN: {access.OPEN, access.PAUSED},
    access.CLOSED: {access.CLOSED},
    access.WITHDRAWN: {access.WITHDRAWN},
}
"""The lists on the first page, and the states in each."""


@organise.errorhandler(FORBIDDEN)
def not_yours(_error: Exception) -> Page:
    """Explain that another partnership's work is not shown."""
    return render_template("organise/not_yours.html"), FORBIDDEN


@organise.errorhandler(CSRFError)
def expired(error: CSRFError) -> Page | AnyResponse:
    """Show the form again, with what was typed, if its CSRF token is not valid in this session."""
    if posted.endpoint is None:
        raise error
    refused = staff_home.let_in()
    if refused is not None:
        return refused
    g.has_expired = True
    view = current_app.view_functions[posted.endpoint]
    page: Page = current_app.ensure_sync(view)(**(posted.view_args or {}))
    return page


@organise.get("/", footer=N_("For organisers"))
def index() -> str:
    """List the consultations of the organiser's partnerships by state."""
    services = desk.fresh_views()
    views = services.views
    with views.connect() as db:
        mine = _partnerships()
        pages = [
            page
            for partnership in mine
            for page in views.reader(Consultations).of_partnership(db, partnership.id)
        ]
        results = views.reader(Results)
        published = results.are_published(db, [page.id for page in pages])
    g.partnership = mine[0] if len(mine) == 1 else None
    return render_template(
        "organise/index.html",
        groups=[(name, _in_states(pages, states)) for name, states in GROUPS.items()],
        published=published,
        partnerships=mine,
        names={partnership.id: partnership.name for partnership in mine},
    )


@organise.route("/new", methods=["GET", "POST"])
def new() -> Page:
    """Draft a consultation: title, overview, languages and address."""
    mine = _partnerships()
    g.partnership = mine[0] if len(mine) == 1 else None
    choices = {str(partnership.id): partnership.name for partnership in mine}

    def draw(typed: Typed, problems: list[Problem]) -> str:
        return draw_form("organise/new.html", typed, problems, partnerships=choices)

    def read(form: Reader) -> tuple[UUID, Draft]:
        return _read_new(form, choices)

    def act(value: tuple[UUID, Draft], key: str) -> None:
        partnership_id, draft = value
        _begin(partnership_id, draft, key)
        made.append(draft.slug)

    made: list[str] = []
    if posted.method == "GET":
        has_both = all(set(LANGUAGES) <= set(partnership.languages) for partnership in mine)
        return draw({"both": "yes"} if has_both else {}, [])
    return submit(read, act, draw, lambda: url_for(".tasks", slug=made[0]))


@organise.get("/c/<slug>/")
def tasks(slug: str) -> str:
    """Show what a draft still needs, or what can be done with a consultation now."""
    one = find(slug)
    if one.is_draft:
        return render_template("organise/tasks.html", desk=one, **organise_tasks.of_draft(one))
    return render_template("organise/running.html", desk=one, **organise_tasks.of_running(one))


@organise.route("/c/<slug>/words", methods=["GET", "POST"])
def words(slug: str) -> Page:
    """Change the title and the overview."""
    one = find_draft(slug)

    def draw(typed: Typed, problems: list[Problem]) -> str:
        is_switchable = _is_switchable(one)
        return draw_form(
            "organise/words.html", typed, problems, desk=one, is_switchable=is_switchable
        )

    if posted.method == "GET":
        typed = {**typed_words("title", one.page.title)}
        typed |= typed_words("overview", one.page.overview)
        return draw(typed | ({"both": "yes"} if one.page.languages == LANGUAGES else {}), [])
    return submit(
        lambda form: (*_read_words(form, one.page.languages), _read_languages(form)),
        lambda said, key: describe_consultation(
            find_services(),
            one.id,
            title=_beside(one.page.title, one.page.languages) | said[0],
            overview=_beside(one.page.overview, one.page.languages) | said[1],
            languages=said[2] if _is_switchable(one) else (),
            actor=one.actor,
            command_id=key,
        ),
        draw,
        one.address(),
        _("The title and the overview are saved."),
    )


def _partnerships() -> list[PartnershipPage]:
    """Return the partnerships in which this person may draft consultations."""
    views = desk.fresh_views().views
    ids = partnerships_of(access.DRAFT_CONSULTATION)
    with views.connect() as db:
        found = [views.reader(Partnerships).by_id(db, id) for id in ids]
    return sorted((each for each in found if each is not None), key=lambda each: each.slug)


def _in_states(
    pages: Iterable[ConsultationPage], states: Collection[str]
) -> list[ConsultationPage]:
    now = find_services().clock()
    return [page for page in pages if page.state_at(now) in states]


def _read_words(form: Reader, languages: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
    title = form.words("title", languages, needed=_("Give it a title."))
    overview = form.words("overview", languages, most=WORDS_LENGTH_MAX)
    return title, overview


def _beside(words: Mapping[str, str], languages: tuple[str, ...]) -> dict[str, str]:
    """Return the texts in languages that the form does not show, to be kept."""
    return {code: text for code, text in words.items() if code not in languages}


def _read_languages(form: Reader) -> tuple[str, ...]:
    return LANGUAGES if form.is_ticked("both") else LANGUAGES[:1]


def _is_switchable(one: Desk) -> bool:
    """Return whether one checkbox can determine the languages of a draft."""
    return one.page.languages in {LANGUAGES, LANGUAGES[:1]}


def _read_new(form: Reader, choices: dict[str, dict[str, str]]) -> tuple[UUID, Draft]:
    languages = _read_languages(form)
    title, overview = _read_words(form, languages)
    if len(choices) == 1:
        (chosen,) = choices
    else:
        chosen = form.choice("partnership", choices, needed=_("Choose who is asking."))
    slug = form.line("slug", most=60).lower() or proposed(title)
    if title and not SLUG.fullmatch(slug):
        form.wrong("slug", _("Use small letters, digits and hyphens, like riverside-park."))
    return (
        UUID(chosen) if chosen else UUID(int=0),
        Draft(slug=slug, title=title, overview=overview, languages=languages),
    )


def _begin(partnership_id: UUID, draft: Draft, key: str) -> None:
    services = find_services()
    actor = actor_for(access.DRAFT_CONSULTATION, partnership_id)
    assert actor is not None, "the form offers only partnerships of this person"
    draft_consultation(
        services, partnership_id=partnership_id, draft=draft, actor=actor, command_id=key
    )
