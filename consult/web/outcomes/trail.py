"""What happened to a consultation, entry by entry, in words and with fingerprints.

An entry's fingerprint is the SHA-256 of its line in the download of the same entries, so
that anybody can compare it. Facts before opening are not public, and an answer shows
nothing but the day it came in.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from consult.counting.outcome import canonical_bytes
from consult.people.staff import DESK
from consult.services import Services
from consult.web import figures, language
from consult.web.asked import Asked
from consult.web.language import N_, said
from consult.web.language import gettext as _
from consult.web.outcomes import verdicts
from consult.web.proofs.log import find_log
from events import FollowUp
from projections.audit_trail import AuditTrail, Filter
from projections.follow_ups import FollowUps
from projections.results import Results

RESIDENT = "resident"
ANSWERING = frozenset({RESIDENT, DESK})
"""Roles in which people answer, for themselves or for somebody."""
ENTRIES_MAX = 200
PAGE = 300
PROOF_DIGITS = 12
SAME = ("title", "when", "who", "about")
Entry = dict[str, Any]


class Kept(NamedTuple):
    """Entries as they were when the read models stood at a position."""

    position: object
    entries: list[Entry]


TITLES = {
    "consult.consultation.opened": N_("Consultation opened"),
    "consult.consultation.period_extended": N_("Closing date changed"),
    "consult.consultation.codes_issued": N_("Codes for letters were made"),
    "consult.consultation.codes_voided": N_("Codes for letters were stopped"),
    "consult.consultation.closed": N_("Consultation closed"),
    "consult.consultation.withdrawn": N_("Consultation stopped"),
    "consult.count.counted": N_("Count finished"),
    "consult.count.published": N_("Results published"),
    "consult.count.superseded": N_("Count replaced by a later one"),
    "consult.ballot.cast": N_("Somebody answered"),
    "consult.ballot.replaced": N_("Somebody changed their answers"),
    "consult.ballot.withdrawn": N_("Somebody took their answers back"),
    "consult.ballot.voided": N_("An answer was set aside"),
    "consult.response.submitted": N_("Somebody answered"),
    "consult.response.replaced": N_("Somebody changed their answers"),
    "consult.response.withdrawn": N_("Somebody took their answers back"),
    "consult.response.campaign_grouped": N_("An answer was marked as part of a campaign"),
    "consult.follow_up.published": N_("People were told what came of it"),
    "consult.follow_up.changed": N_("What came of it was brought up to date"),
    "consult.disclosure.personal_data_erased": N_("Somebody's personal data was erased"),
    "consult.disclosure.retention_run": N_("Personal data was erased because its time was up"),
    "consult.disclosure.key_destroyed": N_("Nothing links answers to people any more"),
    "consult.disclosure.legal_hold_set": N_("A legal hold keeps the data for now"),
    "consult.disclosure.legal_hold_lifted": N_("The legal hold ended"),
}
ROLES = {
    "organiser": N_("Organiser"),
    "council officer": N_("Council officer"),
    "system": N_("By itself, at the time that was set"),
    "import": N_("Import of existing votes"),
    DESK: N_("Our staff, at a desk or by telephone"),
    "operator": N_("Whoever runs this site"),
    RESIDENT: N_("Resident"),
}


def timeline(services: Services, asked: Asked) -> list[Entry]:
    """Return what was done with the consultation since it opened, newest first."""
    log = find_log()
    return [_entry(row, log.find(row.position)) for row in _done(services, asked)]


def lines(services: Services, asked: Asked) -> Iterable[bytes]:
    """Return the entries of the timeline as lines of canonical JSON, oldest first."""
    return [_line(row) + b"\n" for row in reversed(_done(services, asked))]


def rows(services: Services, asked: Asked, *, who: str, before: int | None) -> list[Entry]:
    """Return a page of all entries, newest first. `who`: "all", "officers" or "residents".

    The first page is kept until something happens.
    """
    since = asked.page.opened_position
    if since is None:
        return []
    if before is not None:
        return _rows(services, asked, since, who, before)
    position = services.views.position(AuditTrail, Results, fresh_seconds=0.0)
    key = ("trail", language.current(), who)
    kept = asked.ready.get(key)
    if not isinstance(kept, Kept) or kept.position != position:
        kept = Kept(position, _rows(services, asked, since, who, before))
        asked.ready[key] = kept
    return kept.entries


def _rows(
    services: Services, asked: Asked, since: int, who: str, before: int | None
) -> list[Entry]:
    roles = {row.role for row in _done(services, asked)} | set(ROLES)
    if who != "all":
        roles = {role for role in roles if (role in ANSWERING) == (who == "residents")}
    trail = services.views.reader(AuditTrail)
    found = []
    with services.views.connect() as db:
        # One question per role: that is the order of the index, however many answers there are.
        for role in sorted(roles):
            found += trail.brief(db, Filter(asked.id, role=role, before=before), limit=PAGE + 1)
    found.sort(key=lambda row: -row.position)
    known: dict[Any, Entry] = {}
    return [_short(row, known) for row in found[: PAGE + 1] if row.position >= since]


def grouped(entries: Iterable[Entry]) -> list[Entry]:
    """Put entries that say the same, one after the other, into one line with their number."""
    lines: list[Entry] = []
    for entry in entries:
        said_same = lines and all(lines[-1][key] == entry[key] for key in SAME)
        if said_same:
            lines[-1]["number"] += 1
        else:
            lines.append(entry | {"number": 1})
    return lines


def role(name: str) -> str:
    """The name of a role in the language of the page."""
    return _(ROLES[name]) if name in ROLES else name


def _done(services: Services, asked: Asked) -> list[Any]:
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
    return sorted(found, key=lambda row: -row.position)


def _entry(row: Any, index: int | None) -> Entry:
    sealed = _("Entry %(index)s of the public log.", index=figures.number(index)) if index else ""
    return {
        "title": _title(row.topic),
        "at": utc(row.at),
        "about": f"{_about(row)} {sealed}".rstrip(),
        "proof": _grouped(hashlib.sha256(_line(row)).hexdigest()),
    }


def _short(row: Any, known: dict[Any, Entry]) -> Entry:
    """Write a row; `known` keeps those before, as most were made at the same time by the same."""
    at, is_answer = row.at, row.role in ANSWERING
    minute = at.replace(second=0, microsecond=0)
    same = (row.topic, row.role, minute.replace(minute=0) if is_answer else minute)
    if same not in known:
        code, here = language.current(), utc(at)
        known[same] = {
            "title": _title(row.topic),
            # The minute could tell who it was.
            "when": figures.day(here, code) if is_answer else figures.moment(here, code),
            "who": role(row.role),
        }
    about = "" if is_answer else _about(row)
    return known[same] | {"position": row.position, "about": about}


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


def utc(at: datetime) -> datetime:
    """The time in UTC; one database hands it out without its zone."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _title(topic: str) -> str:
    known = TITLES.get(topic.rpartition(".")[0])
    return _(known) if known else topic


