"""The trail of a consultation, entry by entry, in words and with digests.

An entry's digest is the SHA-256 of its line in the download of the same entries, so that anybody
can compare it. What happened before opening is listed without its content, and of what a person
did only the day is shown.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from consult.access import DESK, RESIDENT
from consult.counting.outcome import canonical_bytes
from consult.log_store.finding import indexes_of
from consult.services import Services
from consult.web.log.log import find_log
from consult.wording import figures, language
from consult.wording.figures import utc
from consult.wording.language import gettext as _
from consult.wording.registries.role_words import role_name
from consult.wording.registries.trail_words import meaning_of, title_of
from consult.wording.shown_consultation import ShownConsultation
from events import Approval, Ballot, DataProtectionCase, Response
from projections.audit_trail import AuditTrail, Filter
from projections.follow_ups import FollowUps
from projections.results import Results

ANSWERING = frozenset({RESIDENT, DESK})
"""Roles in which people answer, for themselves or for somebody else."""
ENTRIES_MAX = 200
PAGE = 300
PROOF_DIGITS = 12
BY_PEOPLE = (
    Ballot.TOPIC,
    Response.TOPIC,
    DataProtectionCase.PersonalDataErased.TOPIC,
    DataProtectionCase.CopyGiven.TOPIC,
)
"""Topic prefixes of what people do: the exact minute could identify them."""
SAME = ("title", "when", "who")
Entry = dict[str, Any]


class Kept(NamedTuple):
    """Entries as of a position of the read models."""

    position: object
    entries: list[Entry]


def timeline(services: Services, asked: ShownConsultation) -> list[Entry]:
    """Return what was done with the consultation since it opened, newest first."""
    done = _done(services, asked)
    indexes = indexes_of(find_log(), [row.position for row in done])
    return [_entry(row, indexes.get(row.position)) for row in done]


def lines(services: Services, asked: ShownConsultation) -> Iterable[bytes]:
    """Return the entries of the timeline as lines of canonical JSON, oldest first."""
    return [_line(row) + b"\n" for row in reversed(_done(services, asked))]


def rows(
    services: Services, asked: ShownConsultation, *, who: str, before: int | None
) -> list[Entry]:
    """Return a page of all entries, newest first. `who`: "all", "officers" or "residents".

    The first page is cached until something happens.
    """
    if asked.page.opened_position is None:
        return []
    if before is not None:
        return _rows(services, asked, who, before)
    position = services.views.position(AuditTrail, Results, fresh_seconds=0.0)
    key = ("trail", language.current(), who)
    kept = asked.ready.get(key)
    if not isinstance(kept, Kept) or kept.position != position:
        kept = Kept(position, _rows(services, asked, who, before))
        asked.ready[key] = kept
    return kept.entries


def _rows(
    services: Services, asked: ShownConsultation, who: str, before: int | None
) -> list[Entry]:
    trail = services.views.reader(AuditTrail)
    found = []
    with services.views.connect() as db:
        # One query per role follows the index, however many answers there are.
        for role in trail.roles(db, asked.id):
            if who == "all" or (role in ANSWERING) == (who == "residents"):
                mine = Filter(asked.id, role=role, before=before)
                found += trail.brief(db, mine, limit=PAGE + 1)
        if who != "residents":  # changes to the partnership affect its consultations
            about = Filter(subject_id=asked.page.partnership_id, before=before)
            found += trail.brief(db, about, limit=PAGE + 1)
    found.sort(key=lambda row: -row.position)
    known: dict[Any, Entry] = {}
    return [_short(row, known) for row in found[: PAGE + 1]]


def grouped(entries: Iterable[Entry]) -> list[Entry]:
    """Merge consecutive entries with equal text into one, with their number."""
    lines: list[Entry] = []
    for entry in entries:
        said_same = lines and all(lines[-1][key] == entry[key] for key in SAME)
        if said_same:
            lines[-1]["number"] += 1
        else:
            lines.append(entry | {"number": 1})
    return lines


def _done(services: Services, asked: ShownConsultation) -> list[Any]:
    since = asked.page.opened_position
    if since is None:
        return []
    trail, results = services.views.reader(AuditTrail), services.views.reader(Results)
    with services.views.connect() as db:
        subjects = [asked.id]
        subjects += [
            result.count_id for result in results.of(db, asked.id, published_only=False).values()
        ]
        subjects += [one.id for one in services.views.reader(FollowUps).of(db, asked.id)]
        found = [
            row
            for id in subjects
            for row in trail.rows(db, Filter(subject_id=id), limit=ENTRIES_MAX)
            if row.position >= since
        ]
        alone = Filter(consultation_id=asked.id, topic=Approval.TakenAlone.TOPIC)
        found += trail.rows(db, alone, limit=ENTRIES_MAX)
    return sorted(found, key=lambda row: -row.position)


def _entry(row: Any, index: int | None) -> Entry:
    sealed = _("Entry %(index)s of the public log.", index=figures.number(index)) if index else ""
    return {
        "title": title_of(row.topic),
        "at": utc(row.at),
        "about": f"{_about(row)} {sealed}".rstrip(),
        "proof": _grouped(hashlib.sha256(_line(row)).hexdigest()),
    }


def _short(row: Any, known: dict[Any, Entry]) -> Entry:
    """Return a row in words; `known` caches equal ones, as most share minute and role."""
    at, by_people = row.at, row.role in ANSWERING or row.topic.startswith(BY_PEOPLE)
    minute = at.replace(second=0, microsecond=0)
    same = (row.topic, row.role, minute.replace(minute=0) if by_people else minute)
    if same not in known:
        code, here = language.current(), utc(at)
        known[same] = {
            "title": title_of(row.topic),
            "when": figures.day(here, code) if by_people else figures.moment(here, code),
            "who": role_name(row.role),
        }
    return known[same] | {"position": row.position}


def _line(row: Any) -> bytes:
    return canonical_bytes(
        {
            "at": utc(row.at).isoformat(timespec="seconds"),
            "detail": json.loads(row.detail) if row.detail else {},
            "position": row.position,
            "role": row.role,
            "topic": row.topic,
        }
    )


def _grouped(digest: str) -> str:
    shown = digest[:PROOF_DIGITS]
    return " ".join(shown[at : at + 4] for at in range(0, len(shown), 4))


def _about(row: Any) -> str:
    """Return what it means and who did it; pages get no detail that is very long."""
    meant = meaning_of(row.topic, msgspec.json.decode(row.detail)) if row.detail else ""
    return f"{meant} {_('By: %(role)s.', role=role_name(row.role))}".lstrip()
