"""What is said of answers that are not in the public log yet: by when, and who signed that."""

from dataclasses import dataclass
from datetime import datetime

from consult.sealing.promises import deadline_at, promising_key
from consult.web import services as find_services
from consult.web.log.log import find_log
from consult.wording import figures, language
from consult.wording.refusals import STATUS
from events.errors import Refused


@dataclass(frozen=True)
class Waits:
    """Answers that wait for their seal. `until`: when they are in the log at the latest."""

    until: datetime
    is_late: bool
    is_promised: bool


class NotSealedYet(Refused):
    """The answers are recorded but not in the log yet."""

    says = (
        "Your answers are recorded. They are sealed together with those of others, and will be "
        "in the public log by {moment}. Ask for the proof again then."
    )

    @classmethod
    def of(cls, position: int) -> "NotSealedYet":
        """Return the refusal for answers at a position of the record, in the page's language."""
        deadline = deadline_at(find_services().record, position)
        return cls(moment=figures.moment(deadline, language.current()))


class NothingPromised(Refused):
    """There is no key for promises on this host that the log names."""

    says = (
        "This site signs no promises at the moment, so there is none to download. The proof can "
        "be downloaded as soon as your answers are in the public log."
    )


STATUS[NotSealedYet] = 503
STATUS[NothingPromised] = 503


def waiting_for(position: int) -> Waits:
    """Return until when the answers at a position of the record wait, and if that is promised."""
    services = find_services()
    until = deadline_at(services.record, position)
    is_promised = promising_key(services.config, find_log()) is not None
    return Waits(until, services.clock() > until, is_promised)
