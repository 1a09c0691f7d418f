"""Looking up what was checked at a desk: which numbers have answers, and which answers no number.

Nobody keeps a number that somebody showed. What stands for its holder is a hash under the key of
the consultation, so whoever has the vault can tell of a given number whether it has answered:
an auditor takes a sample of the desk's own list, or all of it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from consult.people.identities import prove, written_reference
from consult.services import Services
from events import Submission
from projections.ballot_box import BallotBox
from projections.participation import AtDesk

REFERENCES_MAX = 100_000
LEVEL = "desk"


@dataclass(frozen=True)
class DeskAudit:
    """What a list of numbers says. `found`: for each number what was answered with it, or None.

    `by_desk`: how many people each account answered for. `unexplained`: likewise, of those who
    showed a number, for whom no number on the list stands.
    """

    found: tuple[AtDesk | None, ...]
    by_desk: dict[str, int]
    unexplained: dict[str, int]


def look_up(services: Services, consultation_id: UUID, references: Iterable[str]) -> DeskAudit:
    """Compare the numbers that a desk wrote down with the answers it sent. Raises KeyGone."""
    vault = services.vault
    with services.whole(BallotBox) as (db, box):
        given = {each.subject_id: each for each in box.at_desks(db, consultation_id)}
    ids = []
    for typed in references:
        voter = prove(vault, consultation_id, LEVEL, written_reference(typed)).voter
        ids.append(Submission.id_for(consultation_id, vault.pseudonym(consultation_id, voter)))
    known = set(ids)
    return DeskAudit(
        found=tuple(given.get(id) for id in ids),
        by_desk=dict(Counter(each.desk for each in given.values())),
        unexplained=dict(
            Counter(
                each.desk
                for each in given.values()
                if each.assurance == LEVEL and each.subject_id not in known
            )
        ),
    )
