"""Count the ballots in the record itself, to check that a read model is complete."""

from uuid import UUID

import msgspec

from consult.services import Services
from events import Ballot, Consultation, Refused, Response

ROWS_AT_ONCE = 2_000
GIVEN = frozenset({Ballot.Cast.TOPIC, Response.Submitted.TOPIC})
AGAIN = frozenset({Ballot.Replaced.TOPIC, Response.Replaced.TOPIC})
ENDED = frozenset({Ballot.Withdrawn.TOPIC, Response.Withdrawn.TOPIC, Ballot.Voided.TOPIC})


class BallotsMissing(Refused):
    """The read model lacks ballots that the record holds."""

    says = (
        "The record holds {recorded} ballots and only {found} can be read, so nothing was "
        "counted. Whoever runs the service must rebuild the read models first."
    )


class _Whose(msgspec.Struct):
    """The fields of a stored submission that are needed here."""

    consultation_id: UUID
    people: int = 1


def recorded_ballots(services: Services, consultation: Consultation, *, until: int) -> int:
    """Return how many people's answers stand in the record at position `until`.

    Reads only the stored facts since the opening, so that it can detect gaps in a read model.
    Memory grows only with the number of withdrawn answers.
    """
    decoder = msgspec.json.Decoder(_Whose)
    people = 0
    many: dict[UUID, int] = {}
    ended: set[UUID] = set()
    after = services.record.position_of(consultation.id, consultation.opened_version)
    while after < until and (rows := services.record.read(after, ROWS_AT_ONCE, until=until)):
        after = rows[-1].position
        for row in rows:
            if row.topic not in GIVEN | AGAIN | ENDED:
                continue
            given = decoder.decode(row.state)
            if given.consultation_id != consultation.id:
                continue
            if row.topic in GIVEN:
                people += given.people
                if given.people > 1:
                    many[row.subject_id] = given.people
            elif row.topic in ENDED:
                ended.add(row.subject_id)
            else:
                ended.discard(row.subject_id)
    return people - sum(many.get(subject, 1) for subject in ended)


def check_completeness(
    services: Services, consultation: Consultation, people: int, position: int
) -> None:
    """Compare the ballots to be counted with those in the record. Raises BallotsMissing."""
    recorded = recorded_ballots(services, consultation, until=position)
    if people != recorded:
        raise BallotsMissing(found=people, recorded=recorded)
