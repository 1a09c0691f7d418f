"""Organisers' pages: the list of consultations, a new one, and the tasks of each."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from flask import current_app, g, render_template, url_for
from flask import request as posted
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as AnyResponse

from consult import access
from consult.commands.consultations.drafting import Draft, describe_consultation, draft_consultation
from consult.web import services as find_services
from consult.web.accounts import staff_home
from consult.web.accounts.staff_access import actor_for, partnerships_of
from consult.web.forms.sending import Page
from consult.web.organising import desk
from consult.web.organising.describing_forms import LANGUAGES, DescribeForm, NewForm, languages_of
from consult.web.organising.desk import find, find_draft
from consult.web.organising.draft.lot import lot
from consult.web.organising.draft.options import options
from consult.web.organising.draft.preview import preview
from consult.web.organising.draft.questions import questions
from consult.web.organising.draft.terms import terms
from consult.web.organising.running.campaigns import campaigns
from consult.web.organising.running.codes import codes
from consult.web.organising.running.follow_ups import follow_ups
from consult.web.organising.running.letters import letters
from consult.web.organising.running.results import results
from consult.web.organising.running.steps import steps
from consult.web.organising.tasks import of_draft, of_running
from consult.web.organising.words.exports import exports
from consult.web.organising.words.reading import reading
from consult.web.pages import NOBODY, Room
from consult.web.partnership.partnership import partnership
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.registries.state_words import state_words
from events.consultations import states
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
    questions,
    options,
    terms,
    preview,
    steps,
    results,
    follow_ups,
    codes,
    letters,
    reading,
    campaigns,
    exports,
    partnership,
    lot,
):
    organise.register_blueprint(part)

FORBIDDEN = 403
BAD_REQUEST = 400
GROUPS = {
    states.DRAFT: {states.DRAFT},
    states.OPEN: {states.OPEN, states.PAUSED},
    states.CLOSED: {states.CLOSED},
    states.WITHDRAWN: {states.WITHDRAWN},
}
"""The lists on the first page, and the states in each."""


@organise.errorhandler(FORBIDDEN)
def not_yours(_error: Exception) -> Page:
    """Explain that another partnership's work is not shown."""
    return render_template("organising/not_yours.html"), FORBIDDEN


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


@organise.get("/", footer=True, title=N_("Your consultations"), link=N_("For organisers"))
def index() -> str:
    """List the consultations of the organiser's partnerships by state."""
    mine, views = _partnerships(), find_services().views
    with views.connect() as db:
        pages = [
            page
            for partnership in mine
            for page in views.reader(Consultations).of_partnership(db, partnership.id)
        ]
        published = views.reader(Results).are_published(db, [page.id for page in pages])
    g.partnership = mine[0] if len(mine) == 1 else None
    return render_template(
        "organising/index.html",
        groups=[
            (name, state_words(name).heading, _in_states(pages, listed))
            for name, listed in GROUPS.items()
        ],
        published=published,
        partnerships=mine,
        names={partnership.id: partnership.name for partnership in mine},
    )


@organise.route("/new", methods=["GET", "POST"], title=N_("New consultation"))
def new() -> Page:
    """Draft a consultation: title, overview, languages and address."""
    mine = _partnerships()
    g.partnership = mine[0] if len(mine) == 1 else None
    form = NewForm(mine)
    made: list[str] = []

    def act(key: str) -> None:
        partnership_id, draft = form.drafted()
        _begin(partnership_id, draft, key)
        made.append(draft.slug)

    return form.submit(
        act, lambda: form.draw("organising/new.html"), lambda: url_for(".tasks", slug=made[0])
    )


@organise.get("/c/<slug>/", title="%(title)s")
def tasks(slug: str) -> str:
    """Show what a draft still needs, or what can be done with a consultation now."""
    one = find(slug)
    if one.is_draft:
        return render_template("organising/tasks.html", desk=one, **of_draft(one))
    return render_template("organising/running.html", desk=one, **of_running(one))


@organise.route("/c/<slug>/words", methods=["GET", "POST"], title=N_("Title and overview"))
def words(slug: str) -> Page:
    """Change the title and the overview."""
    one = find_draft(slug)
    known, languages = one.page, one.page.languages
    form = DescribeForm(known, languages=languages, both=languages == LANGUAGES)
    is_switchable = languages in {LANGUAGES, LANGUAGES[:1]}
    if not is_switchable:
        del form.both  # one box cannot say which languages a draft has

    def act(key: str) -> None:
        describe_consultation(
            find_services(),
            one.id,
            title=_beside(known.title, languages) | form.title.data,
            overview=_beside(known.overview, languages) | form.overview.data,
            languages=languages_of(is_both=form.both.data) if is_switchable else (),
            actor=one.actor,
            command_id=key,
        )

    return form.submit(
        act,
        lambda: form.draw("organising/words.html", desk=one),
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
    pages: Iterable[ConsultationPage], listed: Collection[str]
) -> list[ConsultationPage]:
    now = find_services().clock()
    return [page for page in pages if page.state_at(now) in listed]


def _beside(words: Mapping[str, str], languages: tuple[str, ...]) -> dict[str, str]:
    """Return the texts in languages that the form does not show, to be kept."""
    return {code: text for code, text in words.items() if code not in languages}


def _begin(partnership_id: UUID, draft: Draft, key: str) -> None:
    services = find_services()
    actor = actor_for(access.DRAFT_CONSULTATION, partnership_id)
    assert actor is not None, "the form offers only partnerships of this person"
    draft_consultation(
        services, partnership_id=partnership_id, draft=draft, actor=actor, command_id=key
    )
