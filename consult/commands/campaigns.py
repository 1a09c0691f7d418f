"""Campaigns: answers that are many of a kind are grouped and shown, never removed."""

from collections.abc import Iterable
from uuid import UUID

from consult import access
from consult.commands.context import ATTEMPTS_MAX, Actor
from consult.services import Services
from events import Conflict, Response
from events.question import Text

NAME_LENGTH_MAX = 100


@access.needs(access.MARK_CAMPAIGN)
def group_campaign(
    services: Services,
    consultation_id: UUID,
    submission_ids: Iterable[UUID],
    *,
    name: str | Text,
    actor: Actor,
) -> int:
    """Mark responses as part of a campaign; returns how many were not marked before.

    A count shows the result with and without them. `name`: in one language, or in several; the
    first is what the campaign is known by.
    """
    at, by = services.clock(), actor.by()
    names = {} if isinstance(name, str) else {code: said for code, said in name.items() if said}
    known = name if isinstance(name, str) else next(iter(names.values()))
    grouped = Response.CampaignGrouped(
        at=at, by=by, consultation_id=consultation_id, campaign=known, names=names
    )
    left, marked = list(submission_ids), 0
    for _ in range(ATTEMPTS_MAX):
        responses = [services.record.get(Response, id) for id in left]
        new = [response for response in responses if response.campaign != known]
        for response in new:
            response.record(grouped)
        try:
            if new:
                services.record.append_batch(new)
        except Conflict:  # somebody has changed their answers: what is not stored yet, again
            stored = [services.record.get(Response, response.id) for response in new]
            left = [response.id for response in stored if response.campaign != known]
            marked += len(new) - len(left)
            continue
        return marked + len(new)
    raise Conflict