def _grouped(digest: str) -> str:
    shown = digest[:PROOF_DIGITS]
    return " ".join(shown[at : at + 4] for at in range(0, len(shown), 4))


def _about(row: Any) -> str:
    detail = msgspec.json.decode(row.detail) if row.detail else {}
    kind = row.topic.rpartition(".")[0].rpartition(".")[2]
    if row.topic.startswith(FollowUp.TOPIC):
        theme = said(detail["row"]["theme"]) if detail else ""
        return f"{theme}. {_('By: %(role)s.', role=role(row.role))}"
    if kind == "campaign_grouped":
        return str(detail["campaign"])
    by = _("By: %(role)s.", role=role(row.role))
    say = _ABOUT.get(kind)
    return f"{say(detail)} {by}" if say else by


def _extended(detail: Mapping[str, Any]) -> str:
    closes_at = datetime.fromisoformat(detail["closes_at"])
    return _(
        "Closes on %(moment)s. Reason: %(reason)s",
        moment=figures.moment(closes_at, language.current()),
        reason=said(detail["reason"]),
    )


def _counted(detail: Mapping[str, Any]) -> str:
    return _(
        "%(ballots)s answers counted by the rule “%(rule)s”, version %(version)s.",
        ballots=figures.number(detail["ballots"]),
        rule=verdicts.rule_title(detail["rule"]),
        version=detail["rule_version"],
    )


_ABOUT: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "opened": lambda _detail: _(
        "Questions, options and the counting rule cannot change after this."
    ),
    "period_extended": _extended,
    "closed": lambda _detail: _("No answer can be added or changed after this point."),
    "withdrawn": lambda detail: _("Reason: %(reason)s", reason=said(detail["reason"])),
    "counted": _counted,
}
