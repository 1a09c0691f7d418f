"""Partnerships: form one, describe it, admit members, create sub-partnerships."""

from hashlib import sha256
from uuid import UUID

from msgspec.structs import replace

from consult import access
from consult.commands.consultations.short_names import check_slug
from consult.commands.context import Actor, change
from consult.formats import png
from consult.people.mailboxes import addresses
from consult.services import Services
from events import Conflict, Partnership, Refused
from events.frameworks import IMPORTS_ONLY, check_profile
from events.particulars import EMAILS, Particulars
from events.partnership import Constitution, Organisation
from events.question import Text
from events.theme import LOGO_BYTES_MAX, FooterLink, Look


class AlreadyFormed(Refused):
    """A partnership of this short name exists and is described differently."""

    says = (
        "There is already a partnership {slug}, and it has another {differs}. Nothing was "
        "changed. Change it with: consult partnership change {slug}"
    )


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
    """Form a partnership; return an existing one unchanged if its description is equal.

    `particulars`: its public contact statement, which can also be stated later. Raises BadSlug,
    UnknownProfile, BadParticulars, BadEmail, and AlreadyFormed if the short name exists with
    another description.
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
        if profile != IMPORTS_ONLY:
            check_profile(profile)
        check_slug(slug)  # partnerships formed before this rule keep their slug
        partnership = Partnership.begin(id, formed)
        try:
            services.record.save(partnership)
        except Conflict:  # another writer formed it first
            known = services.record.get(Partnership, id)
        else:
            return partnership
    return _described_alike(known, formed)


def _checked(particulars: Particulars) -> Particulars:
    """Return the particulars with e-mail addresses normalised. Raises BadParticulars, BadEmail."""
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
    """Change a partnership's name, area, legal regime or languages; None leaves a value as it is.

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


@access.needs(access.STATE_PARTICULARS)
def constitute_partnership(
    services: Services,
    id: UUID,
    constitution: Constitution,
    *,
    actor: Actor,
    command_id: str = "",
) -> Partnership:
    """Say what a partnership is, and what it can and cannot decide.

    Raises UnknownTier, ConstitutionUnwritten.
    """
    by, at = actor.by(command_id), services.clock()
    return change(
        services,
        Partnership,
        id,
        by,
        lambda it: it.constitute(constitution, at=at, by=by),
    )


@access.needs(access.DESCRIBE_PARTNERSHIP)
def admit_member(
    services: Services,
    id: UUID,
    organisation: Organisation,
    *,
    actor: Actor,
    command_id: str = "",
) -> Partnership:
    """Admit an organisation as a member. Raises UnknownSector."""
    by, at = actor.by(command_id), services.clock()
    return change(services, Partnership, id, by, lambda it: it.admit(organisation, at=at, by=by))


@access.needs(access.DESCRIBE_PARTNERSHIP)
def release_member(
    services: Services, id: UUID, organisation_id: str, *, actor: Actor, command_id: str = ""
) -> Partnership:
    """Note that a member organisation has left. Raises NoSuchOrganisation."""
    by, at = actor.by(command_id), services.clock()
    return change(
        services, Partnership, id, by, lambda it: it.release(organisation_id, at=at, by=by)
    )


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
    """Change the look of the pages; None leaves a value as it is.

    `picture`: a PNG, or empty for none. Raises UnreadableColour, LongName, BadLink, NotAPicture.
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
    """Create a themed sub-partnership."""
    fact = Partnership.SubPartnershipCreated(
        at=services.clock(), by=actor.by(), id=sub_id, theme=theme, statutory_base=statutory_base
    )
    return change(services, Partnership, id, fact.by, lambda it: it.record(fact))
