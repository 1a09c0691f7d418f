"""Group answers that belong to a campaign; they are shown as a group, never removed."""

from collections.abc import Iterable
from uuid import UUID

from consult import access
from consult.commands.context import ATTEMPTS_MAX, Actor
from consult.commands.results.counting import count_ids
from consult.services import Services
from events import Conflict, Consultation, Count, Refused, Response
from events.consultations import states
from events.errors import DoneAlready
from events.question import Text

NAME_LENGTH_MAX = 100


class CountedAlready(DoneAlready):
    """A count has been recorded, and it includes the result without campaigns."""

    says = (
        "The results are counted or published, and show campaigns as they were marked before "
        "then, so nothing was marked now."
    )


class NotMarkable(Refused):
    """The consultation has not opened or was withdrawn."""

    says = (
        "Answers are marked as part of a campaign from the opening on, until they are counted. "
        "This consultation has not opened or was withdrawn, so nothing was marked."
    )


@access.needs(access.MARK_CAMPAIGN)
def group_campaign(
    services: Services,
    consultation_id: UUID,
    submission_ids: Iterable[UUID],
    *,
    name: str | Text,
    actor: Actor,
) -> int:
    """Mark responses as part of a campaign; return how many were not marked before.

    A count shows the result with and without campaigns, so nothing can be marked after it. `name`:
    in one language or several; its first value identifies the campaign. Raises NotMarkable,
    CountedAlready, Conflict.
    """
    at, by = services.clock(), actor.by()
    names = {} if isinstance(name, str) else {code: said for code, said in name.items() if said}
    known = name if isinstance(name, str) else next(iter(names.values()))
    grouped = Response.CampaignGrouped(
        at=at, by=by, consultation_id=consultation_id, campaign=known, names=names
    )
    left, marked = list(submission_ids), 0
    for _ in range(ATTEMPTS_MAX):
        depends_on = _uncounted(services, consultation_id)
        responses = [services.record.get(Response, id) for id in left]
        new = [response for response in responses if response.campaign != known]
        for response in new:
            response.record(grouped)
        try:
            if new:
                services.record.append_batch(new, depends_on=depends_on)
        except Conflict:  # retry what was not stored: answers changed, or a count came
            stored = [services.record.get(Response, response.id) for response in new]
            left = [response.id for response in stored if response.campaign != known]
            marked += len(new) - len(left)
            continue
        return marked + len(new)
    raise Conflict


def _uncounted(services: Services, id: UUID) -> dict[UUID, int]:
    """Return the versions to depend on when marking: consultation state unchanged, no counts.

    Raises CountedAlready, NotMarkable.
    """
    consultation = services.record.get(Consultation, id)
    state = access.state_of(consultation)
    counts = count_ids(services, consultation)
    if state == states.PUBLISHED or any(services.record.find(Count, each) for each in counts):
        raise CountedAlready
    if state not in access.MARK_CAMPAIGN.states:
        raise NotMarkable
    return {id: consultation.version} | dict.fromkeys(counts, 0)
