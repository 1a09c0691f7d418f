"""Proof of identity with the one-use code of a letter, typed in or scanned."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from consult.commands.answers.letter_codes import CodeElsewhere, check_code, standing
from consult.people.proving.identities import Proven
from consult.people.proving.letter_codes import Found
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.guarding import limits
from consult.web.identity import identity
from consult.web.identity.identity import Page
from consult.web.layout import page_language
from consult.web.pages import NOBODY, Room
from consult.wording import language
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from consult.wording.shown_consultation import ShownConsultation
from events.consultations import levels
from events.errors import Refused
from events.submission import GIVEN

LEVEL = levels.LETTER
identity_letter = Room("identity_letter", __name__, url_prefix="/c/<slug>/letter", keeps=NOBODY)
CODE, AGAIN = "code", "again"
CODE_TYPED_LENGTH_MAX = 60
UNPROCESSABLE = 422
NO_CODE = N_("Enter the code from your letter. It has 12 letters and numbers.")


@identity_letter.get("", title=N_("Type in the code from your letter"))
def ask(slug: str) -> Page:
    """Ask for the code. A scanned address has it in its fragment."""
    asked = identity.find_open(slug, LEVEL)
    if isinstance(asked, AnyResponse):
        return asked
    return _page(asked, "")


@identity_letter.post("")
def use(slug: str) -> Page:
    """Check the code and continue; or explain that it was used before."""
    asked = identity.find_open(slug, LEVEL)
    if isinstance(asked, AnyResponse):
        return asked
    typed = request.form.get(CODE, "")[:CODE_TYPED_LENGTH_MAX]
    switched = page_language.switch_asked()
    if switched and switched != language.current():
        return redirect(page_language.same_page(switched), 307)  # 307: posts the form again
    if switched or not typed.strip():
        return _page(asked, typed, "" if switched else _(NO_CODE))
    limits.count_network("letter codes", limits.LETTERS_BY_NETWORK)
    limits.count_browser("letter codes", resident_session.secret(), limits.LETTERS_BY_BROWSER)
    try:
        found = check_code(find_services(), asked.id, typed)
    except CodeElsewhere as refused:
        values = refused.values
        return _page(asked, typed, says(refused), (values["slug"], said(values["title"])))
    except Refused as refused:
        return _page(asked, typed, says(refused))
    return _go_on(asked, found, typed)


def _go_on(asked: ShownConsultation, found: Found, typed: str) -> Page:
    before = standing(find_services(), asked.id, found.voter)
    if before == GIVEN and not request.form.get(AGAIN):
        return render_template(
            "identity_letter/used.html",
            asked=asked,
            code=typed,
            back=url_for(".ask", slug=asked.slug, then=identity.then()),
        )
    return identity.proceed(asked, Proven(LEVEL, found.voter))


def _page(
    asked: ShownConsultation,
    typed: str,
    problem: str = "",
    elsewhere: tuple[str, str] | None = None,
) -> Page:
    page = render_template(
        "identity_letter/ask.html",
        asked=asked,
        typed=typed,
        errors=[(CODE, problem)] if problem else [],
        elsewhere=elsewhere,
        ways=len(identity.ways(asked)),
        back=url_for("consultations.start", slug=asked.slug),
    )
    return page, UNPROCESSABLE if problem else 200
