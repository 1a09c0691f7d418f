"""Proof of identity: the ways a consultation accepts, and the page to choose one.

A way is a module `identity_<level>` with a page `ask`; it ends by calling `proceed`.
"""

from dataclasses import dataclass

from flask import (
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from consult.commands.answers.drafts import delete_draft
from consult.commands.answers.holding import (
    find_by_changing_code,
    find_by_receipt,
    find_by_voter,
    given_before,
)
from consult.commands.answers.submitting_refusals import UnknownReceipt
from consult.people.proving.identities import Proven, is_offered
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.answering import journey
from consult.web.consultation_lookup import find
from consult.web.pages import NOBODY, Room
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.registries.level_words import LEVELS
from consult.wording.shown_consultation import ShownConsultation
from events.consultations import levels

identity = Room("identity", __name__, url_prefix="/c/<slug>/identity", keeps=NOBODY)
Page = str | tuple[str, int] | AnyResponse


@dataclass(frozen=True)
class Way:
    """A way to prove one's identity. `address`: its first page; None if it has none."""

    level: str
    title: str
    explained: str
    address: str | None


@identity.get("", title=N_("How would you like to show who you are?"))
def choose(slug: str) -> Page:
    """Offer the ways; redirect to it if there is only one."""
    asked = find_open(slug)
    if isinstance(asked, AnyResponse):
        return asked
    found = ways(asked)
    mine = [way.address for way in found if way.address]
    if is_needed(asked) and len(found) == len(mine) == 1:
        return redirect(str(mine[0]), 303)
    return render_template(
        "identity/choose.html",
        asked=asked,
        ways=found,
        can_skip=is_optional(asked),
        first=journey.first(asked),
        proven=proven(asked),
    )


def accepted(asked: ShownConsultation) -> tuple[str, ...]:
    """Return the levels that a consultation accepts, weakest first."""
    terms = asked.page.terms
    return tuple(level for level in levels.LEVELS if terms and level in terms.identity)


def ways(asked: ShownConsultation) -> list[Way]:
    """Return the ways to prove one's identity that a consultation accepts."""
    return [
        Way(level, _(LEVELS[level].way), _(LEVELS[level].explained), _begins(asked, level))
        for level in accepted(asked)
        if LEVELS[level].way
    ]


def explained(asked: ShownConsultation) -> list[str]:
    """Return a sentence for each way to prove one's identity; empty if no proof is needed."""
    return [way.explained for way in ways(asked)]


def is_optional(asked: ShownConsultation) -> bool:
    """Return whether people may answer without proof of identity."""
    return levels.OPEN in accepted(asked)


def proven(asked: ShownConsultation) -> Proven | None:
    """Return the valid proof of this browser's person, or None."""
    return resident_session.proven(asked.id, find_services().clock())


def is_needed(asked: ShownConsultation) -> bool:
    """Return whether this browser's person still has to prove their identity.

    Somebody who changes answers has shown their receipt instead.
    """
    if levels.OPEN in accepted(asked) or resident_session.changing(asked.id):
        return False
    return proven(asked) is None


def is_stranger(asked: ShownConsultation) -> bool:
    """Return whether a proof of identity is needed and there has never been one here.

    Nothing of a stranger is stored; if a proof has merely expired, the words are kept.
    """
    return is_needed(asked) and not resident_session.has_proven(asked.id)


def first(asked: ShownConsultation, then: str) -> AnyResponse:
    """Redirect to the proof of identity. `then`: where to continue, as `proceed` interprets it."""
    return redirect(url_for("identity.choose", slug=asked.slug, then=then), 303)


def then() -> str | None:
    """Return `then` from the query, to pass it on to the next page; None without it."""
    return request.args.get("then", "")[:64] or None


def has_choice(asked: ShownConsultation) -> bool:
    """Return whether the page to choose a way is shown."""
    return len(ways(asked)) > 1 or not is_needed(asked)


def before(asked: ShownConsultation) -> str:
    """Return the address of the page before a way: the choice, if there is one."""
    if has_choice(asked):
        return url_for("identity.choose", slug=asked.slug, then=then())
    return url_for("consultations.start", slug=asked.slug)


def proceed(asked: ShownConsultation, proof: Proven, place: str | None = None) -> AnyResponse:
    """Store the proof and continue: where the person was, or at the first question.

    `place`: the value of `then` where the query does not contain it.
    """
    services = find_services()
    resident_session.note_proven(asked.id, proof, services.clock())
    _forget_receipt_of_another(asked, proof)
    _end_change(asked, proof)
    place = place if place is not None else then()
    # The page of letters itself says what it means that a code was answered with.
    is_told = proof.level != levels.LETTER
    if is_told and given_before(services, asked.id, proof.voter):
        return redirect(url_for("identity.answered", slug=asked.slug, then=place), 303)
    return go_on(asked, place)


def _forget_receipt_of_another(asked: ShownConsultation, proof: Proven) -> None:
    """Forget what was sent from here, unless whoever has proven who they are sent it themselves.

    On a shared device the codes of one person would else be the next one's.
    """
    services, sent = find_services(), resident_session.sent(asked.id)
    if sent is None:
        return
    own = find_by_voter(services, asked.id, proof.voter)
    try:
        is_own = own is not None and find_by_receipt(services, sent.code).id == own.id
    except UnknownReceipt:
        is_own = False
    if not is_own:
        resident_session.forget_sent(asked.id)


def _end_change(asked: ShownConsultation, proof: Proven) -> None:
    """End a change that was begun here by code; whoever proves who they are answers for themselves.

    What was typed stays if the code is of their own answers, and is deleted if of another's.
    """
    services, code = find_services(), resident_session.changing(asked.id)
    if not code:
        return
    resident_session.end_change(asked.id)
    own = find_by_voter(services, asked.id, proof.voter)
    try:
        changed = find_by_changing_code(services, code)
    except UnknownReceipt:
        changed = None
    if changed is None or own is None or changed.id != own.id:
        delete_draft(services, resident_session.secret(), asked.id)


@identity.get("/answered", title=N_("You have answered already"))
def answered(slug: str) -> Page:
    """Tell somebody who has just proven their identity that they have answered before."""
    asked = find_open(slug)
    if isinstance(asked, AnyResponse):
        return asked
    proof = proven(asked)
    before = given_before(find_services(), asked.id, proof.voter) if proof else None
    if before is None:
        return redirect(url_for("consultations.start", slug=slug), 303)
    return render_template(
        "identity/answered.html",
        asked=asked,
        change=str(go_on(asked, then()).location),
    )


def go_on(asked: ShownConsultation, place: str | None) -> AnyResponse:
    """Redirect to where somebody was before the proof, or to the first question."""
    if place == "check":
        return redirect(url_for("answers.check", slug=asked.slug), 303)
    if place == "all":
        return redirect(url_for("answers.everything", slug=asked.slug), 303)
    if place in asked.page.questions:
        return redirect(url_for("answers.question", slug=asked.slug, question_id=place), 303)
    return redirect(journey.first(asked), 303)


def find_open(slug: str, level: str = "") -> ShownConsultation | AnyResponse:
    """Return an open consultation that accepts a level; a redirect if it has closed.

    Aborts with 404 if it does not accept the level.
    """
    asked = find(slug)
    if level and level not in accepted(asked):
        abort(404)
    if not asked.is_open(find_services().clock()):
        return redirect(url_for("consultations.start", slug=slug), 303)
    return asked


def _begins(asked: ShownConsultation, level: str) -> str | None:
    endpoint, config = f"identity_{level}.ask", find_services().config
    if not is_offered(config, level) or endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, slug=asked.slug, then=then())
