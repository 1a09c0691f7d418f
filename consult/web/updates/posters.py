"""Posters: one sheet per consultation to print, in one language or in all."""

from datetime import UTC, datetime

from flask import abort
from werkzeug.wrappers import Response

from consult.people.mailboxes.addresses import shown
from consult.printing.poster import Part, poster
from consult.web import services as find_services
from consult.web.consultation_lookup import find
from consult.web.kept_files import kept
from consult.web.layout import templating
from consult.web.layout.addresses import public, typed
from consult.web.pages import Room
from consult.web.site import offers
from consult.wording.figures import moment
from consult.wording.language import current, in_language, said
from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation

posters = Room("posters", __name__, url_prefix="/c/<slug>")
PDF = "application/pdf"
KEPT_IN = "poster"
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)


@posters.get("/poster.pdf", is_file=True)
def one(slug: str) -> Response:
    """Return the poster in the language of the page."""
    asked = find(slug)
    return _file(asked, (current(),))


@posters.get("/poster-both.pdf", is_file=True)
def both(slug: str) -> Response:
    """Return one poster in every language of the consultation, the page's first."""
    asked = find(slug)
    others = [code for code in asked.page.languages if code != current()]
    if not others or current() not in asked.page.languages:
        abort(404)
    return _file(asked, (current(), *others))


def _file(asked: ShownConsultation, codes: tuple[str, ...]) -> Response:
    if not asked.keeps_drafts(find_services().clock()):
        abort(404)  # a poster must not invite people to a consultation that has ended
    theme = templating.theme()

    def make() -> list[bytes]:
        body = poster(
            [_part(asked, code) for code in codes],
            name=said(theme.name),
            service=said(theme.service) if theme.service else _("Have your say"),
            colour=theme.brand,
            made_at=asked.page.opened_at or NO_DATE,
        )
        return [body]

    key = (KEPT_IN, str(asked.id), str(asked.page.version), *codes, repr(theme))
    response = kept(PDF, key, make, ballots=0)
    name = f"poster-{asked.slug}-{'-'.join(codes)}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _part(asked: ShownConsultation, code: str) -> Part:
    with in_language(code):
        address = public(f"/c/{asked.slug}", code)
        closes_at = asked.closes_at
        assert closes_at is not None, "what is open closes"
        return Part(
            language=code,
            title=said(asked.page.title, code),
            about=said(asked.page.overview, code),
            closes=_("Closes %(moment)s", moment=moment(closes_at, code)),
            online=_("Scan the code with a phone, or go to:"),
            address=typed(address),
            opens=address,
            paper=_beside_the_page(asked),
            qr_says=_("QR code that opens the page where you can take part"),
        )


def _beside_the_page(asked: ShownConsultation) -> str:
    """Return what is offered to people without a screen, and the contact for it."""
    stated = asked.partnership.particulars
    found = [offers.offered(stated)]
    ways = ", ".join(filter(None, (stated.telephone, shown(stated.email))))
    if ways:
        found.append(_("Ask us: %(ways)s.", ways=ways))
    found.append(_("You do not need an account."))
    return " ".join(filter(None, found))
