"""Set up a site that has no partnership: its first person, and then its first partnership.

Each step can be repeated after a crash or a lost reply. Where somebody is follows from the record
and from their account; the vault only knows whose turn it is.
"""

from uuid import UUID

from consult import access
from consult.commands.accounts.members import add_member
from consult.commands.context import Actor
from consult.commands.partnerships import AlreadyFormed, form_partnership
from consult.people.accounts import setting_up as links
from consult.people.accounts import staff, staff_sessions
from consult.people.accounts.setting_up import LinkUsedElsewhere
from consult.services import Services
from events import Partnership, Refused
from events.errors import DoneAlready
from events.question import Text

EARLY_MAX = 200
"""The first partnership is among so many facts: nearly everything else is about one."""


class NotEmpty(Refused):
    """The site has a partnership already."""

    says = (
        "This site has a partnership already, so there is nothing to set up. Further partnerships "
        "are formed with: consult partnership form. Somebody signs in with: consult sign-in"
    )


class FormedAlready(DoneAlready):
    """The first partnership was formed before, with other words."""

    says = (
        "The partnership is there already, so what you sent now was not recorded. You can go back "
        "to it and change it."
    )


def is_set_up(services: Services) -> bool:
    """Return whether the record has a partnership."""
    return any(row.topic == Partnership.Formed.TOPIC for row in services.record.read(0, EARLY_MAX))


def is_begun(services: Services) -> bool:
    """Return whether somebody has used the set-up link and goes on in their browser."""
    return links.begun(services.vault) is not None


def setup_link(services: Services) -> str:
    """Return the address of a new set-up link, in place of every earlier one. Raises NotEmpty."""
    if is_set_up(services):
        raise NotEmpty
    token = links.make_link(services.vault, services.clock())
    return f"{services.config.public_url}/set-up/{token}"


def check_link(services: Services, token: str, browser: str) -> None:
    """Check that this browser may use a link. Raises LinkUnknown, LinkUsedElsewhere."""
    links.check(services.vault, token, browser, services.clock())


def make_first_person(
    services: Services, token: str, browser: str, *, name: str, email: str
) -> str:
    """Make the account of whoever sets the site up; return the token of their session.

    `browser`: the secret of the browser, which alone can repeat it. Raises LinkUnknown,
    LinkUsedElsewhere, BadEmail.
    """
    now = services.clock()
    links.claim(services.vault, token, browser, now)
    staff_id = staff.make_account(services.vault, email, name)
    if not links.note_first(services.vault, token, browser, staff_id):
        raise LinkUsedElsewhere  # a newer link was made meanwhile
    return staff_sessions.begin(services.vault, staff_id, now)


def unfinished(services: Services, staff_id: UUID) -> bool:
    """Return whether it is this person who sets the site up, and that is not over."""
    begun = links.begun(services.vault)
    return begun is not None and begun.staff_id == staff_id


@access.needs(access.FORM_PARTNERSHIP)
def form_first_partnership(
    services: Services,
    staff_id: UUID,
    *,
    slug: str,
    name: Text,
    area: Text,
    profile: str,
    languages: tuple[str, ...],
    actor: Actor,
) -> Partnership:
    """Form the first partnership, and make whoever sets the site up its administrator.

    `slug`: the short name it gets, unless an earlier try has settled another. Raises NotEmpty,
    FormedAlready, BadSlug, LinkUsedElsewhere.
    """
    settled = links.settle_slug(services.vault, staff_id, slug)
    if settled is None:
        raise NotEmpty if is_set_up(services) else LinkUsedElsewhere
    try:
        formed = form_partnership(
            services,
            slug=settled,
            name=name,
            area=area,
            profile=profile,
            languages=languages,
            actor=actor,
        )
    except AlreadyFormed:
        finish(services, staff_id, actor=actor)
        raise FormedAlready from None
    finish(services, staff_id, actor=actor)
    return formed


@access.needs(access.FORM_PARTNERSHIP)
def finish(services: Services, staff_id: UUID, *, actor: Actor) -> Partnership | None:
    """Make whoever formed the first partnership its administrator, if that is still to be done.

    Return the partnership; None if it is not formed yet, or somebody else sets the site up.
    """
    begun = links.begun(services.vault)
    if begun is None or begun.staff_id != staff_id or not begun.slug:
        return None
    partnership = services.record.find(Partnership, Partnership.id_for(begun.slug))
    account = staff.find_account(services.vault, staff_id)
    if partnership is None or account is None:
        return None
    add_member(
        services,
        partnership.id,
        email=account.email,
        name=account.name,
        roles=(access.ADMINISTRATOR,),
        actor=actor,
    )
    links.end(services.vault)
    return partnership
