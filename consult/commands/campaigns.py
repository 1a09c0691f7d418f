"""Campaigns: answers that are many of a kind are grouped and shown, never removed."""

from collections.abc import Iterable
from uuid import UUID

from consult.commands.context import Actor
from consult.services import Services
from events import Response
from events.question import Text


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
    names = {} if isinstance(name, str) else name
    known = name if isinstance(name, str) else next(iter(name.values()))
    grouped = []
    for id in submission_ids:
        response = services.record.get(Response, id)
        if response.campaign != known:
            response.record(
                Response.CampaignGrouped(
                    at=at, by=by, consultation_id=consultation_id, campaign=known, names=names
                )
            )
            grouped.append(response)
    if grouped:
        services.record.append_batch(grouped)
    return len(grouped)
