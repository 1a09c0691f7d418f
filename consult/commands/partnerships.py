"""Partnerships: form one, define its area, admit members, set up sub-partnerships."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from msgspec.structs import replace

from consult import access
from consult.commands.answers.places import offer_places
from consult.commands.consultations.short_names import check_slug
from consult.commands.context import Actor, change
from consult.formats import png
from consult.people.mailboxes import addresses
from consult.services import Services
from events import By, Conflict, Consultation, Partnership, Refused
from events.particulars import EMAILS, Particulars
from events.partnership import Organisation, Ward
from events.question import Text
from events.theme import LOGO_BYTES_MAX, FooterLink, Look
from projections.consultations import Consultations

CONSULTATIONS_MAX = 100_000
"""Of one partnership: more than there will ever be."""


class AlreadyFormed(Refused):
    """A partnership of this short name exists, and is described in other words."""

    says = (
        "There is already a partnership {slug}, and it has another {differs}. Nothing was "
        "changed. Change it with: consult partnership change {slug}"
    )


class WardTwice(Refused):
    """Two wards under one code could not be told apart."""

    says = "The code {code} stands for two wards. Give each its own. Nothing was changed."


@access.needs(access.FORM_PARTNERSHIP)
def form_partnership(
    services: Services,
    *,
    slug: str,
    name: Text,
    area: Text,
    profile: str,
    actor: Actor,
    languages: tuple[str, ...] = ("en", "cy"),
    particulars: Particulars | None = None,
) -> Partnership:
    """Form a partnership; one that exists already and is described alike is returned as it is.

    `particulars`: what it states to the public, which can also be stated later. Raises BadSlug,
    and AlreadyFormed when one of this short name is described in other words.
    """
    id = Partnership.id_for(slug)
    stated = _checked(particulars or Particulars())
    formed = Partnership.Formed(
        at=services.clock(),
        by=actor.by(),
        slug=slug,
        name=name,
        area=area,
        profile=profile,
        languages=languages,
        particulars=stated,
    )
    known = services.record.find(Partnership, id)
    if known is None:
        check_slug(slug)  # one that was formed before there was this rule stays as it is
        partnership = Partnership.begin(id, formed)
        try:
            services.record.save(partnership)
        except Conflict:  # somebody formed it at the same moment
            known = services.record.get(Partnership, id)
        else:
            return partnership
    return _described_alike(known, formed)


def _checked(particulars: Particulars) -> Particulars:
    """Return what is stated with its addresses of e-mail as mail is sent to them."""
    particulars.check()
    given = {field: getattr(particulars, field) for field in EMAILS}
    written = {field: addresses.written(typed) for field, typed in given.items() if typed}
    return replace(particulars, **written)


def _described_alike(known: Partnership, formed: Partnership.Formed) -> Partnership:
    parts = ("name", "area", "profile", "languages")
    differs = [part for part in parts if getattr(known, part) != getattr(formed, part)]
    stated = formed.particulars
    if stated != Particulars() and stated != known.particulars:
        differs.append("statement of how to reach it")
    if differs:
        raise AlreadyFormed(slug=formed.slug, differs=", ".join(differs))
    return known


@access.needs(access.DESCRIBE_PARTNERSHIP)
def redescribe_partnership(
    services: Services,
    id: UUID,
    *,
    actor: Actor,
    name: Text | None = None,
    area: Text | None = None,
    profile: str | None = None,
    languages: tuple[str, ...] | None = None,
    command_id: str = "",
) -> Partnership:
    """Change a partnership's name, area or legal regime; what is None stays.

    Raises UnknownProfile, NameMissing.
    """
    by, at = actor.by(command_id), services.clock()
    return change(
        services,
        Partnership,
        id,
        by,
        lambda it: it.redescribe(
            name=it.name if name is None else name,
            area=it.area if area is None else area,
            profile=it.profile if profile is None else profile,
            languages=it.languages if languages is None else languages,
            at=at,
            by=by,
        ),
    )


@access.needs(access.STATE_PARTICULARS)
def state_particulars(
    services: Services,
    id: UUID,
    particulars: Particulars,
    *,
    actor: Actor,
    command_id: str = "",
) -> Partnership:
    """State how to reach a partnership, who is responsible and what it offers.

    Raises BadParticulars, BadEmail.
    """
    by, at = actor.by(command_id), services.clock()
    particulars = _checked(particulars)
    return change(
        services,
        Partnership,
        id,
        by,
        lambda it: it.state_particulars(particulars, at=at, by=by),
    )


@access.needs(access.DEFINE_WARDS)
def define_area(
    services: Services,
    id: UUID,
    *,
    wards: tuple[Ward, ...],
    source: str,
    actor: Actor,
    command_id: str = "",
) -> Partnership:
    """State the wards and their populations, with the source of the figures.

    The drafts of the partnership that ask for a place follow at once. Raises WardTwice.
    """
    codes = [ward.code for ward in wards]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise WardTwice(code=twice)
    by, at = actor.by(command_id), services.clock()
    fact = Partnership.AreaDefined(at=at, by=by, wards=wards, source=source)
    with services.whole(Consultations) as (db, consultations):
        pages = consultations.of_partnership(db, id, limit=CONSULTATIONS_MAX)
    defined = change(services, Partnership, id, by, lambda it: it.record(fact))
    for page in pages:
        if page.state == "draft":
            _follow_wards(services, page.id, defined.wards, at, by)
    return defined


def _follow_wards(
    services: Services, id: UUID, wards: tuple[Ward, ...], at: datetime, by: By
) -> None:
    """Offer in a draft the wards as they are now; what has opened meanwhile is frozen."""

    def decide(draft: Consultation) -> None:
        if draft.state == "draft":
            offer_places(draft, wards, at=at, by=by)

    change(services, Consultation, id, by, decide)


@access.needs(access.DESCRIBE_PARTNERSHIP)
def admit_member(
    services: Services,
    id: UUID,
    organisation: Organisation,
    *,
    actor: Actor,
) -> Partnership:
    """Take an organisation in. Raises UnknownSector."""
    by, at = actor.by(), services.clock()
    return change(services, Partnership, id, by, lambda it: it.admit(organisation, at=at, by=by))


@access.needs(access.DESCRIBE_PARTNERSHIP)
def set_look(
    services: Services,
    id: UUID,
    *,
    actor: Actor,
    brand: str | None = None,
    short_name: Text | None = None,
    links: tuple[FooterLink, ...] | None = None,
    picture: bytes | None = None,
    command_id: str = "",
) -> Partnership:
    """Change how the pages look; what is None stays. `picture`: a PNG, or empty for none.

    Raises UnreadableColour, LongName, BadLink, NotAPicture.
    """
    by, at = actor.by(command_id), services.clock()
    logo = png.cleaned(picture, LOGO_BYTES_MAX) if picture else b""

    def decide(partnership: Partnership) -> None:
        before = partnership.look
        look = Look(
            brand=before.brand if brand is None else brand.lower(),
            short_name=before.short_name if short_name is None else short_name,
            links=before.links if links is None else links,
            logo=before.logo if picture is None else sha256(logo).hexdigest() if logo else "",
        )
        look.check(partnership.languages)
        partnership.record(Partnership.LookSet(at=at, by=by, look=look, picture=logo))

    return change(services, Partnership, id, by, decide)


@access.needs(access.DESCRIBE_PARTNERSHIP)
def create_sub_partnership(
    services: Services,
    id: UUID,
    *,
    sub_id: str,
    theme: Text,
    actor: Actor,
    statutory_base: str = "",
) -> Partnership:
    """Set up a themed group."""
    fact = Partnership.SubPartnershipCreated(
        at=services.clock(), by=actor.by(), id=sub_id, theme=theme, statutory_base=statutory_base
    )
    return change(services, Partnership, id, fact.by, lambda it: it.record(fact))
