"""The manifest of a consultation: its questions and terms, frozen at opening."""

from hashlib import sha256
from typing import Any

from consult.counting.outcome import canonical_bytes
from consult.sealing.public_entries.entry_values import moment
from events import Consultation
from events.consultations.beacon import CHAINS, DRAND, DRAW, Beacon
from events.consultations.fingerprints import openings_for
from events.consultations.terms import CountingTerms, Terms
from events.question import Option, Question

FORMAT = "folkmoot/manifest/v1"


def manifest_of(consultation: Consultation) -> bytes:
    """Return the manifest's bytes (docs/log.md) of a consultation as at its opening."""
    about: Any = consultation  # some attributes are set only by facts
    terms = consultation.terms
    assert terms is not None, "nothing opens without terms"
    return canonical_bytes(
        {
            "format": FORMAT,
            "consultation": str(consultation.id),
            "slug": consultation.slug,
            "title": consultation.title,
            "overview": consultation.overview,
            "languages": consultation.languages,
            "money": about.money,
            "currency": about.currency,
            **({} if about.decimals is None else {"decimals": about.decimals}),
            "openings": openings_for(terms, consultation.questions.values()),
            "partnership": str(consultation.partnership_id),
            "terms": {
                "closes_at": moment(terms.closes_at),
                "interim": terms.interim,
                "identity": terms.identity,
                "counting": {id: _counting(one) for id, one in terms.counting.items()},
                **_promised(terms),
                **({"beacon": _beacon(terms.beacon)} if terms.beacon else {}),
            },
            "questions": [_question(question) for question in consultation.questions.values()],
        }
    )


def manifest_digest(manifest: bytes) -> str:
    """Return the digest of the manifest, for the entry `opened`."""
    return f"sha256:{sha256(manifest).hexdigest()}"


def _promised(terms: Terms) -> dict[str, Any]:
    """Return the terms on who takes part and what is shown; empty values are left out."""
    members = {
        "wards": terms.wards,
        "elsewhere": terms.elsewhere if terms.elsewhere != "anybody" else None,
        "is_declared": terms.is_declared,
        "has_organisations": terms.has_organisations,
        "open_reason": terms.open_reason,
        "other_rule_shown": terms.other_rule_shown,
    }
    return {name: value for name, value in members.items() if value}


def _beacon(beacon: Beacon) -> dict[str, Any]:
    if beacon.kind == DRAW:
        return {"kind": DRAW, "due_at": moment(beacon.due_at), "name": beacon.name}
    return {
        "kind": DRAND,
        "due_at": moment(beacon.due_at),
        "chain": beacon.chain,
        "key": CHAINS[beacon.chain].key,
        "round": beacon.round,
    }


def _counting(terms: CountingTerms) -> dict[str, Any]:
    return {
        "rule": terms.rule,
        "parameters": terms.parameters,
        "seats": terms.seats,
        "tie_chain": terms.tie_chain,
        "lot": terms.lot,
        "lot_seed": terms.lot_seed,
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "kind": question.kind,
        "title": question.title,
        "pot": question.pot,
        "picks_max": question.picks_max or None,
        "ranks_max": question.ranks_max or None,
        "points": question.points or None,
        "scale": question.scale if question.of_kind.has_scale else None,
        "options": [_option(option) for option in question.options],
        **_set(question),
    }


def _set(question: Question) -> dict[str, Any]:
    """Return the members that only some questions have; empty values are left out."""
    condition = question.asked_when
    members: dict[str, Any] = {
        "asked_when": condition and {"question": condition.question, "options": condition.options},
        "details": [{"title": each.title, "words": each.words} for each in question.details],
        "other": question.takes_other,
        "statements": [{"id": each.id, "title": each.title} for each in question.statements],
        "decimals": question.decimals,
        "least": question.least,
        "most": question.most,
        "unit": question.unit,
        "step": question.step,
    }
    if question.of_kind.is_file:
        members |= {"file_kinds": question.file_kinds, "bytes_max": question.bytes_max}
    return {name: value for name, value in members.items() if value}


def _option(option: Option) -> dict[str, Any]:
    return {
        "id": option.id,
        "title": option.title,
        "cost": option.cost,
        "group": option.group or None,
    }
