"""What each act does that somebody confirms, in a sentence for the page on which they do."""

from consult import access
from consult.access import Capability
from consult.wording.language import N_

AGREEING = N_("You agree to what the page before shows. It is then done at once.")

SENTENCES: dict[Capability, str] = {
    access.OPEN_CONSULTATION: N_(
        "This opens the consultation. What it asks, who may take part and how it is counted cannot "
        "change after that."
    ),
    access.CLOSE: N_("This closes the consultation. Nobody can answer after that."),
    access.WITHDRAW: N_(
        "This withdraws the consultation for good. Nobody can answer after that, and nothing is "
        "counted."
    ),
    access.PUBLISH: N_("This publishes the results to everybody."),
    access.ERASE_OWN: N_("This erases what somebody wrote, for good."),
    access.KEEP_PERSONAL_DATA: N_(
        "This erases, discloses or holds somebody’s personal data, as you asked on the page before."
    ),
    access.MANAGE_STAFF: N_("This changes who may do what here, as you asked on the page before."),
    access.AGREE_ABOUT_PEOPLE: AGREEING,
    access.AGREE_ABOUT_DATA: AGREEING,
    access.CHANGE_PASSKEYS: N_("This changes with which passkeys you can sign in."),
}
"""By capability; each that needs a passkey has one."""
