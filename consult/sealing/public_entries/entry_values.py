"""Values in entries: text truncated and in Unicode form NFC, times to the second."""

import hmac
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from events.log.encoding import to_base64url

WORDS_MAX = 2_000
"""Characters of a text in an entry; at most 8,000 bytes per language."""

CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""Everything that is no letter and no line feed, and that a terminal might obey."""


def words(text: Any) -> Any:
    """Return text, or text per language, in Unicode form NFC, without controls, truncated."""
    if isinstance(text, Mapping):
        return {language: words(each) for language, each in text.items()}
    plain = CONTROLS.sub(" ", unicodedata.normalize("NFC", text).replace("\r\n", "\n"))
    return plain[:WORDS_MAX]


def key(question_id: str) -> str:
    """Return a question's id as a key, which must be ASCII to sort alike in every language."""
    return question_id if question_id.isascii() else quote(question_id)


def named(fact: Any) -> str:
    """Return the name that a fact about a partnership concerns, in its first language."""
    for attribute in ("name", "theme", "title", "source"):
        words = getattr(fact, attribute, None)
        if words and not isinstance(words, str):
            return str(next(iter(words.values())))
    if hasattr(fact, "particulars"):
        return str(next(iter(fact.particulars.controller.values()), ""))
    if hasattr(fact, "constitution"):
        return str(next(iter(fact.constitution.status.values()), ""))
    organisation = getattr(fact, "organisation", None) or getattr(fact, "left_by", None)
    if organisation is not None:
        return str(next(iter(organisation.name.values()), organisation.id))
    return str(getattr(fact, "organisation_id", "") or getattr(fact, "source", ""))


def moment(at: datetime) -> str:
    """Return a time as text, in UTC to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def day(at: datetime) -> str:
    """Return the day of a time as text, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def vouching(vouched: str, by: str) -> dict[str, str]:
    """Return the member that says who vouches for a change: its holder, or the operator alone.

    `by`: how the operator knows that the change is asked for, where no holder shows it.
    """
    return {"hs": vouched} if vouched else {"by": by}


def no_words(receipt: str, question_id: str) -> str:
    """Return what looks like a commitment to words and is opened by nothing.

    `receipt`: keyed hash of a receipt's code, which nobody outside can make.
    """
    message = f"folkmoot/no-words/v1\0{question_id}".encode()
    return to_base64url(hmac.digest(receipt.encode(), message, "sha256"))
