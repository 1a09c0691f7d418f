#!/usr/bin/env python3
# Copyright the Folkmoot contributors. Licence: AGPL-3.0-or-later.
"""Checks a Folkmoot log, its receipts and its results without trusting whoever runs it.

One file, Python 3.9 or newer, nothing to install. What it checks is written in docs/log.md and
docs/counting-specification.md and docs/tallies.md; it was made from these documents and shares
nothing with the program it checks. Try `python3 folkmoot_verify.py --help`.

Contents: limits, text and bytes, signatures, notes and policies, the tree, sources, the report, its
four lines, the record, the openings, counting, budgets, tallies, the recount, the commands.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import heapq
import hmac
import html.parser
import http.client
import io
import json
import os
import re
import shlex
import ssl
import sys
import textwrap
import time
import unicodedata
import urllib.parse
import urllib.request
import zipfile
from array import array
from collections import Counter
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from math import gcd
from operator import mul
from pathlib import Path
from typing import NamedTuple

VERSION = "1"
PROGRAM = "folkmoot_verify.py"

# ---------------------------------------------------------------------------------------------
# Limits on everything that is read
# ---------------------------------------------------------------------------------------------

ENTRY_MAX = 65_535
BUNDLE_MAX = 256 * (ENTRY_MAX + 2)
NOTE_MAX = 131_072
SIGNATURES_MAX = 32
RECEIPT_MAX = 300_000
SMALL_FILE_MAX = 262_144
PACK_FILE_MAX = 64 * 1024 * 1024
LINE_MAX = 2 * 1024 * 1024 + 4_096
SIZE_MAX = 2**63 - 1
ENTRIES_MAX = 100_000_000
DEPTH_MAX = 32
WHOLE_MAX = 10**15
REDIRECTS_MAX = 3
TRIES = 3
WAIT_SECONDS_MAX = 600  # for a large file that is being made
TIMEOUT_SECONDS = 30
FINDINGS_MAX = 20
SECONDS_AN_HOUR = 3_600
SECONDS_A_DAY = 86_400
PROMISE_NAME_END = "/promise"
GROUP_HOURS_MAX = 1  # how long answers wait for others to be sealed with
CLOCK_HOURS_MAX = 3  # how far the times of a log may fall back, as when a clock is put right
LATE_DAYS_MAX = 1  # how late a closing is recorded without being noted, or missing unsaid
LATE_AND_DONE_DAYS_MAX = 7  # how late it is recorded without leaving what holds unfinished
COLUMNS = 79
NAME_MAX = 120
MONEY_DECIMALS_MAX = 18
WORDS_MAX = 2_000

HOLDS, WRONG, USAGE, INCOMPLETE, UNMET = 0, 1, 2, 3, 4


class Wrong(Exception):
    """Something is proven not to be as it must be."""


class OtherFile(Wrong):
    """A file is not of the kind that was asked for, which proves nothing about a log."""


class Absent(Exception):
    """Something that is needed is not there, or cannot be checked here."""


class Misused(Exception):
    """The person who started this program has to do something else."""


# ---------------------------------------------------------------------------------------------
# Text and bytes
# ---------------------------------------------------------------------------------------------

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\dZ", re.ASCII)
_DAY = re.compile(r"\d{4}-[01]\d-[0-3]\d", re.ASCII)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_SIGNATURE = re.compile(r"[0-9a-f]{96}")
_COMMITMENT = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_PSEUDONYM = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]")
_DESK = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
_LANGUAGE = re.compile(r"[a-z]{2,8}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_ID_LETTERS = (
    "!-~\u00c0-\u00cf\u00d1-\u00d6\u00d8-\u00f6\u00f8-\u0130\u0134-\u0137\u0139-\u013e"
    "\u0141-\u0148\u014a-\u017e\u1e80-\u1e85\u1ef2\u1ef3"
)
_ID = re.compile(f"[{_ID_LETTERS}]+(?: [{_ID_LETTERS}]+)*")
"""What keyboards have, and the Latin letters of Europe, but none that looks like another one."""


def sha256(data):
    return hashlib.sha256(data).digest()


def canonical(document):
    """The one spelling of a JSON document, as bytes."""
    return _ENCODER.encode(document).encode()


def digest_of(document):
    return "sha256:" + hashlib.sha256(canonical(document)).hexdigest()


def _no_fraction(text):
    raise ValueError(f"{text[:20]} is not a whole number")


def _whole(text):
    if len(text) > 19:
        raise ValueError("a number is too long")
    return int(text)


_DECODER = json.JSONDecoder(parse_float=_no_fraction, parse_constant=_no_fraction, parse_int=_whole)


def read_canonical(data, what):
    """The document these bytes spell; refuses every spelling but the canonical one."""
    try:
        text = data.decode()
        document = _DECODER.decode(text)
        if _ENCODER.encode(document) == text:
            return document
    except (ValueError, RecursionError) as error:
        raise Wrong(f"{what} is not JSON of the agreed form ({str(error)[:80]})") from None
    raise Wrong(f"{what} is not in its canonical spelling")


def unbase64(text, what):
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise Wrong(f"{what} is not base64") from None
    if base64.b64encode(data).decode() != text:
        raise Wrong(f"{what} is base64 in another spelling")
    return data


def unbase64url(text, what):
    try:
        data = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", True)
    except ValueError:
        raise Wrong(f"{what} is not base64url") from None
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != text:
        raise Wrong(f"{what} is base64url in another spelling")
    return data


def decimal(text, what):
    if not _NUMBER.fullmatch(text) or int(text) > SIZE_MAX:
        raise Wrong(f"{what} is not a plain number")
    return int(text)


def thirty_two(text, what):
    data = unbase64(text, what)
    if len(data) != 32:
        raise Wrong(f"{what} does not have 32 bytes")
    return data


def seconds_of(moment):
    """Seconds since 1970 of a moment such as 2026-11-22T16:04:05Z. Raises ValueError."""
    return int(datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S%z").timestamp())


@lru_cache(maxsize=4_096)
def day_seconds(day):
    """Seconds since 1970 at the beginning of a day such as 2026-11-22. Raises ValueError."""
    return (date.fromisoformat(day).toordinal() - date(1970, 1, 1).toordinal()) * SECONDS_A_DAY


def spaced(number):
    return f"{number:,}"


# ---------------------------------------------------------------------------------------------
# Signatures: Ed25519, by the library if it is there, else here (RFC 8032)
# ---------------------------------------------------------------------------------------------

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None
try:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
except ImportError:
    MLDSA44PublicKey = None

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_EDWARDS = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)


def is_round_signed(key, number, signature):
    """Whether a network of drand signed a round: BLS on G1 (RFC 9380), SHA-256 of the number.

    None without the library for pairings, which is large and loaded for this alone.
    """
    try:
        from py_ecc.bls.g2_primitives import subgroup_check
        from py_ecc.bls.hash_to_curve import hash_to_G1
        from py_ecc.bls.point_compression import decompress_G1, decompress_G2
        from py_ecc.optimized_bls12_381 import G2, pairing
    except ImportError:
        return None
    key = bytes.fromhex(key)
    message = hashlib.sha256(number.to_bytes(8, "big")).digest()
    try:
        point = decompress_G1(int(signature, 16))
        owner = decompress_G2((int.from_bytes(key[:48], "big"), int.from_bytes(key[48:], "big")))
    except ValueError:
        return False
    hashed = hash_to_G1(message, b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_", hashlib.sha256)
    return bool(subgroup_check(point) and pairing(G2, point) == pairing(owner, hashed))


def _recover_x(y, sign):
    """The x of a point on the curve, None when there is none."""
    square = (y * y - 1) * pow(_EDWARDS * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    return _P - x if x % 2 != sign else x


def _point(data):
    number = int.from_bytes(data, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if y >= _P:
        return None
    x = _recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % _P)


def _plus(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % _P
    f = (a[1] + a[0]) * (b[1] + b[0]) % _P
    g = 2 * a[3] * b[3] * _EDWARDS % _P
    h = 2 * a[2] * b[2] % _P
    p, q, r, s = f - e, h - g, h + g, f + e
    return (p * q % _P, r * s % _P, q * r % _P, p * s % _P)


def _times(scalar, point):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _plus(total, point)
        point = _plus(point, point)
        scalar >>= 1
    return total


def _packed(point):
    inverse = pow(point[2], _P - 2, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


_BASE = _point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))


def plain_ed25519(public, message, signature):
    """Whether an Ed25519 signature holds, with nothing but Python."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key = _point(public)
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or scalar >= _ORDER:
        return False
    wide = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(wide, "little") % _ORDER
    minus = (_P - key[0], key[1], key[2], _P - key[3])
    return _packed(_plus(_times(scalar, _BASE), _times(challenge, minus))) == signature[:32]


def ed25519_holds(public, message, signature):
    if Ed25519PublicKey is None:
        return plain_ed25519(public, message, signature)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_of(seed):
    """The public key of the seed of an Ed25519 key."""
    return _packed(_times(_clamped(seed)[0], _BASE))


def signed_by(seed, message):
    """An Ed25519 signature (RFC 8032), made with nothing but Python."""
    scalar, prefix = _clamped(seed)
    public = public_of(seed)
    once = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % _ORDER
    point = _packed(_times(once, _BASE))
    wide = hashlib.sha512(point + public + message).digest()
    challenge = int.from_bytes(wide, "little") % _ORDER
    return point + ((once + challenge * scalar) % _ORDER).to_bytes(32, "little")


def _clamped(seed):
    """The scalar of a seed, and what its nonces are made from."""
    wide = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(wide[:32], "little")
    return scalar & (1 << 254) - 8 | 1 << 254, wide[32:]


def mldsa_holds(public, message, signature):
    try:
        MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# ---------------------------------------------------------------------------------------------
# Notes, checkpoints, keys and policies (C2SP signed-note, tlog-checkpoint, tlog-policy)
# ---------------------------------------------------------------------------------------------

LOG_KEY, COSIGNER, COSIGNER_MLDSA = 1, 4, 6
_KEY_BYTES = {LOG_KEY: 32, COSIGNER: 32, COSIGNER_MLDSA: 1_312}
_SIGNATURE_BYTES = {LOG_KEY: 64, COSIGNER: 72, COSIGNER_MLDSA: 2_428}


class Key:
    """A public key on one line: name+id+base64(type, key)."""

    def __init__(self, line):
        self.line = line
        self.name, _, rest = line.partition("+")
        self.id_hex, plus, text = rest.partition("+")
        try:
            material = unbase64(text, "the key")
        except Wrong as error:
            raise Misused(f"A key line cannot be used: {error}.") from None
        if not plus or not material or not self.name or re.search(r"[\s\x00-\x1f]", self.name):
            raise Misused("A key is one line: a name, an id and the key, joined by plus signs.")
        self.type, self.public = material[0], material[1:]
        if len(self.public) != _KEY_BYTES.get(self.type):
            raise Misused(f"The key of {self.name} is of a type or length not known here.")
        self.id = sha256(self.name.encode() + b"\n" + material)[:4]
        if self.id.hex() != self.id_hex:
            raise Misused(f"The id in the key line of {self.name} does not fit the key.")

    @property
    def checkable(self):
        return self.type != COSIGNER_MLDSA or MLDSA44PublicKey is not None

    def check(self, checkpoint, blob):
        """Raise Wrong unless the key signed it; the time of a cosignature, else None."""
        if len(blob) != _SIGNATURE_BYTES[self.type]:
            raise Wrong(f"the signature by {self.name} has the wrong length")
        if self.type == LOG_KEY:
            when, message, holds = None, checkpoint.body, ed25519_holds
        else:
            when = int.from_bytes(blob[:8], "big")
            blob = blob[8:]
            message, holds = self._cosigned(checkpoint, when)
        if not holds(self.public, message, blob):
            raise Wrong(f"the signature by {self.name} does not verify")
        return when

    def _cosigned(self, checkpoint, when):
        if self.type == COSIGNER:
            return b"cosignature/v1\ntime %d\n" % when + checkpoint.body, ed25519_holds
        name, origin = self.name.encode(), checkpoint.origin.encode()
        message = b"subtree/v1\n\0" + bytes([len(name)]) + name + when.to_bytes(8, "big")
        message += bytes([len(origin)]) + origin + bytes(8)
        return message + checkpoint.size.to_bytes(8, "big") + checkpoint.root, mldsa_holds


class Checkpoint:
    """A signed note that says how large a log is and what its root is."""

    def __init__(self, data):
        if len(data) > NOTE_MAX:
            raise Wrong(f"the checkpoint is over {NOTE_MAX} bytes")
        self.raw = data
        try:
            whole = data.decode()
        except UnicodeDecodeError:
            raise OtherFile("the file is not a checkpoint: it is not text") from None
        if re.search(r"[\x00-\x09\x0b-\x1f]", whole):
            raise Wrong("the checkpoint has a control character")
        text, gap, tail = whole.rpartition("\n\n")
        if "\n\u2014 " not in whole:
            raise OtherFile("the file is not a checkpoint: it has no signature")
        if not gap or not tail.endswith("\n"):
            raise Wrong("the checkpoint has no signatures after an empty line")
        self.body = f"{text}\n".encode()
        lines = text.split("\n")
        if len(lines) < 3 or not lines[0] or not all(lines):
            raise Wrong("the checkpoint does not begin with an origin, a size and a root")
        self.origin = lines[0]
        self.size = decimal(lines[1], "the size in the checkpoint")
        self.root = thirty_two(lines[2], "the root in the checkpoint")
        if self.size == 0 and self.root != sha256(b""):
            raise Wrong("the checkpoint of an empty log has another root than the empty one")
        self.signatures = [self._signature(line) for line in tail[:-1].split("\n")]
        if len(self.signatures) > SIGNATURES_MAX:
            raise Wrong(f"the checkpoint has over {SIGNATURES_MAX} signatures")

    @staticmethod
    def _signature(line):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014" or not parts[1]:
            raise Wrong("a signature line of the checkpoint is not a dash, a name and base64")
        blob = unbase64(parts[2], "a signature in the checkpoint")
        if len(blob) < 5:
            raise Wrong("a signature in the checkpoint is too short")
        return parts[1], blob[:4], blob[4:]

    def by(self, key):
        """What the key put under it: (signed or not, time). Raises Wrong for a false one."""
        found = [blob for name, id_, blob in self.signatures if (name, id_) == (key.name, key.id)]
        times = [key.check(self, blob) for blob in found]
        return bool(found), max((when for when in times if when is not None), default=None)


class Change:
    """An announcement that a log's key was changed, lost, or ended with the log (docs/log.md)."""

    def __init__(self, text, signatures):
        lines = text.split("\n")
        if len(lines) != 7 or lines[0] != "folkmoot/log-key/v1" or lines[2] not in CHANGES:
            raise Wrong("an announcement of a key is not one that is known here")
        self.body = f"{text}\n".encode()
        self.origin, self.kind = lines[1], lines[2]
        self.size = decimal(lines[3], "the size in an announcement of a key")
        self.root = thirty_two(lines[4], "the root in an announcement of a key")
        try:
            self.old, self.new = Key(lines[5]), None if lines[6] == "-" else Key(lines[6])
        except Misused as error:
            raise Wrong(f"an announcement names no key: {error}") from None
        if (self.new is None) != (self.kind == "retired"):
            raise Wrong("an announcement of a key has a new key too many, or too few")
        signers = [self.old] if self.new is None else [self.new]
        signers += [self.old] if self.kind == "rotated" else []
        if {key.name for key in (self.old, *signers)} != {self.origin}:
            raise Wrong("an announcement is of the key of another log")
        if any(key.type != LOG_KEY for key in signers):
            raise Wrong("an announcement is of a key that is not a log's")
        self.signatures = [Checkpoint._signature(line) for line in signatures.split("\n")]
        for key in signers:
            if not Checkpoint.by(self, key)[0]:
                raise Wrong("an announcement is not signed by whom it must be signed by")


CHANGES = ("rotated", "lost", "retired")


def changes_of(data):
    """The announcements of a file, oldest first."""
    found = notes_of(data, "the announcements of keys")
    return [Change(text, lines) for text, lines in found]


class Attestation:
    """What an auditor signed: that each line of a list belongs to an entry (docs/log.md)."""

    def __init__(self, text, signatures):
        lines = text.split("\n")
        if len(lines) != 7 or lines[0] != ATTESTED:
            raise Wrong("an attestation is not one that is known here")
        self.text, self.body = text, f"{text}\n".encode()
        self.origin, self.consultation = lines[1], lines[2]
        self.size = decimal(lines[3], "the size in an attestation")
        self.root = thirty_two(lines[4], "the root in an attestation")
        self.digest, self.number = lines[5], decimal(lines[6], "the number in an attestation")
        self.signatures = [Checkpoint._signature(line) for line in signatures.split("\n")]


ATTESTED = "folkmoot/attestation/v1"


def attestation_of(checkpoint, pack):
    """The text that an auditor signs, who has checked each line both ways."""
    root = base64.b64encode(checkpoint.root).decode()
    lines = (ATTESTED, checkpoint.origin, pack.case.id, str(checkpoint.size), root)
    return "\n".join((*lines, pack.list_digest, str(pack.lines_listed)))


def key_made(name, seed):
    """(private, public) lines of an auditor's key."""
    if not name or re.search(r"[\s+\x00-\x1f]", name):
        raise Misused("The name of a key has no spaces and no plus signs, such as auditor.example.")
    kind = bytes([LOG_KEY])
    public = kind + public_of(seed)
    id_ = sha256(name.encode() + b"\n" + public)[:4].hex()
    lines = (base64.b64encode(kind + seed).decode(), base64.b64encode(public).decode())
    return f"PRIVATE+KEY+{name}+{id_}+{lines[0]}", f"{name}+{id_}+{lines[1]}"


def private_key(path):
    """(name, seed) of the private key in a file."""
    found = _local_lines(path)
    parts = found[0].split("+", 4) if len(found) == 1 else []
    try:
        if parts[:2] != ["PRIVATE", "KEY"] or len(parts) != 5:
            raise Wrong("it is not one line of a private key")
        material = unbase64(parts[4], "the key")
        if len(material) != 33 or material[0] != LOG_KEY:
            raise Wrong("it is of another kind")
        if key_made(parts[2], material[1:])[0] != found[0]:
            raise Wrong("its id does not fit")
    except Wrong as error:
        raise Misused(f"The private key in {path} cannot be used: {error}.") from None
    return parts[2], material[1:]


def notes_of(data, what):
    """(text, signatures) of each signed note in a file of several."""
    if len(data) > NOTE_MAX:
        raise Wrong(f"{what} are over {NOTE_MAX} bytes")
    try:
        parts = data.decode().split("\n\n") if data else []
    except UnicodeDecodeError:
        raise Wrong(f"{what} are not text") from None
    if len(parts) % 2 or (parts and not parts[-1].endswith("\n")):
        raise Wrong(f"{what} are cut short")
    parts = [*parts[:-1], parts[-1][:-1]] if parts else []
    return list(zip(parts[::2], parts[1::2]))


class Trust:
    """The keys and the quorum that a person brought along: never read from the server.

    `ended`: by the line of a key, the last size that it may have signed.
    """

    def __init__(self):
        self.logs, self.witnesses, self.groups = [], {}, {}
        self.quorum = None
        self.ended, self.changes, self.unvouched = {}, [], None

    def follow(self, changes):
        """Add the keys that follow from those that are trusted: forward by both signatures."""
        for _ in range(len(changes) + 1):
            for change in changes:
                trusted = [key.line for key in self.logs]
                if change.kind == "rotated" and change.old.line in trusted:
                    self._add_log(change.new)
                ended = change.old if change.new is None else change.new
                if ended.line in [key.line for key in self.logs]:
                    self._add_log(change.old)
                    before = self.ended.get(change.old.line, change.size)
                    self.ended[change.old.line] = min(before, change.size)
        lines = [key.line for key in self.logs]
        self.changes = [c for c in changes if c.old.line in lines and c.old.line in self.ended]
        unknown = [c for c in changes if c.old.line in lines and c not in self.changes]
        self.unvouched = unknown[0] if unknown else None

    def signers(self, checkpoint):
        """The keys that have signed it, apart from those that had ended before."""
        signed = [key for key in self.logs if checkpoint.by(key)[0]]
        over = [key for key in signed if self.ended.get(key.line, SIZE_MAX) < checkpoint.size]
        if over and len(over) == len(signed):
            size = spaced(self.ended[over[0].line])
            raise Wrong(f"it is signed by a key that was to sign nothing beyond {size} entries")
        return signed

    @classmethod
    def read(cls, key_file=None, policy_file=None):
        trust = cls()
        if key_file:
            for line in _local_lines(key_file):
                trust._add_log(Key(line))
        if policy_file:
            for line in _local_lines(policy_file):
                trust._policy_line(line.split())
            if trust.quorum is None:
                raise Misused(f"The policy {policy_file} has no quorum line.")
        if not trust.logs and (key_file or policy_file):
            raise Misused("The key file or policy names no log.")
        return trust

    def _add_log(self, key):
        if key.type != LOG_KEY:
            raise Misused(f"The key of {key.name} is not the key of a log.")
        if all(known.line != key.line for known in self.logs):
            self.logs.append(key)

    def _policy_line(self, words):
        kind = words[0]
        if kind == "log" and len(words) in (2, 3):
            self._add_log(Key(words[1]))
        elif kind == "witness" and len(words) in (3, 4) and self._is_new(words[1]):
            key = Key(words[2])
            if key.type == LOG_KEY or any(key.public == w.public for w in self.witnesses.values()):
                raise Misused(f"The key of the witness {words[1]} is of a log, or there twice.")
            self.witnesses[words[1]] = key
        elif kind == "group" and len(words) > 3 and self._is_new(words[1]):
            self._add_group(words[1], words[2], words[3:])
        elif kind == "quorum" and len(words) == 2 and self.quorum is None:
            if words[1] != "none" and self._is_new(words[1]):
                raise Misused(f"The quorum {words[1]} is not defined before it is named.")
            self.quorum = words[1]
        else:
            raise Misused(f"The policy has a line that cannot be used: {' '.join(words)[:80]}")

    def _is_new(self, name):
        return name != "none" and name not in self.witnesses and name not in self.groups

    def _add_group(self, name, threshold, members):
        inside = [member for _, group in self.groups.values() for member in group]
        if any(self._is_new(m) or m == "none" or m in inside for m in members):
            raise Misused(f"The group {name} has members that are unknown or already in a group.")
        if len(set(members)) != len(members):
            raise Misused(f"The group {name} names a member twice.")
        number = {"any": "1", "all": str(len(members))}.get(threshold, threshold)
        if not number.isdigit() or not 1 <= int(number) <= len(members):
            raise Misused(f"The group {name} needs a threshold from 1 to {len(members)}.")
        self.groups[name] = (int(number), members)

    def is_met(self, cosigned):
        """Whether cosignatures by these witnesses are enough."""
        return self._agrees(self.quorum or "none", cosigned)

    def _agrees(self, name, cosigned):
        if name == "none" or name in cosigned:
            return True
        threshold, members = self.groups.get(name, (1, []))
        return sum(self._agrees(member, cosigned) for member in members) >= threshold


def _local(path, limit=SMALL_FILE_MAX):
    """The bytes of a file on this computer."""
    try:
        with open(path, "rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise Misused(f"{path} cannot be read: {error.strerror}.") from None
    if len(data) > limit:
        raise Misused(f"{path} is over {spaced(limit)} bytes.")
    return data


def _local_lines(path):
    try:
        text = _local(path).decode()
    except UnicodeDecodeError:
        raise Misused(f"{path} is not text.") from None
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


# ---------------------------------------------------------------------------------------------
# The tree (RFC 6962, RFC 9162; tiles as in C2SP tlog-tiles)
# ---------------------------------------------------------------------------------------------


def leaf_of(entry):
    return sha256(b"\0" + entry)


def node_of(left, right):
    return sha256(b"\1" + left + right)


def top_of(nodes):
    """The root over nodes of one height, the last of which may be lower than the others."""
    if not nodes:
        return sha256(b"")
    while len(nodes) > 1:
        pairs = [node_of(nodes[at], nodes[at + 1]) for at in range(0, len(nodes) - 1, 2)]
        nodes = pairs + nodes[-1:] if len(nodes) % 2 else pairs
    return nodes[0]


def folded(roots):
    """The root over whole subtrees that stand beside each other, the largest first."""
    roots = list(roots)
    root = roots.pop()
    while roots:
        root = node_of(roots.pop(), root)
    return root


def in_thirty_twos(data):
    return [data[at : at + 32] for at in range(0, len(data), 32)]


def tile_path(level, number, width=256):
    """Where a tile is; level "entries" for bundles of entries."""
    groups = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03d}")
    return f"tile/{level}/{'/'.join(groups)}" + (f".p/{width}" if width < 256 else "")


def inclusion_root(index, size, leaf, proof):
    """The root that a leaf's siblings lead to (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        raise Wrong(f"there is no entry {index} in a log of {size} entries")
    place, last, root = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise Wrong("the proof has more hashes than it needs")
        if place & 1 or place == last:
            root = node_of(sibling, root)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            root = node_of(root, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise Wrong("the proof has fewer hashes than it needs")
    return root


def consistent(old, new, proof):
    """Raise Wrong unless the proof shows that `new` continues `old` (RFC 9162, 2.1.4.2)."""
    if not 1 <= old.size <= new.size:
        raise Wrong(f"a log of {new.size} entries cannot continue one of {old.size}")
    if old.size == new.size:
        if proof or old.root != new.root:
            raise Wrong("both have the same size and another root")
        return
    path = list(proof)
    if old.size & (old.size - 1) == 0:
        path.insert(0, old.root)
    if not path:
        raise Wrong("the proof has fewer hashes than it needs")
    place, last = old.size - 1, new.size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise Wrong("the proof has more hashes than it needs")
        if place & 1 or place == last:
            before, after = node_of(sibling, before), node_of(sibling, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = node_of(after, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise Wrong("the proof has fewer hashes than it needs")
    if before != old.root or after != new.root:
        raise Wrong("the log does not continue the older checkpoint: it was changed before it")


class TileTree:
    """Any hash of the tree, from the tiles a source serves for a size."""

    def __init__(self, source, size):
        self.source, self.size, self.kept = source, size, {}

    def tile(self, level, number):
        known = self.kept.get((level, number))
        if known is None:
            width = min(256, (self.size >> 8 * level) - 256 * number)
            known = self.source.tile(level, number, width)
            if len(known) != 32 * width:
                raise Wrong(f"{tile_path(level, number, width)} does not have {width} hashes")
            self.kept[level, number] = known
        return known

    def node(self, height, place):
        """The root of the whole subtree of 2**height leaves at a place."""
        level, within = divmod(height, 8)
        first = place << within
        tile = self.tile(level, first >> 8)
        at = 32 * (first & 255)
        return top_of(in_thirty_twos(tile[at : at + (32 << within)]))

    def parts(self, start, end):
        """(height, root) of the whole subtrees that the leaves from start to before end make."""
        found = []
        while start < end:
            height = (end - start).bit_length() - 1
            found.append((height, self.node(height, start >> height)))
            start += 1 << height
        return found

    def span(self, start, end):
        """The root over the leaves from start to before end."""
        return folded([root for _, root in self.parts(start, end)])

    def consistency(self, old_size):
        """The proof that this tree continues the one of an older size (RFC 9162, 2.1.4.1)."""
        proof, low, high, old, whole = [], 0, self.size, old_size, True
        while old != high - low:
            half = 1 << (high - low - 1).bit_length() - 1
            if old <= half:
                proof.append(self.span(low + half, high))
                high = low + half
            else:
                proof.append(self.span(low, low + half))
                low, old, whole = low + half, old - half, False
        if not whole:
            proof.append(self.span(low, high))
        return proof[::-1]


# ---------------------------------------------------------------------------------------------
# Sources: a folder, a zip file or a site, all with the same files
# ---------------------------------------------------------------------------------------------


class Source:
    """Files of a log by their path. `name`: how to name it in a command."""

    prefix = ""
    has_pages = False  # whether the pages of the site can be read too

    def file(self, path, limit):
        """The bytes of a file, None when there is none. Raises Wrong over the limit."""
        with self.stream(self.prefix + path) as stream:
            if stream is None:
                return None
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise Wrong(f"{path} is over {spaced(limit)} bytes")
        return data

    def lines(self, path):
        """Lines of a file, one at a time; None when there is no such file."""
        with self.stream(self.prefix + path) as stream:
            if stream is None:
                yield None
                return
            while True:
                line = stream.readline(LINE_MAX + 1)
                if not line:
                    return
                if len(line) > LINE_MAX:
                    raise Wrong(f"{path} has a line over {spaced(LINE_MAX)} bytes")
                yield line

    def tile(self, level, number, width):
        """A tile of hashes, cut to its width where only a fuller one is kept."""
        data, is_fuller = self._kept(level, number, width, 32 * 256)
        return data[: 32 * width] if is_fuller else data

    def bundle(self, number, width):
        """A bundle of entries, and whether it is a full one in place of a part."""
        return self._kept("entries", number, width, BUNDLE_MAX)

    def _kept(self, level, number, width, limit):
        path = tile_path(level, number, width)
        data = self.file(path, limit)
        if data is not None:
            return data, False
        if width < 256:
            data = self.file(tile_path(level, number), limit)
        if data is None:
            raise Absent(f"{path} is not there")
        return data, True

    def checkpoint(self):
        data = self.file("checkpoint", NOTE_MAX)
        if data is None and not self.prefix:
            self.prefix = "log/"
            data = self.file("checkpoint", NOTE_MAX)
        if data is None:
            raise Absent(f"{self.name} has no checkpoint")
        return data


class _Nothing:
    """What a missing file is opened as."""

    def __enter__(self):
        return None

    def __exit__(self, *_):
        return False


class Folder(Source):
    def __init__(self, path):
        self.name, self.path = str(path), Path(path)

    def stream(self, path):
        try:
            return (self.path / path).open("rb")
        except OSError:
            return _Nothing()


class Archive(Source):
    def __init__(self, path):
        self.name = str(path)
        try:
            self.zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise Misused(f"{path} cannot be read as a zip file: {error}.") from None
        names = self.zip.namelist()
        if len(set(names)) != len(names):
            raise Misused(f"{path} has two files of the same name, so it is not to be trusted.")
        found = [n for n in names if n == "checkpoint" or n.endswith("/checkpoint")]
        if found:
            self.prefix = min(found, key=len)[: -len("checkpoint")]
        self.known = set(names)

    def stream(self, path):
        return self.zip.open(path) if path in self.known else _Nothing()


class Site(Source):
    """A log on the web. One connection is kept; redirects stay on the same host."""

    def __init__(self, address):
        self.name = address.rstrip("/")
        self.base = urllib.parse.urlsplit(self.name)
        if self.base.scheme not in ("http", "https") or not self.base.hostname:
            raise Misused(f"{address} is not a web address.")
        self.has_pages = self.base.path.endswith("/log")
        self.connection = None

    def stream(self, path):
        return self._at(f"{self.base.path}/{path}")

    def page(self, path):
        """The bytes of a page of the site that the log is of; None where there is none."""
        with self._at(self.base.path[: -len("/log")] + path) as stream:
            data = stream.read(PACK_FILE_MAX + 1) if stream else None
        if data and len(data) > PACK_FILE_MAX:
            raise Wrong(f"{path} is over {spaced(PACK_FILE_MAX)} bytes")
        return data

    def _at(self, target):
        for _ in range(REDIRECTS_MAX + 1):
            answer = self._ask(target)
            if answer.status in (301, 302, 303, 307, 308):
                target = self._moved(answer, target)
                continue
            if answer.status == 404:
                answer.read(SMALL_FILE_MAX)
                return _Nothing()
            if (
                answer.status != 200
                or answer.getheader("Content-Encoding", "identity") != "identity"
            ):
                self._hang_up()
                raise Absent(f"{self.name} answers {answer.status} to {target}")
            return _Answer(self, answer)
        raise Absent(f"{self.name} redirects too often")

    def _moved(self, answer, target):
        answer.read(SMALL_FILE_MAX)
        here = f"{self.base.scheme}://{self.base.netloc}"
        new = urllib.parse.urljoin(here + target, answer.getheader("Location", ""))
        if not new.startswith(here + "/"):
            raise Absent(f"{self.name} redirects to another site, which is not followed")
        return new[len(here) :]

    def _ask(self, target):
        problem = ""
        attempt = 0
        waits_left = WAIT_SECONDS_MAX
        while attempt < TRIES:
            try:
                if self.connection is None:
                    self.connection = self._connect()
                headers = {
                    "User-Agent": f"folkmoot-verify/{VERSION}",
                    "Accept-Encoding": "identity",
                }
                self.connection.request("GET", urllib.parse.quote(target), headers=headers)
                answer = self.connection.getresponse()
            except (OSError, http.client.HTTPException) as error:
                problem = str(error) or type(error).__name__
            else:
                if answer.status < 500 and answer.status != 429:
                    return answer
                problem = f"it answers {answer.status}"
                if answer.status == 503 and waits_left > 0:
                    # A large file is being made, or the service is starting: it says when.
                    asked = answer.getheader("Retry-After", "")
                    self._hang_up()
                    if asked.isascii() and asked.isdigit() and int(asked) <= waits_left:
                        waits_left -= int(asked) or 1
                        time.sleep(int(asked))
                        continue
            self._hang_up()
            attempt += 1
            if attempt < TRIES:
                time.sleep(attempt - 1)
        raise Absent(f"{self.name} cannot be reached: {problem}")

    def _connect(self):
        host, port = self.base.hostname, self.base.port
        secure = self.base.scheme == "https"
        proxy = urllib.request.getproxies().get(self.base.scheme)
        if proxy and not urllib.request.proxy_bypass(host) and secure:
            way = urllib.parse.urlsplit(proxy)
            made = http.client.HTTPSConnection(
                way.hostname,
                way.port,
                timeout=TIMEOUT_SECONDS,
                context=ssl.create_default_context(),
            )
            made.set_tunnel(host, port or 443)
            return made
        if secure:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_SECONDS, context=context)
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)

    def _hang_up(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class _Answer:
    """An answer of a site as a file; the connection is kept only when all of it was read."""

    def __init__(self, site, answer):
        self.site, self.answer = site, answer

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if not self.answer.isclosed():
            self.site._hang_up()
        return False

    def read(self, size):
        return self._safely(self.answer.read, size)

    def readline(self, size):
        return self._safely(self.answer.readline, size)

    def _safely(self, function, size):
        try:
            return function(size)
        except (OSError, http.client.HTTPException) as error:
            self.site._hang_up()
            raise Absent(f"{self.site.name} broke off: {error}") from None


def source_of(place):
    if re.match(r"[a-z]+://", place):
        return Site(place[: -len("/checkpoint")] if place.endswith("/checkpoint") else place)
    if Path(place).is_dir():
        return Folder(place)
    if Path(place).is_file() and zipfile.is_zipfile(place):
        return Archive(place)
    raise Misused(f"{place} is not a web address, a folder or a zip file.")


# ---------------------------------------------------------------------------------------------
# The report: what was checked, and only that
# ---------------------------------------------------------------------------------------------

OK, BAD, UNUSABLE, SKIPPED, LIMITED, SHORT, REMARK, WAITING = (
    "holds",
    "wrong",
    "unusable",
    "not run",
    "restricted",
    "unmet",
    "note",
    "not due",
)
MARKS = {
    OK: "OK        ",
    BAD: "WRONG     ",
    UNUSABLE: "UNUSABLE  ",
    SKIPPED: "NOT RUN   ",
    LIMITED: "RESTRICTED",
    SHORT: "UNMET     ",
    REMARK: "NOTE      ",
    WAITING: "NOT RUN   ",  # there is nothing to check yet, or it was not asked for
}


@lru_cache(maxsize=1)
def own_digest():
    """The SHA-256 of this very file, or None where it does not run from one.

    Who falsifies this program can have it print anything: it is printed so that reports say which
    program made them. Compare with `sha256sum` of the file, and with minutes or release notes.
    """
    try:
        return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    except (NameError, OSError):
        return None


def this_program():
    """Name, version and digest, on one line."""
    return f"{PROGRAM} {VERSION}, sha256:{own_digest() or ' not known'}"


class Step:
    """One thing that is checked. It holds only once `done` was called with nothing found."""

    def __init__(self, id_, title, command):
        self.id, self.title, self.command = id_, title, command
        self.pack, self.plain_title = None, title  # what it is about, and its title for people
        self.state, self.reason = SKIPPED, "the check did not get this far"
        self.plain = ""  # the reason in words for people; `--json` keeps the exact one
        self.findings, self.found, self.decided = [], 0, False

    def wrong(self, says, **position):
        """Note what is proven wrong, and where."""
        self.state, self.decided = BAD, True
        self.found += 1
        if len(self.findings) < FINDINGS_MAX:
            self.findings.append({"says": says, "position": position})

    def done(self, says="", plain=""):
        """It was run to its end."""
        if not self.decided:
            self.state, self.reason, self.plain = OK, says, plain

    def skip(self, reason):
        self.set(SKIPPED, reason)

    def unusable(self, reason):
        """What was given is not what this checks: nothing is proven, and nothing holds."""
        self.set(UNUSABLE, reason)

    def set(self, state, reason, plain=""):
        """Anything but OK."""
        if self.state != BAD:
            self.state, self.reason, self.decided, self.plain = state, reason, True, plain

    def as_json(self):
        return {
            "id": self.id,
            "title": self.title,
            "state": self.state,
            "reason": self.reason if self.state != BAD else "",
            "findings": self.findings,
            "findings_total": self.found,
            "reproduce": self.command,
        }


class Report:
    """The steps of one run, in order, and what they come to."""

    def __init__(self, command, words):
        self.command, self.words, self.steps = command, words, []
        self.checkpoint = None
        self.packs, self.is_whole = [], False  # the consultations that were asked for
        self.now = 0  # seconds: until when the log, or a clock, shows that time has passed
        self.only = ""  # how the id of the one that was asked for begins
        self.extra = {}

    def step(self, id_, title, command=None):
        made = Step(id_, title, command or shlex.join(["python3", PROGRAM, *self.words]))
        self.steps.append(made)
        return made

    @property
    def exit_code(self):
        states = {step.state for step in self.steps}
        order = ((BAD, WRONG), (UNUSABLE, USAGE), (SHORT, UNMET), (SKIPPED, INCOMPLETE))
        return next((code for state, code in order if state in states), HOLDS)

    def as_json(self):
        verdicts = {
            HOLDS: "holds",
            WRONG: "wrong",
            USAGE: "unusable",
            INCOMPLETE: "incomplete",
            UNMET: "unmet",
        }
        return {
            "format": "folkmoot/verification/v1",
            "program": {"name": PROGRAM, "version": VERSION, "sha256": own_digest()},
            "command": self.command,
            "exit": self.exit_code,
            "verdict": verdicts[self.exit_code],
            "summary": [{"says": says, "state": state} for says, state in self.summary()],
            "steps": [step.as_json() for step in self.steps],
            **self.extra,
        }

    def summary(self):
        """Four lines in plain words, with the state of each."""
        return Summary(self).lines()

    def show(self, out):
        """Print the four lines, each consultation, then each check, then the verdict."""
        summary, names = Summary(self), names_of(self.packs)
        for says, _ in summary.lines():
            _say(out, says, "", "   ")
        print(file=out)
        for pack in self.packs if self.is_whole and not summary.is_cut_short else ():
            _say(out, names[pack], "", "")
            for says in InShort(pack).sentences():
                _say(out, says, "   ", "   ")
            print(file=out)
        for step in self.steps:
            about = names.get(step.pack)
            self._show_step(step, f" ({about}; {step.pack.short})" if about else "", out)
        verdict = {
            HOLDS: "Everything that was checked holds.",
            WRONG: "Something is PROVEN WRONG: see above.",
            USAGE: "A file or key is not the one to check this with; nothing is proven: see above.",
            INCOMPLETE: "Not everything could be checked: see above.",
            UNMET: "Witnesses are missing, or this is not the latest state: see above.",
        }
        print(f"\nChecked with {this_program()}", file=out)
        print(f"{verdict[self.exit_code]} (exit {self.exit_code})", file=out)

    @staticmethod
    def _show_step(step, about, out):
        indent = " " * 12
        _say(out, f"{step.plain_title}{about}", f"{MARKS[step.state]}  ", indent)
        if step.state != BAD and (step.plain or step.reason):
            _say(out, step.plain or step.reason, indent, indent)
        for finding in step.findings:
            where = ", ".join(f"{k} {v}" for k, v in finding["position"].items())
            _say(out, f"{finding['says']}{f' [{where}]' if where else ''}", indent, indent)
        if step.found > len(step.findings):
            print(f"{indent}and {step.found - len(step.findings)} more", file=out)
        print(f"{indent}{shown(step.command)}", file=out)


def names_of(packs):
    """What people know each consultation by; the short name too where two have one title."""
    often, names = Counter(pack.title for pack in packs), {}
    for pack in packs:
        names[pack] = pack.title or f"The consultation {pack.short}"
        if pack.title and often[pack.title] > 1:
            slug = str(pack.manifest.get("slug") or pack.short)
            names[pack] += f" ({shown(slug)[:NAME_MAX]})"
    return names


def shown(text):
    """Text from anywhere as one line that can do nothing to a terminal."""
    return "".join(one for one in " ".join(text.split()) if one.isprintable())


def _say(out, says, first, rest):
    """Print a sentence no wider than a narrow window; long words stay whole."""
    lines = textwrap.wrap(
        shown(says),
        COLUMNS,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    print("\n".join(lines), file=out)


def number_of(number, one, more=""):
    """`1 response`, `2 responses`."""
    return f"{spaced(number)} {one if number == 1 else more or one + 's'}"


def _worst(states):
    for state in (BAD, UNUSABLE, SHORT, SKIPPED, LIMITED, OK):
        if state in states:
            return state
    return SKIPPED


# ---------------------------------------------------------------------------------------------
# The four lines: no more than this run has checked
# ---------------------------------------------------------------------------------------------

RECORD_STEPS = (
    *("source", "log.keys", "checkpoint", "tree", "record"),
    *("receipt.form", "receipt.included", "minutes", "promise.form", "promise.read"),
)
FOLLOWED = "the receipt's entry is in it as signed, and every entry after it was read"
TITLES = ("The record", "The answers", "The result", "Witnesses")
NOT_ASKED = "not looked at by this command."
TAMPERED = "IT WAS TAMPERED WITH OR DAMAGED, or was never in order."
RECORD_HOLDS = {
    "audit": "nothing in it was changed, removed or moved since it was signed",
    "recount": "nothing in it was changed, removed or moved since it was signed",
    "attest": "nothing in it was changed, removed or moved since it was signed",
    "receipt": "the receipt's entry is in it as signed; no other was looked at",
    "checkpoint": "its checkpoint is signed; the entries were not looked at",
    "consistency": "the newer one begins with all of the older one, unchanged",
    "evidence": "these two checkpoints can both be true",
    "minutes": "it begins with all that the minutes name, unchanged",
    "promise": "every entry of it was read, and leads to what was signed",
}
RECORD_WRONG = (  # the first of these that is wrong says what the others follow from
    ("source", "WHAT WAS FETCHED CANNOT BE READ as a record."),
    ("log.keys", "A CHANGE OF ITS KEY IS NOT SIGNED BY WHOM IT MUST BE."),
    ("tree", TAMPERED),
    ("record", TAMPERED),
    ("receipt.form", "THIS FILE IS NO RECEIPT that can be read."),
    ("checkpoint.form", "A CHECKPOINT OF IT CANNOT BE READ."),
    ("receipt.included", "THE RECEIPT'S ENTRY IS NOT IN the record that the receipt names."),
    ("checkpoint.signature", "IT IS NOT SIGNED BY THE KEY that you gave."),
    ("checkpoint.kept", "IT DOES NOT CONTINUE the one that you kept."),
    ("minutes.contained", "IT DOES NOT BEGIN WITH WHAT THE MINUTES NAME."),
    ("promise.form", "THIS FILE IS NO PROMISE that can be read."),
    ("promise.read", TAMPERED),
)
RECORD_UNUSABLE = (
    ("receipt.form", "THIS FILE IS NO RECEIPT that can be read."),
    ("checkpoint.form", "THIS FILE IS NO CHECKPOINT that can be read."),
    ("checkpoint.signature", "it is another record than that of the key that you gave."),
    ("checkpoint.kept", "it is another record than the one that you kept something of."),
    ("consistency", "what you gave is of two records, which cannot be compared."),
    ("minutes.form", "the lines from the minutes cannot be read, or are of another record."),
    ("promise.form", "THIS FILE IS NO PROMISE that can be read, or it is of another record."),
)
GROWTH_WRONG = {
    "receipt": "TODAY'S LOG DOES NOT CONTINUE the record that the receipt names.",
    "consistency": "THE NEWER ONE DOES NOT CONTINUE the older one.",
    "evidence": "THE TWO CHECKPOINTS CANNOT BE OF ONE RECORD that was only added to.",
}
SIGNED_BY_WITNESSES = {"receipt": "the record of the receipt", "consistency": "the newer record"}
SEALED = "every answer that counts is the one that was sealed"
LISTED = "the list of ballots has a line for every answer that counts"
NOT_JOINED = (
    "only an auditor with the openings can check this for all lines (--openings FILE), and the "
    "holder of an answer for their own (receipt FILE --private FILE --log URL)"
)
SHOWN_EARLY = "MORE OF A RESULT IS SHOWN THAN THE RECORD HAS"
EARLY_STEPS = ("result.early", "result.served")
UNSEALED = "AN ANSWER IS MISSING OR IS NOT THE ONE THAT WAS SEALED"
NONE_YET = "none yet"
WITHDRAWN = "the consultation was withdrawn"
TOO_LATE = "it came too late"


class Summary:
    """What a run comes to in four lines, none of which says more than this run has checked."""

    def __init__(self, report):
        self.report, self.command, self.steps = report, report.command, report.steps
        self.is_cut_short = any(step.id in ("source", "program") for step in self.steps)
        self.reads_all = self.command in ("audit", "recount", "attest")
        self.closed = [pack for pack in report.packs if pack.is_closed and report.is_whole]

    def lines(self):
        """(sentence, state) of each line."""
        found = (self.record(), self.answers(), self.result(), self.witnesses())
        return [
            (f"{number}. {title}: {says}", state)
            for number, (title, (says, state)) in enumerate(zip(TITLES, found), 1)
        ]

    def state(self, *prefixes):
        """The worst of some steps; what was cut short does not hold."""
        state = _worst([step.state for step in self.steps if step.id.startswith(prefixes)])
        return SKIPPED if self.is_cut_short and state in (OK, LIMITED) else state

    def first(self, state, *prefixes):
        """The first of some steps that is in a state."""
        found = (s for s in self.steps if s.state == state and s.id.startswith(prefixes))
        return next(found, None)

    def unfinished(self, *prefixes):
        """Why some steps are not done."""
        step = self.first(SKIPPED, "program", "source", *prefixes)
        return f" ({step.reason})" if step and step.reason else ""

    def record(self):
        steps = (*RECORD_STEPS, "consistency")
        state = self.state(*steps)
        if state == BAD:
            wrong = (*RECORD_WRONG, ("consistency", GROWTH_WRONG.get(self.command, "")))
            says = next(words for prefix, words in wrong if self.first(BAD, prefix))
        elif state == UNUSABLE:
            says = next(words for prefix, words in RECORD_UNUSABLE if self.first(state, prefix))
        elif state == SHORT:
            kept = "minutes say" if self.command == "minutes" else "one that you kept"
            says = f"older than the {kept}: not the latest, or cut short."
        elif state == SKIPPED:
            says = f"not fully checked{self.unfinished(*steps)}."
        else:
            is_followed = self.first(OK, "receipt.stands") or self.first(SHORT, "receipt.stands")
            says = FOLLOWED if is_followed else RECORD_HOLDS[self.command]
            says += f"{self._continued()}."
        return says, state

    def _continued(self):
        """What was compared with other checkpoints, if anything was."""
        if self.first(OK, "checkpoint.kept"):
            return ". It continues what you kept"
        if self.command == "receipt" and self.first(OK, "consistency"):
            return ". Today's log continues it"
        return ""

    def answers(self):
        if self.command == "receipt":
            return self._standing()
        if self.command == "promise":
            return self._promised()
        if not self.reads_all:
            return NOT_ASKED, SKIPPED
        state = self.state("answers")
        by = {pack: InShort(pack).answers_state() for pack in self.closed}
        if not by or self.is_cut_short:
            return self._nothing("so no answers are opened"), state
        where = self._where(by, state if state == BAD else OK)
        if state == BAD:
            return f"{UNSEALED}{where}.", state
        gone = but_erased(sum(pack.unopened for pack in self.closed))
        if OK not in by.values():
            if set(by.values()) == {LIMITED}:
                return (
                    "they are not published; it takes the auditor's copy to check them.",
                    state,
                )
            return f"not checked{self.unfinished('answers')}.", state
        others = self._others(by, "is not published", "are not published")
        held = [pack for pack in by if by[pack] == OK]
        unjoined = [pack for pack in held if not pack.is_sealed]
        if not unjoined:
            return f"{SEALED}{where}{gone}{others}.", state
        says = LISTED if len(unjoined) == len(held) else f"{SEALED}, or is in a list"
        return f"{says}{where}{gone}{others}; {not_joined(unjoined)}.", state

    def _standing(self):
        """The second line for a receipt: what became of the answers, and if these are they."""
        private, became = self.state("receipt.private"), self.first(SHORT, "receipt.stands")
        if private == BAD:
            return "THE PRIVATE FILE IS NOT THAT OF THIS RECEIPT, or says something else.", BAD
        if private == UNUSABLE:
            return "THE PRIVATE FILE IS NOT THE PRIVATE HALF of a receipt.", UNUSABLE
        if self.first(BAD, "receipt.listed"):
            return "THE LIST OF BALLOTS DOES NOT HAVE THESE ANSWERS as they were sealed.", BAD
        if self.first(BAD, "receipt.stands"):
            return self._disorder(), BAD
        if became is not None and became.reason.startswith(WITHDRAWN):
            return f"{became.reason.partition(':')[0]}: these do not count.", SHORT
        if became is not None:
            what = became.reason.partition(":")[0].upper()
            return f"{what}. If that was not you, show this receipt to whoever checks.", SHORT
        sealed = "those in the private file are the ones that were sealed"
        stands = self.first(OK, "receipt.stands")
        if stands is not None:
            is_found = self.first(OK, "receipt.listed") is not None
            sealed += " and are in the list of ballots" if is_found else ""
            also = f"; {sealed}" if private == OK else "; which they are needs --private FILE"
            return f"they stand{'' if 'closing' not in stands.reason else ' and count'}{also}.", OK
        unread = "what became of them since was not looked at"
        ask = "" if any(word.startswith("--l") for word in self.report.words) else ": --log URL"
        if private == OK:
            return f"{sealed}; {unread}{ask}.", OK
        given = any(word.startswith("--pr") for word in self.report.words)
        ask = ask or ("" if given else ": --private FILE")
        return f"not checked, and {unread}{ask}.", SKIPPED

    def _disorder(self):
        """Why answers that are in the record do not stand there as they may."""
        says = self.first(BAD, "receipt.stands").findings[0]["says"]
        if "after the closing" in says:
            return "THESE ANSWERS DO NOT COUNT: they stand after the closing."
        return "WHAT BECAME OF THESE ANSWERS IS NOT IN ORDER."

    def _promised(self):
        """The second line for a promise: whether it was kept."""
        state = self.state("promise.kept", "promise.signed")
        if self.first(BAD, "promise.signed"):
            return "THE PROMISE IS NOT SIGNED as it stands in the file.", BAD
        kept = self.first(BAD, "promise.kept") or self.first(SKIPPED, "promise.kept")
        says = (kept.findings[0]["says"] if kept.findings else kept.reason) if kept else ""
        if "after the closing" in says:
            return "THE ANSWERS THAT WERE PROMISED DO NOT COUNT: they stand after the closing.", BAD
        if TOO_LATE in says:
            return (
                "THE PROMISE WAS KEPT TOO LATE: the answers are in it, after the deadline.",
                state,
            )
        words = {
            SHORT: f"{WITHDRAWN}: the answers that were promised do not count.",
            OK: "the answers that were promised are in it.",
            BAD: "THE PROMISE WAS BROKEN: the answers are not in it, and the time is over.",
        }
        return words.get(
            state, f"not in it yet, or not certain{self.unfinished('promise')}."
        ), state

    def result(self):
        if not self.reads_all:
            return NOT_ASKED, SKIPPED
        state = self.state("result", "recount", "lot")
        by = {pack: InShort(pack).result_state() for pack in self.closed}
        if state == BAD and wrong_result(self.steps) == SHOWN_EARLY:
            return f"{SHOWN_EARLY}.", state
        if not by or self.is_cut_short:
            return self._nothing("so there is no result"), state
        where = self._where(by, state if state == BAD else OK)
        if state == BAD:
            return f"{wrong_result(self.steps)}{where}.", state
        if OK in by.values():
            is_counted = self.command != "audit"
            says = "it is what was sealed"
            says += ", and follows from the answers" if is_counted else ""
            end = "" if is_counted else "; it was not counted again"
            copy = "the auditor's copy"
            others = self._others(by, f"needs {copy}", f"need {copy}")
            return f"{says}{where}{others}{end}.", state
        if set(by.values()) == {NONE_YET}:
            return "none is published yet.", state
        if set(by.values()) == {LIMITED}:
            return "it takes the auditor's copy of the answers to count it again.", state
        return f"not fully checked{self.unfinished('result', 'recount', 'lot')}.", state

    def witnesses(self):
        if self.command == "evidence":
            return NOT_ASKED, SKIPPED
        state = self.state("witnesses")
        what = SIGNED_BY_WITNESSES.get(self.command, "this record")
        words = {
            OK: f"enough of those that you named have signed {what}.",
            BAD: "A WITNESS'S SIGNATURE IS FALSE.",
            SHORT: "too few have confirmed this record, or too long ago.",
        }
        return words.get(state, "not checked, so others might be shown another record."), state

    def _nothing(self, so):
        """Why a line has no consultation to speak of."""
        if self.is_cut_short or not self.report.is_whole:
            return f"not checked{self.unfinished()}."
        if self.report.only and not self.report.packs:
            return f"no consultation has an id that begins with {self.report.only}."
        which = "the consultation is not" if self.report.only else "no consultation is"
        return f"{which} closed, {so}."

    def _where(self, by, state):
        """In how many of the closed consultations, unless there is but one in the record."""
        number, all_ = list(by.values()).count(state), len(by)
        if self.report.only and number == all_:
            return f", in {'the one' if all_ == 1 else f'all {all_}'} that you asked for"
        if number == all_ == len(self.report.packs):
            return "" if all_ == 1 else f", in all {all_} consultations"
        if number == all_:
            which = "the one" if all_ == 1 else f"all {all_}"
            return f", in {which} that {'is' if all_ == 1 else 'are'} closed"
        return f", in {spaced(number)} of {number_of(all_, 'closed consultation')}"

    @staticmethod
    def _others(by, kept, are_kept):
        """What became of those that do not hold; each is named below."""
        found = Counter(by.values())
        said = [
            f"{spaced(found[state])} {one if found[state] == 1 else more}"
            for state, one, more in (
                (NONE_YET, "has no result yet", "have no result yet"),
                (SKIPPED, "was not fully checked", "were not fully checked"),
                (LIMITED, kept, are_kept),
            )
            if found[state]
        ]
        return f"; {', '.join(said)}" if said else ""


def not_joined(packs):
    """What is not proven of answers that are listed without their entries."""
    signed = [len(pack.signers) for pack in packs]
    if all(signed):
        return f"that each line was sealed is signed by {number_of(min(signed), 'auditor')}"
    return "that each line was sealed only its holder and auditors can check"


def but_erased(number):
    """What cannot be opened any more, if there is any."""
    return f", but for {spaced(number)} that cannot, being erased" if number else ""


def wrong_result(steps):
    """What is wrong with results, in one sentence without its end."""
    bad = {step.id.partition(".")[0] for step in steps if step.state == BAD}
    if "recount" in bad:
        return "IT DOES NOT FOLLOW FROM THE ANSWERS"
    found = {step.id for step in steps if step.state == BAD and step.id.startswith("result")}
    if found and all(id_.startswith(EARLY_STEPS) for id_ in found):
        return SHOWN_EARLY
    return "IT IS NOT WHAT WAS SEALED" if found else "ITS DRAW IS NOT IN ORDER"


def unvouched_ways(case):
    """In words, how many changes show nothing of a holder, by the reason that is given."""
    return ", ".join(
        f"{spaced(case.changes[by])} by {words}"
        for by, words in WITHOUT_HOLDER.items()
        if case.changes[by]
    )


class InShort:
    """What was checked of one consultation, in sentences for people."""

    def __init__(self, pack):
        self.pack, self.case = pack, pack.case
        self.steps = pack.steps

    def _of(self, *prefixes):
        return [step for step in self.steps if step.id.startswith(prefixes)]

    def answers_state(self):
        return _worst([step.state for step in self._of("answers")])

    def result_state(self):
        """How its result stands; `NONE_YET` where none is in the log."""
        if not (self.case.counted or self.case.published or self.case.tallies):
            return NONE_YET
        state = _worst([step.state for step in self._of("result", "recount", "lot")])
        if state == SKIPPED and self.answers_state() == LIMITED:
            others = [s.state for s in self._of("result", "lot")]
            return LIMITED if _worst(others) == OK else SKIPPED
        return state

    def sentences(self):
        """Its answers, its result, its draw and its codes."""
        made = [self._asked(), *self._closed(), *self._codes()]
        return [one for one in made if one]

    def _asked(self):
        """What is wrong with the manifest, if anything is."""
        state = _worst([step.state for step in self._of("record.manifest")] or [OK])
        if state == BAD:
            return "WHAT WAS ASKED IS NOT WHAT WAS FIXED AT THE OPENING."
        return f"What was asked was not checked{self._why('record')}." if state != OK else ""

    def _closed(self):
        if self.case.opened is None:
            return ["It has not opened."]
        overdue = self.pack.overdue
        said = [f"{overdue[0].upper()}{overdue[1:]}."] if overdue else []
        return [*said, *self._lived(), *([f"{SHOWN_EARLY}."] if self._is_early() else ())]

    def _is_early(self):
        is_said = self.result_state() == BAD
        return not is_said and any(step.state == BAD for step in self._of(*EARLY_STEPS))

    def _lived(self):
        """How far it came, and what holds of it."""
        if self.case.stopped is not None:
            return ["It was withdrawn: nothing of it is opened or counted."]
        if self.case.closed is None:
            if self.pack.overdue:
                return ["Nothing of it is opened or counted."]
            return ["It has not closed: answers are opened and counted after that."]
        return [
            self._answers(),
            self._set_aside(),
            self._unvouched(),
            self._result(),
            *self._draw(),
        ]

    def _answers(self):
        number = number_of(self.case.standing, "response")
        words = {
            OK: f"{self._opened()}{but_erased(self.pack.unopened)}",
            BAD: UNSEALED,
            LIMITED: "the answers are not published, and were not checked here",
            SKIPPED: f"the answers were not checked{self._why('answers')}",
        }
        return f"{number}: {words[self.answers_state()]}."

    def _set_aside(self):
        """How many responses the organisers set aside, before the closing and after."""
        before = self.case.changes["voided"]
        late = sum(self.case.state[one] == GIVEN for one in self.case.late_voids)
        if not before and not late:
            return ""
        when = f", {spaced(late)} of them after it closed" if late else ""
        verb = "was" if before + late == 1 else "were"
        return f"{number_of(before + late, 'response')} {verb} set aside by the organisers{when}."

    def _unvouched(self):
        """How much only the operator vouches for, and what that could have altered."""
        number = len(self.case.unvouched)
        if not number:
            return ""
        says = f"Only the operator vouches for what became of {number_of(number, 'response')}"
        could = self.pack.alterable or "what that could alter was not counted"
        return f"{says} ({unvouched_ways(self.case)}): {could}."

    def _opened(self):
        """How its answers are seen, and what is not proven of them."""
        if self.pack.is_sealed:
            return "each that counts is opened as it was sealed"
        return f"each that counts has a line in the list of ballots; {not_joined([self.pack])}"

    def _result(self):
        state = self.result_state()
        counted = self._of("recount")
        if state == NONE_YET:
            return "No result is published yet, so there is nothing to compare with."
        if state == BAD:
            return f"The result: {wrong_result(self.steps)}."
        if state == SKIPPED:
            return f"The result was not fully checked{self._why('result', 'recount', 'lot')}."
        if state == LIMITED:
            return "The result is what was sealed; it takes the auditor's copy to count it again."
        says = "and follows from the answers" if counted else "and was not counted again"
        return f"The result is what was sealed, {says}.{self._beyond()}"

    def _beyond(self):
        """What is published and cannot be checked from outside."""
        members = (self.pack.tallies or {}).get("members")
        if not isinstance(members, dict) or not any(members.values()):
            return ""
        return " Not checked: how many members its organisations and meetings have."

    def _draw(self):
        return [
            f"Ties: {step.plain or step.reason}."
            for step in self._of("lot.drawn")
            if step.state == REMARK
        ]

    def _codes(self):
        return [
            f"{BY_CODE.get(level, level).capitalize()}: {spaced(codes.issued)} issued; "
            f"responses that came with one: {spaced(len(codes.people))}."
            for level, codes in self.case.codes.items()
            if codes.issued or codes.people
        ]

    def _why(self, *prefixes):
        reason = next((s.reason for s in self._of(*prefixes) if s.state == SKIPPED), "")
        return f" ({reason})" if reason else ""


class Progress:
    """A line on the terminal with the rate and the time left."""

    def __init__(self, total, what, wanted):
        self.total, self.what = max(total, 1), what
        self.wanted, self.began, self.shown = wanted, time.monotonic(), 0.0

    def at(self, number):
        now = time.monotonic()
        if not self.wanted or now - self.shown < 0.25:
            return
        self.shown = now
        rate = number / max(now - self.began, 0.001)
        left = (self.total - number) / rate if rate else 0
        full = 24 * number // self.total
        line = (
            f"\r[{'#' * full}{'.' * (24 - full)}] {100 * number // self.total:3d}%  "
            f"{spaced(number)} of {spaced(self.total)} {self.what}  {spaced(int(rate))}/s  "
            f"{int(left) // 60}:{int(left) % 60:02d} left "
        )
        print(line, end="", file=sys.stderr, flush=True)

    def end(self):
        if self.wanted:
            print(f"\r{' ' * 78}\r", end="", file=sys.stderr, flush=True)


# ---------------------------------------------------------------------------------------------
# Checkpoints against the keys, the witnesses and what somebody kept
# ---------------------------------------------------------------------------------------------


def check_signature(report, trust, checkpoint):
    """Whether the log that was meant has signed."""
    step = report.step("checkpoint.signature", "The checkpoint is signed by the log's own key")
    if not trust.logs:
        step.skip("no key was given: use --key FILE or --policy FILE with a key you already had")
        return
    if any(key.name != checkpoint.origin for key in trust.logs):
        names = ", ".join(key.name for key in trust.logs)
        says = f"the checkpoint is of the log {checkpoint.origin}, not of {names}"
        if report.command in ("audit", "recount"):  # this log was to be the one of the key
            step.wrong(says, file="checkpoint")
        else:
            step.unusable(f"{says}: give the key of that log, or what that key has signed")
        return
    try:
        signed = trust.signers(checkpoint)
    except Wrong as error:
        step.wrong(str(error), file="checkpoint")
        return
    if not signed and trust.unvouched is not None:
        step.skip(
            f"the log says that its key was lost after {spaced(trust.unvouched.size)} entries, and "
            "only the new one vouches for that: ask a witness, or whoever gave you the old one"
        )
        return
    if not signed:
        step.wrong("the log's key has not signed it", file="checkpoint")
    step.done(f"{checkpoint.origin}, {spaced(checkpoint.size)} entries")


def check_witnesses(report, trust, checkpoint, hours_max=None, now=None):
    """Whether enough witnesses have seen this tree, and not too long ago."""
    step = report.step("witnesses.quorum", "Enough witnesses have signed the same checkpoint")
    if trust.quorum is None:
        step.set(REMARK, "no policy was given, so witnesses were not looked at")
        return
    times, passed = {}, []
    for name, key in trust.witnesses.items():
        if not key.checkable:
            passed.append(name)
            continue
        try:
            signed, when = checkpoint.by(key)
        except Wrong as error:
            step.wrong(str(error), file="checkpoint")
            continue
        if signed:
            times[name] = when
    if trust.quorum == "none" and hours_max is not None:
        step.skip("the policy asks for no witness, so nothing says how old this record is")
        return
    if trust.quorum == "none":
        step.set(REMARK, "the policy asks for no witness: another record could be shown to others")
        return
    if not trust.is_met(times):
        also = f"; cannot be checked without a newer library: {', '.join(passed)}" if passed else ""
        step.set(
            SHORT, f"{len(times)} of {len(trust.witnesses)} have signed, which is too few{also}"
        )
        return
    _check_age(step, times, hours_max, time.time() if now is None else now)


def _check_age(step, times, hours_max, now):
    newest = max(times.values())
    hours = (now - newest) / SECONDS_AN_HOUR
    if hours_max is not None and hours > hours_max:
        step.set(SHORT, f"stale: the newest witness signature is {hours:.1f} hours old")
        return
    step.done(f"{', '.join(sorted(times))}; the newest {max(hours, 0):.1f} hours ago")


def check_kept(report, trust, checkpoint, kept):
    """Whether a checkpoint that somebody kept is of the same log, signed, and not newer."""
    step = report.step("checkpoint.kept", "The log continues the checkpoints that you kept")
    good = []
    for name, old in kept:
        try:
            if old.origin != checkpoint.origin:
                step.unusable(f"{name} is of another log, {old.origin}")
                continue
            if trust.logs and not trust.signers(old):
                raise Wrong(f"{name} is not signed by the log's key")
        except Wrong as error:
            step.wrong(str(error), file=name)
            continue
        if old.size > checkpoint.size:
            step.set(
                SHORT,
                f"stale or rolled back: {name} has {spaced(old.size)} entries and the log shows "
                f"{spaced(checkpoint.size)}",
            )
        else:
            good.append((name, old))
    return step, good


# ---------------------------------------------------------------------------------------------
# The record: every entry in its turn
# ---------------------------------------------------------------------------------------------


BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"  # letters of Hangul that are drawn as nothing


def _is_text(value):
    return isinstance(value, str) and len(value) <= WORDS_MAX and not _CONTROL.search(value)


def is_readable(text):
    """Whether people can read it: it is more than space, marks, and letters that show nothing."""
    return any(one.isalnum() and one not in BLANK_LETTERS for one in text)


def _is_name(value):
    return _is_text(value) and value != ""


def is_clear(id_):
    """Whether nothing in an id is unseen, or looks like something else."""
    return _is_name(id_) and _is_clear(id_)


@lru_cache(maxsize=4_096)  # entries have few ids, again and again
def _is_clear(id_):
    return _ID.fullmatch(id_) is not None


def are_clear(ids):
    """Whether people can tell the ids of one list apart."""
    return all(map(is_clear, ids)) and len(set(ids)) == len(ids)


def _is_positive(value):
    return type(value) is int and value > 0


def _is_many(value):
    return type(value) is int and value > 1


def _is_count(value):
    return type(value) is int and value >= 0


def _is(pattern):
    whole = pattern.fullmatch
    return lambda value: isinstance(value, str) and whole(value) is not None


def _is_moment(value):
    """A time that the calendar has, to the second."""
    try:
        return _is(_MOMENT)(value) and seconds_of(value) is not None
    except ValueError:
        return False


def _is_day(value):
    """A day that the calendar has."""
    try:
        return _is(_DAY)(value) and day_seconds(value) is not None
    except ValueError:
        return False


def _is_words(value):
    language = _LANGUAGE.fullmatch
    return isinstance(value, dict) and all(language(k) and _is_text(v) for k, v in value.items())


def _is_commitments(value):
    made = _is(_COMMITMENT)
    return isinstance(value, dict) and len(value) > 0 and all(made(one) for one in value.values())


RESPONDENTS = ("individual", "organisation", "group")
VOUCHED = ("replaced", "withdrawn", "erased")
"""What the holder of answers can ask for, in the order of the parts of what is revealed."""
WITHOUT_HOLDER = {
    "identity": "proving identity again",
    "desk": "a desk",
    "operator": "the operator",
    "voided": "setting answers aside",
}
"""Why a change shows nothing of its holder: nobody but the operator vouches for it."""


def _is_revealed(value):
    try:
        return len(unbase64url(value, "what is revealed")) == 32 * len(VOUCHED)
    except (Wrong, TypeError, AttributeError):
        return False


def _is_one_of(*words):
    return lambda value: isinstance(value, str) and value in words


def is_of_holder(holder, revealed, kind):
    """Whether what an entry reveals is what the answers before it committed to, for this kind."""
    data = unbase64url(revealed, "what is revealed")
    parts = [data[at : at + 32] for at in range(0, len(data), 32)]
    at = VOUCHED.index(kind)
    parts[at] = sha256(parts[at])
    return sha256(b"folkmoot/holder/v1\0" + b"".join(parts)) == holder


def _is_promise_key(value):
    """A key on one line that signs as a log does, under the name of promises."""
    try:
        key = Key(value)
    except (Misused, TypeError, AttributeError):
        return False
    return key.type == LOG_KEY and key.name.endswith(PROMISE_NAME_END)


_is_respondent = _is_one_of(*RESPONDENTS)
_C, _B, _S, _D = _is(_UUID), _is(_PSEUDONYM), _is_positive, _is_day
_OFFICIAL = {"c": _C, "at": _is_moment, "role": is_clear}
_PERSON = {"c": _C, "b": _B, "d": _D}
_COUNT = {**_OFFICIAL, "q": is_clear, "result_digest": _is(_DIGEST)}
FORMS = {
    "log.open": {"origin": _is_name},
    "ballot": {
        **_PERSON,
        "s": _S,
        "cm": _is(_COMMITMENT),
        "a": is_clear,
        "ch": is_clear,
        "r": _is_respondent,
    },
    "withdrawn": {**_PERSON, "s": _S},
    "voided": {**_PERSON, "s": _S, "reason": _is_text},
    "campaign": {**_PERSON, "s": _S, "g": _is_name},
    "erased": _PERSON,
    "opened": {**_OFFICIAL, "manifest": _is(_DIGEST)},
    "extended": {**_OFFICIAL, "closes_at": _is_moment, "reason": _is_words},
    "paused": {**_OFFICIAL, "reason": _is_words},
    "resumed": _OFFICIAL,
    "closed": _OFFICIAL,
    "lot": {**_OFFICIAL, "value": _is_name, "source": _is_text},
    "stopped": {**_OFFICIAL, "reason": _is_words},
    "issued": {**_OFFICIAL, "batch": is_clear, "number": _is_positive, "level": is_clear},
    "codes_voided": {**_OFFICIAL, "batch": is_clear, "reason": _is_text},
    "counted": {
        **_COUNT,
        "rule": is_clear,
        "rule_version": is_clear,
        "cutoff": _is_count,
        "ballots": _is_count,
        "input_digest": _is(_DIGEST),
    },
    "published": _COUNT,
    "tallies": {**_OFFICIAL, "cutoff": _is_count, "tallies": _is(_DIGEST)},
    "superseded": {**_COUNT, "reason": _is_text},
    "follow_up": {
        **_OFFICIAL,
        "f": _is(_UUID),
        "s": _is_positive,
        "status": _is_one_of("done", "under_way", "not_done"),
        "on": _is_day,
        **dict.fromkeys(("theme", "asked", "said", "did", "why", "owner"), _is_words),
    },
    "partnership": {
        "at": _is_moment,
        "role": is_clear,
        "p": _is(_UUID),
        "f": is_clear,
        "name": _is_text,
    },
    "key_destroyed": {"c": _C, "at": _is_moment},
    "promise_key": {"key": _is_promise_key},
}
OPTIONAL = {
    "ballot": {
        "x": _is_commitments,
        "n": _is_many,
        "dk": _is(_DESK),
        "h": _is(_COMMITMENT),
        "hs": _is_revealed,
        "by": _is_one_of("identity", "desk"),
    },
    "withdrawn": {"hs": _is_revealed, "by": _is_one_of("identity")},
    "erased": {"hs": _is_revealed, "by": _is_one_of("operator")},
    "lot": {"signature": _is(_SIGNATURE), "reason": _is_words},
}
IMPORTED = "imported"
"""The level of answers from a file, the only ones of which several stand on one entry."""

GIVEN, TAKEN_BACK, SET_ASIDE = 1, 2, 3
CAMPAIGN_MARK, VOIDED_MARK = "campaign", "voided"
BY_CODE = {"letter": "one-use codes by letter"}
"""Levels of assurance that no response has without an issued code, and what proves them."""


TWICE_PARTS = 8


class Codes:
    """Codes of one level in one consultation: how many were issued, and what came with one."""

    def __init__(self):
        self.issued = self.room = 0
        self.batches, self.voided, self.people = {}, set(), set()

    def issue(self, batch, number):
        self.batches[batch] = number
        self.issued += number
        self.room += number

    def void(self, batch):
        """Whoever answers for the first time from here on has a code of another batch."""
        self.voided.add(batch)
        live = sum(n for name, n in self.batches.items() if name not in self.voided)
        self.room = min(self.room, live)


class Case:
    """What the log says about one consultation. Who responds is numbered by first appearance."""

    def __init__(self, id_, index):
        self.id, self.first = id_, index
        self.opened = self.paused = self.closed = self.stopped = None
        self.manifest_digest = ""
        self.people = {}
        self.version = array("Q")
        self.ballot = array("Q")
        self.state = bytearray()
        self.commitments, self.holders = bytearray(), bytearray()
        self.unvouched, self.changes = set(), Counter()
        self.erased, self.groups, self.late_voids = {}, {}, set()
        self.late_groups = set()
        self.many = {}
        self.counted, self.published, self.follow_ups = {}, {}, {}
        self.counts = []  # those that were superseded, too
        self.wrote, self.respondent, self.tallies = {}, bytearray(), None
        self.written = {}  # by question: the first entry with words for it
        self.words, self.words_at = array("Q"), array("Q")  # eight bytes of each, and the entry
        self.had_result = self.was_counted = self.is_linked_no_more = False
        self.codes = {level: Codes() for level in BY_CODE}
        self.standing = 0
        self.opened_at = self.closed_at = ""
        self.lots, self.extended, self.levels = [], [], {}
        self.first_day = self.last_day = None  # (day, index) of what people did before closing

    def person(self, name):
        """The number of who responds, known or new."""
        number = self.people.setdefault(name, len(self.people))
        if number == len(self.version):
            self.version.append(0)
            self.ballot.append(0)
            self.state.append(0)
            self.respondent.append(0)
            self.commitments += bytes(32)
            self.holders += bytes(32)
        return number

    def dated(self, index, day):
        """Note the first and the last day on which something was done before the closing."""
        if self.first_day is None or day < self.first_day[0]:
            self.first_day = day, index
        if self.last_day is None or day > self.last_day[0]:
            self.last_day = day, index

    def twice(self):
        """The places of two ballots that commit to the same, or None."""
        firsts, again = array("Q"), set()
        with memoryview(self.commitments) as whole, whole.cast("Q") as parts:
            firsts.extend(parts[::4])  # eight bytes of each are enough to look further
        for part in range(TWICE_PARTS):  # so that not all are sorted, and in memory, at once
            before = 0
            for one in sorted(one for one in firsts if one % TWICE_PARTS == part):
                if one == before:
                    again.add(one)
                before = one
        seen = {}
        for number, first in enumerate(firsts if again else ()):
            if first and first in again:
                made = self.commitment(number)
                if made in seen:
                    return sorted((self.ballot[seen[made]], self.ballot[number]))
                seen[made] = number
        return None

    def weight(self, number):
        """For how many responses the entry stands."""
        return self.many.get(number, 1)

    def given(self):
        """How many responses were given, whatever became of them."""
        return len(self.people) + sum(number - 1 for number in self.many.values())

    def mark(self, number):
        """What became of a response before the closing, as the list of ballots may say it."""
        if self.state[number] == SET_ASIDE:
            return VOIDED_MARK
        is_early = number in self.groups and number not in self.late_groups
        return CAMPAIGN_MARK if is_early else ""

    def stand(self):
        """How many responses stand."""
        more = sum(n - 1 for number, n in self.many.items() if self.state[number] == GIVEN)
        return self.state.count(GIVEN) + more

    def commitment(self, number):
        return bytes(self.commitments[32 * number : 32 * number + 32])

    def holder(self, number):
        """What the latest answers committed to of their holder; zeros where nobody got a code."""
        return bytes(self.holders[32 * number : 32 * number + 32])


class Record:
    """Reads entries in order and checks what each may say where it stands."""

    def __init__(self, report, origin):
        self.origin, self.cases = origin, {}
        self.form = report.step("record.form", "Every entry has the form that is published for it")
        self.start = report.step("record.origin", "The log begins with its own name, once")
        self.order = report.step(
            "record.order", "The versions of each response come in order, none twice"
        )
        self.gaps = report.step("record.versions", "No version of a response is missing")
        self.period = report.step(
            "record.period", "No answer stands before opening, in a pause or after closing"
        )
        self.life = report.step(
            "record.life", "Opening, pauses, closing, counting and publishing are in order"
        )
        self.times = report.step(
            "record.times", f"Times follow one another, to {CLOCK_HOURS_MAX} hours"
        )
        self.vouch = report.step(
            "record.holders", "What is said to be a holder's wish shows their secret"
        )
        self.issue = report.step(
            "record.credentials", "Not more responses came with codes than codes were issued"
        )
        self.unknown, self.latest = 0, 0
        self.steps = (self.start, self.order, self.period, self.life, self.times, self.vouch)

    def read(self, index, entry):
        """Take one entry."""
        document = self.parse(index, entry)
        if document is None:
            return
        kind = document["t"]
        self.check_time(index, document)
        if (index == 0) != (kind == "log.open"):
            self.start.wrong("a log begins with log.open, and has it nowhere else", entry=index)
        if kind == "log.open":
            self.check_origin(index, document)
        elif kind == "promise_key":
            self.check_promise_key(index, document)
        elif kind != "partnership":
            case = self.cases.get(document["c"])
            if case is None:
                case = self.cases[document["c"]] = Case(document["c"], index)
            getattr(self, f"on_{kind}")(index, case, document)

    def parse(self, index, entry):
        """The entry if it has its form; what kind it is decides which."""
        try:
            document = read_canonical(entry, "the entry")
            if not isinstance(document, dict):
                raise Wrong("the entry is not an object")
            text = entry.decode()
            if not text.isascii() and unicodedata.normalize("NFC", text) != text:
                raise Wrong("the entry has text that is not in Unicode form NFC")
            return document if self.check_form(document) else None
        except Wrong as error:
            self.form.wrong(str(error), entry=index)
            return None

    def check_form(self, document):
        """Raise Wrong for a member that does not belong; False for a kind not known here."""
        kind, version = document.get("t"), document.get("v")
        if not isinstance(kind, str) or type(version) is not int:
            raise Wrong("the entry does not say what it is")
        if kind not in FORMS or version != 1:
            self.unknown += 1
            self.form.skip(
                f"{self.unknown} entries are of kinds newer than this program, {kind[:40]}"
            )
            return False
        form = FORMS[kind]
        optional = OPTIONAL.get(kind, {})
        for name, value in document.items():
            check = form.get(name) or optional.get(name)
            if check is None and name not in ("t", "v"):
                raise Wrong(f"{kind} has a member {name[:40]}, which does not belong there")
            if check is not None and not check(value):
                raise Wrong(f"{kind} has a member {name} that cannot be so")
        for name in form:
            if name not in document:
                raise Wrong(f"{kind} has no member {name}")
        return True

    def check_time(self, index, document):
        """It is not dated long before what stands before it.

        Answers have a day and no hour, and wait for others to be sealed with, up to an hour.
        """
        at, day = document.get("at"), document.get("d")
        if at is None and day is None:
            return
        begins = seconds_of(at) if at else day_seconds(day)
        ends = begins if at else begins + SECONDS_A_DAY - 1 + GROUP_HOURS_MAX * SECONDS_AN_HOUR
        if ends < self.latest - CLOCK_HOURS_MAX * SECONDS_AN_HOUR:
            self.times.wrong(f"{at or day} comes after what is dated later", entry=index)
        self.latest = max(self.latest, begins)

    def check_promise_key(self, index, document):
        if Key(document["key"]).name != self.origin + PROMISE_NAME_END:
            self.form.wrong("the log names a key for the promises of another", entry=index)

    def check_origin(self, index, document):
        if document["origin"] != self.origin:
            self.start.wrong("the log was begun under another name than it is signed", entry=index)

    # -- what people did --

    def on_ballot(self, index, case, document):
        self.check_period(index, case)
        number = case.person(document["b"])
        if "n" in document and document["a"] != IMPORTED:
            self.order.wrong(
                "one entry stands for several responses, and it is no import", entry=index
            )
        if document["a"] in case.codes:
            self.check_credentials(index, case, number, document["a"])
        self.check_has_holder(index, document)
        self.check_vouched(index, case, number, document, "replaced")
        if case.closed is not None:
            return
        case.dated(index, document["d"])
        case.levels.setdefault(document["a"], index)
        if self.check_order(index, case, number, document["s"]):
            case.version[number] = document["s"]
            case.ballot[number] = index
            case.state[number] = GIVEN
            case.respondent[number] = RESPONDENTS.index(document["r"])
            case.wrote.pop(number, None)
            if "x" in document:
                case.wrote[number] = tuple(document["x"])
                self.note_words(index, case, document["x"])
            case.many.pop(number, None)
            if "n" in document:
                case.many[number] = document["n"]
            made = base64.urlsafe_b64decode(document["cm"] + "=")
            case.commitments[32 * number : 32 * number + 32] = made
            held = base64.urlsafe_b64decode(document["h"] + "=") if "h" in document else bytes(32)
            case.holders[32 * number : 32 * number + 32] = held

    def on_withdrawn(self, index, case, document):
        self.check_period(index, case)
        if case.closed is None:
            case.dated(index, document["d"])
        number = self._change(index, case, document, TAKEN_BACK)
        if number is not None:
            self.check_vouched(index, case, number, document, "withdrawn")

    def on_voided(self, index, case, document):
        self.check_reason(index, document["reason"], "answers are set aside")
        number = self._change(index, case, document, SET_ASIDE)
        if number is None:
            return
        if case.closed is not None:
            case.late_voids.add(number)
        else:
            case.unvouched.add(number)
            case.changes["voided"] += 1

    def on_campaign(self, index, case, document):
        number = self._change(index, case, document, None)
        self.check_uncounted(index, case)
        if number is not None:
            if case.closed is not None and number not in case.groups:
                case.late_groups.add(number)
            case.groups[number] = document["g"]

    def check_uncounted(self, index, case):
        """A count shows the result without campaigns too, so none is marked after it."""
        if case.was_counted:
            self.life.wrong("a campaign is marked after the count", entry=index)

    def _change(self, index, case, document, state):
        """Something became of answers that are there; after closing the count stays."""
        if document["b"] not in case.people:
            self.order.wrong("this is about a response that was never given", entry=index)
            return None
        number = case.people[document["b"]]
        if state is not None and case.closed is None:
            self.check_stands(index, case, number)
        if self.check_order(index, case, number, document["s"]):
            case.version[number] = document["s"]
            if case.closed is None and state is not None:
                case.state[number] = state
        return number

    def check_stands(self, index, case, number):
        """Only answers that stand are taken back or set aside."""
        if case.state[number] != GIVEN:
            self.order.wrong("answers are taken back or set aside that do not stand", entry=index)

    def on_erased(self, index, case, document):
        if document["b"] not in case.people:
            self.order.wrong("this is about a response that was never given", entry=index)
            return
        number = case.people[document["b"]]
        case.erased[number] = case.erased.get(number, 0) + 1
        self.check_vouched(index, case, number, document, "erased")

    @staticmethod
    def note_words(index, case, commitments):
        """Keep what shows later that words are copied, or to a question that takes none."""
        for question, made in commitments.items():
            case.written.setdefault(question, index)
            case.words.append(int.from_bytes(base64.urlsafe_b64decode(made[:11] + "="), "big"))
            case.words_at.append(index)

    def check_has_holder(self, index, document):
        """Who sends answers holds a code, unless a desk would see it or a file brings them."""
        is_owed = "dk" not in document and document["a"] != IMPORTED
        if is_owed != ("h" in document):
            without = "answers commit to nothing of their holder"
            says = without if is_owed else "these come without a holder, and name one"
            self.vouch.wrong(says, entry=index)
        if document["a"] == IMPORTED and "dk" in document:
            self.vouch.wrong("a file has these answers, and a desk is said to", entry=index)

    def check_vouched(self, index, case, number, document, kind):
        """Who holds the answers shows it, or the entry says that only the operator vouches."""
        if kind == "replaced" and not case.version[number]:
            if "hs" in document or "by" in document:
                self.vouch.wrong("first answers replace nothing that somebody held", entry=index)
            return
        if ("hs" in document) == ("by" in document):
            self.vouch.wrong("it is not said who vouches for this change", entry=index)
            return
        if ("dk" in document) != (document.get("by") == "desk") and kind == "replaced":
            self.vouch.wrong("a desk's change and what vouches for it differ", entry=index)
        if "hs" in document:
            if not is_of_holder(case.holder(number), document["hs"], kind):
                self.vouch.wrong("what is revealed is not the holder's secret", entry=index)
        elif kind != "erased" and case.closed is None:
            case.unvouched.add(number)
            case.changes[document["by"]] += 1

    def check_period(self, index, case):
        """An answer stands between opening and closing."""
        if case.opened is None:
            self.period.wrong("an answer stands before its consultation opened", entry=index)
        if case.closed is not None or case.stopped is not None:
            self.period.wrong("an answer stands after its consultation closed", entry=index)
        elif case.paused is not None:
            self.period.wrong("an answer stands where its consultation was paused", entry=index)

    def check_order(self, index, case, number, version):
        """Versions of one response rise by one."""
        before = case.version[number]
        if version <= before:
            self.order.wrong(
                f"version {version} of a response comes after version {before}", entry=index
            )
            return False
        if version > before + 1:
            says = f"version {version} of a response comes after version {before}: one is missing"
            self.gaps.wrong(says, entry=index)
        return True

    # -- what officers did --

    def on_opened(self, index, case, document):
        if case.opened is not None:
            self.life.wrong("the consultation is opened a second time", entry=index)
            return
        case.opened, case.manifest_digest = index, document["manifest"]
        case.opened_at = document["at"]

    def on_lot(self, index, case, document):
        if case.opened is None:
            self.life.wrong("a lot is drawn before the opening", entry=index)
        if not is_readable(document["source"]):
            self.life.wrong("a lot has no source that can be read", entry=index)
        if "reason" in document:
            self.check_reason(index, document["reason"], "a lot is replaced")
        if case.counted:
            self.life.wrong("a lot is drawn after the count", entry=index)
        self.check_not_stopped(index, case, "given a lot")
        case.lots.append({**document, "index": index})

    def on_extended(self, index, case, document):
        self._while_open(index, case, "extended")
        self.check_reason(index, document["reason"], "a consultation is extended")
        case.extended.append({**document, "index": index})

    def on_paused(self, index, case, document):
        self.check_reason(index, document["reason"], "a consultation is paused")
        if self._while_open(index, case, "paused") and case.paused is not None:
            self.life.wrong("a consultation is paused that is paused already", entry=index)
        case.paused = index

    def on_resumed(self, index, case, _document):
        if self._while_open(index, case, "resumed") and case.paused is None:
            self.life.wrong("a consultation goes on that was not paused", entry=index)
        case.paused = None

    def on_closed(self, index, case, document):
        if self._while_open(index, case, "closed"):
            case.closed, case.closed_at = index, document["at"]
            case.standing = case.stand()

    def on_stopped(self, index, case, document):
        """What is open is stopped; after the closing only a file of votes (`Pack.check_stop`)."""
        self.check_reason(index, document["reason"], "a consultation is stopped")
        if case.opened is None or case.stopped is not None or case.had_result or case.counted:
            self.life.wrong("what is not open is stopped", entry=index)
        case.stopped = index

    def _while_open(self, index, case, what):
        is_open = case.opened is not None and case.closed is None and case.stopped is None
        if not is_open:
            self.life.wrong(f"a consultation is {what} that is not open", entry=index)
        return is_open

    def on_issued(self, index, case, document):
        codes = case.codes.setdefault(document["level"], Codes())
        if document["batch"] in codes.batches:
            self.issue.wrong("the same batch of codes is issued a second time", entry=index)
            return
        codes.issue(document["batch"], document["number"])

    def on_codes_voided(self, index, case, document):
        self.check_reason(index, document["reason"], "codes are voided")
        for codes in case.codes.values():
            if document["batch"] in codes.batches:
                codes.void(document["batch"])
                return
        self.issue.wrong("a batch of codes is voided that was never issued", entry=index)

    def on_counted(self, index, case, document):
        if case.closed is None:
            self.life.wrong("answers are counted before the closing", entry=index)
        else:
            self.check_counted(index, case, document)
        self.check_first(index, case, document)
        self.check_not_stopped(index, case, "counted")
        case.was_counted = True
        case.counts.append({**document, "index": index})
        case.counted[document["q"]] = {**document, "index": index}

    def check_not_stopped(self, index, case, what):
        """What was withdrawn has no result."""
        if case.stopped is not None:
            self.life.wrong(f"a consultation is {what} that was withdrawn", entry=index)

    def check_first(self, index, case, document):
        """A question is counted once; before it is counted again the first is superseded."""
        if document["q"] in case.counted:
            self.life.wrong("a question is counted again without saying why", entry=index)

    def check_reason(self, index, words, what):
        """What changes a promise has its reason, which people can read."""
        words = words if isinstance(words, str) else " ".join(words.values())
        if not is_readable(words):
            self.life.wrong(f"{what} without a reason that can be read", entry=index)

    def check_counted(self, index, case, document):
        """What was counted stood at the closing, and the closing is where the entry says."""
        if document["cutoff"] != case.closed:
            self.life.wrong(
                f"the cut-off is given as entry {document['cutoff']}; the closing is {case.closed}",
                entry=index,
            )
        if document["ballots"] > case.standing:
            self.life.wrong(
                f"{document['ballots']} ballots are counted, and {case.standing} stand", entry=index
            )

    def on_published(self, index, case, document):
        known = case.counted.get(document["q"])
        if known is None or known["result_digest"] != document["result_digest"]:
            self.life.wrong("a result is published that is not the one counted", entry=index)
        if document["q"] in case.published:
            self.life.wrong("a result is published a second time", entry=index)
        case.published[document["q"]] = index
        case.had_result = True

    def on_tallies(self, index, case, document):
        """The tallies of every question are public, once, of what stood at the closing."""
        if case.closed is None or document["cutoff"] != case.closed:
            self.life.wrong("tallies are published that are not of the closing", entry=index)
        if case.tallies is not None:
            self.life.wrong("the tallies are published a second time", entry=index)
        self.check_not_stopped(index, case, "published")
        case.was_counted = True
        case.tallies = {"index": index, "digest": document["tallies"]}
        case.had_result = True

    def on_superseded(self, index, case, document):
        known = case.counted.get(document["q"])
        self.check_reason(index, document["reason"], "a count is superseded")
        if known is None:
            self.life.wrong("a count is superseded that was never made", entry=index)
        elif known["result_digest"] != document["result_digest"]:
            self.life.wrong("a count is superseded that is not the last", entry=index)
        else:
            case.counted.pop(document["q"])
            case.published.pop(document["q"], None)

    def on_follow_up(self, index, case, document):
        """Words about what came of it: after a result, and no version of them left out."""
        before = case.follow_ups.get(document["f"], 0)
        if document["s"] != before + 1:
            self.gaps.wrong(
                f"version {document['s']} of what was done follows version {before}", entry=index
            )
        if not case.had_result:
            self.life.wrong("it is said what was done before a result is published", entry=index)
        case.follow_ups[document["f"]] = document["s"]

    def on_key_destroyed(self, index, case, _document):
        """Says something about linking only; nothing follows for the count."""
        self.check_unlinked(index, case)
        if case.is_linked_no_more:
            self.life.wrong("the same key is destroyed a second time", entry=index)
        case.is_linked_no_more = True

    def check_unlinked(self, index, case):
        """People change their answers until the closing, which takes the key."""
        if case.closed is None and case.stopped is None:
            self.life.wrong("the key is destroyed of what has not closed", entry=index)

    def check_credentials(self, index, case, number, level):
        """One more response comes with a code, and that many codes were issued before."""
        codes = case.codes[level]
        if number in codes.people:
            return
        codes.people.add(number)
        codes.room -= 1
        if codes.room < 0:
            self.issue.wrong(
                f"{number_of(len(codes.people), 'response')} came with "
                f"{BY_CODE.get(level, level)}, and {codes.issued} were issued before, in "
                f"{len(codes.batches)} batches of which {len(codes.voided)} were voided",
                consultation=case.id,
                entry=index,
            )

    def end_credentials(self):
        """Say the numbers; a log without codes says that there is nothing to compare."""
        levels = {level for case in self.cases.values() for level in case.codes}
        said = []
        for level in sorted(levels):
            held = [case.codes[level] for case in self.cases.values() if level in case.codes]
            given, issued = sum(len(one.people) for one in held), sum(one.issued for one in held)
            if given or issued:
                what = BY_CODE.get(level, level)
                said.append(f"{spaced(given)} answered by {what}, {spaced(issued)} were issued")
        if said:
            self.issue.done("; ".join(said))
        else:
            self.issue.set(REMARK, "no consultation in the log was answered by codes")

    def check_commitments(self, case):
        """Salts are random, so no two responses commit to the same: one would be a copy."""
        found = case.twice()
        if found:
            self.order.wrong(f"it commits to the same as entry {found[0]}", entry=found[1])
        firsts = sorted(case.words)
        if any(firsts[at] == firsts[at + 1] for at in range(len(firsts) - 1)):
            seen = {}
            for made, index in zip(case.words, case.words_at):
                first = seen.setdefault(made, index)
                if first != index:
                    self.order.wrong(f"its words are those of entry {first}", entry=index)

    def end(self, is_whole):
        """All entries were read; without all of them nothing about order is certain."""
        if not is_whole:
            for step in (*self.steps, self.form, self.gaps, self.issue):
                step.skip("not every entry could be read")
            return
        self.end_credentials()
        given = sum(case.given() for case in self.cases.values())
        self.form.done()
        self.gaps.done()
        for case in self.cases.values():
            self.check_commitments(case)
        for step in self.steps:
            step.done()
        if not self.order.reason:
            self.order.reason = f"{number_of(given, 'response')}, those taken back among them"


# ---------------------------------------------------------------------------------------------
# The audit of the log: every bundle, every tile, the root
# ---------------------------------------------------------------------------------------------


class Audit:
    """Reads a whole log once, front to back, and keeps only what later checks need."""

    def __init__(self, source, checkpoint, report, kept=(), progress=False):
        self.source, self.checkpoint, self.size = source, checkpoint, checkpoint.size
        self.frames = report.step("tree.entries", "Every entry is there, numbered without a gap")
        self.leaves = report.step("tree.leaves", "Every entry hashes to what the tiles say")
        self.tiles = report.step("tree.tiles", "Every tile follows from the ones below it")
        self.root = report.step("tree.root", "All of it leads to the signed root")
        self.record = Record(report, checkpoint.origin)
        self.kept, self.heads = list(kept), {}  # checkpoints from elsewhere; the same by bundle
        self.stamped = {}  # time-stamps by size
        self.progress = progress
        self.tops, self.served_tops = [], []
        self.rest, self.served_rest = [], []
        self.disputed = []
        self.is_whole = self.has_tiles = True

    def run(self):
        """Check all of it."""
        if self.size > ENTRIES_MAX:
            raise Absent(
                f"a log of over {spaced(ENTRIES_MAX)} entries is too large for this program"
            )
        shown = Progress(self.size, "entries", self.progress)
        for head in self.kept:
            self.heads.setdefault((head[2].size - 1) // 256, []).append(head)
        for number in range((self.size + 255) // 256):
            self._bundle(number, min(256, self.size - 256 * number))
            shown.at(min(self.size, 256 * number + 256))
        shown.end()
        if self.is_whole:
            self.frames.done(f"{spaced(self.size)} entries")
        self.check_tiles()
        self.check_root()
        self.record.end(self.is_whole)

    def _bundle(self, number, width):
        first = 256 * number
        entries = self._entries(number, width)
        served = self._served(number, width)
        found = [leaf_of(entry) for entry in entries]
        if len(entries) < width:
            self.is_whole = False
            found += served[len(found) :]
        if served and found != served:
            self.check_leaves(number, found, served)
        if len(found) == width and number in self.heads:
            self._note_kept(first, found)
        if width == 256:
            self.tops.append(top_of(found))
            same = not served or found == served
            self.served_tops.append(self.tops[-1] if same else top_of(served))
        else:
            self.rest, self.served_rest = found, served or found
        for at, entry in enumerate(entries):
            if first + at in self.stamped:
                self.stamped[first + at].check_dates(self.record.latest)
            self.record.read(first + at, entry)
        if self.size in self.stamped and first + width == self.size:
            self.stamped[self.size].check_dates(self.record.latest)

    def _entries(self, number, width):
        path = tile_path("entries", number, width)
        try:
            data, is_fuller = self.source.bundle(number, width)
        except Absent as error:
            self.frames.skip(str(error))
            return []
        except Wrong as error:
            self.frames.wrong(str(error), tile=path)
            return []
        return self.check_frames(data, number, width, is_fuller)

    def check_frames(self, data, number, width, is_fuller):
        """The entries of a bundle; finds those that are cut short, missing or too many."""
        entries, at, first = [], 0, 256 * number
        path = tile_path("entries", number, width)
        while len(entries) < width and at + 2 <= len(data):
            length = data[at] << 8 | data[at + 1]
            entry = data[at + 2 : at + 2 + length]
            if len(entry) < length:
                break
            entries.append(entry)
            at += 2 + length
        if len(entries) < width:
            self.frames.wrong("the bundle ends too early", entry=first + len(entries), tile=path)
        elif at < len(data) and not is_fuller:
            self.frames.wrong("something follows the last entry", entry=first + width, tile=path)
        return entries

    def _served(self, number, width):
        try:
            return self._hashes(0, number, width)
        except Absent as error:
            self.leaves.skip(str(error))
        except Wrong as error:
            self.leaves.wrong(str(error), tile=tile_path(0, number, width), entry=256 * number)
        self.has_tiles = False
        return []

    def _hashes(self, level, number, width):
        data = self.source.tile(level, number, width)
        if len(data) != 32 * width:
            raise Wrong(f"{tile_path(level, number, width)} does not hold {width} hashes")
        return in_thirty_twos(data)

    def check_leaves(self, number, found, served):
        """Remember where entries and tile disagree; the root says later which is false."""
        for at in range(max(len(found), len(served))):
            if found[at : at + 1] != served[at : at + 1]:
                self.disputed.append(256 * number + at)
                return

    def _note_kept(self, first, found):
        for step, name, old in self.heads[first // 256]:
            if first < old.size <= first + len(found):
                top = top_of(found[: old.size - first])
                self.check_kept_root(step, name, old, [*self.tops, top])

    @staticmethod
    def check_kept_root(step, name, old, nodes):
        if top_of(nodes) != old.root:
            step.wrong(
                f"the log forked: its first {spaced(old.size)} entries are not those of {name}",
                entry=old.size - 1,
            )

    def check_tiles(self):
        """Every tile above the lowest is made of the tops of the tiles below."""
        mine, theirs = (
            self._root(self.tops, self.rest),
            self._root(self.served_tops, self.served_rest),
        )
        signed = self.checkpoint.root
        level, below = 1, self.served_tops if theirs == signed != mine else self.tops
        while below:
            above = []
            for number in range((len(below) + 255) // 256):
                made = below[256 * number : 256 * number + 256]
                self._check_tile(level, number, made)
                if len(made) == 256:
                    above.append(top_of(made))
            level, below = level + 1, above
        if self.has_tiles:
            self.tiles.done()
        else:
            self.tiles.skip("not every tile is there")

    def _check_tile(self, level, number, made):
        path = tile_path(level, number, len(made))
        try:
            served = self._hashes(level, number, len(made))
        except Absent as error:
            self.has_tiles = False
            self.tiles.skip(str(error))
            return
        except Wrong as error:
            self.tiles.wrong(str(error), tile=path)
            return
        for at, (mine, theirs) in enumerate(zip(made, served)):
            if mine != theirs:
                first = (256 * number + at) << 8 * level
                self.tiles.wrong(
                    "a tile does not follow from the ones below", tile=path, entry=first
                )
                return

    def check_root(self):
        """The entries, or else the tiles, lead to what is signed; the other is false."""
        mine = self._root(self.tops, self.rest)
        theirs = self._root(self.served_tops, self.served_rest)
        signed = self.checkpoint.root
        blame_tile = mine == signed and self.is_whole
        for index in self.disputed:
            tile = tile_path(0, index // 256, min(256, self.size - index // 256 * 256))
            if blame_tile:
                self.leaves.wrong(
                    "the tile does not say what the entry hashes to", tile=tile, entry=index
                )
            elif theirs == signed:
                self.leaves.wrong("this is not the entry that was signed", entry=index)
            else:
                self.leaves.wrong(
                    "the entry does not hash to what the tile says", entry=index, tile=tile
                )
        if mine != signed:
            where = {"entry": self.disputed[0]} if self.disputed else {"size": self.size}
            if self.is_whole or self.has_tiles:
                self.root.wrong("the entries do not lead to the root that was signed", **where)
            else:
                self.root.skip("not every entry could be read")
            return
        if self.is_whole:
            self.root.done()
        else:
            self.root.skip("not every entry could be read")
        if self.has_tiles and self.is_whole:
            self.leaves.done()

    @staticmethod
    def _root(tops, rest):
        return top_of([*tops, top_of(rest)] if rest else list(tops))


# ---------------------------------------------------------------------------------------------
# The pack of a consultation: manifest, openings, result
# ---------------------------------------------------------------------------------------------

RULE_VERSION = "1"
COUNTED_ALIKE = ("rule", "rule_version", "cutoff", "ballots", "input_digest", "result_digest")
RESULT_MEMBERS = {*COUNTED_ALIKE, "outcome"}
TALLIES_MEMBERS = {
    *("format", "consultation", "hidden_under", "responses", "respondents", "members"),
    "questions",
}
PLAIN, CAMPAIGN, LATE_VOID, EARLY_VOID = "plain", "campaign", "voided later", "voided"
PUBLIC, TRACKERS, AUDITOR = "public", "trackers", "auditor"
"""How single answers are seen: beside their entries, in a list without them, or by an auditor."""
CROWD_MIN = 5  # a mark of the list is on at least so many lines, and as many have it not
BALLOTS_FILE = "ballots.ndjson"
KIND_OF_MARK = {"": PLAIN, CAMPAIGN_MARK: CAMPAIGN, VOIDED_MARK: EARLY_VOID}
_TRACKER = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]")


SEALED_SECONDS = 1


class Pack:
    """What is published beside the log about one consultation, checked against the log."""

    def __init__(self, source, case, report, openings_file=None, progress=False):
        self.source, self.case, self.report = source, case, report
        self.openings_file, self.progress = openings_file, progress
        self.manifest = self.result = self.tallies = None
        self.values = {}
        self.is_opened = self.is_listed = self.is_joined = False
        self.listed, self.trackers, self.same = {}, [], {}
        self.lines_listed, self.list_digest, self.marks = 0, "", Counter()
        self.hidden, self.signers = {}, []
        self.unopened = 0
        self.overdue = ""  # in words, if its closing is missing or came much too late
        self.alterable = ""  # what changes without a holder could have made of the result
        self.steps = []
        self.short = case.id[:8]

    @property
    def is_closed(self):
        """Whether its answers are to be opened and counted."""
        is_thrown_away = self.case.stopped is not None and self.manifest and self.is_import
        return None not in (self.case.opened, self.case.closed) and not is_thrown_away

    @property
    def is_sealed(self):
        """Whether each answer was checked here against what was sealed."""
        return self.is_joined or self.seen_by != TRACKERS

    @property
    def seen_by(self):
        """Who sees its single answers, and how."""
        return (self.manifest or {}).get("openings")

    @property
    def title(self):
        """Its title as it was fixed at the opening; empty where that is not known."""
        return shown(words_of(self.manifest or {}))[:NAME_MAX]

    def check(self):
        """Check all that there is of it."""
        if self.case.opened is None:
            return
        self._manifest()
        if self.manifest:
            self._times()
            self._levels()
        if self.is_closed and self.manifest:
            self._list()
            self._openings()
            self._join()
            self._counts()
            self._result()
            self._tallies()
            Beside(self).check()
        if self.manifest and not self.case.had_result:
            Beside(self).check_early()
        self._served()

    def _step(self, id_, title):
        return self.add_step(f"{id_}.{self.short}", f"{title} ({self.case.id})", title)

    def add_step(self, id_, title, plain):
        """A step about this consultation, with its title for programs and that for people."""
        made = self.report.step(id_, title)
        made.pack, made.plain_title = self, plain
        self.steps.append(made)
        return made

    def _json(self, step, name):
        path = f"c/{self.case.id}/{name}"
        try:
            data = self.source.file(path, PACK_FILE_MAX)
            if data is None:
                raise Absent(f"{path} is not there")
            document = read_canonical(data, path)
            kind = f"folkmoot/{name.partition('.')[0]}/v1"
            if not isinstance(document, dict) or document.get("format") != kind:
                raise Wrong(f"{path} is not of the format {kind}")
            if document.get("consultation") != self.case.id:
                raise Wrong(f"{path} is about something else")
        except Absent as error:
            step.skip(str(error))
        except Wrong as error:
            step.wrong(str(error), file=path)
        else:
            return data, document
        return b"", None

    def _manifest(self):
        step = self._step("record.manifest", "What was asked is what was fixed at the opening")
        data, document = self._json(step, "manifest.json")
        if document is None:
            return
        self.check_manifest(step, data)
        self.check_access(step, document)
        if step.state == BAD:
            return
        try:
            self.questions = {one["id"]: one for one in document["questions"]}
            self.terms = document["terms"]["counting"]
            usable = all(is_question(self.questions[id_]) for id_ in self.terms)
            self.check_ids(step, document["questions"])
        except (KeyError, TypeError):
            usable = False
        if not usable:
            step.wrong("the manifest has no questions and terms to count by", file="manifest.json")
            return
        self.manifest = document
        step.done()
        self._lot()

    def check_ids(self, step, questions):
        """Nobody takes one question, option or row for another."""
        lists = [[one["id"] for one in questions]]
        for one in questions:
            lists += ([each["id"] for each in one.get(n) or ()] for n in ("options", "statements"))
            grouped = [each for each in one.get("options") or () if each.get("group")]
            lists.append(list({each["group"] for each in grouped}))
        if not all(map(are_clear, lists)):
            step.wrong("the manifest has ids that cannot be told apart", entry=self.case.opened)

    def check_access(self, step, document):
        """Who sees single answers is one of three words."""
        if document.get("openings") not in (PUBLIC, TRACKERS, AUDITOR):
            step.wrong("the terms do not say who sees single answers", entry=self.case.opened)

    def _lot(self):
        """Whether the order that decides ties comes from a draw that nobody could choose."""
        beacon = self.manifest["terms"].get("beacon")
        chained = [id_ for id_, one in self.terms.items() if "lot" in (one["tie_chain"] or ())]
        if beacon is None and not chained and not self.case.lots:
            return
        step = self._step("lot.drawn", "The order for ties comes from a draw after the opening")
        if beacon is None:
            self.check_unasked(step)
            if any(self.terms[id_]["lot"] for id_ in chained):
                step.set(REMARK, "its order was fixed in the terms, and made from words")
            else:
                step.set(REMARK, "no draw was named; ties left to a lot stay ties")
            return
        try:
            self.check_beacon(step, beacon)
        except (KeyError, TypeError, AttributeError, ValueError):
            step.wrong("the public draw in the terms has not its form", file="manifest.json")
        if not self.case.lots:
            if self.case.counted:
                step.wrong("it was counted before the draw was entered", entry=self.case.opened)
            else:
                step.set(REMARK, "the draw has not been entered yet")
            return
        last = self.case.lots[-1]
        try:
            self.check_lot(step, beacon, last)
        except (KeyError, TypeError, AttributeError, ValueError):
            step.wrong("the draw is not one of this kind", entry=last["index"])
        for id_, one in self.terms.items():
            ids = [option["id"] for option in self.questions[id_]["options"]]
            self.terms[id_] = {**one, "lot": lot_of(self.case.id, last["value"], ids)}

    def check_unasked(self, step):
        """No draw decides anything that the terms do not name."""
        for lot in self.case.lots:
            step.wrong("a draw is entered that the terms do not name", entry=lot["index"])

    def check_beacon(self, step, beacon):
        """It is later than the freezing of the options."""
        if not _is(_MOMENT)(beacon["due_at"]) or beacon["kind"] not in ("draw", "drand"):
            raise ValueError
        if beacon["due_at"] <= self.case.opened_at:
            step.wrong("the draw is not later than the opening", entry=self.case.opened)

    def check_lot(self, step, beacon, lot):
        """It is of the draw that was named, and after it."""
        if lot["at"] < beacon["due_at"]:
            step.wrong("the draw was entered before it was due", entry=lot["index"])
        by_key = beacon["kind"] == "drand" and "signature" in lot
        if by_key:
            if sha256(bytes.fromhex(lot["signature"])).hex() != lot["value"]:
                step.wrong("the value is not that of the signature", entry=lot["index"])
            self.check_signature(beacon, lot)
        elif not is_draw(lot["value"]) or (beacon["kind"] == "drand" and not lot.get("reason")):
            step.wrong("the value is not one of the draw that was named", entry=lot["index"])
        for earlier, later in zip(self.case.lots, self.case.lots[1:]):
            if not later.get("reason"):
                step.wrong("another draw was entered without a reason", entry=later["index"])
            if earlier.get("signature"):
                step.wrong("a draw that a key confirms was replaced", entry=later["index"])
            if earlier.get("reason"):
                step.wrong("a draw was replaced a second time", entry=later["index"])
        if lot.get("reason"):
            step.set(REMARK, f"{len(self.case.lots)} draws were entered; read the reason given")
        elif by_key:
            step.done(f"round {beacon['round']}")
        else:
            value, source = lot["value"], lot["source"][:200]
            plain = f"if any, decided by the draw {value}; compare it with {source}"
            step.set(REMARK, f"drawn: {value}; compare with {source}", plain)

    def check_signature(self, beacon, lot):
        """Whether the network's key signed this round; needs a library for pairings."""
        step = self._step("lot.signed", "The round was signed by the key that the terms name")
        is_signed = is_round_signed(beacon["key"], beacon["round"], lot["signature"])
        if is_signed is None:
            step.skip(f"needs: pip install py_ecc; or compare with {lot['source'][:200]}")
        elif not is_signed:
            step.wrong("the signature is not by this key for this round", entry=lot["index"])
        else:
            step.done()

    # -- times and levels --

    @property
    def is_import(self):
        """Whether its answers came from a file: then nobody can show who they are."""
        return not self.manifest["terms"].get("identity")

    def _times(self):
        """It was open as long as was promised, and answered only then."""
        step = self._step("record.promised", "It was open, and answered, in the time promised")
        closes_at = self.manifest["terms"].get("closes_at")
        if not _is_moment(closes_at):
            step.wrong("the terms do not say until when it is open", file="manifest.json")
            return
        case = self.case
        self.check_stop(step)
        ends = self.check_extensions(step, closes_at)
        if ends <= case.opened_at:
            step.wrong("it opened after its closing time", entry=case.opened)
        if self.is_import:
            step.set(REMARK, "its answers came from a file, so no time was promised")
            return
        self.check_days(step, ends)
        if case.closed is not None:
            self.check_closing(step, ends)
        elif case.stopped is None:
            self.check_overdue(step, ends)
        step.done(f"until {ends}")

    def check_overdue(self, step, ends):
        """It closes when its time is up; without that nothing of it is ever counted."""
        if self.report.now - seconds_of(ends) > LATE_DAYS_MAX * SECONDS_A_DAY:
            self.overdue = f"its time was up on {ends}, and no closing is recorded"
            step.skip(self.overdue)

    def check_days(self, step, ends):
        """What people did before the closing lies between opening and closing time."""
        for place, is_outside, says in (
            (self.case.first_day, lambda day: day < self.case.opened_at[:10], "before it opened"),
            (self.case.last_day, lambda day: day > ends[:10], "after its time was up"),
        ):
            if place and is_outside(place[0]):
                step.wrong(f"something is dated {place[0]}, {says}", entry=place[1])

    def check_stop(self, step):
        """Answers that are in get their result, unless they came from a file."""
        case = self.case
        if None not in (case.stopped, case.closed) and not self.is_import:
            step.wrong("it was stopped after it closed, so its result is owed", entry=case.stopped)

    def check_extensions(self, step, closes_at):
        """The closing time in the end; each change makes it later, and is made before it."""
        for one in self.case.extended:
            if one["at"] >= closes_at:
                step.wrong("more time is given after the time was up", entry=one["index"])
            if one["closes_at"] <= closes_at:
                step.wrong("the closing time is moved, and not later", entry=one["index"])
            closes_at = max(closes_at, one["closes_at"])
        return closes_at

    def check_closing(self, step, ends):
        """Nobody closes early; late is only said, as nothing that comes late may count."""
        late = seconds_of(self.case.closed_at) - seconds_of(ends)
        if late < 0:
            step.wrong(f"it was to be open until {ends}", entry=self.case.closed)
        elif late > LATE_DAYS_MAX * SECONDS_A_DAY:
            days = number_of(late // SECONDS_A_DAY, "day")
            says = f"that it closed is recorded {days} later"
            if late > LATE_AND_DONE_DAYS_MAX * SECONDS_A_DAY:
                self.overdue = f"its time was up on {ends}, and {says}"
                step.skip(self.overdue)
            else:
                step.set(REMARK, f"until {ends}; {says}")

    def _levels(self):
        """Everybody showed who they are in a way that the terms name."""
        step = self._step("record.levels", "Each answer came in a way that the terms allow")
        allowed = self.manifest["terms"].get("identity") or [IMPORTED]
        for level, index in self.case.levels.items():
            self.check_level(step, level, index, allowed)
        self.check_written(step)
        step.done()

    def check_written(self, step):
        """Words were written where they are taken: free text, a file, what is meant by "other"."""
        taking = {
            id_ if id_.isascii() else urllib.parse.quote(id_)
            for id_, one in self.questions.items()
            if one["kind"] in (*WRITTEN, "single", "several", "area")
        }
        for question, index in self.case.written.items():
            if question not in taking:
                step.wrong(f"words for {question[:40]}, which takes none", entry=index)

    @staticmethod
    def check_level(step, level, index, allowed):
        """The way somebody showed who they are is one of the terms."""
        if level not in allowed:
            step.wrong(f"answered with {level[:40]}, which the terms do not name", entry=index)

    def _served(self):
        """Nothing is served as a result that the log does not have."""
        case = self.case
        is_beside = not self.manifest or self.seen_by == PUBLIC
        known = (
            ("openings.ndjson", case.closed, "answers are opened, and the closing"),
            (BALLOTS_FILE, case.closed, "ballots are listed, and the closing"),
            ("ballots.pb", case.closed, "ballots are served, and the closing"),
            ("result.json", case.published or None, "a result is served, and its publication"),
            ("tallies.json", case.tallies, "tallies are served, and their publication"),
        )
        missing = [
            (name, f"{says} is not in the log") for name, entry, says in known if entry is None
        ]
        promised = {"openings.ndjson"} if not is_beside and case.closed is not None else set()
        says = "answers are opened beside their entries, against the terms"
        missing += [(name, says) for name in promised]
        if not missing:
            return
        step = self._step("result.served", "Nothing is served that is not in the log")
        for name, says in missing:
            path = f"c/{case.id}/{name}"
            try:
                with self.source.stream(self.source.prefix + path) as stream:
                    if stream is not None:
                        if name in promised:
                            step.wrong(says, file=path)
                        else:
                            self.check_meanwhile(step, says, path)
            except (Absent, Wrong) as error:
                step.skip(str(error))
        step.done()

    def check_meanwhile(self, step, says, path):
        """Something that the log does not have is wrong, unless the log has grown meanwhile."""
        if self.source.has_pages and not step.found:
            time.sleep(SEALED_SECONDS)  # pages may show at once what is sealed a moment later
        now = self.source.file("checkpoint", NOTE_MAX)
        if now is not None and Checkpoint(now).size > self.report.extra["checkpoint"]["size"]:
            step.skip(f"{says} as it was read; it has grown meanwhile: run this again")
        else:
            step.wrong(says, file=path)

    def check_manifest(self, step, data):
        if "sha256:" + hashlib.sha256(data).hexdigest() != self.case.manifest_digest:
            step.wrong("the manifest is not the one fixed at the opening", entry=self.case.opened)

    # -- openings --

    def _openings(self):
        if self.seen_by == TRACKERS and self.openings_file is None:
            return
        self.is_opened = False
        step = self._step("answers.opened", "Every answer to count is opened as it was sealed")
        if self.seen_by != PUBLIC and self.openings_file is None:
            step.set(LIMITED, "the terms say that the answers are not published")
            return
        try:
            lines = self._lines()
            first = next(lines, b"")
            if first is None:
                step.skip("openings.ndjson is not there")
                return
            self._read_openings(step, first, lines)
        except Absent as error:
            step.skip(str(error))
            return
        except Wrong as error:
            step.wrong(str(error), file="openings.ndjson")
            return
        self.is_opened = True
        left = f", {self.unopened} erased and not opened" if self.unopened else ""
        step.done(f"{number_of(self.case.standing, 'response')}{left}")

    def _lines(self):
        if self.openings_file is None:
            return self.source.lines(f"c/{self.case.id}/openings.ndjson")
        path = Path(self.openings_file)
        if not path.is_file():
            raise Misused(f"{path} is not there.")
        here = Folder(path.parent)
        return here.lines(path.name)

    def _read_openings(self, step, first, lines):
        """Walk the lines and the ballots that stand, both in the order of the log."""
        case = self.case
        wanted = [n for n, state in enumerate(case.state) if state in (GIVEN, SET_ASIDE)]
        wanted.sort(key=case.ballot.__getitem__)
        indexes = [case.ballot[n] for n in wanted]
        shown = Progress(len(wanted), "openings", self.progress)
        self.step, self.seen = step, {}
        self.unopened, self.hidden = 0, {}
        at, before, number = 0, -1, 0
        line = first
        while line:
            number += 1
            opening = self._opening(line, number)
            line = next(lines, b"")
            if opening is None:
                continue
            index = opening["i"]
            if index <= before:
                step.wrong("openings are not in the order of the log", entry=index, line=number)
                continue
            before = index
            while at < len(wanted) and indexes[at] < index:
                self.check_missing(wanted[at], indexes[at])
                at += 1
            if at == len(wanted) or indexes[at] != index:
                self.check_surplus(index, number)
                continue
            self.take(wanted[at], opening, number)
            at += 1
            shown.at(at)
        for left in range(at, len(wanted)):
            self.check_missing(wanted[left], indexes[left])
        shown.end()

    def _opening(self, line, number):
        try:
            opening = read_canonical(line[:-1] if line.endswith(b"\n") else line, "the line")
            is_opening = isinstance(opening, dict) and sorted(opening) == ["i", "k", "s", "x"]
            if not is_opening or not _is_count(opening["i"]) or opening["k"] != "B":
                raise Wrong("the line is not an opening of answers")
            if not isinstance(opening["x"], str) or not isinstance(opening["s"], str):
                raise Wrong("the line has no salt and value")
        except Wrong as error:
            self.step.wrong(str(error), file="openings.ndjson", line=number)
            return None
        return opening

    def check_missing(self, person, index):
        """An answer that counts, or was set aside, and is not opened must have been erased."""
        is_aside = self.case.state[person] == SET_ASIDE
        if person not in self.case.erased:
            what = "was set aside" if is_aside else "counts"
            self.step.wrong(f"an answer that {what} is not opened", entry=index)
        elif not is_aside:
            self.unopened += self.case.weight(person)

    def check_surplus(self, index, number):
        self.step.wrong(
            "something is opened that was taken back or replaced", entry=index, line=number
        )

    def take(self, person, opening, number):
        """Check one opening and keep its value."""
        case, value = self.case, opening["x"]
        if not self.check_opening(case.commitment(person), opening):
            self.step.wrong("the opening is not what was sealed", entry=opening["i"], line=number)
            return
        if case.state[person] == SET_ASIDE:
            kind = EARLY_VOID
        elif person in case.late_voids:
            kind = LATE_VOID
        else:
            kind = CAMPAIGN if person in case.groups else PLAIN
        if self.seen_by == TRACKERS:
            value = self.same.setdefault(value, value)
            line = tracker_of(opening["s"]), value, case.mark(person), opening["i"]
            self.trackers.append(line)
        self.keep(value, kind, case.weight(person), {"entry": opening["i"], "line": number})

    def keep(self, value, kind, weight, where):
        """Count a value; the first of its like is held against what was asked."""
        known = self.seen.get(value)
        if known is None:
            known = self.seen[value] = Counter()
            try:
                self.check_value(value)
            except Wrong as error:
                self.step.wrong(str(error), **where)
        known[kind] += weight

    @staticmethod
    def check_opening(commitment, opening):
        """Whether salt and value make the commitment."""
        return opens(commitment, opening["s"], opening["k"], opening["x"])

    def check_value(self, value):
        """The answers must be readable as each question's kind of answer."""
        answers = read_canonical(value.encode("utf-8", "replace"), "the value")
        if not isinstance(answers, dict):
            raise Wrong("the value is not answers by question")
        for id_ in self.terms:
            answer = answers.get(id_)
            if answer is not None and not has_shape(self.questions[id_]["kind"], answer):
                raise Wrong(f"the answer to {id_} is not one to a {self.questions[id_]['kind']}")
        check_answers(self.questions, self.manifest["terms"], answers)

    # -- the list of ballots, which leads to no entry --

    def _list(self):
        """As many lines as answers count, each with a tracker of its own."""
        if self.seen_by != TRACKERS:
            return
        title = "The list of ballots has a line for each answer to count, none twice"
        step = self.step = self._step("answers.listed", title)
        self.seen = {}
        try:
            lines = self.source.lines(f"c/{self.case.id}/{BALLOTS_FILE}")
            first = next(lines, b"")
            if first is None:
                step.skip(f"{BALLOTS_FILE} is not there")
                return
            self._read_list(first, lines)
            self.check_list(step)
        except Absent as error:
            step.skip(str(error))
            return
        except Wrong as error:
            step.wrong(str(error), file=BALLOTS_FILE)
            return
        self.is_listed = self.is_opened = True
        left = f", {self.unopened} erased and not in it" if self.unopened else ""
        step.done(f"{number_of(self.case.standing, 'response')}{left}")

    def _read_list(self, first, lines):
        before, number, line, made = "", 0, first, hashlib.sha256()
        while line:
            number += 1
            made.update(line)
            try:
                tracker, value, mark = self.read_line(line)
                if tracker <= before:
                    raise Wrong("a tracker is there twice, or not in its order")
                before = tracker
                self.marks[mark] += 1
                if self.openings_file is not None:
                    self.listed[tracker] = number, hash((value, mark))
                self.keep(value, KIND_OF_MARK[mark], 1, {"file": BALLOTS_FILE, "line": number})
            except Wrong as error:
                self.step.wrong(str(error), file=BALLOTS_FILE, line=number)
            line = next(lines, b"")
        self.lines_listed, self.list_digest = number, "sha256:" + made.hexdigest()

    @staticmethod
    def read_line(line):
        """(tracker, value, mark) of a line. Raises Wrong."""
        if not line.endswith(b"\n"):
            raise Wrong("the line does not end")
        one = read_canonical(line[:-1], "the line")
        names = sorted(one) if isinstance(one, dict) else []
        if names not in (["t", "x"], ["m", "t", "x"]) or not isinstance(one["x"], str):
            raise Wrong("the line is not one of ballots")
        if not _is(_TRACKER)(one["t"]):
            raise Wrong("the tracker is not one")
        if "m" in one and one["m"] not in (CAMPAIGN_MARK, VOIDED_MARK):
            raise Wrong("the mark is none that is known")
        return one["t"], one["x"], one.get("m", "")

    def check_list(self, step):
        """As many lines as there are answers, but for those that were erased."""
        case, marks = self.case, self.marks
        people, gone = Counter(), Counter()
        for person, state in enumerate(case.state):
            if state in (GIVEN, SET_ASIDE):
                people[case.mark(person)] += 1
                gone[case.mark(person)] += person in case.erased
        in_all = marks[""] + marks[CAMPAIGN_MARK]
        counted = people[""] + people[CAMPAIGN_MARK]
        erased = gone[""] + gone[CAMPAIGN_MARK]
        if not counted - erased <= in_all <= counted:
            says = f"{in_all} answers are listed, and {counted} count"
            step.wrong(says, file=BALLOTS_FILE)
        self.unopened = max(0, counted - in_all)
        for mark in (CAMPAIGN_MARK, VOIDED_MARK):
            self.check_marks(step, mark, marks[mark], people[mark], gone[mark])
        self.hidden = {mark: n for mark, n in people.items() if mark and n and not marks[mark]}

    def check_marks(self, step, mark, shown_, marked, gone):
        """A mark is on the lines of all whom the log names so, and of a crowd, or on none."""
        if not shown_:
            return
        among = self.lines_listed
        if mark == CAMPAIGN_MARK:
            among -= self.marks[VOIDED_MARK]
        if not marked - gone <= shown_ <= marked:
            says = f"{shown_} lines are marked as {mark}, and {marked} are so in the log"
            step.wrong(says, file=BALLOTS_FILE)
        elif min(shown_, among - shown_) < CROWD_MIN:
            says = f"lines are marked as {mark}, and too few share that to hide each other"
            step.wrong(says, file=BALLOTS_FILE)

    def _join(self):
        """Each line belongs to an entry, and each entry to count has its line."""
        if self.seen_by != TRACKERS:
            return
        step = self._step("joined", "Each line of the list is an answer that was sealed")
        if self.openings_file is None:
            step.set(LIMITED, NOT_JOINED)
            return
        if not (self.list_digest and self.is_opened):
            step.skip("the list or the openings are not there")
            return
        self.check_joined(step)
        self.is_joined = step.state != BAD
        step.done(f"{number_of(self.lines_listed, 'line')}, both ways; {self.list_digest}")

    def check_joined(self, step):
        """Make the list from the openings, and compare it both ways."""
        shown_ = marks_shown([(value, mark) for _, value, mark, _ in self.trackers])
        left = dict(self.listed)
        for tracker, value, mark, index in self.trackers:
            if mark == VOIDED_MARK and mark not in shown_:
                continue
            found = left.pop(tracker, None)
            if found is None:
                step.wrong("an answer that was sealed has no line in the list", entry=index)
            elif found[1] != hash((value, mark if mark in shown_ else "")):
                says = "a line says something else than its answer"
                step.wrong(says, entry=index, file=BALLOTS_FILE, line=found[0])
        for number, _ in left.values():
            step.wrong("a line is of no answer that counts", file=BALLOTS_FILE, line=number)

    def check_attested(self, auditors, checkpoint):
        """Which of these auditors signed that each line of just this list belongs to an entry."""
        if not self.is_listed:
            return
        step = self._step("attested", "Auditors signed that each line of the list was sealed")
        if not auditors:
            step.set(WAITING, "give the keys of those you trust, one a line: --auditors FILE")
            return
        try:
            data = self.source.file(f"c/{self.case.id}/attestations", NOTE_MAX)
            found = [Attestation(*note) for note in notes_of(data or b"", "the attestations")]
            for one in found:
                self.take_attestation(step, one, auditors, checkpoint)
        except Absent as error:
            step.skip(str(error))
        except Wrong as error:
            step.wrong(str(error), file=f"c/{self.case.id}/attestations")
        if not self.signers:
            step.set(SHORT, "none of those that you named signed for this list")
        step.done(", ".join(shown(name)[:NAME_MAX] for name in self.signers))

    def take_attestation(self, step, one, auditors, checkpoint):
        """Add who signed it; what they signed is this list, of this log. Raises Wrong."""
        names = [key.name for key in auditors if Checkpoint.by(one, key)[0]]
        if not names:
            return
        mine = (checkpoint.origin, self.case.id, self.list_digest, self.lines_listed)
        if (one.origin, one.consultation, one.digest, one.number) != mine:
            step.wrong(f"{names[0][:NAME_MAX]} signed for another list than this")
        elif not self.case.closed < one.size <= checkpoint.size:
            step.wrong(f"{names[0][:NAME_MAX]} signed for a log that has not this size")
        else:
            if one.size == checkpoint.size:
                consistent(one, checkpoint, [])
            else:
                proof = TileTree(self.source, checkpoint.size).consistency(one.size)
                consistent(one, checkpoint, proof)
            self.signers += [name for name in names if name not in self.signers]

    def groups(self, question, kinds):
        """Distinct answers to a question with how many responses of these kinds gave them."""
        found = {}
        for value, numbers in self.seen.items():
            number = sum(numbers[kind] for kind in kinds)
            answer = json.loads(value).get(question) if number else None
            if answer is not None:
                key = canonical(answer)
                known = found.get(key)
                found[key] = (answer, number + (known[1] if known else 0))
        return list(found.values())

    # -- the result --

    def _counts(self):
        """Each count is of a question that a rule counts, and by that rule."""
        if not self.case.counts:
            return
        step = self._step("result.counted", "What was counted is what the terms say")
        for count in self.case.counts:
            self.check_rule(step, count)
        step.done(number_of(len(self.case.counts), "count"))

    def check_rule(self, step, count):
        """It is by the rule of the terms, in the version that there is."""
        rule = self.terms.get(count["q"], {}).get("rule")
        if (count["rule"], count["rule_version"]) != (rule, RULE_VERSION):
            step.wrong(f"{count['q'][:40]} was not counted by its rule", entry=count["index"])

    def _result(self):
        case = self.case
        if not case.published:
            return
        step = self._step("result.sealed", "What is published as the result is what was sealed")
        _, document = self._json(step, "result.json")
        if document is None:
            return
        results = document.get("results")
        if (
            set(document) != {"format", "consultation", "results"}
            or not isinstance(results, dict)
            or not all(isinstance(one, dict) for one in results.values())
        ):
            step.wrong("result.json has no results by question", file="result.json")
            return
        self.result = results
        for question in case.published:
            if question not in case.counted:
                step.skip(f"the count of {question} is not in the log")
                continue
            if question not in results:
                step.wrong(f"the result of {question} is missing", file="result.json")
                continue
            self.check_sealed(step, question, results[question])
            self.check_terms(step, question, results[question])
        for question in results:
            if question not in case.published:
                says = (
                    f"a result of {question[:40]} is served, and its publication is not in the log"
                )
                step.wrong(says, file="result.json")
        step.done(number_of(len(case.published), "counted question"))

    # -- the tallies --

    def _tallies(self):
        if self.case.tallies is None:
            return
        step = self._step("result.tallies", "The tallies that are published are what was sealed")
        data, document = self._json(step, "tallies.json")
        if document is None:
            return
        self.check_tallies(step, data, document)
        if step.state != BAD:
            self.tallies = document
            self.check_people(step)
        step.done(number_of(len(self.questions), "question") if self.tallies else "")

    def check_tallies(self, step, data, document):
        """They are those of the entry, and of the questions that were asked, as agreed."""
        sealed = self.case.tallies
        if "sha256:" + hashlib.sha256(data).hexdigest() != sealed["digest"]:
            step.wrong("these are not the tallies that were sealed", entry=sealed["index"])
            return
        listed = document.get("questions")
        listed = listed if isinstance(listed, list) else []
        heads = [(one.get("id"), one.get("kind")) for one in listed if isinstance(one, dict)]
        if set(document) != TALLIES_MEMBERS or not _is_count(document["hidden_under"]):
            step.wrong("the tallies have other members than agreed", entry=sealed["index"])
        elif heads != [(id_, one["kind"]) for id_, one in self.questions.items()]:
            step.wrong("the tallies are not of the questions asked", entry=sealed["index"])

    def check_people(self, step):
        """Who answered and who wrote can be counted from the entries alone."""
        mine = tallies_of(self, dict.fromkeys(self.questions, ()))
        theirs = self.tallies
        parts = [({"": mine[name]}, {"": theirs[name]}) for name in ("responses", "respondents")]
        pairs = zip(mine["questions"], theirs["questions"])
        parts += [
            (one, other)
            for one, other in pairs
            if one["kind"] in WRITTEN and "asked_when" not in self.questions[one["id"]]
        ]
        for one, other in parts:
            at = first_difference(one, other)
            if at:
                step.wrong(
                    f"the entries say something else about who answered: {at}",
                    entry=self.case.tallies["index"],
                )

    def check_sealed(self, step, question, result):
        """The document and its digests are those of the entry `counted`."""
        sealed = self.case.counted[question]
        if set(result) != RESULT_MEMBERS:
            step.wrong(
                f"the result of {question} has other members than agreed", file="result.json"
            )
        for name in COUNTED_ALIKE:
            if result.get(name) != sealed[name]:
                step.wrong(f"{name} of {question} is not what was sealed", entry=sealed["index"])
        outcome = result.get("outcome")
        for name in ("rule", "rule_version", "ballots"):
            if isinstance(outcome, dict) and outcome.get(name) != sealed[name]:
                step.wrong(
                    f"{name} of {question} is not that of its outcome", entry=sealed["index"]
                )
        if digest_of(outcome) != sealed["result_digest"]:
            step.wrong(f"the outcome of {question} is not the one sealed", entry=sealed["index"])

    def check_terms(self, step, question, result):
        """The count was made under the terms fixed at the opening."""
        outcome = result.get("outcome")
        said = outcome.get("specification") if isinstance(outcome, dict) else None
        try:
            fixed = specification_of(self.terms[question])
        except (KeyError, TypeError, AttributeError, Wrong) as error:
            step.wrong(
                f"the terms of {question} cannot be counted by: {error}", file="manifest.json"
            )
            return
        if said != fixed:
            step.wrong(f"{question} was not counted under its terms", file="result.json")


def is_question(question):
    """Whether a question of a manifest has what counting needs."""
    options = question["options"]
    return (
        isinstance(question["kind"], str)
        and (question["pot"] is None or _is_count(question["pot"]))
        and isinstance(options, list)
        and len({one["id"] for one in options}) == len(options)
        and all(
            _is_text(one["id"])
            and (one["cost"] is None or _is_count(one["cost"]))
            and (one["group"] is None or _is_text(one["group"]))
            for one in options
        )
    )


def check_answers(questions, terms, answers):
    """Raise Wrong for answers that nobody could give to these questions."""
    for id_ in answers:
        if id_ not in questions:
            raise Wrong(f"there is no question {id_[:40]}")
    for id_, question in questions.items():
        if id_ not in answers:
            continue
        answer = answers[id_]
        if not is_asked(question, answers):
            raise Wrong(f"{id_} is answered, which was not asked after these answers")
        check = LIMITS.get(question["kind"])
        if check is None:
            raise Wrong(f"{id_}: what is opened has no answer to a {question['kind']}")
        try:
            has_form = has_shape(ALIKE.get(question["kind"], question["kind"]), answer)
            says = check(question, terms, answer) if has_form else "the answer has not its form"
        except (KeyError, TypeError, ValueError, AttributeError):
            says = "the answer has not its form"
        if says:
            raise Wrong(f"{id_}: {says}")


def is_asked(question, answers):
    """Whether a question is asked of somebody with these answers."""
    condition = question.get("asked_when")
    if condition is None:
        return True
    given = answers.get(condition["question"])
    chosen = given if isinstance(given, list) else [given]
    return any(option in chosen for option in condition["options"])


def _options_of(question, terms):
    found = {option["id"] for option in question["options"]}
    is_elsewhere = question["kind"] == "area" and terms.get("elsewhere") != "nobody"
    return found | {"other"} if question.get("other") or is_elsewhere else found


def _limit_one(question, terms, answer):
    return "" if answer in _options_of(question, terms) else "what is chosen is not on the list"


def _limit_some(question, terms, answer):
    if len(set(answer)) < len(answer):
        return "something is chosen twice"
    if not set(answer) <= _options_of(question, terms):
        return "what is chosen is not on the list"
    if question.get("picks_max") and len(answer) > question["picks_max"]:
        return f"{len(answer)} are chosen, and at most {question['picks_max']} may be"
    if question["kind"] == "basket":
        costs = {option["id"]: option["cost"] or 0 for option in question["options"]}
        if sum(costs[one] for one in answer) > question["pot"]:
            return "what is chosen costs more than there is"
    return ""


def _limit_ranking(question, terms, answer):
    named = [one for rank in answer for one in (rank if isinstance(rank, list) else [rank])]
    if len(set(named)) < len(named):
        return "something is ranked twice"
    if not set(named) <= _options_of(question, terms):
        return "what is ranked is not on the list"
    if question.get("ranks_max") and len(answer) > question["ranks_max"]:
        return f"there are {len(answer)} ranks, and at most {question['ranks_max']} may be"
    return ""


def _limit_numbers(question, terms, answer):
    if not set(answer) <= _options_of(question, terms):
        return "what has a number is not on the list"
    if question["kind"] == "rating":
        is_grade = all(1 <= grade <= question["scale"] for grade in answer.values())
        return "" if is_grade else f"a grade is not from 1 to {question['scale']}"
    if question.get("points") and sum(answer.values()) > question["points"]:
        return f"{sum(answer.values())} points are given of {question['points']}"
    if question.get("picks_max") and sum(map(bool, answer.values())) > question["picks_max"]:
        return f"more than {question['picks_max']} have points"
    return ""


def _limit_shares(question, terms, answer):
    if not set(answer) <= _options_of(question, terms):
        return "what gets money is not on the list"
    if any(amount < 0 or amount % question["step"] for amount in answer.values()):
        return f"an amount is not in steps of {question['step']}"
    shared = sum(answer.values())
    return "" if shared == question["pot"] else f"{shared} is shared out of {question['pot']}"


def _limit_grid(question, terms, answer):
    rows = {row["id"] for row in question["statements"]}
    is_known = set(answer) <= rows and set(answer.values()) <= _options_of(question, terms)
    return "" if is_known else "the grid has no such place"


def _limit_number(question, _terms, answer):
    decimals = question.get("decimals") or 0
    form = rf"-?[0-9]+{f'[.][0-9]{{{decimals}}}' if decimals else ''}"
    if not re.fullmatch(form, answer, re.ASCII):
        return f"it is no number with {number_of(decimals, 'decimal')}"
    low, high = question.get("least"), question.get("most")
    is_within = (not low or Fraction(low) <= Fraction(answer)) and (
        not high or Fraction(answer) <= Fraction(high)
    )
    return "" if is_within else "the number is not within its limits"


def _limit_date(question, _terms, answer):
    if not _is_day(answer):
        return "it is no day"
    is_within = (question.get("least") or "") <= answer <= (question.get("most") or "9999")
    return "" if is_within else "the day is not within its limits"


LIMITS = {
    "single": _limit_one,
    "area": _limit_one,
    "several": _limit_some,
    "approval": _limit_some,
    "basket": _limit_some,
    "ranking": _limit_ranking,
    "points": _limit_numbers,
    "rating": _limit_numbers,
    "allocation": _limit_shares,
    "matrix": _limit_grid,
    "number": _limit_number,
    "date": _limit_date,
}
"""What an answer of each kind may not be: the reason in words, or ""."""
ALIKE = {"area": "single", "allocation": "points"}
"""Kinds whose answers have the form of another."""


def tracker_of(salt_text):
    """By what whoever has the salt of an answer finds its line in the list of ballots."""
    made = sha256(b"folkmoot/tracker/v1\0" + unbase64url(salt_text, "the salt"))
    return base64.urlsafe_b64encode(made[:16]).decode().rstrip("=")


def marks_shown(lines):
    """Of (value, mark), the marks that single nobody out: those on a crowd, beside a crowd."""
    found = set()
    for mark in (CAMPAIGN_MARK, VOIDED_MARK):
        among = [one for one in lines if mark == VOIDED_MARK or one[1] != VOIDED_MARK]
        with_it = [value for value, its in among if its == mark]
        if is_crowd(with_it) and is_crowd([value for value, its in among if its != mark]):
            found.add(mark)
    return found


def is_crowd(values):
    """Whether answers hide each other: enough of them, and no question that all answer alike."""
    if len(values) < CROWD_MIN:
        return False
    given = [json.loads(value) for value in values]
    ids = set().union(*given)
    first = given[0]
    alike = ids - {id_ for one in given for id_ in ids if one.get(id_) != first.get(id_)}
    return bool(ids) and not alike


def opens(commitment, salt_text, kind, value):
    """Whether a salt and a value open a commitment of 32 bytes."""
    try:
        salt = unbase64url(salt_text, "the salt")
        message = b"folkmoot/commit/v1\0" + kind.encode("ascii") + b"\0" + value.encode()
    except (Wrong, UnicodeEncodeError):
        return False
    made = hmac.new(salt, message, hashlib.sha256).digest() if len(salt) == 32 else b""
    return hmac.compare_digest(made, commitment)


# ---------------------------------------------------------------------------------------------
# Counting (docs/counting-specification.md): the input
# ---------------------------------------------------------------------------------------------

_WHOLE = re.compile(r"[0-9]{1,16}")
_POINTS = re.compile(r"points-[1-9][0-9]{0,2}")
_STRENGTH = {"strength": ("winning-votes", ("winning-votes", "margins"))}
_RANKED = ("ranking",)
_BUDGET = ("approval", "basket", "ranking", "points", "single")
_SUPPORT = {"threshold": (0, 0), "first_choice": (None, 1)}
# rule -> kinds of ballot, and its parameters: default, and choices or else the least number
RULES = {
    "borda": (_RANKED, {}),
    "borda-zero": (_RANKED, {}),
    "borda-modified": (_RANKED, {}),
    "plurality": (("ranking", "single"), {}),
    "irv": (("ranking", "single"), {}),
    "stv": (("ranking", "single"), {}),
    "schulze": (_RANKED, _STRENGTH),
    "ranked-pairs": (_RANKED, _STRENGTH),
    "copeland": (_RANKED, {}),
    "approval": (("approval", "basket", "several", "single"), {}),
    "points-sum": (("points", "rating"), {}),
    "rating": (("rating",), {}),
    "star": (("rating",), {}),
    "greedy-skip": (_BUDGET, _SUPPORT),
    "greedy-stop": (_BUDGET, _SUPPORT),
    "greedy-per-cost": (_BUDGET, _SUPPORT),
    "phragmen": (_BUDGET, {"misfit": ("stop", ("stop", "skip")), **_SUPPORT}),
    "equal-shares": (
        _BUDGET,
        {
            "utility": ("cost", ("cost", "votes")),
            "step": (1, 0),
            "stop": ("overspend", ("overspend", "exhaustive")),
            "top_up": ("none", ("none", "greedy")),
            "empty": ("counted", ("counted", "ignored")),
            **_SUPPORT,
        },
    ),
}
BUDGET_RULES = ("greedy-skip", "greedy-stop", "greedy-per-cost", "phragmen", "equal-shares")
CRITERIA = ("first-choices", "votes", "score", "cost", "earlier-rounds", "lot")


def rule_of(name):
    """The kinds and parameters of a rule. Raises Wrong for one that is not known."""
    if isinstance(name, str) and _POINTS.fullmatch(name):
        return _RANKED, {}
    if name not in RULES:
        raise Wrong(f"there is no rule {name!r} in version {VERSION} of the counting")
    return RULES[name]


def specification_of(terms):
    """The specification as a result states it, with every default."""
    _, known = rule_of(terms["rule"])
    given = terms["parameters"] or {}
    unknown = set(given) - set(known)
    if unknown:
        raise Wrong(f"{terms['rule']} has no parameter {min(unknown)!r}")
    values = {}
    for name, (default, allowed) in known.items():
        value = _parameter(name, given[name], allowed) if name in given else default
        if value is not None:
            values[name] = value
    chain = list(terms["tie_chain"] or ())
    if any(criterion not in CRITERIA for criterion in chain):
        raise Wrong("the chain for ties has a criterion that does not exist")
    if terms["rule"] == "star" and terms["seats"] != 1:
        raise Wrong("star fills one place")
    if terms["rule"] in BUDGET_RULES and not chain:
        chain = ["cost", "votes", "lot"]
    return {
        "rule": terms["rule"],
        "parameters": values,
        "seats": terms["seats"],
        "tie_chain": chain,
        "lot": list(terms["lot"] or ()),
        "version": "1",
    }


def _parameter(name, given, allowed):
    if isinstance(allowed, tuple):
        if given in allowed:
            return given
    elif _WHOLE.fullmatch(str(given)) and allowed <= int(given) <= WHOLE_MAX:
        return int(given)
    raise Wrong(f"{name} cannot be {given!r}")


def has_shape(kind, answer):
    """Whether an answer is one that a ballot of this kind can carry."""
    if kind == "single":
        return isinstance(answer, str) or answer == []
    if kind in ("points", "rating"):
        return isinstance(answer, dict) and all(_is_count(value) for value in answer.values())
    if kind == "matrix":
        return isinstance(answer, dict) and all(isinstance(one, str) for one in answer.values())
    if kind in ("number", "date"):
        return isinstance(answer, str)
    if not isinstance(answer, list):
        return False
    if kind != "ranking":
        return all(isinstance(one, str) for one in answer)
    return all(
        isinstance(rank, str)
        or (isinstance(rank, list) and all(isinstance(one, str) for one in rank))
        for rank in answer
    )


def spelled(kind, answer):
    """An answer in the form that the input digest is made of."""
    if kind == "ranking":
        ranks = [sorted({rank} if isinstance(rank, str) else set(rank)) for rank in answer]
        return [rank if len(rank) > 1 else rank[0] for rank in ranks if rank]
    return sorted(set(answer)) if kind in ("approval", "basket", "several") else answer


def input_digest_of(kind, options, groups, pot):
    """The digest of all ballots together, whatever order they came in."""
    merged, numbers = {}, Counter()
    for answer, number in groups:
        normal = spelled(kind, answer)
        key = canonical(normal)
        merged[key] = normal
        numbers[key] += number
    rows = sorted(options, key=lambda one: one["id"])
    return digest_of(
        {
            "kind": kind,
            "pot": pot,
            "options": [{name: one[name] for name in ("id", "cost", "group")} for one in rows],
            "groups": [[merged[key], numbers[key]] for key in sorted(merged) if numbers[key]],
        }
    )


def exact(number):
    return str(Fraction(number))


def lot_of(consultation, value, ids):
    """The order of options that a public draw gives (docs/log.md)."""
    seed = f"folkmoot/lot/v1 {consultation} {value} "
    return sorted(ids, key=lambda id_: sha256((seed + id_).encode()))


def is_draw(value):
    """Whether these are the numbers of a draw in their one spelling."""
    numbers = value.split(" ")
    return 5 <= len(numbers) <= 20 and all(
        each.isascii() and each.isdigit() and str(int(each)) == each for each in numbers
    )


def fresh_lot(ids):
    """The last resort: the lot of the empty seed."""
    return sorted(ids, key=lambda id_: sha256(id_.encode()))


class Ballots:
    """The ballots after cleaning, in the three forms that rules read, and the ties met."""

    def __init__(self, kind, options, groups, pot, specification):
        self.kind, self.pot, self.spec = kind, pot, specification
        self.costs = {one["id"]: one["cost"] for one in options}
        self.group = {one["id"]: one["group"] for one in options}
        self.ids = sorted(self.costs)
        self.total = sum(number for _, number in groups)
        self.ranked, self.marked, self.named = Counter(), Counter(), Counter()
        for answer, number in groups:
            if number:
                self._clean(answer, number)
        self.votes, self.firsts = Counter(), Counter()
        for names, number in self.named.items():
            for id_ in names:
                self.votes[id_] += number
        for ranks, number in self.ranked.items():
            if len(ranks[0]) == 1:
                self.firsts[ranks[0][0]] += number
        self.ties = []
        self.own = {}

    def _clean(self, answer, number):
        if self.kind in ("points", "rating"):
            marks = sorted((i, v) for i, v in answer.items() if v and i in self.costs)
            if marks:
                self.marked[tuple(marks)] += number
                self.named[tuple(i for i, _ in marks)] += number
            return
        ranks, seen = [], set()
        for part in [answer] if isinstance(answer, str) else answer:
            rank = {part} if isinstance(part, str) else set(part)
            rank = sorted(i for i in rank if i in self.costs and i not in seen)
            seen.update(rank)
            if rank:
                ranks.append(tuple(rank))
        if ranks:
            self.named[tuple(sorted(seen))] += number
            if self.kind in ("ranking", "single"):
                self.ranked[tuple(ranks)] += number

    # -- ties --

    def _figure(self, criterion):
        """How a criterion sees an option, larger first; None when it does not exist here."""
        if criterion in self.own:
            return self.own[criterion]
        if criterion == "votes":
            return self.votes.__getitem__
        if criterion == "first-choices" and self.kind in ("ranking", "single"):
            return self.firsts.__getitem__
        if criterion == "cost" and any(cost is not None for cost in self.costs.values()):
            dear = 1 + max(cost or 0 for cost in self.costs.values())
            return lambda id_: dear if self.costs[id_] is None else self.costs[id_]
        if criterion == "lot" and self.spec["lot"]:
            lot = self.spec["lot"]
            return lambda id_: 1 + (lot.index(id_) if id_ in lot else len(lot))
        return None

    def split(self, items, at, decide, before=()):
        """Level options as places, best first; where `decide`, each in a place of its own."""
        chain = [*before, *(c for c in self.spec["tie_chain"] if c not in before)]
        return self._split(sorted(items), at, chain, decide)

    def line_up(self, items, at, before=()):
        return [place[0] for place in self.split(items, at, True, before)]

    def _split(self, items, at, chain, decide):
        if len(items) < 2:
            return [items] if items else []
        steps = []
        for place, criterion in enumerate(chain):
            figure = self._figure(criterion)
            if figure is None:
                continue
            values = {id_: figure(id_) for id_ in items}
            steps.append({"by": criterion, "values": {i: _shown(v) for i, v in values.items()}})
            if len(set(values.values())) > 1:
                best_first = sorted(set(values.values()), reverse=criterion not in ("cost", "lot"))
                parts = [[i for i in items if values[i] == value] for value in best_first]
                self._report(items, at, criterion, sum(parts, []), steps)
                rest = chain[place + 1 :]
                return [p for part in parts for p in self._split(part, at, rest, decide)]
        if decide:
            order = fresh_lot(items)
            self._report(items, at, "last-resort", order, steps)
            return [[id_] for id_ in order]
        self._report(items, at, "nothing", list(items), steps)
        return [items]

    def _report(self, items, at, decided_by, order, steps):
        self.ties.append(
            {"at": at, "decided_by": decided_by, "items": items, "order": order, "steps": steps}
        )

    def by_figure(self, figures, placed=0):
        """All options of `figures` in places, the largest figure first."""
        order = []
        for value in sorted(set(figures.values()), reverse=True):
            level = [id_ for id_ in figures if figures[id_] == value]
            order += self.split(level, {"place": placed + sum(map(len, order)) + 1}, False)
        return order

    # -- results --

    def document(self, **fields):
        made = {
            "rule": self.spec["rule"],
            "rule_version": RULE_VERSION,
            "specification": self.spec,
            "ballots": self.total,
            "order": [],
            "elected": [],
            "funded": [],
            "spent": None,
            "left": None,
            "scores": {},
            "rounds": [],
            "ties": self.ties,
            "reasons": {},
            "tables": {},
        }
        made.update(fields)
        return made

    def seated(self, order):
        """Who is elected, and the place in which the last seat falls."""
        elected, reached, edge = [], 0, order[-1]
        for place in order:
            reached += len(place)
            if reached <= self.spec["seats"]:
                elected += place
            if reached >= self.spec["seats"]:
                edge = place
                break
        return elected, edge

    def scored(self, scores, lacking, tables=None):
        """The result of a rule that is nothing but a score for each option."""
        order = self.by_figure(scores)
        elected, edge = self.seated(order)
        line = scores[edge[0]]
        reasons = {}
        for id_ in scores:
            if id_ in elected:
                continue
            if scores[id_] == line:
                reasons[id_] = {"code": "tie_undecided" if id_ in edge else "tie_lost"}
                continue
            reasons[id_] = {"code": lacking, "line": exact(line), "score": exact(scores[id_])}
            if lacking != "lower_mean":
                reasons[id_]["needed"] = beyond(line - scores[id_])
        return self.document(
            order=order,
            elected=elected,
            scores={id_: exact(scores[id_]) for id_ in scores},
            reasons=reasons,
            tables=tables or {},
        )


def _shown(value):
    return " ".join(map(exact, value)) if isinstance(value, tuple) else exact(value)


def beyond(difference):
    """The smallest whole number larger than a difference."""
    return difference // 1 + 1


def count(kind, options, groups, pot, specification):
    """The result document of one question. Raises Wrong when it cannot be counted so."""
    name = specification["rule"]
    kinds, _ = rule_of(name)
    if kind not in kinds:
        raise Wrong(f"{name} does not count ballots of the kind {kind}")
    is_budget = name in BUDGET_RULES
    if is_budget and (pot is None or any(one["cost"] is None for one in options)):
        raise Wrong(f"{name} needs a pot and the cost of every option")
    ballots = Ballots(kind, options, groups, pot, specification)
    if not is_budget and not ballots.votes:
        reasons = {id_: {"code": "no_votes"} for id_ in ballots.ids}
        return ballots.document(order=[ballots.ids] if ballots.ids else [], reasons=reasons)
    return (
        count_points if name.startswith("points-") and name != "points-sum" else COUNTERS[name]
    )(ballots)


# ---------------------------------------------------------------------------------------------
# Counting: points, sums, run-off, transferable vote
# ---------------------------------------------------------------------------------------------


def _by_position(ballots, worth, unranked):
    """Sums of points: `worth(position, ranked)`; `unranked(ranked)` for what is not ranked."""
    sums = dict.fromkeys(ballots.ids, Fraction(0))
    for ranks, number in ballots.ranked.items():
        length, position = sum(map(len, ranks)), 1
        for rank in ranks:
            places = range(position, position + len(rank))
            mean = Fraction(sum(worth(place, length) for place in places), len(rank))
            position += len(rank)
            for id_ in rank:
                sums[id_] += number * mean
        rest = unranked(length)
        if rest:
            named = {id_ for rank in ranks for id_ in rank}
            for id_ in ballots.ids:
                if id_ not in named:
                    sums[id_] += number * rest
    return ballots.scored(sums, "fewer_points")


def count_borda(ballots):
    m = len(ballots.ids)
    return _by_position(ballots, lambda p, _: m - p, lambda length: Fraction(m - length - 1, 2))


def count_borda_zero(ballots):
    m = len(ballots.ids)
    return _by_position(ballots, lambda p, _: m - p, lambda _: 0)


def count_borda_modified(ballots):
    return _by_position(ballots, lambda p, length: length - p + 1, lambda _: 0)


def count_points(ballots):
    most = int(ballots.spec["rule"][len("points-") :])
    return _by_position(ballots, lambda p, _: max(0, most - p + 1), lambda _: 0)


def count_plurality(ballots):
    return ballots.scored({id_: ballots.firsts[id_] for id_ in ballots.ids}, "fewer_votes")


def count_approval(ballots):
    return ballots.scored({id_: ballots.votes[id_] for id_ in ballots.ids}, "fewer_votes")


def _points(ballots):
    sums = dict.fromkeys(ballots.ids, 0)
    for marks, number in ballots.marked.items():
        for id_, value in marks:
            sums[id_] += number * value
    return sums


def count_points_sum(ballots):
    return ballots.scored(_points(ballots), "fewer_points")


def count_rating(ballots):
    graded = {id_: {} for id_ in ballots.ids}
    for marks, number in ballots.marked.items():
        for id_, value in marks:
            graded[id_][str(value)] = graded[id_].get(str(value), 0) + number
    sums = _points(ballots)
    means = {i: Fraction(sums[i], ballots.votes[i]) if ballots.votes[i] else 0 for i in ballots.ids}
    return ballots.scored(means, "lower_mean", {"distribution": graded})


def count_star(ballots):
    totals = _points(ballots)
    by_total = ballots.by_figure(totals)
    final = []
    for place in by_total:
        free = 2 - len(final)
        if free and len(place) > free:
            final += ballots.line_up(place, {"finalist": len(final) + 1})[:free]
        else:
            final += place[:free]
    behind = [rest for rest in ([i for i in place if i not in final] for place in by_total) if rest]
    if len(final) < 2:
        order = [[i] for i in final] + behind
        return ballots.document(
            order=order, elected=list(final), scores={i: exact(totals[i]) for i in totals}
        )
    one, other = final
    votes = dict.fromkeys(final, 0)
    for marks, number in ballots.marked.items():
        grades = dict(marks)
        difference = grades.get(one, 0) - grades.get(other, 0)
        if difference:
            votes[one if difference > 0 else other] += number
    strong = {i: (votes[i], totals[i]) for i in final}
    if strong[one] == strong[other]:
        front = ballots.split(sorted(final), {"runoff": 1}, False)
    else:
        front = [[i] for i in sorted(final, key=strong.__getitem__, reverse=True)]
    order = front + behind
    elected, edge = ballots.seated(order)
    line = min(totals[i] for i in final)
    reasons = {}
    for id_ in totals:
        if id_ in elected:
            continue
        if id_ in edge:
            reasons[id_] = {"code": "tie_undecided"}
        elif id_ not in final and totals[id_] < line:
            needed = beyond(line - totals[id_])
            reasons[id_] = {
                "code": "not_in_runoff",
                "line": exact(line),
                "needed": needed,
                "score": exact(totals[id_]),
            }
        elif id_ not in final or strong[one] == strong[other]:
            reasons[id_] = {"code": "tie_lost"}
        else:
            by = other if id_ == one else one
            reasons[id_] = {
                "by": by,
                "code": "lost_runoff",
                "line": exact(votes[by]),
                "needed": beyond(votes[by] - votes[id_]),
                "votes": exact(votes[id_]),
            }
    voters = sum(ballots.marked.values())
    return ballots.document(
        order=order,
        elected=elected,
        scores={i: exact(totals[i]) for i in totals},
        reasons=reasons,
        rounds=[
            {
                "round": 1,
                "votes": {i: exact(votes[i]) for i in final},
                "no_preference": voters - sum(votes.values()),
            }
        ],
    )


def count_irv(ballots):
    standing, rounds, history, fell = list(ballots.ids), [], [], {}
    ballots.own["earlier-rounds"] = lambda id_: tuple(votes[id_] for votes in reversed(history))
    voters = sum(ballots.ranked.values())
    while True:
        votes = dict.fromkeys(standing, Fraction(0))
        for ranks, number in ballots.ranked.items():
            held = next((h for h in ([i for i in r if i in votes] for r in ranks) if h), ())
            for id_ in held:
                votes[id_] += Fraction(number, len(held))
        total = sum(votes.values())
        number = len(rounds) + 1
        shown = {
            "round": number,
            "votes": {id_: exact(votes[id_]) for id_ in standing},
            "exhausted": exact(voters - total),
            "majority": [id_ for id_ in standing if 2 * votes[id_] > total],
            "eliminated": [],
            "elected": [],
        }
        rounds.append(shown)
        if len(standing) == 1:
            break
        fewest = min(votes.values())
        last = [id_ for id_ in standing if votes[id_] == fewest]
        out = ballots.line_up(last, {"choice": "elimination", "round": number})[-1]
        others = min(votes[id_] for id_ in standing if id_ != out)
        fell[out] = {
            "code": "eliminated",
            "round": number,
            "votes": exact(votes[out]),
            "needed": beyond(others - votes[out]),
        }
        shown["eliminated"] = [out]
        standing.remove(out)
        history.append(votes)
        if len(standing) == 1:
            break
    rounds[-1]["elected"] = list(standing)
    order = [[id_] for id_ in [*standing, *reversed(list(fell))]]
    elected, _ = ballots.seated(order)
    scores = {id_: votes for one in rounds for id_, votes in one["votes"].items()}
    return ballots.document(
        order=order,
        elected=elected,
        rounds=rounds,
        scores=scores,
        reasons={id_: why for id_, why in fell.items() if id_ not in elected},
    )


VOTE = 100_000


def _decimals(parts):
    return f"{parts // VOTE}.{parts % VOTE:05d}"


class Transfers:
    """A count by the single transferable vote; votes in hundred-thousandths."""

    def __init__(self, ballots):
        self.ballots, self.seats = ballots, ballots.spec["seats"]
        self.voters = sum(ballots.ranked.values())
        self.quota = VOTE * (self.voters // (self.seats + 1) + 1)
        self.going = set(ballots.ids)
        self.elected, self.out, self.passed = [], [], set()
        self.papers = {id_: [] for id_ in ballots.ids}
        self.votes = dict.fromkeys(ballots.ids, 0)
        self.stuck, self.rounds, self.history = 0, [], []
        self.reasons = {}
        ballots.own["earlier-rounds"] = self._before

    def _before(self, id_):
        return tuple(Fraction(votes[id_], VOTE) for votes in reversed(self.history[:-1]))

    def _line_up(self, items, choice):
        at = {"choice": choice, "round": len(self.rounds)}
        return self.ballots.line_up(items, at, before=("earlier-rounds",))

    def give(self, ranks, number, value):
        """Hand on equal papers, each of a value."""
        for rank in ranks:
            heirs = [id_ for id_ in rank if id_ in self.going]
            if heirs:
                for id_ in heirs:
                    self.papers[id_].append((ranks, number, value // len(heirs)))
                    self.votes[id_] += number * (value // len(heirs))
                return
        self.stuck += number * value

    def stage(self, action, of=None):
        listed = [id_ for id_ in self.ballots.ids if id_ not in self.out]
        self.history.append(dict(self.votes))
        total = sum(self.votes.values())
        shown = {
            "action": action,
            "of": of,
            "round": len(self.rounds) + 1,
            "quota": _decimals(self.quota),
            "votes": {id_: _decimals(self.votes[id_]) for id_ in listed},
            "non_transferable": _decimals(self.stuck),
            "lost_to_rounding": _decimals(self.voters * VOTE - total - self.stuck),
            "eliminated": [],
        }
        self.rounds.append(shown)
        shown["elected"] = self._elect([i for i in self.going if self.votes[i] >= self.quota])
        few = self.going and len(self.going) <= self.seats - len(self.elected)
        shown["filled"] = self._elect(list(self.going)) if few else []

    def _elect(self, ids):
        won = []
        for votes in sorted({self.votes[id_] for id_ in ids}, reverse=True):
            won += self._line_up([id_ for id_ in ids if self.votes[id_] == votes], "election")
        self.elected += won
        self.going -= set(won)
        return won

    def next(self):
        over = [i for i in self.elected if self.votes[i] > self.quota and i not in self.passed]
        if over:
            most = max(self.votes[id_] for id_ in over)
            level = [id_ for id_ in over if self.votes[id_] == most]
            self._surplus(self._line_up(level, "surplus")[0])
            return
        fewest = min(self.votes[id_] for id_ in self.going)
        level = [id_ for id_ in self.going if self.votes[id_] == fewest]
        self._exclude(self._line_up(level, "elimination")[-1])

    def _surplus(self, id_):
        held, self.votes[id_] = self.votes[id_], self.quota
        self.passed.add(id_)
        for ranks, number, value in self.papers[id_]:
            self.give(ranks, number, (held - self.quota) * value // held)
        self.stage("surplus", id_)

    def _exclude(self, id_):
        lowest = self.votes[id_]
        others = [self.votes[other] for other in self.going if other != id_]
        self.rounds[-1]["eliminated"] = [id_]
        self.reasons[id_] = {
            "code": "eliminated",
            "round": len(self.rounds),
            "votes": _decimals(lowest),
            "needed": beyond(Fraction(min(others, default=lowest) - lowest, VOTE)),
        }
        self.going.discard(id_)
        self.out.append(id_)
        self.votes[id_] = 0
        for paper in self.papers[id_]:
            self.give(*paper)
        self.stage("exclusion", id_)


def count_stv(ballots):
    run = Transfers(ballots)
    for ranks, number in ballots.ranked.items():
        run.give(ranks, number, VOTE)
    run.stage("first-preferences")
    while len(run.elected) < run.seats and run.going:
        run.next()
    for id_ in run.going:
        run.reasons[id_] = {
            "code": "places_filled",
            "votes": _decimals(run.votes[id_]),
            "needed": -((run.votes[id_] - run.quota) // VOTE),
        }
    # Ties between those who are left come after every other, under the votes at the end.
    left = ballots.by_figure({i: run.votes[i] for i in sorted(run.going)}, placed=len(run.elected))
    order = [[i] for i in run.elected] + left + [[i] for i in reversed(run.out)]
    return ballots.document(
        order=order,
        elected=run.elected,
        rounds=run.rounds,
        reasons=run.reasons,
        scores={id_: votes for one in run.rounds for id_, votes in one["votes"].items()},
    )


# ---------------------------------------------------------------------------------------------
# Counting: head to head
# ---------------------------------------------------------------------------------------------


class Duels:
    """Who is put above whom by how many."""

    def __init__(self, ballots):
        self.ballots, self.ids = ballots, ballots.ids
        above = {a: dict.fromkeys((b for b in self.ids if b != a), 0) for a in self.ids}
        for ranks, number in ballots.ranked.items():
            lower = set(self.ids)
            for rank in ranks:
                lower.difference_update(rank)
                for a in rank:
                    row = above[a]
                    for b in lower:
                        row[b] += number
        self.above = above
        self.pairs = [(a, b) for a in self.ids for b in self.ids if a != b]

    def beats(self, a, b):
        return self.above[a][b] > self.above[b][a]

    def tables(self, **more):
        level = [[a, b] for a, b in self.pairs if a < b and self.above[a][b] == self.above[b][a]]
        return {"pairwise": self.above, "pairwise_ties": level, **more}

    def in_order(self, above, more, rounds=()):
        """The result of a relation "is above"; `more(loser, by)`: what else a reason says."""
        over = {a: [b for b in self.ids if b != a and above(a, b)] for a in self.ids}
        under = {a: [b for b in self.ids if b != a and above(b, a)] for a in self.ids}
        scores = {a: len(over[a]) - len(under[a]) for a in self.ids}
        ballots = self.ballots
        ballots.own["score"] = scores.__getitem__
        best = [a for a in self.ids if not under[a]]
        order = ballots.split(best, {"place": 1}, False, before=("score",))
        rest = {a: scores[a] for a in self.ids if under[a]}
        order = order + ballots.by_figure(rest, placed=len(best))
        elected, edge = ballots.seated(order)
        front = [*elected, *sorted(set(edge) - set(elected))]
        reasons = {}
        for a in self.ids:
            if a in elected:
                continue
            by = next((b for b in front if b != a and b in under[a]), None)
            if a in edge or by is None:
                reasons[a] = {"code": "tie_undecided" if a in edge else "tie_lost"}
                continue
            reasons[a] = {
                "code": "beaten",
                "by": by,
                "for": self.above[by][a],
                "against": self.above[a][by],
                **more(a, by),
            }
        return ballots.document(
            order=order,
            elected=elected,
            scores={a: exact(scores[a]) for a in self.ids},
            reasons=reasons,
            rounds=list(rounds),
        )


def count_copeland(ballots):
    duels = Duels(ballots)
    scores = dict.fromkeys(ballots.ids, Fraction(0))
    for a, b in duels.pairs:
        if duels.beats(a, b):
            scores[a] += 1
        elif not duels.beats(b, a):
            scores[a] += Fraction(1, 2)
    return ballots.scored(scores, "fewer_wins", duels.tables())


def count_schulze(ballots):
    duels = Duels(ballots)
    by_margin = ballots.spec["parameters"]["strength"] == "margins"
    best = {a: dict.fromkeys(row, 0) for a, row in duels.above.items()}
    for a, b in duels.pairs:
        if duels.beats(a, b):
            best[a][b] = duels.above[a][b] - (duels.above[b][a] if by_margin else 0)
    for via in ballots.ids:
        onward = best[via]
        for a in ballots.ids:
            reach = best[a].get(via, 0)
            if reach:
                row = best[a]
                for b, strength in onward.items():
                    if b != a and row[b] < strength and row[b] < reach:
                        row[b] = min(reach, strength)
    made = duels.in_order(
        lambda a, b: best[a][b] > best[b][a],
        lambda loser, by: {"path": best[by][loser], "path_back": best[loser][by]},
    )
    return {**made, "tables": duels.tables(paths=best)}


class Kept:
    """Wins locked in so far, and what they lead to."""

    def __init__(self, ids):
        self.reach = {a: {a} for a in ids}

    def leads(self, a, b):
        return b in self.reach[a]

    def lock(self, a, b):
        for one in self.reach.values():
            if a in one:
                one.update(self.reach[b])

    def copy(self):
        made = Kept(())
        made.reach = {a: set(one) for a, one in self.reach.items()}
        return made


def count_ranked_pairs(ballots):
    duels = Duels(ballots)
    by_margin = ballots.spec["parameters"]["strength"] == "margins"
    levels = {}
    for a, b in duels.pairs:
        more, less = duels.above[a][b], duels.above[b][a]
        if more > less:
            key = (more - less, more) if by_margin else (more, -less)
            levels.setdefault(key, []).append((a, b))
    kept, rounds = Kept(ballots.ids), []
    for key in sorted(levels, reverse=True):
        shown = [key[0], key[1] if by_margin else -key[1]]
        locked, dropped, kept = _lock_level(ballots, kept, levels[key], shown)
        rounds.append({"strength": shown, "kept": sorted(locked), "dropped": sorted(dropped)})
    made = duels.in_order(kept.leads, lambda *_: {}, rounds)
    return {**made, "tables": duels.tables()}


def _lock_level(ballots, kept, wins, strength):
    """Take the wins of one strength: those kept, those dropped, and all kept by then."""
    dropped = [[a, b] for a, b in wins if kept.leads(b, a)]
    rest = [(a, b) for a, b in wins if not kept.leads(b, a)]
    together = kept.copy()
    fits = True
    for a, b in rest:
        fits = fits and not together.leads(b, a)
        together.lock(a, b)
    if fits:
        return [list(win) for win in rest], dropped, together
    order = ballots.line_up({id_ for win in rest for id_ in win}, {"strength": strength})
    locked = []
    for a, b in sorted(rest, key=lambda win: (order.index(win[0]), -order.index(win[1]))):
        if kept.leads(b, a):
            dropped.append([a, b])
        else:
            kept.lock(a, b)
            locked.append([a, b])
    return locked, dropped, kept


# ---------------------------------------------------------------------------------------------
# Counting: budgets
# ---------------------------------------------------------------------------------------------


def six(number):
    """A number with six decimals, the rest dropped."""
    millionths = number.numerator * 1_000_000 // number.denominator
    return f"{millionths // 1_000_000}.{millionths % 1_000_000:06d}"


class Pot:
    """A pot, what things cost and how many points each ballot gives them."""

    def __init__(self, ballots):
        self.ballots, self.pot, self.costs = ballots, ballots.pot, ballots.costs
        self.set = ballots.spec["parameters"]
        self.gifts = self._gifts()
        self.scores, self.votes = Counter(), Counter()
        for gift, number in self.gifts.items():
            for id_, points in gift:
                self.scores[id_] += number * points
                self.votes[id_] += number
        ballots.own.update(score=self.scores.__getitem__, votes=self.votes.__getitem__)
        self.least = max(1, self.set["threshold"])
        self.open = [id_ for id_ in ballots.ids if self.scores[id_] >= self.least]
        self.reasons = {id_: self._too_few(id_) for id_ in ballots.ids if id_ not in self.open}
        self.funded, self.rounds = [], []

    def _gifts(self):
        if self.ballots.kind == "points":
            return self.ballots.marked
        if self.ballots.kind != "ranking":
            return {tuple((i, 1) for i in n): k for n, k in self.ballots.named.items()}
        found = Counter()
        for ranks, number in self.ballots.ranked.items():
            points = self.set.get("first_choice", sum(map(len, ranks)))
            gift = []
            for rank in ranks:
                gift += [(id_, points) for id_ in rank if points > 0]
                points -= len(rank)
            found[tuple(sorted(gift))] += number
        return found

    def _too_few(self, id_):
        score = self.scores[id_]
        if not score:
            return {"code": "no-support"}
        short = {"short": self.least - score, "score": score, "threshold": self.least}
        return {"code": "below-threshold", **short}

    @property
    def spent(self):
        return sum(self.costs[id_] for id_ in self.funded)

    @property
    def left(self):
        return self.pot - self.spent

    def taken(self, id_, funded=None):
        """The reason when the exclusive group of an option is served already."""
        group = self.ballots.group[id_]
        for other in self.funded if funded is None else funded:
            if group is not None and self.ballots.group[other] == group:
                return {"code": "group-taken", "by": other, "group": group}
        return None

    def no_room(self, id_, left):
        cost = self.costs[id_]
        return {"code": "does-not-fit", "cost": cost, "left": left, "over": cost - left}

    def round(self, number, id_, decision, **more):
        shown = {"round": number, "option": id_, "score": self.scores[id_], "cost": self.costs[id_]}
        shown.update(decision=decision, spent=self.spent, left=self.left, **more)
        self.rounds.append(shown)

    def by_merit(self, ids, merit):
        """Options in places of equal merit, each place lined up by the chain."""
        places = []
        for value in sorted({merit(id_) for id_ in ids}, reverse=True):
            level = [id_ for id_ in ids if merit(id_) == value]
            places.append(self.ballots.line_up(level, {"merit": exact(value[1])}))
        return sum(places, [])

    def document(self, **tables):
        lines, served = {}, 0
        for id_ in self.ballots.ids:
            votes, cost = self.votes[id_], self.costs[id_]
            lines[id_] = {
                "votes": votes,
                "score": self.scores[id_],
                "cost": cost,
                "cost_per_vote": exact(Fraction(cost, votes)) if votes else None,
            }
        for gift, number in self.gifts.items():
            served += number if any(id_ in self.funded for id_, _ in gift) else 0
        return self.ballots.document(
            funded=self.funded,
            spent=self.spent,
            left=self.left,
            scores={id_: exact(self.scores[id_]) for id_ in self.ballots.ids},
            rounds=self.rounds,
            reasons=self.reasons,
            tables={**tables, "options": lines, "ballots_with_a_funded_choice": served},
        )


def _walk(pot, queue, stop, funded=()):
    """What becomes of each option when its turn comes: (option, None or why not)."""
    chosen, left, stopped, turns = (
        list(funded),
        pot.pot - sum(pot.costs[i] for i in funded),
        None,
        [],
    )
    for id_ in queue:
        why = {"code": "stopped", "at": stopped} if stopped is not None else pot.taken(id_, chosen)
        if why is None and pot.costs[id_] > left:
            why = pot.no_room(id_, left)
            stopped = id_ if stop else None
        if why is None:
            chosen.append(id_)
            left -= pot.costs[id_]
        turns.append((id_, why))
    return turns


def _greedy(pot, merit, stop=False):
    queue = pot.by_merit(pot.open, merit)
    won = set()
    for number, (id_, why) in enumerate(_walk(pot, queue, stop), 1):
        if why is None:
            pot.funded.append(id_)
            won.add(id_)
        else:
            pot.reasons[id_] = why
        pot.round(number, id_, "funded" if why is None else why["code"])
    for tie in pot.ballots.ties:
        tie["changes_result"] = any(
            {i for i, why in _walk(pot, _moved(queue, tie["order"], first), stop) if why is None}
            != won
            for first in tie["order"][1:]
        )
    return pot.document()


def _moved(queue, level, first):
    """The queue with another of the level options at the head of them."""
    start = min(map(queue.index, level))
    return [*queue[:start], first, *(id_ for id_ in queue[start:] if id_ != first)]


def count_greedy_skip(ballots):
    pot = Pot(ballots)
    return _greedy(pot, lambda id_: (0, Fraction(pot.scores[id_])))


def count_greedy_stop(ballots):
    pot = Pot(ballots)
    return _greedy(pot, lambda id_: (0, Fraction(pot.scores[id_])), stop=True)


def count_greedy_per_cost(ballots):
    pot = Pot(ballots)

    def merit(id_):
        score, cost = pot.scores[id_], pot.costs[id_]
        return (0, Fraction(score, cost)) if cost else (1, Fraction(score))

    return _greedy(pot, merit)


def count_phragmen(ballots):
    pot = Pot(ballots)
    waiting = []
    for id_ in pot.open:
        if pot.costs[id_] > pot.pot:
            pot.reasons[id_] = {**pot.no_room(id_, pot.pot), "code": "dearer-than-the-pot"}
        else:
            waiting.append(id_)
    gifts = list(pot.gifts.items())
    backers = {id_: [] for id_ in waiting}
    for place, (gift, number) in enumerate(gifts):
        for id_, _ in gift:
            if id_ in backers:
                backers[id_].append((place, number))
    loads, unit = [0] * len(gifts), 1  # loads are whole numbers of 1/unit
    known = {}

    def load_of(id_):
        if id_ not in known:
            known[id_] = sum(number * loads[place] for place, number in backers[id_])
        return Fraction(known[id_] + pot.costs[id_] * unit, pot.votes[id_] * unit)

    while waiting:
        would = {id_: load_of(id_) for id_ in waiting}
        least = min(would.values())
        number = len(pot.rounds) + 1
        level = [id_ for id_ in waiting if would[id_] == least]
        id_ = pot.ballots.line_up(level, {"round": number, "load": six(least)})[0]
        waiting.remove(id_)
        if pot.costs[id_] > pot.left:
            pot.reasons[id_] = pot.no_room(id_, pot.left)
            pot.round(number, id_, "does-not-fit")
            if pot.set["misfit"] == "stop":
                pot.reasons.update({i: {"code": "stopped", "at": id_} for i in waiting})
                break
            continue
        pot.funded.append(id_)
        pot.round(number, id_, "funded", load=six(least))
        scale = (least * unit).denominator
        if scale > 1:
            unit *= scale
            loads = [load * scale for load in loads]
        known = {}
        for place, _ in backers[id_]:
            loads[place] = int(least * unit)
        for other in list(waiting):
            why = pot.taken(other)
            if why:
                pot.reasons[other] = why
                waiting.remove(other)
    return pot.document()


class Purses:
    """Equal shares at one share: what every ballot has left, in whole numbers of 1/unit.

    `fair`: the fair of options on sale. Prices only rise, because purses only empty, so an
    old price is a floor under the new one.
    """

    def __init__(self, fair, steps):
        self.fair, self.unit = fair, fair.voters
        self.held = [fair.pot + fair.step * steps * fair.voters] * fair.purses
        self.floors = [(Fraction(0), place) for place in range(len(fair.ids))]
        self.gone = set()

    def offer(self, place):
        """(price, most a backer pays for each point), None when the backers have too little."""
        fair, held = self.fair, self.held
        purses, weights, factors = fair.backers[place]
        each = list(map(held.__getitem__, purses))
        if fair.common > 1:
            each = list(map(mul, each, factors))
        missing, weight = fair.costs[place] * self.unit * fair.common, fair.weights[place]
        if min(each) * weight < missing:  # somebody cannot pay like the others
            if sum(map(mul, each, weights)) < missing:
                return None
            missing, weight = _without_the_poorest(list(zip(each, weights)), missing, weight)
        payment = Fraction(missing, weight * self.unit * fair.common)
        return (payment / fair.costs[place] if fair.by_cost else payment), payment

    def can_pay(self, place):
        """Whether the backers of an option have its cost together."""
        purses, weights, factors = self.fair.backers[place]
        each = map(mul, map(self.held.__getitem__, purses), factors)
        return sum(map(mul, each, weights)) >= (
            self.fair.costs[place] * self.unit * self.fair.common
        )

    def buy(self, place, payment):
        """Take the payments; how many ballots could not pay in full."""
        fair = self.fair
        scale = (payment * self.unit).denominator
        if scale > 1:
            self.unit *= scale
            self.held = [purse * scale for purse in self.held]
        full, short = int(payment * self.unit), 0
        for purse, number, points in fair.buyers[place]:
            left = self.held[purse] - full * points
            if left < 0:
                short, left = short + number, 0
            self.held[purse] = left
        self.gone.add(place)
        self.gone.update(fair.rivals[place])
        return short

    def cheapest(self):
        """The offers at the lowest price as (price, payment, places); None when nobody can pay."""
        best, offers = None, []
        while self.floors and (best is None or self.floors[0][0] <= best):
            _, place = heapq.heappop(self.floors)
            made = None if place in self.gone else self.offer(place)
            if made is not None:
                offers.append((made[0], place, made[1]))
                best = made[0] if best is None else min(best, made[0])
        for price, place, _ in offers:
            heapq.heappush(self.floors, (price, place))
        if best is None:
            return None
        level = sorted(place for price, place, _ in offers if price == best)
        payment = next(pay for price, place, pay in offers if place == level[0])
        return best, payment, level

    def undercut(self, price, winner):
        """Whether another option could be bought before the winner at its price."""
        found, kept = False, []
        while self.floors and not found and self.floors[0][0] <= price:
            _, place = heapq.heappop(self.floors)
            made = None if place in self.gone else self.offer(place)
            if made is None:
                continue
            kept.append((made[0], place))
            found = place != winner and (made[0], place) < (price, winner)
        for one in kept:
            heapq.heappush(self.floors, one)
        return found


def _without_the_poorest(pairs, missing, weight):
    """(what the others pay, their weight) when whoever has too little gives all they have.

    `pairs`: what each has for a point, and their points. Together they have enough.
    """
    while True:
        least = -(-missing // weight)
        poor = [pair for pair in pairs if pair[0] < least]
        if not poor:
            return missing, weight
        pairs = [pair for pair in pairs if pair[0] >= least]
        missing -= sum(each * points for each, points in poor)
        weight -= sum(points for _, points in poor)


class Fair:
    """What is on sale at equal shares, in the order in which it wins ties."""

    def __init__(self, pot, ids):
        self.ids, self.pot, settings = ids, pot.pot, pot.set
        self.step, self.by_cost = settings["step"], settings["utility"] == "cost"
        ignored = settings["empty"] == "ignored"
        self.voters = sum(pot.gifts.values()) if ignored else pot.ballots.total
        place_of = {id_: place for place, id_ in enumerate(ids)}
        merged = Counter()
        for gift, number in pot.gifts.items():
            merged[tuple((place_of[i], p) for i, p in gift if i in place_of)] += number
        merged.pop((), None)
        self.purses, self.common = len(merged), 1
        for points in {points for gift in merged for _, points in gift}:
            self.common = self.common * points // gcd(self.common, points)
        self.costs = [pot.costs[id_] for id_ in ids]
        backers, self.buyers = [[] for _ in ids], [[] for _ in ids]
        for purse, (gift, number) in enumerate(merged.items()):
            for place, points in gift:
                backers[place].append((purse, number * points, self.common // points))
                self.buyers[place].append((purse, number, points))
        self.backers = [tuple(zip(*rows)) for rows in backers]
        self.weights = [sum(weights) for _, weights, _ in self.backers]
        group = [pot.ballots.group[id_] for id_ in ids]
        self.rivals = [
            [b for b, name in enumerate(group) if b != a and name is not None and name == group[a]]
            for a in range(len(ids))
        ]

    def sales(self, steps):
        """What is bought at a share, in order."""
        purses, sold = Purses(self, steps), []
        best = purses.cheapest()
        while best is not None:
            purses.buy(best[2][0], best[1])
            sold.append(best[2][0])
            best = purses.cheapest()
        return sold

    def spent(self, places):
        return sum(self.costs[place] for place in places)

    def ended(self, places, stop):
        """Why no further step is taken when this is bought; None when one is."""
        gone = places | {rival for place in places for rival in self.rivals[place]}
        left = self.pot - self.spent(places)
        on_sale = [place for place in range(len(self.ids)) if place not in gone]
        if left < 0:
            return "overspend"
        if self.step == 0:
            return "no-completion"
        if not on_sale:
            return "nothing-left"
        fits = any(self.costs[place] <= left for place in on_sale)
        return "exhaustive" if stop == "exhaustive" and not fits else None

    def last_step(self, stop):
        """(steps, why it ended): the share from which the result is taken."""
        first, stride = 0, 1
        while True:
            found = Stretch(self, first, first + stride - 1, (), stop).first_end()
            if found is not None:
                steps, why = found
                return (steps - 1 if why == "overspend" else steps), why
            first, stride = first + stride, 2 * stride


class Stretch:
    """Steps from `low` to `high` that have all bought the same so far, searched for an end.

    More money makes purses fuller and prices lower or leaves them. So prices at the lowest
    step are the highest of all, those at the highest step the lowest, and whatever cannot be
    paid for at the highest step cannot be at any.
    """

    def __init__(self, fair, low, high, bought, stop, poor=None, rich=None):
        self.fair, self.low, self.high, self.stop = fair, low, high, stop
        self.bought = list(bought)
        self.poor = poor or rich if low == high else poor
        self.poor = self.poor or self._purses(low)
        self.rich = self.poor if low == high else rich or self._purses(high)

    def _purses(self, steps):
        """The purses at a step after what was bought so far."""
        purses = Purses(self.fair, steps)
        for place in self.bought:
            purses.buy(place, purses.offer(place)[1])
        return purses

    def first_end(self):
        """The first step at which the count ends, and why; None when it goes on after all."""
        if self.is_calm():
            return None
        while True:
            best = self.poor.cheapest()
            if best is None and self.low == self.high:
                why = self.fair.ended(set(self.bought), self.stop)
                return (self.low, why) if why else None
            if best is None or self.rich.undercut(best[0], best[2][0]):
                return None if self.is_calm() else self.halves()
            _, payment, level = best
            place = level[0]
            if self.rich is not self.poor:
                self.rich.buy(place, self.rich.offer(place)[1])
            self.poor.buy(place, payment)
            self.bought.append(place)

    def halves(self):
        """The lower half first; each takes over the purses that are worked out already."""
        assert self.low < self.high
        middle = (self.low + self.high) // 2
        for low, high, poor, rich in (
            (self.low, middle, self.poor, None),
            (middle + 1, self.high, None, self.rich),
        ):
            half = Stretch(self.fair, low, high, self.bought, self.stop, poor, rich)
            found = half.first_end()
            if found is not None:
                return found
        return None

    def is_calm(self):
        """Whether surely no step of these ends the count: all that can be bought still fits."""
        fair = self.fair
        if fair.step == 0:
            return False
        on_sale = [place for place in range(len(fair.ids)) if place not in self.rich.gone]
        payable = {place for place in on_sale if self.rich.can_pay(place)}
        left = fair.pot - fair.spent([*self.bought, *payable])
        if left < 0:
            return False
        for place in on_sale:
            stays = place not in payable and not payable.intersection(fair.rivals[place])
            if stays and (self.stop != "exhaustive" or fair.costs[place] <= left):
                return True
        return False


def count_equal_shares(ballots):
    pot = Pot(ballots)
    order = ballots.line_up(pot.open, {})
    ballots.ties.clear()  # the order all ties are decided by; only ties that are met are told
    for id_ in order:
        if pot.costs[id_] == 0 and pot.taken(id_) is None:
            pot.funded.append(id_)
    for number, id_ in enumerate(pot.funded, 1):
        pot.round(number, id_, "free")
    on_sale = [id_ for id_ in order if pot.costs[id_] and pot.taken(id_) is None]
    if not on_sale:
        _why_unsold(pot, None, on_sale)
        return pot.document(share={"increases": 0, "ended": "nothing-left"})
    fair = Fair(pot, on_sale)
    steps, why = fair.last_step(pot.set["stop"])
    share = {
        "initial": exact(Fraction(pot.pot, fair.voters)),
        "final": exact(Fraction(pot.pot, fair.voters) + fair.step * steps),
        "increases": steps,
        "ended": why,
    }
    if why == "overspend":
        share["next_spent"] = fair.spent(fair.sales(steps + 1))
    purses = Purses(fair, steps)
    _sell(pot, fair, purses)
    _why_unsold(pot, purses, on_sale)
    if pot.set["top_up"] == "greedy":
        _top_up(pot)
    return pot.document(share=share)


def _sell(pot, fair, purses):
    best = purses.cheapest()
    while best is not None:
        _, payment, level = best
        place = level[0]
        support = six(fair.costs[place] / payment)
        if len(level) > 1:
            at = {"effective_support": support, "round": len(pot.funded) + 1}
            pot.ballots.line_up([fair.ids[p] for p in level], at)
        short = purses.buy(place, payment)
        pot.funded.append(fair.ids[place])
        shown = {"payment": six(payment), "paid_less": short, "effective_support": support}
        pot.round(len(pot.funded), fair.ids[place], "funded", **shown)
        best = purses.cheapest()


def _why_unsold(pot, purses, on_sale):
    for id_ in pot.open:
        if id_ in pot.funded:
            continue
        why = pot.taken(id_)
        if why is None:
            rows = purses.fair.buyers[on_sale.index(id_)]
            total = sum(number * purses.held[purse] for purse, number, _ in rows)
            held, cost = total // purses.unit, pot.costs[id_]
            why = {"code": "supporters-short", "held": held, "needed": cost, "short": cost - held}
        pot.reasons[id_] = why


def _top_up(pot):
    """Spend what is left by score on whatever still fits."""
    rest = [id_ for id_ in pot.open if id_ not in pot.funded]
    queue = pot.by_merit(rest, lambda id_: (0, Fraction(pot.scores[id_])))
    for id_, why in _walk(pot, queue, False, tuple(pot.funded)):
        if why is not None:
            pot.reasons[id_] = why
            continue
        del pot.reasons[id_]
        pot.funded.append(id_)
        pot.round(len(pot.funded), id_, "top-up")


COUNTERS = {
    "borda": count_borda,
    "borda-zero": count_borda_zero,
    "borda-modified": count_borda_modified,
    "plurality": count_plurality,
    "irv": count_irv,
    "stv": count_stv,
    "schulze": count_schulze,
    "ranked-pairs": count_ranked_pairs,
    "copeland": count_copeland,
    "approval": count_approval,
    "points-sum": count_points_sum,
    "rating": count_rating,
    "star": count_star,
    "greedy-skip": count_greedy_skip,
    "greedy-stop": count_greedy_stop,
    "greedy-per-cost": count_greedy_per_cost,
    "phragmen": count_phragmen,
    "equal-shares": count_equal_shares,
}


# ---------------------------------------------------------------------------------------------
# Tallies (docs/tallies.md): how many gave each answer, small numbers hidden
# ---------------------------------------------------------------------------------------------

FEW, HIDDEN, OTHER = "few", "hidden", "other"
WRITTEN = ("text", "file")
MONTHS_MAX = 24
_STORED_NUMBER = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,4}))?")


def tallies_of(pack, groups):
    """The tallies of every question of a manifest; `groups` by question id."""
    case, least = pack.case, pack.tallies["hidden_under"]
    closed = {id_ for id_, question in pack.questions.items() if question["kind"] not in WRITTEN}
    opened = closed if pack.manifest["openings"] != AUDITOR else set()  # anybody adds them up
    if not _is_count(least):
        raise Wrong("the tallies do not say under which number they hide")
    standing = [number for number, state in enumerate(case.state) if state == GIVEN]
    kinds, wrote = Counter(), Counter()
    for number in standing:
        people = case.weight(number)
        kinds[RESPONDENTS[case.respondent[number]]] += people
        wrote.update(dict.fromkeys(case.wrote.get(number, ()), people))
    return {
        "format": "folkmoot/tallies/v1",
        "consultation": case.id,
        "hidden_under": least,
        "responses": case.stand(),
        "respondents": hide({name: kinds[name] for name in RESPONDENTS}, least),
        "questions": [
            tally_of(
                question,
                groups[id_],
                wrote[id_ if id_.isascii() else urllib.parse.quote(id_)],
                id_ in pack.terms,
                None if id_ in pack.terms or id_ in opened else least,
            )
            for id_, question in pack.questions.items()
        ],
    }


def tally_of(question, groups, wrote, is_counted, least):
    """The tally of one question; without `least` it hides nothing."""
    kind = question["kind"]
    given = [(answer, number) for answer, number in groups if number > 0]
    answered = wrote if kind in WRITTEN else sum(number for _, number in given)
    found = {
        "id": question["id"],
        "kind": kind,
        "counted": is_counted,
        "answered": FEW if least is not None and 0 < answered < least else answered,
    }
    ids = [one["id"] for one in question["options"]]
    if kind in ("single", "several", "approval", "basket", "area"):
        ids += [OTHER] * bool(question.get("other"))
        found["options"] = hide(_people_by(ids, given, _as_list), least)
    elif kind == "ranking":
        found["options"] = hide(_people_by(ids, given, _all_ranked), least)
        found["first"] = hide(_people_by(ids, given, _alone_first), least)
    elif kind == "points":
        found["options"] = hide(_people_by(ids, given, _given_some), least)
        found["points"] = _points_of(ids, given, found["options"])
    elif kind == "rating":
        grades = [str(grade) for grade in range(1, question["scale"] + 1)]
        found["options"] = hide(_people_by(ids, given, _given_some), least)
        found["grades"] = {
            id_: hide(
                _people_by(grades, given, lambda one, id_=id_: [str(dict(one).get(id_))]), least
            )
            for id_ in ids
        }
    elif kind == "matrix":
        found["rows"] = {
            row["id"]: hide(
                _people_by(ids, given, lambda one, row=row: [one.get(row["id"])]), least
            )
            for row in question["statements"]
        }
    elif kind == "date":
        found["periods"] = hide(_periods(given), least)
    elif kind == "number":
        found.update(_middle(given, question.get("decimals", 0), least))
    elif kind == "allocation":
        found["amounts"] = _shares(question, ids, given, least)
    return found


def _shares(question, ids, given, least):
    """What each option got of a budget; None where that gives away what a few people gave."""
    few, room = max(least or 0, 1), max(least or 0, 1) * question["step"]
    spreads = {
        id_: sorted(value for one, n in given for value in [dict(one).get(id_, 0)] * n)
        for id_ in ids
    }
    if sum(number for _, number in given) < few:
        return None
    if any(0 < sum(spread) < room for spread in spreads.values()):
        return None
    people = {
        id_: hide({str(amount): n for amount, n in Counter(spread).items()}, least)
        for id_, spread in spreads.items()
    }
    is_whole = all(
        table is not None and not {FEW, HIDDEN}.intersection(table.values())
        for table in people.values()
    )
    middles = {
        id_: _middle_share(each, question["pot"], few, room) for id_, each in spreads.items()
    }
    has_middle = is_whole or all(is_open for _, is_open in middles.values())
    return {
        id_: {
            "total": sum(spread),
            "middle": middles[id_][0] if has_middle else None,
            "people": people[id_] if is_whole else None,
        }
        for id_, spread in spreads.items()
    }


def _middle_share(spread, pot, few, room):
    """The middle amounts, and whether they and the total leave open what a few people gave."""
    aside = (len(spread) - 1) // 2
    lower, upper = spread[aside], spread[len(spread) // 2]
    middles = lower if len(spread) % 2 else lower + upper
    least, most = middles + aside * upper, middles + aside * (lower + pot)
    is_open = aside >= few and least + room <= sum(spread) <= most - room
    return [lower, upper], is_open or not any(spread)


def _people_by(ids, given, named):
    """How many responses named each id; naming it twice counts once."""
    counts = dict.fromkeys(ids, 0)
    for answer, number in given:
        for id_ in set(named(answer)):
            if id_ in counts:
                counts[id_] += number
    return counts


def _as_list(answer):
    return [answer] if isinstance(answer, str) else answer


def _all_ranked(answer):
    return [id_ for rank in answer for id_ in _as_list(rank)]


def _alone_first(answer):
    first = set(next((_as_list(rank) for rank in answer if rank), ()))
    return first if len(first) == 1 else ()


def _given_some(answer):
    return [id_ for id_, number in dict(answer).items() if number]


def _points_of(ids, given, people):
    if people is None:
        return None
    points = dict.fromkeys(ids, 0)
    for answer, number in given:
        for id_, value in dict(answer).items():
            points[id_] = points.get(id_, 0) + value * number
    return {id_: people[id_] if isinstance(people[id_], str) else points[id_] for id_ in ids}


def _periods(given):
    """Responses by month; by year where there are more than 24 months."""
    months = {answer[:7] for answer, _ in given}
    length = 7 if len(months) <= MONTHS_MAX else 4
    found = Counter()
    for day, number in sorted(given):
        found[day[:length]] += number
    return found


def _middle(given, decimals, least):
    """The two answers in the middle, and how low and high some go."""
    answers, few = [], max(least or 0, 1)
    for text, number in given:
        sign, whole, rest = _STORED_NUMBER.fullmatch(text).groups()
        value = int(whole + (rest or "").ljust(decimals, "0"))
        answers += [-value if sign else value] * number
    answers.sort()
    found = {"middle": None, "low": None, "high": None}
    if len(answers) >= few:
        places = ((len(answers) - 1) // 2, len(answers) // 2)
        found["middle"] = [_spell(answers[place], decimals) for place in places]
    if len(answers) >= 2 * few:
        found["low"] = _spell(answers[few - 1], decimals)
        found["high"] = _spell(answers[-few], decimals)
    return found


def _spell(value, decimals):
    digits = str(abs(value)).rjust(decimals + 1, "0")
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    return f"-{text}" if value < 0 else text


def hide(cells, least):
    """Counts as they may be shown; None where nothing may be; all of them without `least`."""
    if least is None:
        return dict(cells)
    small = [name for name, number in cells.items() if 0 < number < least]
    large = sorted((name for name in cells if cells[name] >= least), key=cells.get)
    hidden, total, others = [], sum(cells[name] for name in small), len(small) - 1
    while small:
        # Each small number must be able to be 1, and to be the largest that is hidden as small.
        may_be_most = total - (least - 1) >= others + len(hidden) * least
        may_be_one = bool(hidden) or total - 1 <= others * (least - 1)
        if may_be_most and may_be_one:
            break
        if not large:
            return None
        hidden.append(large.pop(0))
        total += cells[hidden[-1]]
    return {
        name: FEW if name in small else HIDDEN if name in hidden else number
        for name, number in cells.items()
    }


# ---------------------------------------------------------------------------------------------
# The recount: the result from the openings, beside the one that is published
# ---------------------------------------------------------------------------------------------


def first_difference(mine, theirs, path=""):
    """Where two documents differ first, in words; empty when they do not."""
    if type(mine) is not type(theirs):
        return f"{path or 'the whole'}: published {_brief(theirs)}, recounted {_brief(mine)}"
    if isinstance(mine, dict):
        for name in sorted(set(mine) | set(theirs)):
            if (name in mine) != (name in theirs):
                return (
                    f"{path}.{name}: only in the {'recount' if name in mine else 'published one'}"
                )
            found = first_difference(mine[name], theirs[name], f"{path}.{name}".lstrip("."))
            if found:
                return found
        return ""
    if isinstance(mine, list):
        for at, pair in enumerate(zip(mine, theirs)):
            found = first_difference(*pair, f"{path}[{at}]")
            if found:
                return found
        mine, theirs, path = len(mine), len(theirs), f"the length of {path}"
    if mine == theirs:
        return ""
    return f"{path}: published {_brief(theirs)}, recounted {_brief(mine)}"


def _brief(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) < 60 else f"{text[:57]}..."


ALTERED, NOTHING_ALTERED = "they could alter it", "too few to alter the order"
ORDER_ALTERED = "too few to alter what comes first"
COULD_ALTER = {
    ALTERED: "they could alter the result",
    ORDER_ALTERED: "they could alter the result, but not what comes first",
    NOTHING_ALTERED: "they are too few to alter the result",
}
"""What changes could have made of one question, and of all of them; the worst comes first."""


class Recount:
    """Counts every question of a consultation from its opened answers."""

    def __init__(self, pack, report):
        self.pack, self.report = pack, report
        self.outcomes = {}

    def run(self):
        for question in sorted(self.pack.terms):
            title = f"The result of {question} follows from the answers ({self.pack.case.id})"
            plain = f"The result of {self.asked(question)} follows from the answers"
            step = self.pack.add_step(f"recount.{self.pack.short}.{question}", title, plain)
            if not self.pack.is_opened:
                kept = self.pack.seen_by == AUDITOR
                reason = "the answers are not open to everybody: use --openings FILE"
                step.set(LIMITED if kept else SKIPPED, reason if kept else "no answers to count")
                if kept:
                    step.set(SKIPPED, reason)
                continue
            if self.pack.step.state == BAD:
                step.skip("the answers themselves are not in order")
                continue
            try:
                self.question(step, question)
            except Wrong as error:
                step.wrong(str(error), question=question)
            except (KeyError, TypeError, AttributeError):
                step.wrong("the manifest does not say how to count this", file="manifest.json")
        self.tallies()
        self.hidden()
        self.vouched()

    def unmarked(self):
        """In words, of how many responses the list does not say what was done with them."""
        pack, case = self.pack, self.pack.case
        if pack.is_sealed or not pack.is_opened:
            return []
        found = dict(pack.hidden)
        late = sum(case.state[one] == GIVEN for one in case.late_groups)
        found[CAMPAIGN_MARK] = found.get(CAMPAIGN_MARK, 0) + late
        late = sum(case.state[one] == GIVEN for one in case.late_voids)
        return [
            f"{words}: {number_of(number, 'response')}"
            for words, number in (
                ("without campaigns", found[CAMPAIGN_MARK]),
                ("with what was set aside before closing", found.get(VOIDED_MARK, 0)),
                ("without what was set aside after closing", late),
            )
            if number
        ]

    def hidden(self):
        """The comparisons that the list does not allow, as it would point at few people."""
        pack, case, said = self.pack, self.pack.case, self.unmarked()
        if not said:
            return
        says = "The counts with and without what the list does not mark"
        step = pack.add_step(f"hidden.{pack.short}", f"{says} ({case.id})", says)
        step.set(WAITING, f"{'; '.join(said)}; the auditor's copy tells: --openings FILE")

    def vouched(self):
        """How many changes only the operator vouches for, and what these could have altered."""
        pack, case = self.pack, self.pack.case
        number = sum(case.changes.values())
        title = f"Changes that only the operator vouches for ({case.id})"
        step = pack.add_step(
            f"vouched.{pack.short}", title, "Changes that only the operator vouches for"
        )
        if not number:
            step.done("none: each change shows the secret of whoever held the answers")
            return
        altered = {one: self.altered(one, self.outcomes[one]) for one in sorted(self.outcomes)}
        found = [f"{question}: {says}" for question, says in altered.items()]
        ways, of = unvouched_ways(case), number_of(len(case.unvouched), "response")
        step.set(REMARK, "; ".join([f"{spaced(number)} ({ways}), of {of}", *found]))
        if altered:
            worst = next(says for says in COULD_ALTER if says in altered.values())
            pack.alterable = COULD_ALTER[worst]

    def altered(self, question, outcome):
        """What other answers, or none, of whoever is not vouched for could have made of a result.

        One response moves two totals apart by at most what the rule lets one give, so by twice
        that when it becomes another one. Of rules without such totals nothing is promised.
        """
        asked, rule = self.pack.questions[question], outcome["rule"]
        if rule in ("plurality", "approval"):
            most = 1
        elif rule == "points-sum":
            most = asked["scale" if asked["kind"] == "rating" else "points"] or WHOLE_MAX
        elif rule.startswith("points-"):
            most = int(rule[len("points-") :])
        else:
            return ALTERED
        totals = sorted((Fraction(one) for one in outcome["scores"].values()), reverse=True)
        room = 2 * most * len(self.pack.case.unvouched)
        gaps = [totals[at] - totals[at + 1] for at in range(len(totals) - 1)]
        if not gaps:  # nobody named an option, or there is one: a single vote decides
            return ALTERED
        if all(gap > room for gap in gaps):
            return NOTHING_ALTERED
        return ORDER_ALTERED if gaps[0] > room else ALTERED

    def tallies(self):
        """Count how many gave each answer, and compare with what is published."""
        pack = self.pack
        if pack.tallies is None:
            return
        says = "The tallies follow from the answers"
        step = pack.add_step(f"recount.{pack.short}.tallies", f"{says} ({pack.case.id})", says)
        if not pack.is_opened:
            step.set(SKIPPED, "the answers are not open to everybody: use --openings FILE")
            return
        if pack.step.state == BAD or pack.unopened:
            step.skip("not every answer can be opened")
            return
        self.compare_tallies(step)
        step.done(number_of(len(pack.questions), "question"))

    def compare_tallies(self, step):
        """The same numbers, hidden in the same places."""
        pack, everybody = self.pack, (PLAIN, CAMPAIGN, LATE_VOID)
        try:
            mine = tallies_of(pack, {id_: pack.groups(id_, everybody) for id_ in pack.questions})
            for number, one in enumerate(pack.questions.values()):
                if one["kind"] in WRITTEN and "asked_when" in one:  # the entries do not show it
                    mine["questions"][number] = pack.tallies["questions"][number]
            at = first_difference(mine, {name: pack.tallies[name] for name in mine})
        except (KeyError, TypeError, ValueError, AttributeError, Wrong):
            at = "they cannot be counted from the answers and the manifest"
        if at:
            where = {"entry": pack.case.tallies["index"]}
            step.wrong(f"the tallies do not follow from the answers: {at}", **where)

    def count(self, question, kinds):
        """(outcome, input digest) with the answers of these kinds."""
        asked = self.pack.questions[question]
        groups = self.pack.groups(question, kinds)
        specification = specification_of(self.pack.terms[question])
        options = [
            {name: one[name] for name in ("id", "cost", "group")} for one in asked["options"]
        ]
        ids = [one["id"] for one in options]
        if len(set(ids)) != len(ids):
            raise Wrong("two options have the same id")
        outcome = count(asked["kind"], options, groups, asked["pot"], specification)
        return outcome, input_digest_of(asked["kind"], options, groups, asked["pot"])

    def question(self, step, question):
        """Count one question as published, and again without and with what was set aside."""
        everybody = (PLAIN, CAMPAIGN, LATE_VOID)
        outcome, inputs = self.count(question, everybody)
        self.outcomes[question] = outcome
        self.report.extra.setdefault("recounts", []).append(
            {
                "consultation": self.pack.case.id,
                "question": question,
                "result_digest": digest_of(outcome),
                "input_digest": inputs,
                "outcome": outcome,
                "variants": self.variants(question, outcome),
            }
        )
        result = (self.pack.result or {}).get(question)
        sealed = self.pack.case.counted.get(question)
        if self.pack.unopened:
            step.skip(f"{self.pack.unopened} erased answers count and cannot be opened any more")
            return
        if sealed is None:
            none = "no count is in the log to compare with"
            plain = f"{none}. Recounted: {self.plain(question, outcome)}"
            step.set(SKIPPED, f"{none}; recounted: {headline(outcome)}", plain)
            return
        self.compare(step, outcome, inputs, sealed, result)
        step.done(
            f"{headline(outcome)}; {spaced(outcome['ballots'])} ballots; {digest_of(outcome)}",
            f"{self.plain(question, outcome)}. "
            f"{number_of(outcome['ballots'], 'response')} counted. {digest_of(outcome)}",
        )

    def asked(self, question):
        """A question by its title with its id, which the other lines use."""
        words = shown(words_of(self.pack.questions.get(question, {})))[:NAME_MAX]
        return f"“{words}” ({question})" if words else question

    def plain(self, question, outcome):
        """What a result comes to, with titles and money as people know them."""
        return plain_headline(self.pack.manifest, self.pack.questions[question], outcome)

    def compare(self, step, outcome, inputs, sealed, result):
        """Byte for byte the same, or where it is not."""
        where = {"entry": sealed["index"]}
        if inputs != sealed["input_digest"]:
            step.wrong("these are not the answers that were counted", **where)
        if outcome["ballots"] != sealed["ballots"]:
            step.wrong(f"{outcome['ballots']} ballots count, {sealed['ballots']} sealed", **where)
        if digest_of(outcome) == sealed["result_digest"]:
            return
        published = result.get("outcome") if result else None
        at = first_difference(outcome, published) if published else ""
        if not at:
            at = f"recounted {digest_of(outcome)}, sealed {sealed['result_digest']}"
        step.wrong(f"the result does not follow: {at}", **where)

    def variants(self, question, outcome):
        """The same count without and with what was marked, each beside the published one."""
        step = self.pack.add_step(
            f"variants.{self.pack.short}.{question}",
            f"The count of {question} without campaigns and with what was set aside",
            f"The count of {self.asked(question)} without campaigns and with what was set aside",
        )
        seen = {kind for numbers in self.pack.seen.values() for kind in numbers}
        asked = (
            ("without campaigns", CAMPAIGN, (PLAIN, LATE_VOID)),
            ("without ballots voided after closing", LATE_VOID, (PLAIN, CAMPAIGN)),
            (
                "with ballots voided before closing",
                EARLY_VOID,
                (PLAIN, CAMPAIGN, LATE_VOID, EARLY_VOID),
            ),
        )
        made, says, plain = {}, [], []
        for words, kind, kinds in asked:
            if kind in seen:
                other, _ = self.count(question, kinds)
                made[words] = {"result_digest": digest_of(other), "outcome": other}
                same = headline(other) == headline(outcome)
                says.append(f"{words}: {'the same' if same else headline(other)}")
                plain.append(
                    f"{words}: {'the same outcome' if same else self.plain(question, other)}"
                )
        unopened = self.pack.case.state.count(SET_ASIDE) - sum(
            numbers[EARLY_VOID] for numbers in self.pack.seen.values()
        )
        if unopened and self.pack.is_sealed:
            erased = f"{unopened} voided ballots were erased, so they are not counted here"
            says.append(erased)
            plain.append(erased)
        none = "the list marks nothing" if self.unmarked() else "nothing was marked or set aside"
        step.set(REMARK, "; ".join(says) or none, "; ".join(plain))
        return made


def plain_headline(manifest, question, outcome):
    """What a result comes to, in one line for people."""
    titles = {one["id"]: _title(one) for one in question["options"]}
    names = [titles.get(id_, id_) for id_ in outcome["funded"] + outcome["elected"]]
    if outcome["spent"] is None:
        return f"chosen: {', '.join(names) or 'none'}"
    spent, pot = (_money(manifest, amount) for amount in (outcome["spent"], question["pot"]))
    return f"funded: {', '.join(names) or 'nothing'}, for {spent} of {pot}"


def _title(option):
    """An option's words with its id, which the other lines use."""
    words = shown(words_of(option))[:NAME_MAX]
    return f"{words} ({option['id']})" if words and words != option["id"] else option["id"]


def words_of(document):
    """The title of something that a manifest describes, in the first language that it has."""
    title = document.get("title")
    words = title if isinstance(title, dict) else {}
    found = words.get("en") or next((each for each in words.values() if each), "")
    return found if isinstance(found, str) else ""


def _money(manifest, amount):
    """An amount with its unit, as the manifest says that money is written."""
    unit = {"GBP": "£", "EUR": "€", "USD": "$"}.get(
        manifest.get("currency"), f"{manifest.get('currency') or ''} ".lstrip()
    )
    decimals = manifest.get("decimals")
    if not _is_count(decimals) or decimals > MONEY_DECIMALS_MAX:
        decimals = 2 if manifest.get("money") == "pence" else 0
    whole, part = divmod(amount or 0, 10**decimals)
    return f"{unit}{spaced(whole)}{f'.{part:0{decimals}}' if part else ''}"


def headline(outcome):
    """What a result comes to, in one line that programs may read."""
    if outcome["spent"] is not None:
        return f"funded {', '.join(outcome['funded']) or 'nothing'} for {spaced(outcome['spent'])}"
    return f"elected {', '.join(outcome['elected']) or 'nobody'}"


# ---------------------------------------------------------------------------------------------
# What is served beside the log: ballots for other programs, open data, pages, time-stamps
# ---------------------------------------------------------------------------------------------

COUNTED_KINDS = (PLAIN, CAMPAIGN, LATE_VOID)
EXPORT_FORMAT = "folkmoot/results/v1"
RESULT_FILES = ("json", "csv", "pb", "pdf")
NOT_PUBLISHED = "its publication is not in the log"
NO_PAGES = "only with a web address that ends in /log: this is a copy of the log alone"


class Beside:
    """What is made from the log for other readers says the same as the log."""

    def __init__(self, pack):
        self.pack, self.case, self.source = pack, pack.case, pack.source

    def check(self):
        if self.pack.is_opened and self.budget() is not None:
            self._run("ballots", "The ballots as Pabulib are the answers that count", self.ballots)
        if self.case.published or self.case.tallies:
            self._page("export", "The open data say what the log says", self.export)
            self._page("page", "The figures on the results page are those of the log", self.page)

    def check_early(self):
        """In whatever state it is: without a publication in the log no result is shown."""
        title = "No result is shown that the log does not have"
        self._page("early", title, self.early)

    def early(self, step):
        """No file of a result is there, and no page marks a figure of one.

        What terms let a page show while it is open has no marks.
        """
        addresses = [f"/c/{self.slug()}/results.{ending}" for ending in RESULT_FILES]
        for address in addresses:
            if self.source.page(address) is not None:
                self.pack.check_meanwhile(step, f"{address} is there; {NOT_PUBLISHED}", address)
        for address in self.pages():
            found = Shown((self.source.page(address) or b"").decode()).found
            if found:
                says = f"the page shows {number_of(len(found), 'figure')} of a result"
                self.pack.check_meanwhile(step, f"{says}; {NOT_PUBLISHED}", address)
        step.done("sentences without marked figures are not looked at")

    def _page(self, id_, title, check):
        """Check something that only a site has."""
        if self.source.has_pages:
            self._run(id_, title, check)
        else:
            self.pack._step(f"result.{id_}", title).set(WAITING, NO_PAGES)

    def _run(self, id_, title, check):
        step = self.pack._step(f"result.{id_}", title)
        try:
            check(step)
        except Absent as error:
            step.skip(str(error))
        except Wrong as error:
            step.wrong(str(error), consultation=self.case.id)
        except (AttributeError, KeyError, TypeError, ValueError, ZeroDivisionError, csv.Error):
            step.wrong("it has not the form that is published for it", consultation=self.case.id)
        step.done()

    @property
    def scale(self):
        """How many minor units make one of what money is written in."""
        decimals = self.pack.manifest.get("decimals")
        if not _is_count(decimals) or decimals > MONEY_DECIMALS_MAX:
            decimals = 2 if self.pack.manifest.get("money") == "pence" else 0
        return 10**decimals

    # -- ballots.pb --

    def budget(self):
        """The question that ballots.pb is about: the first counted with money to spend, or None."""
        asked, counted = self.pack.questions.values(), self.pack.terms
        return next((one for one in asked if one["pot"] is not None and one["id"] in counted), None)

    def ballots(self, step):
        """Every ballot, every project with its cost, and the money, as they are in the log."""
        path = f"c/{self.case.id}/ballots.pb"
        data = self.source.file(path, PACK_FILE_MAX)
        if data is None:
            step.set(WAITING, "ballots.pb is not served here")
            return
        if self.pack.step.state == BAD or self.pack.unopened:
            step.skip("not every answer can be opened")
            return
        question = self.budget()
        meta, projects, votes = pabulib_sections(data.decode())
        if Fraction(meta["budget"]) * self.scale != question["pot"]:
            step.wrong(f"the budget is given as {meta['budget'][:20]}", file=path)
        costs = {one["project_id"]: Fraction(one["cost"]) * self.scale for one in projects}
        if costs != {one["id"]: one["cost"] for one in question["options"]}:
            step.wrong("the projects or their costs are not those of the manifest", file=path)
        groups = self.pack.groups(question["id"], COUNTED_KINDS)
        mine = Counter()
        for answer, number in groups:
            mine[alike(question["kind"], answer)] += number
        theirs = Counter(alike(question["kind"], pabulib_answer(question, row)) for row in votes)
        if mine != theirs or meta["num_votes"] != str(sum(mine.values())):
            missing, more = sum((mine - theirs).values()), sum((theirs - mine).values())
            step.wrong(
                f"{spaced(missing)} ballots that count are missing and {spaced(more)} are there "
                f"that do not; it says {meta['num_votes'][:20]}",
                file=path,
            )
        step.done(number_of(sum(theirs.values()), "ballot"))

    # -- results.json, and the page --

    def fetched(self, step, address):
        """The bytes of a page of the site; None with the step saying why."""
        data = self.source.page(address)
        if data is None:
            step.skip(f"{address} is not there")
        return data

    def slug(self):
        return urllib.parse.quote(str(self.pack.manifest["slug"]), safe="")

    def pages(self):
        """The address of its results page in each of its languages."""
        for language in self.pack.manifest["languages"]:
            yield f"{'' if language == 'en' else f'/{language}'}/c/{self.slug()}/results"

    def export(self, step):
        """The digests and documents of results.json are those of the log."""
        address = f"/c/{self.slug()}/results.json"
        data = self.fetched(step, address)
        if data is None:
            return
        document = read_canonical(data, address)
        head = (document["format"], document["consultation"], document["title"])
        if head != (EXPORT_FORMAT, self.case.id, self.pack.manifest["title"]):
            step.wrong("the open data are about something else", file=address)
        listed = {one["question"]: one for one in document["questions"]}
        if set(listed) != set(self.case.published):
            step.wrong("the open data have other questions than were published", file=address)
        for id_, one in listed.items():
            sealed = self.case.counted.get(id_)
            if sealed is None:
                continue
            for name in ("input_digest", "result_digest"):
                if one[name] != sealed[name]:
                    step.wrong(f"{name} of {id_} is not that of the log", file=address)
            if digest_of(one["outcome"]) != sealed["result_digest"]:
                step.wrong(f"the outcome of {id_} is not that of the log", file=address)
        self.export_tallies(step, address, document)
        step.done(
            "not looked at: the same ballots under other rules, and how many live in each ward"
        )

    def export_tallies(self, step, address, document):
        """The tallies, and who took part as far as these say it."""
        if self.case.tallies is None:
            return
        found, part = document["tallies"], document["participation"]
        digests = {digest_of(found), document["tallies_digest"], self.case.tallies["digest"]}
        if len(digests) != 1:
            step.wrong("the tallies are not those of the log", file=address)
        for name in ("responses", "respondents", "members"):
            if part[name] != found.get(name):
                step.wrong(f"{name} is not what the tallies say", file=address)

    def page(self, step):
        """Each figure that a results page marks is the one of the log, and so are its words."""
        is_owed = (self.pack.result, self.case.published), (self.pack.tallies, self.case.tallies)
        if any(found is None and sealed for found, sealed in is_owed):
            step.skip("what is sealed of the result is not there in order to compare with")
            return
        known, number = self.figures(), 0
        for address in self.pages():
            data = self.fetched(step, address)
            if data is None:
                return
            shown = Shown(data.decode())
            number += len(shown.found)
            self.check_figures(step, address, shown.found, known)
        step.done(f"{number_of(number, 'figure')}; what is drawn is not looked at")

    def figures(self):
        """(kind, question, of, option): (exact, won, the numbers in its words) of each figure."""
        found = {}
        for id_, result in (self.pack.result or {}).items():
            outcome = result["outcome"]
            won = {*outcome["funded"], *outcome["elected"]}
            for option in self.pack.questions[id_]["options"]:
                one = option["id"]
                of_budget = (outcome["tables"].get("options") or {}).get(one)
                score = of_budget["score"] if of_budget else outcome["scores"].get(one, "0")
                found["score", id_, "", one] = figure(score, one in won)
                if option["cost"] is not None:
                    found["cost", id_, "", one] = figure(option["cost"], scale=self.scale)
            if outcome["spent"] is not None:
                found["spent", id_, "", ""] = figure(outcome["spent"], scale=self.scale)
            for turn in outcome["rounds"]:
                for one, votes in (turn.get("votes") or {}).items():
                    found["round", id_, str(turn["round"]), one] = figure(votes)
            pairs = outcome["tables"].get("pairwise") or {}
            for one, over in pairs.items():
                for other, more in over.items():
                    less = pairs[other][one]
                    found["pair", id_, one, other] = f"{more} {less}", None, {more, less}
        for tally in (self.pack.tallies or {}).get("questions", ()):
            for of, cells in tables_of(tally):
                for one, cell in cells.items():
                    found["tally", tally["id"], of, one] = figure(cell)
        if self.pack.tallies:
            found["responses", "", "", ""] = figure(self.pack.tallies["responses"])
        return found

    def check_figures(self, step, address, shown, known):
        """Those on one page: each is known and right, and none that decides is left out."""
        for key, exact, won, words in shown:
            if self.case.tallies is None and key[0] in ("tally", "responses"):
                continue  # published before tallies were sealed
            expected = known.get(key)
            named = " ".join(part for part in key if part)[:80]
            if expected is None:
                step.wrong(f"the page has a figure that the log does not: {named}", file=address)
                continue
            if (exact, won) != expected[:2]:
                says = f"{exact}{f', won: {won}' if won else ''}"[:60]
                step.wrong(f"the page says {says} of {named}; it is {expected[0]}", file=address)
            elif not expected[2] <= numbers_in(words):
                step.wrong(f"the words “{words[:60]}” do not say {exact} of {named}", file=address)
        there = {key for key, _, _, _ in shown}
        counted = (id_ for id_, one in (self.pack.result or {}).items() if one["ballots"])
        for id_ in counted:
            of_it = {key for key in there if key[1] == id_}
            scores = {key for key in known if key[:2] == ("score", id_)}
            if not of_it or (of_it & scores and not scores <= of_it):
                step.wrong(f"the page leaves out figures of {id_}", file=address)
        if ("responses", "", "", "") in known and ("responses", "", "", "") not in there:
            step.wrong("the page does not say how many responses there were", file=address)


def figure(value, won=None, scale=1):
    """(exact, won, the numbers that the words must have) of a number, or of a word in its place."""
    exact, said = str(value), None if won is None else "yes" if won else "no"
    if value in ("few", "hidden") or Fraction(value) == 0:
        return exact, said, set()
    size = abs(Fraction(value))
    if scale == 1:  # at most two decimals, rounded half up
        return exact, said, {Fraction(int(size * 100 + Fraction(1, 2)), 100)}
    return exact, said, {size / scale}


def numbers_in(words):
    """Every number in some words."""
    found = re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", words)
    return {Fraction(one.replace(",", "")) for one in found}


def tables_of(tally):
    """(where, cells) of each table of one question's tally that pages draw."""
    for name in ("options", "periods"):
        if isinstance(tally.get(name), dict):
            yield name, tally[name]
    for row, cells in (tally.get("rows") or {}).items():
        yield f"rows {row}", cells or {}
    for option, about in (tally.get("amounts") or {}).items():
        yield f"amounts {option} people", about.get("people") or {}


class Shown(html.parser.HTMLParser):
    """The figures that a results page marks with `data-figure`, with the words that people see."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.found = []
        self.tag, self.depth, self.about, self.words = None, 0, None, []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if self.tag is None and "data-figure" in said:
            names = ("data-figure", "data-question", "data-of", "data-option")
            key = tuple(said.get(name) or "" for name in names)
            self.about = key, said.get("data-exact"), said.get("data-won")
            self.tag, self.depth, self.words = tag, 0, []
        if tag == self.tag:
            self.depth += 1

    def handle_startendtag(self, tag, attrs):
        """It has no words, so it is no figure."""

    def handle_data(self, data):
        if self.tag is not None:
            self.words.append(data)

    def handle_endtag(self, tag):
        if tag != self.tag:
            return
        self.depth -= 1
        if self.depth == 0:
            self.found.append((*self.about, " ".join("".join(self.words).split())))
            self.tag = None


SIGNED_DATA, STAMPED = "2a864886f70d010702", "2a864886f70d0109100104"
STAMP_DIGESTS = {  # object identifiers, as DER has them
    "608648016503040201": "sha256",
    "608648016503040202": "sha384",
    "608648016503040203": "sha512",
}
STAMPS_MAX = 20_000  # one a day for longer than anybody keeps a log


def der(data):
    """(tag, content) of each value that stands in some DER, one after the other."""
    found, at = [], 0
    while at < len(data):
        tag, length, at = data[at], data[at + 1], at + 2
        if length & 0x80:
            more = length & 0x7F
            length, at = int.from_bytes(data[at : at + more], "big"), at + more
        if at + length > len(data):
            raise ValueError("cut short")
        found.append((tag, data[at : at + length]))
        at += length
    return found


class Stamp:
    """An RFC 3161 answer: what it stamps, and when."""

    def __init__(self, size, data, step):
        self.size, self.step = size, step
        [(_, answer)] = der(data)
        (_, status), (_, token) = der(answer)
        if der(status)[0][1] not in (b"\0", b"\1"):
            raise ValueError("not granted")
        (_, kind), (_, signed) = der(token)
        content = next(part for tag, part in der(der(signed)[0][1]) if tag == 0x30)
        (_, what), (_, wrapped) = der(content)
        if (kind.hex(), what.hex()) != (SIGNED_DATA, STAMPED):
            raise ValueError("no time-stamp")
        [(_, info)] = der(der(wrapped)[0][1])
        _, _, (_, imprint), _, (tag, moment), *_ = der(info)
        (_, algorithm), (_, self.digest) = der(imprint)
        self.algorithm = STAMP_DIGESTS[der(algorithm)[0][1].hex()]
        if tag != 0x18:
            raise ValueError("no time")
        parts = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z", moment.decode())
        self.at = "{}-{}-{}T{}:{}:{}Z".format(*parts.groups())
        self.seconds = seconds_of(self.at)

    def check_imprint(self, checkpoint):
        """It stamps the three lines of the checkpoint of this size."""
        if hashlib.new(self.algorithm, checkpoint.body).digest() != self.digest:
            self.step.wrong("a time-stamp is of something else than its checkpoint", size=self.size)

    def check_dates(self, latest):
        """Nothing that was stamped is dated after the stamp."""
        if latest > self.seconds + CLOCK_HOURS_MAX * SECONDS_AN_HOUR:
            self.step.wrong(
                f"an entry is dated after {self.at}, when it was stamped", entry=self.size - 1
            )


class Stamps:
    """The time-stamps that a log serves: of what, and when; not whether the authority signed."""

    def __init__(self, source, checkpoint, report, place):
        self.source, self.checkpoint, self.report, self.place = source, checkpoint, report, place
        self.step = report.step("record.stamps", "Time-stamps are of this log and bound its times")
        self.found = []

    def read(self):
        """Read them; returns their checkpoints, which the entries must lead to."""
        listed = self.source.file("archive/timestamps", SMALL_FILE_MAX)
        if not listed:
            self.step.set(WAITING, "no time-stamp is served here")
            return []
        heads = []
        try:
            sizes = [decimal(one, "the size of a time-stamp") for one in listed.decode().split()]
            heads.extend(
                (self.step, "a time-stamp", self._one(size))
                for size in sizes[-STAMPS_MAX:]
                if 0 < size <= self.checkpoint.size
            )
        except Absent as error:
            self.step.skip(str(error))
        except (Wrong, UnicodeDecodeError) as error:
            self.step.wrong(f"the list of time-stamps cannot be read: {error}", file="timestamps")
        return heads

    def _one(self, size):
        """The checkpoint of a size that was stamped."""
        paths = f"archive/timestamp/{size}", f"archive/checkpoint/{size}"
        stamp, note = (self.source.file(path, SMALL_FILE_MAX) for path in paths)
        if stamp is None or note is None:
            raise Absent(f"{paths[stamp is not None]} is not there")
        checkpoint = Checkpoint(note)
        try:
            made = Stamp(size, stamp, self.step)
        except (ValueError, IndexError, KeyError, StopIteration, AttributeError, TypeError):
            self.step.wrong("a time-stamp cannot be read", size=size)
            return checkpoint
        made.check_imprint(checkpoint)
        self.found.append(made)
        if (checkpoint.origin, checkpoint.size) != (self.checkpoint.origin, size):
            self.step.wrong("the checkpoint in the archive is another one", size=size)
        return checkpoint

    def end(self, is_whole):
        """Say the last of them, and how somebody checks who signed it."""
        if not is_whole:
            self.step.skip("not every entry could be read")
        if not self.found:
            return
        last = self.found[-1]
        number = number_of(len(self.found), "time-stamp")
        self.step.done(f"{number}, the last of {last.at} over {spaced(last.size)} entries")
        here = f"{shlex.quote(self.place.rstrip('/'))}/archive"
        get = "curl -s" if "://" in self.place else "cat"
        says = "Each time-stamp is signed by an outside authority"
        command = (
            f"{get} {here}/timestamp/{last.size} > stamp; "
            f"{get} {here}/checkpoint/{last.size} | head -n 3 > lines; "
            "openssl ts -verify -in stamp -data lines -CAfile AUTHORITY.pem"
        )
        step = self.report.step("stamps.signed", says, command)
        step.set(WAITING, "with the certificate of the authority, from elsewhere, by the command")


def pabulib_sections(text):
    """(meta, projects, votes) of a Pabulib file: its values by key, and rows by column."""
    sections, heading = {}, None
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
        if len(row) == 1 and row[0] in ("META", "PROJECTS", "VOTES"):
            sections[row[0]], heading = [], None
        elif heading is None:
            heading = row
            rows = next(reversed(sections.values()))
        elif row:
            rows.append(dict(zip(heading, row)))
    meta = {one["key"]: one["value"] for one in sections["META"]}
    return meta, sections["PROJECTS"], sections["VOTES"]


def pabulib_answer(question, row):
    """The answer that a row of a Pabulib file stands for."""
    chosen = row["vote"].split(",") if row["vote"] else []
    if question["kind"] in ("points", "rating"):
        return dict(zip(chosen, map(int, row["points"].split(",")))) if chosen else {}
    return chosen[0] if question["kind"] == "single" else chosen


def alike(kind, answer):
    """One value for answers that say the same: only of a ranking does the order matter."""
    if isinstance(answer, dict):
        return tuple(sorted(answer.items()))
    if isinstance(answer, str):
        return answer
    names = [one[0] if isinstance(one, list) and len(one) == 1 else one for one in answer]
    return tuple(names if kind == "ranking" else sorted(names))


# ---------------------------------------------------------------------------------------------
# The commands
# ---------------------------------------------------------------------------------------------


def follow_keys(args, trust, report, source=None):
    """Follow the announcements of changed keys: of a file, and of the log itself."""
    given = _local(args.keys, NOTE_MAX) if args.keys else b""
    data = given or (source.file("keys", NOTE_MAX) if source else None) or b""
    if not data or not trust.logs:
        return None
    step = report.step("log.keys", "Each change of the log's key is vouched for")
    try:
        trust.follow(changes_of(data))
    except Wrong as error:
        step.wrong(str(error), file="keys")
        return step
    if trust.unvouched is not None:
        line = trust.unvouched.new.line
        step.skip(f"it says that its key was lost; only the new one itself vouches for it: {line}")
    elif not trust.changes:
        step.set(REMARK, "none of them is about the key that you gave")
    step.done("; ".join(f"{c.kind} after {spaced(c.size)} entries" for c in trust.changes))
    return step


def read_checkpoint(report, data, of_log=False):
    """The checkpoint of some bytes, or None with the step saying why; `of_log`: as it serves it."""
    step = report.step("checkpoint.form", "The checkpoint can be read")
    try:
        checkpoint = Checkpoint(data)
    except Wrong as error:
        if isinstance(error, OtherFile) and not of_log:
            step.unusable(str(error))
        else:
            step.wrong(str(error), file="checkpoint")
        return None
    step.done(f"{checkpoint.origin}, {spaced(checkpoint.size)} entries")
    return checkpoint


def log_of(place):
    """The log at a web address, zip or folder, with its own folder found; None for a file."""
    if re.match(r"[a-z]+://", place) or Path(place).is_dir() or zipfile.is_zipfile(place):
        source = source_of(place)
        source.checkpoint()
        return source
    return None


def fetch_checkpoint(place):
    """The bytes of a checkpoint: a file, or the one of a log at a web address, zip or folder."""
    source = log_of(place)
    return source.checkpoint() if source else _local(place, NOTE_MAX)


def _kept_checkpoints(args):
    found = []
    for path in args.known or ():
        try:
            found.append((path, Checkpoint(_local(path, NOTE_MAX))))
        except Wrong as error:
            raise Misused(f"{path} is not a checkpoint: {error}.") from None
    return found


def run_checkpoint(args, trust, report):
    """Check the signatures of a checkpoint."""
    checkpoint = read_checkpoint(report, fetch_checkpoint(args.place))
    if checkpoint is None:
        return
    follow_keys(args, trust, report, log_of(args.place))
    check_signature(report, trust, checkpoint)
    check_witnesses(report, trust, checkpoint, args.hours_max)
    kept = _kept_checkpoints(args)
    if kept:
        step, older = check_kept(report, trust, checkpoint, kept)
        _same_size(step, checkpoint, older)
    report.extra["checkpoint"] = _head(checkpoint)
    report.extra["minutes"] = lines_for_minutes(checkpoint)


def _same_size(step, checkpoint, older):
    """Without the log only checkpoints of one size can be compared."""
    other = [name for name, old in older if old.size != checkpoint.size]
    for name, old in older:
        if old.size == checkpoint.size and old.root != checkpoint.root:
            step.wrong(f"the log forked: {name} has the same size and another root", size=old.size)
    if other:
        step.skip(f"{', '.join(other)}: use the command consistency with the log")
    step.done()


def _head(checkpoint):
    root = base64.b64encode(checkpoint.root).decode()
    return {"origin": checkpoint.origin, "size": checkpoint.size, "root": root}


def run_consistency(args, trust, report):
    """Check that a newer checkpoint continues an older one."""
    new_data = fetch_checkpoint(args.new)
    old, new = (read_checkpoint(report, data) for data in (_local(args.old, NOTE_MAX), new_data))
    if old is None or new is None:
        return
    follow_keys(args, trust, report, log_of(args.log or args.new))
    for checkpoint in (old, new):
        check_signature(report, trust, checkpoint)
    check_witnesses(report, trust, new, args.hours_max)
    step = report.step("consistency.proof", "The newer log begins with all of the older one")
    place = args.log or (args.new if not Path(args.new).is_file() else None)
    prove_growth(step, old, new, source_of(place) if place else None)


def prove_growth(step, old, new, source):
    """Prove with the tiles of the log that it was only added to."""
    try:
        if old.origin != new.origin:
            raise OtherFile(
                f"these are of different logs, which cannot be compared: {old.origin} and "
                f"{new.origin}"
            )
        if old.size > new.size:
            raise Misused("The older checkpoint is the larger one: give the smaller one first.")
        if old.size == 0:
            raise Absent("every log continues an empty one, so there is nothing to prove")
        if old.size == new.size:
            consistent(old, new, [])
        elif source is None:
            raise Absent("the log is needed for that: use --log URL, ZIP or FOLDER")
        else:
            consistent(old, new, TileTree(source, new.size).consistency(old.size))
    except OtherFile as error:
        step.unusable(str(error))
    except Wrong as error:
        step.wrong(str(error), size=old.size)
    except Absent as error:
        step.skip(str(error))
    step.done(f"from {spaced(old.size)} to {spaced(new.size)} entries")


def run_audit(args, trust, report):
    """Check a whole log; gives the packs for a recount."""
    source = source_of(args.place)
    checkpoint = read_checkpoint(report, source.checkpoint(), of_log=True)
    if checkpoint is None:
        return []
    keys_step = follow_keys(args, trust, report, source)
    report.extra["checkpoint"], report.checkpoint = _head(checkpoint), checkpoint
    check_signature(report, trust, checkpoint)
    check_witnesses(report, trust, checkpoint, args.hours_max)
    kept = _kept_checkpoints(args)
    step, older = check_kept(report, trust, checkpoint, kept) if kept else (None, [])
    heads = [(step, name, old) for name, old in older]
    heads += announced_heads(keys_step, trust, checkpoint)
    audit = Audit(source, checkpoint, report, heads, args.progress)
    stamps = Stamps(source, checkpoint, report, args.place)
    audit.kept += stamps.read()
    audit.stamped = {stamp.size: stamp for stamp in stamps.found}
    audit.run()
    stamps.end(audit.is_whole)
    if step and audit.is_whole:
        step.done(", ".join(name for name, _ in older))
    return check_packs(args, source, audit, report)


def announced_heads(step, trust, checkpoint):
    """The heads at which keys ended, which the record must have too."""
    heads = []
    for change in trust.changes:
        if change.size > checkpoint.size:
            step.set(
                SHORT,
                f"stale or rolled back: a key ended after {spaced(change.size)} entries and the "
                f"log shows {spaced(checkpoint.size)}",
            )
        elif change.size:
            heads.append((step, "the announcement of its key", change))
    return heads


def check_packs(args, source, audit, report):
    """Check what is published beside the log; only whole logs say what stands."""
    packs = report.packs
    report.only, report.is_whole = args.consultation or "", audit.is_whole
    report.now = max(seconds_of(args.now) if args.now else time.time(), audit.record.latest)
    auditors = [Key(line) for line in _local_lines(args.auditors)] if args.auditors else []
    others = 0
    for id_, case in sorted(audit.record.cases.items(), key=lambda one: one[1].first):
        if args.consultation and not id_.startswith(args.consultation):
            others += 1
            continue
        pack = Pack(source, case, report, args.openings, args.progress)
        if not audit.is_whole:
            pack._step("answers.opened", "Every answer that counts is opened").skip(
                "entries are missing"
            )
            continue
        pack.check()
        pack.check_attested(auditors, audit.checkpoint)
        packs.append(pack)
    if others and packs:
        step = report.step("others", "The other consultations of this log")
        step.set(WAITING, f"{spaced(others)} you did not ask for")
    if args.openings and len(packs) != 1:
        raise Misused("--openings is for one consultation: name it with --consultation ID.")
    return packs


def run_recount(args, trust, report):
    """Audit, and count again."""
    packs = [pack for pack in run_audit(args, trust, report) if pack.manifest is not None]
    ready = [pack for pack in packs if pack.is_closed]
    for pack in ready:
        Recount(pack, report).run()
    for pack in report.packs:
        if pack not in ready:
            not_counted(pack)
    if not ready:
        step = report.step("recount.none", "A result follows from the answers")
        if report.only and not report.packs and report.is_whole:
            step.skip(f"no consultation has an id that begins with {report.only}")
        else:
            step.skip("no consultation in this log is closed and can be counted")


def run_attest(args, trust, report):
    """Recount with the openings, and sign that each line of the list belongs to an entry."""
    if not args.openings or not args.consultation:
        raise Misused("attest needs --openings FILE and --consultation ID.")
    signer = private_key(args.signer) if args.signer else None
    run_recount(args, trust, report)
    joined = [pack for pack in report.packs if pack.is_joined]
    step = report.step("attest", "What the auditor signs")
    needed = ("checkpoint.signature", "tree", "record", "answers", "joined")
    states = {one.state for one in report.steps if one.id.startswith(needed)}
    is_in_order = states <= {OK, REMARK, WAITING} and report.exit_code not in (WRONG, USAGE)
    if len(joined) != 1 or not is_in_order:
        step.skip("it is signed only where each line belongs to an entry, and nothing is wrong")
        return
    checkpoint = report.checkpoint
    note = attestation_of(checkpoint, joined[0]) + "\n\n"
    if signer is None:
        step.set(WAITING, "give the key to sign it with: --signer FILE")
    else:
        name, seed = signer
        id_ = Key(key_made(name, seed)[1]).id
        blob = id_ + signed_by(seed, note[:-1].encode())
        note += f"\u2014 {name} {base64.b64encode(blob).decode()}\n"
        step.done(f"signed by {shown(name)}: send it to whoever runs the log, and publish it")
    report.extra["attestation"] = note
    if args.output:
        _write_new(args.output, note, 0o644)


def make_auditor_key(args):
    """Make a key that an auditor signs with."""
    private, public = key_made(args.name, os.urandom(32))
    _write_new(args.file, private + "\n", 0o600)
    print(f"The key to sign with is in {args.file}: keep it to yourself. Publish this line:")
    print(public)


def _write_new(path, text, mode):
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
            file.write(text)
    except OSError as error:
        raise Misused(f"{path} cannot be written: {error.strerror}.") from None


def not_counted(pack):
    """Say of a consultation that it was not counted again, and why."""
    says = "The result follows from the answers"
    step = pack.add_step(f"recount.{pack.short}", f"{says} ({pack.case.id})", says)
    if pack.case.opened is None:
        step.set(WAITING, "it has not opened")
    elif pack.case.stopped is not None:  # also after the closing, where votes came from a file
        step.set(WAITING, "it was withdrawn")
    elif pack.case.closed is not None:
        step.skip("what was asked is not there as it was fixed")
    else:
        step.set(WAITING, "it has not closed")


class Receipt:
    """A receipt file: an entry, its place, the proof and a checkpoint (C2SP tlog-proof)."""

    def __init__(self, data):
        head, gap, self.note = data.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise OtherFile("the file is not a receipt: it is not plain text") from None
        if not gap or lines[0] != "c2sp.org/tlog-proof@v1":
            raise OtherFile("the file is not a receipt, whose name ends in .tlog-proof")
        self.entry, rest = None, lines[1:]
        if rest and rest[0].startswith("extra "):
            self.entry = unbase64(rest.pop(0)[len("extra ") :], "the entry in the receipt")
        if not rest or not rest[0].startswith("index "):
            raise Wrong("the receipt does not say at which place the entry is")
        self.index = decimal(rest.pop(0)[len("index ") :], "the place in the receipt")
        if len(rest) > 63:
            raise Wrong("the receipt has over 63 hashes")
        self.proof = [thirty_two(line, "a hash in the receipt") for line in rest]


def run_receipt(args, trust, report):
    """Check a receipt, and that a private half opens it."""
    step = report.step("receipt.form", "The receipt can be read")
    try:
        content = _local(args.file, RECEIPT_MAX)
        if b'"folkmoot/opening/v1"' in content:
            raise OtherFile(
                "this is the private file of a receipt: give it with --private, and here the one "
                "that ends in .tlog-proof"
            )
        receipt = Receipt(content)
        if receipt.entry is None:
            raise Wrong("the receipt does not carry its entry")
    except OtherFile as error:
        step.unusable(str(error))
        return
    except Wrong as error:
        step.wrong(str(error), file=args.file)
        return
    step.done()
    checkpoint = read_checkpoint(report, receipt.note)
    if checkpoint is None:
        return
    follow_keys(args, trust, report, log_of(args.log) if args.log else None)
    check_signature(report, trust, checkpoint)
    check_witnesses(report, trust, checkpoint, args.hours_max)
    step = report.step("receipt.included", "The entry is in the log that was signed")
    check_included(step, receipt, checkpoint)
    private = None
    if args.private:
        private = check_private(report, receipt, _local(args.private, LINE_MAX))
    if args.log:
        step = report.step("consistency.proof", "The log today still has all that the receipt saw")
        source = source_of(args.log)
        newer = read_checkpoint(report, source.checkpoint(), of_log=True)
        if newer is not None:
            check_signature(report, trust, newer)
            if newer.size < checkpoint.size:
                step.set(
                    SHORT,
                    f"stale or rolled back: the receipt is of {spaced(checkpoint.size)} entries "
                    f"and the log shows {spaced(newer.size)}",
                )
                return
            prove_growth(step, checkpoint, newer, source)
            After(source, newer, receipt, report, private, args.progress).run()


class After:
    """What the log says about the answers of a receipt after its entry.

    The entries from its place on are read, and proven against the root of the checkpoint with the
    tiles of what stands before them.
    """

    def __init__(self, source, checkpoint, receipt, report, private=None, progress=False):
        self.source, self.checkpoint, self.progress = source, checkpoint, progress
        self.private = private  # the private half, where it opens what was sealed
        self.receipt, self.report = receipt, report
        self.step = report.step("receipt.stands", "What became of these answers")
        self.closed, self.changed, self.notes = None, None, []
        self.stopped = self.ended_before = self.begins = None  # the last: "opened" in what was read
        self.holder = bytes(32)
        self.parts = []  # (height, root) of whole subtrees, the largest first

    def run(self):
        """Read them all and say whether the answers stand."""
        try:
            self.mine = read_canonical(self.receipt.entry, "the entry of the receipt")
            if not isinstance(self.mine, dict) or self.mine.get("t") != "ballot":
                raise Absent("the receipt is of something else than answers")
            self._hold(self.mine)
            self._read()
        except Wrong as error:
            self.step.wrong(str(error), entry=self.receipt.index)
        except Absent as error:
            self.step.skip(str(error))
        else:
            self._say()
            if self.step.state == OK and self.closed is not None:
                self._listed()

    def _read(self):
        size, first = self.checkpoint.size, self.receipt.index >> 8
        if self.receipt.index >= size:
            raise Absent("the log of today does not reach to the entry")
        if size > ENTRIES_MAX:
            raise Absent(f"a log of over {spaced(ENTRIES_MAX)} entries is too large for this")
        tree = TileTree(self.source, size)
        self.parts = tree.parts(0, 256 * first)
        shown = Progress(size - 256 * first, "entries", self.progress)
        for number in range(first, (size + 255) // 256):
            width = min(256, size - 256 * number)
            data, _ = self.source.bundle(number, width)
            for at, entry in enumerate(frames(data, width)):
                self._add(leaf_of(entry))
                self._entry(256 * number + at, entry)
            shown.at(256 * (number - first) + width)
        shown.end()
        if folded(root for _, root in self.parts) != self.checkpoint.root:
            raise Wrong("the entries from there on do not lead to the signed root")
        self._look_back(tree, first)

    def _look_back(self, tree, first):
        """Read what stands before, back to the opening, unless an end comes after the answers."""
        number, tops = first, []
        while number and None is self.begins is self.closed is self.ended_before:
            number -= 1
            data, _ = self.source.bundle(number, 256)
            entries = list(frames(data, 256))
            tops.append(top_of([leaf_of(entry) for entry in entries]))
            for at, entry in enumerate(entries):
                self._earlier(256 * number + at, entry)
        if not tops:
            return
        self.parts = tree.parts(0, 256 * number)
        for top in reversed(tops):
            self._add(top, 8)
        if folded(root for _, root in self.parts) != tree.span(0, 256 * first):
            raise Wrong("the entries before it do not lead to the signed root")

    def _add(self, node, height=0):
        while self.parts and self.parts[-1][0] == height:
            node = node_of(self.parts.pop()[1], node)
            height += 1
        self.parts.append((height, node))

    def _entry(self, index, entry):
        if b'"c":"%s"' % self.mine["c"].encode() not in entry:
            return
        if index < self.receipt.index:
            self._earlier(index, entry)
            return
        if index == self.receipt.index:
            if entry != self.receipt.entry:
                raise Wrong("the log has another entry at the place of the receipt")
            return
        document = read_canonical(entry, f"entry {index}")
        kind = document.get("t")
        if kind == "closed" and self.closed is None:
            self.closed = index
        elif kind == "stopped" and self.stopped is None:
            self.stopped = index
        elif document.get("b") == self.mine["b"]:
            self._mine(index, kind, document)

    def _earlier(self, index, entry):
        """The opening, or an end that stands before the answers."""
        if b'"c":"%s"' % self.mine["c"].encode() not in entry:
            return
        kind = read_canonical(entry, f"entry {index}").get("t")
        if kind == "opened":
            self.begins = index
        elif kind == "stopped":
            self.stopped = index
        elif kind == "closed" and self.ended_before is None:
            self.ended_before = index

    def _hold(self, document):
        held = document.get("h")
        self.holder = unbase64url(held, "the holder") if held is not None else bytes(32)

    def _vouched(self, kind, document):
        """Who vouches for a change, in words. Raises Wrong where a holder is only claimed."""
        kind = "replaced" if kind == "ballot" else kind
        if kind not in VOUCHED:
            return ""
        revealed, by = document.get("hs"), document.get("by")
        if (revealed is None) == (by is None):
            raise Wrong("it is not said who vouches for what became of these answers")
        if revealed is None:
            return (
                f" by {WITHOUT_HOLDER.get(by, 'an unknown way')}; only the operator vouches for it"
            )
        if not _is_revealed(revealed) or not is_of_holder(self.holder, revealed, kind):
            raise Wrong("a change is said to be its holder's, and does not show their secret")
        return " by whoever has their changing code"

    def _mine(self, index, kind, document):
        """Something is said about the same answers; after the closing they stay counted."""
        vouched = self._vouched(kind, document)
        if kind == "ballot":
            self._hold(document)
        words = {"ballot": "replaced", "withdrawn": "taken back", "voided": "set aside"}.get(kind)
        if words and self.closed is None:
            self.changed = f"{words} at entry {spaced(index)}{vouched}"
        elif words:
            self.notes.append(f"{words} after the closing, at entry {spaced(index)}")
        elif kind == "campaign":
            self.notes.append(f"marked as part of a campaign, at entry {spaced(index)}")
        elif kind == "erased":
            self.notes.append(f"their words erased, at entry {spaced(index)}{vouched}")

    def _say(self):
        number = spaced(self.receipt.index)
        if self.ended_before is not None:
            says = f"entry {number} stands after the closing at entry {spaced(self.ended_before)}"
            self.step.wrong(f"{says}, so these answers do not count", entry=self.receipt.index)
            return
        if self.stopped is not None:
            says = f"{WITHDRAWN} at entry {spaced(self.stopped)}"
            self.step.set(SHORT, f"{says}: nothing of it is counted")
            return
        if self.changed is not None:
            self.step.set(SHORT, f"{self.changed}: this receipt is not the latest for them")
            return
        until = (
            f"until the closing at entry {spaced(self.closed)}, so they count"
            if self.closed is not None
            else f"as of {number_of(self.checkpoint.size, 'entry', 'entries')}"
        )
        self.step.done("; ".join([f"entry {number} stands, {until}", *self.notes]))

    def _listed(self):
        """Where single answers are published, the holder's line says what was sealed."""
        if self.private is None:
            return
        step = self.report.step("receipt.listed", "The holder's line in the list of ballots")
        tracker = tracker_of(self.private["salt"])
        begins = b'"t":"%s",' % tracker.encode()
        number = 0
        try:
            for line in self.source.lines(f"c/{self.mine['c']}/{BALLOTS_FILE}"):
                if line is None:
                    self._unlisted(step)
                    return
                number += 1
                if begins in line:
                    self._compare(step, line, tracker, number)
                    return
            if any("erased" in note for note in self.notes):
                step.skip("they are not listed; that they were erased does not explain it")
            else:
                step.wrong("answers that count are not listed", entry=self.receipt.index)
        except Wrong as error:
            step.wrong(str(error), file=BALLOTS_FILE)
        except Absent as error:
            step.skip(str(error))

    def _unlisted(self, step):
        """There is no list; whether there is to be one, the terms say."""
        manifest = self.source.file(f"c/{self.mine['c']}/manifest.json", PACK_FILE_MAX) or b""
        if b'"openings":"%s"' % TRACKERS.encode() in manifest:
            step.skip("the terms say that answers are listed, and no list is there")
        else:
            step.set(LIMITED, "single answers are not listed")

    def _compare(self, step, line, tracker, number):
        found, value, _ = Pack.read_line(line)
        if (found, value) == (tracker, self.private["x"]):
            step.done(f"line {spaced(number)}, {tracker}, says what was sealed")
        else:
            step.wrong("the line says something else than was sealed", line=number)


class Promise:
    """A signed promise that an entry will be in a log by a deadline, in seconds since 1970."""

    def __init__(self, data):
        text, gap, tail = data.partition(b"\n\n")
        try:
            lines, signatures = text.decode().split("\n"), tail.decode().split("\n")
        except UnicodeDecodeError:
            raise OtherFile("the file is not a promise: it is not text") from None
        if lines[0] != "folkmoot/promise/v1":
            raise OtherFile("the file is not a promise, whose name ends in .promise")
        if len(lines) != 4 or not gap or len(signatures) != 2 or signatures[1]:
            raise Wrong("the promise does not have four lines, a blank one and a signature")
        self.body = text + b"\n"
        self.origin = lines[1]
        self.leaf = thirty_two(lines[2], "the hash in the promise")
        self.deadline = decimal(lines[3], "the deadline of the promise")
        self.signatures = [Checkpoint._signature(signatures[0])]

    @property
    def due(self):
        """The deadline for people, as far as their calendar goes."""
        try:
            return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(self.deadline))
        except (ValueError, OverflowError, OSError):
            return f"{self.deadline} seconds after 1970"


def run_promise(args, trust, report):
    """Whether what was promised is in the log, or the time for it is proven to be over."""
    step = report.step("promise.form", "The promise can be read")
    source = source_of(args.log)
    checkpoint = read_checkpoint(report, source.checkpoint(), of_log=True)
    if checkpoint is None:
        return
    try:
        promise = Promise(_local(args.file))
        if promise.origin != checkpoint.origin:
            raise OtherFile(f"it is of the log {promise.origin}, not of {checkpoint.origin}")
    except OtherFile as error:
        step.unusable(str(error))
        return
    except Wrong as error:
        step.wrong(str(error), file=args.file)
        return
    step.done(f"an entry was promised until {promise.due}")
    follow_keys(args, trust, report, source)
    check_signature(report, trust, checkpoint)
    check_witnesses(report, trust, checkpoint, args.hours_max)
    Promised(source, checkpoint, promise, trust, report, args.progress).run()


class Promised:
    """Looks for a promised entry in a whole log, and for how late the log knows it to be."""

    def __init__(self, source, checkpoint, promise, trust, report, progress=False):
        self.source, self.checkpoint, self.progress = source, checkpoint, progress
        self.promise, self.trust, self.report = promise, trust, report
        self.index, self.dated = None, (0, 0)  # (seconds, index) of the latest
        self.keys, self.ended, self.ending = [], {}, []  # by place in `keys`: replaced by when
        self.before = (0, 0)  # the same, of what stands before the promised entry
        self.closings, self.stops = {}, {}  # by consultation: the first of each
        self.about = self.ended_before = None  # which it is about, and its closing if before

    def run(self):
        step = self.report.step("promise.read", "Every entry up to the signed root was read")
        signed = self.report.step("promise.signed", "It is signed by a key that the log names")
        kept = self.report.step("promise.kept", "The promised entry is in the log")
        try:
            self._read()
        except Wrong as error:
            step.wrong(str(error))
            return
        except Absent as error:
            step.skip(str(error))
            return
        step.done(f"{spaced(self.checkpoint.size)} entries")
        self.check_kept(kept, self.check_signed(signed))

    def _read(self):
        size = self.checkpoint.size
        if size > ENTRIES_MAX:
            raise Absent(f"a log of over {spaced(ENTRIES_MAX)} entries is too large for this")
        shown = Progress(size, "entries", self.progress)
        tops, rest = [], []
        for number in range((size + 255) // 256):
            width = min(256, size - 256 * number)
            data, _ = self.source.bundle(number, width)
            leaves = []
            for at, entry in enumerate(frames(data, width)):
                leaves.append(leaf_of(entry))
                self._entry(256 * number + at, entry, leaves[-1])
            if width == 256:
                tops.append(top_of(leaves))
            else:
                rest = leaves
            shown.at(256 * number + width)
        shown.end()
        if Audit._root(tops, rest) != self.checkpoint.root:
            raise Wrong("the entries do not lead to the signed root")

    def _entry(self, index, entry, leaf):
        if leaf == self.promise.leaf and self.index is None:
            self.index, self.before = index, self.dated
            self.about = self._consultation(index, entry)
            self.ended_before = self.closings.get(self.about)
        for ends, by in ((b'"t":"closed"', self.closings), (b'"t":"stopped"', self.stops)):
            if ends in entry:
                by.setdefault(self._consultation(index, entry), index)
        found = _DATED.search(entry)
        if found:
            try:
                seconds = seconds_of(found[1].decode())
            except ValueError:
                return  # no moment of the calendar: `audit` finds it
            self.dated = max(self.dated, (seconds, index))
            self.ended.update(dict.fromkeys(self.ending, seconds))
            self.ending = []
        if b'"t":"promise_key"' in entry:
            document = read_canonical(entry, f"entry {index}")
            key = document.get("key")
            if document.get("t") == "promise_key" and _is_promise_key(key):
                self.ending += [len(self.keys) - 1] if self.keys else []
                self.keys.append(Key(key))

    @staticmethod
    def _consultation(index, entry):
        document = read_canonical(entry, f"entry {index}")
        return document.get("c") if isinstance(document, dict) else None

    def check_signed(self, step):
        """Whether a key that the log names, and had not replaced long before, has signed it."""
        reason = "the log names no key that signed it, so it binds no one"
        for at, key in enumerate(self.keys):
            try:
                if not Checkpoint.by(self.promise, key)[0]:
                    continue
            except Wrong as error:
                step.wrong(str(error))
                return False
            ended = self.ended.get(at, self.promise.deadline)
            if self.promise.deadline <= ended + PROMISED_HOURS_MAX * SECONDS_AN_HOUR:
                step.done()
                return True
            reason = "the log had replaced the key that signed it before"
        step.skip(reason)
        return False

    def check_kept(self, step, is_ours):
        """In the log; not yet due as far as the log shows; or broken, with what proves that."""
        slack = CLOCK_HOURS_MAX * SECONDS_AN_HOUR
        due = self.promise.deadline
        if self.index is not None:
            self.check_in_time(step, is_ours and self._is_signed(), self.before[0] > due + slack)
            return
        proof = self._after(due, slack)
        if proof is None:
            step.skip(
                "it is not there, and nothing shows yet that this log is of after "
                f"{self.promise.due}: ask again later, or with --policy for the times of witnesses"
            )
        elif not is_ours or not self._is_signed():
            step.skip("it is not there, and it is not certain that this log promised it")
        else:
            step.wrong(
                f"it was promised until {self.promise.due}, and {proof}",
                size=self.checkpoint.size,
            )

    def check_in_time(self, step, is_certain, is_late):
        """It is there: before the closing, and before the deadline, or it is not kept."""
        says = f"it is entry {spaced(self.index)}"
        stop = self.stops.get(self.about)
        if self.ended_before is not None:
            closing = spaced(self.ended_before)
            step.wrong(f"{says}, after the closing at entry {closing}", entry=self.index)
        elif is_late:
            before = f"entry {spaced(self.before[1])} before it is of after {self.promise.due}"
            says += f"; {TOO_LATE}: {before}"
            step.wrong(says, entry=self.index) if is_certain else step.skip(says)
        elif self.about is not None and stop is not None:
            step.set(SHORT, f"{says}; {WITHDRAWN} at entry {spaced(stop)}")
        else:
            step.done(says)

    def _after(self, due, slack):
        """What shows that the log is of after the deadline, or None."""
        for name, key in self.trust.witnesses.items():
            try:
                _, when = self.checkpoint.by(key) if key.checkable else (False, None)
            except Wrong:
                continue
            if when is not None and when > due:
                return f"the witness {name} signed this log, without it, {when - due} seconds later"
        if self.dated[0] > due + slack:
            return (
                f"entry {spaced(self.dated[1])} of this log is dated {self.dated[0] - due} s later"
            )
        return None

    def _is_signed(self):
        steps = [step for step in self.report.steps if step.id == "checkpoint.signature"]
        return bool(steps) and all(step.state == OK for step in steps)


PROMISED_HOURS_MAX = 3  # how long after it was replaced a key's promises may last
_DATED = re.compile(rb'"at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"')


def frames(data, width):
    """The entries of a bundle. Raises Wrong where one is cut short or missing."""
    entries, at = [], 0
    while len(entries) < width:
        length = int.from_bytes(data[at : at + 2], "big")
        entry = data[at + 2 : at + 2 + length]
        if at + 2 > len(data) or len(entry) < length:
            raise Wrong("a bundle of entries is cut short")
        entries.append(entry)
        at += 2 + length
    return entries


def check_included(step, receipt, checkpoint):
    """Whether the proof leads from the entry to the signed root."""
    try:
        leaf = leaf_of(receipt.entry)
        root = inclusion_root(receipt.index, checkpoint.size, leaf, receipt.proof)
        if root != checkpoint.root:
            raise Wrong("the proof leads to another root, so this entry is not in the log")
    except Wrong as error:
        step.wrong(str(error), entry=receipt.index)
    number = spaced(receipt.index)
    step.done(f"entry {number}, counted from 0, of {spaced(checkpoint.size)} entries")


def check_private(report, receipt, data):
    """The private half where it opens the commitment, else None; what it says is not printed."""
    step = report.step("receipt.private", "The private half is what was sealed")
    try:
        private = json.loads(data.decode())
    except (ValueError, RecursionError):
        private = None
    if not isinstance(private, dict) or private.get("format") != "folkmoot/opening/v1":
        step.unusable("the file is not the private half of a receipt")
        return None
    try:
        entry = json.loads(receipt.entry.decode())
    except (ValueError, RecursionError):
        entry = None
    if not isinstance(entry, dict) or any(private.get(n) != entry.get(n) for n in ("c", "b", "s")):
        step.wrong("the private half belongs to another receipt", entry=receipt.index)
        return None
    texts = [private.get(name) for name in ("salt", "k", "x")]
    try:
        if not all(isinstance(text, str) for text in texts) or texts[1] != "B":
            raise Wrong("it has no salt, class and value")
        commitment = unbase64url(str(entry.get("cm")), "the commitment")
        if not opens(commitment, texts[0], texts[1], texts[2]):
            raise Wrong("the private half does not open what was sealed")
        check_words(private.get("texts", {}), entry.get("x", {}))
    except Wrong as error:
        step.wrong(str(error), entry=receipt.index)
        return None
    where = f"a list of ballots has them under {tracker_of(texts[0])}"
    step.done(f"these are the answers that were sealed; they are not shown here; {where}")
    return private


def check_words(words, commitments):
    """Whether each free text of a private half is what the entry commits to."""
    if not isinstance(words, dict) or not isinstance(commitments, dict):
        raise Wrong("the words of the private half cannot be read")
    for question, one in words.items():
        given = [one.get(name) if isinstance(one, dict) else None for name in ("salt", "x")]
        if not all(isinstance(text, str) for text in given):
            raise Wrong(f"the words for {question[:40]} have no salt and value")
        commitment = unbase64url(str(commitments.get(question)), "the commitment")
        if not opens(commitment, given[0], "T", given[1]):
            raise Wrong(f"the words for {question[:40]} are not those that were sealed")


# What people read aloud (docs/log.md, "Lines for the minutes"): words of 12 bits, as letters that
# stand for 3, 2, 3, 2 and 2 of them. Eight words are a hash, two check them and the size.
ALOUD = ((9, 7, "bglmrstw"), (7, 3, "aeio"), (4, 7, "bhlnrstw"), (2, 3, "aeio"), (0, 3, "lmst"))
ALOUD_ROUNDS = 131_072
ALOUD_WORDS, ALOUD_SPOKEN = 10, 8
SIZE_MISHEARD = "the number of entries does not fit the words"


def aloud(number):
    """The word of a number of 12 bits."""
    return "".join(letters[number >> shift & mask] for shift, mask, letters in ALOUD)


def heard(word):
    """The number of a word, None when it is none."""
    if len(word) != len(ALOUD) or any(c not in of for c, (_, _, of) in zip(word, ALOUD)):
        return None
    return sum(of.index(c) << shift for c, (shift, _, of) in zip(word, ALOUD))


def field_product(a, b):
    """Multiplication in GF(2)[x] modulo x^12 + x^6 + x^4 + x + 1."""
    found = 0
    while b:
        if b & 1:
            found ^= a
        a, b = a << 1, b >> 1
        if a >> 12:
            a ^= 0b1_0000_0101_0011
    return found


def field_power(exponent):
    """The polynomial x to a power, in that field."""
    found = 1
    for _ in range(exponent):
        found = field_product(found, 2)
    return found


def sums_aloud(numbers, size):
    """The two sums over words and size that are 0 when all of them fit."""
    parts = [*numbers, *(size >> 12 * part & 0xFFF for part in range(6))]
    plain = weighted = 0
    for place, part in enumerate(parts):
        plain, weighted = plain ^ part, weighted ^ field_product(part, field_power(place))
    return plain, weighted


def words_aloud(origin, size, root):
    """The ten words of a checkpoint."""
    body = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()
    made = hashlib.pbkdf2_hmac("sha256", body, b"folkmoot/minutes/v1", ALOUD_ROUNDS, 12)
    bits = int.from_bytes(made, "big")
    numbers = [bits >> 12 * (ALOUD_SPOKEN - 1 - at) & 0xFFF for at in range(ALOUD_SPOKEN)]
    plain, weighted = sums_aloud([*numbers, 0, 0], size)
    ninth, tenth = field_power(ALOUD_SPOKEN), field_power(ALOUD_SPOKEN + 1)
    inverse = ninth ^ tenth
    for _ in range(10):  # to the power 4094, which is 1 divided by it
        inverse = field_product(field_product(inverse, inverse), ninth ^ tenth)
    inverse = field_product(inverse, inverse)
    last = field_product(weighted ^ field_product(ninth, plain), inverse)
    return [aloud(number) for number in (*numbers, plain ^ last, last)]


def what_was_misheard(words, size):
    """Why ten words and a size do not fit each other, empty when they do."""
    numbers = [heard(word) for word in words]
    for at, number in enumerate(numbers):
        if number is None:
            return f"word {at + 1}, {words[at]}, is not one of the words that are used"
    plain, weighted = sums_aloud(numbers, size)
    if plain == weighted == 0:
        return ""
    for at in range(ALOUD_WORDS + 6):
        if plain and field_product(plain, field_power(at)) == weighted:
            is_word = at < ALOUD_WORDS
            return f"word {at + 1}, {words[at]}, does not fit" if is_word else SIZE_MISHEARD
    for one in range(ALOUD_WORDS):
        for other in range(one):
            moved = list(numbers)
            moved[one], moved[other] = numbers[other], numbers[one]
            if sums_aloud(moved, size) == (0, 0):
                return f"words {other + 1} and {one + 1} have changed places"
    return "more than one word, or the size, is not as it was read out"


class Minutes:
    """Lines from the minutes of a meeting: a size, with ten words, a root or both.

    Perhaps also the origin, and the digest of the program that checked then.
    """

    def __init__(self, text):
        program = re.search(r"(?i)(?:\S+\.py\s+)?sha256:\s*([0-9a-f]{64})", text)
        self.program = program[1].lower() if program else None
        text = text.replace(program[0], " ") if program else text
        origin = re.search(r"\S+/log(?!\S)", text)
        self.origin = re.sub(r"^https?://", "", origin[0]) if origin else None
        text = re.sub(r"\S+/log(?!\S)", " ", text)
        root = re.search(r"(?<![\w+/=])[A-Za-z0-9+/]{43}=", text)
        self.root = root[0] if root else None
        text = text.replace(self.root, " ") if root else text
        plain = "".join(
            c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)
        ).lower()
        if re.search(r"(?<!\S)[-\u2010-\u2015\u2212]\d", plain):
            raise OtherFile("the number of entries has a minus sign before it")
        sizes = {
            re.sub(r"[^0-9]", "", one) for one in re.findall(r"\d+(?:[ .,'\u2019]\d{3})*", plain)
        }
        if self.root and not sizes:
            raise OtherFile("a fingerprint alone does not say how long the log was: its size")
        if len(sizes) != 1:
            raise OtherFile("the number of entries must be there once, and no other number")
        self.size = decimal(sizes.pop().lstrip("0") or "0", "the number of entries")
        self.words = self._ten(re.findall(r"[a-z]+", plain))
        if not self.size:
            raise OtherFile("the number of entries must not be 0")

    def _ten(self, found):
        """The words; none where there is the root and no word at all."""
        if self.root and not found:
            return []
        usual = [word for word in found if len(word) == len(ALOUD)]
        joined = "".join(found)
        if len(usual) == ALOUD_WORDS:
            found = usual
        elif len(found) != ALOUD_WORDS and len(joined) == ALOUD_WORDS * len(ALOUD):
            found = [joined[at : at + len(ALOUD)] for at in range(0, len(joined), len(ALOUD))]
        if len(found) != ALOUD_WORDS:
            raise OtherFile(f"there must be ten words, and there are {len(found)}")
        return found


def run_minutes(args, trust, report):
    """Whether the log of today begins with the log that the minutes of a meeting name."""
    is_typed = args.lines == "-"
    text = sys.stdin.read(NOTE_MAX) if is_typed else _local(args.lines).decode(errors="replace")
    source = source_of(args.place)
    checkpoint = read_checkpoint(report, source.checkpoint(), of_log=True)
    if checkpoint is None:
        return
    follow_keys(args, trust, report, source)
    check_signature(report, trust, checkpoint)
    check_witnesses(report, trust, checkpoint, args.hours_max)
    report.extra["checkpoint"] = _head(checkpoint)
    lines = read_minutes(report, text, checkpoint)
    if lines is None:
        return
    step = report.step("minutes.contained", "The log of today begins with that of the minutes")
    if lines.size > checkpoint.size:
        step.set(
            SHORT,
            f"stale or rolled back: the minutes name {spaced(lines.size)} entries and the log "
            f"shows {spaced(checkpoint.size)}",
        )
        return
    try:
        tree = TileTree(source, checkpoint.size)
        then = Then(checkpoint.origin, lines.size, tree.span(0, lines.size))
        proof = tree.consistency(lines.size) if lines.size < checkpoint.size else []
        consistent(then, checkpoint, proof)
    except Wrong as error:
        step.wrong(f"the tiles do not lead to the signed checkpoint: {error}", size=lines.size)
        return
    except Absent as error:
        step.skip(str(error))
        return
    root = base64.b64encode(then.root).decode()
    words = words_aloud(then.origin, then.size, then.root)
    if (words if lines.words else root) != (lines.words or lines.root):
        step.wrong("its first entries are not those that the minutes name", size=lines.size)
    step.done(f"its first {spaced(lines.size)} of {spaced(checkpoint.size)} entries")


class Then(NamedTuple):
    """What a log was when it had a size."""

    origin: str
    size: int
    root: bytes


def read_minutes(report, text, checkpoint):
    """The lines, or None with the step saying what was misheard."""
    step = report.step("minutes.form", "The lines can be read, and their words fit each other")
    try:
        lines = Minutes(text)
        if lines.origin not in (None, checkpoint.origin):
            raise OtherFile(f"the lines are of the log {lines.origin}")
        misheard = what_was_misheard(lines.words, lines.size) if lines.words else ""
        if misheard:
            raise OtherFile(misheard)
        if lines.root is not None and lines.words:
            root = thirty_two(lines.root, "the line that ends in =")
            if words_aloud(checkpoint.origin, lines.size, root) != lines.words:
                raise OtherFile("the line that ends in = does not belong to these words")
    except Wrong as error:
        step.unusable(str(error))
        return None
    step.done(f"{spaced(lines.size)} entries")
    compare_programs(report, lines.program)
    return lines


def compare_programs(report, digest):
    """Say whether this is the program whose digest the minutes have; another proves nothing."""
    if digest is None or own_digest() is None:
        return
    step = report.step("program.minutes", "The minutes name the program that checks them now")
    if digest != own_digest():
        step.set(
            REMARK,
            f"they name another, sha256:{digest}: an earlier or a later release, or not ours; "
            f"the release notes have the digest of each",
        )
    step.done(f"sha256:{digest}")


def lines_for_minutes(checkpoint):
    """What of a checkpoint is printed in the minutes of a meeting."""
    head, words = (
        _head(checkpoint),
        words_aloud(checkpoint.origin, checkpoint.size, checkpoint.root),
    )
    rows = [" ".join(words[at : at + 5]) for at in range(0, len(words), 5)]
    program = [f"{PROGRAM} sha256:{own_digest()}"] if own_digest() else []
    return [head["origin"], str(head["size"]), head["root"], *rows, *program]


def run_evidence(args, trust, report):
    """Two checkpoints that cannot both be true: everything that a third party needs."""
    pair = [read_checkpoint(report, _local(path, NOTE_MAX)) for path in (args.a, args.b)]
    if None in pair:
        return
    follow_keys(args, trust, report, log_of(args.log) if args.log else None)
    for checkpoint in pair:
        check_signature(report, trust, checkpoint)
    old, new = sorted(pair, key=lambda one: one.size)
    step = report.step("consistency.proof", "Both checkpoints can be true at once")
    prove_growth(step, old, new, source_of(args.log) if args.log else None)
    signed = all(s.state == OK for s in report.steps if s.id == "checkpoint.signature")
    if step.state != BAD or not signed:
        return
    report.extra["evidence"] = {
        "statement": (
            f"The holder of the key below signed both of these checkpoints of {old.origin}. "
            + (
                "They have the same size and different roots."
                if old.size == new.size
                else "The newer log does not begin with the older one."
            )
            + " A log that is only added to cannot have both."
        ),
        "keys": [key.line for key in trust.logs],
        "checkpoints": [one.raw.decode() for one in pair],
        "proof": [],
        "how_to_check": (
            "SHA-256(name, newline, type, key) begins with the key id; verify each Ed25519 "
            "signature over the lines above its empty line (C2SP signed-note); compare."
        ),
    }


COMMANDS = {
    "receipt": run_receipt,
    "checkpoint": run_checkpoint,
    "consistency": run_consistency,
    "audit": run_audit,
    "recount": run_recount,
    "evidence": run_evidence,
    "minutes": run_minutes,
    "attest": run_attest,
    "promise": run_promise,
}


def hours(text):
    """A number of hours, such as 24 or 0.5."""
    found = float(text)
    if not 0 <= found < float("inf"):
        raise ValueError(text)
    return found


def moment(text):
    """A moment of the calendar, such as 2026-11-22T09:00:00Z."""
    if not _is_moment(text):
        raise ValueError(text)
    return text


def parser():
    top = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Checks a Folkmoot log, receipts and results without trusting the operator.",
        epilog="Exit: 0 holds, 1 proven wrong, 2 usage, 3 incomplete, 4 quorum unmet or stale.",
    )
    top.add_argument("--version", action="version", version=this_program())
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--key", metavar="FILE", help="the log's public key, from elsewhere")
    common.add_argument("--policy", metavar="FILE", help="keys, witnesses and quorum (tlog-policy)")
    common.add_argument("--keys", metavar="FILE", help="announcements of changed keys, /log/keys")
    common.add_argument("--json", action="store_true", help="one JSON document instead of words")
    common.add_argument(
        "--max-age",
        dest="hours_max",
        type=hours,
        metavar="HOURS",
        help="with --policy: how old the newest witness signature may be",
    )
    common.add_argument("--quiet", action="store_true", help="no progress bar")
    known = argparse.ArgumentParser(add_help=False)
    known.add_argument(
        "--known", action="append", metavar="FILE", help="a checkpoint that you kept"
    )
    commands = top.add_subparsers(dest="command", required=True)

    def command(name, words, *parents):
        return commands.add_parser(name, help=words, description=words, parents=[common, *parents])

    one = command(
        "receipt", "Check that a receipt's entry is in the log, and what its private half opens."
    )
    one.add_argument("file")
    one.add_argument("--private", metavar="FILE", help="the private half")
    one.add_argument("--log", metavar="URL|ZIP|DIR", help="check against the log of today too")
    one = command("promise", "Check that what a promise names is in the log by its deadline.")
    one.add_argument("file", metavar="FILE")
    one.add_argument("--log", metavar="URL|ZIP|DIR", required=True, help="the log of today")
    one = command("checkpoint", "Check the signatures of a checkpoint.", known)
    one.add_argument("place", metavar="FILE|URL")
    one = command("consistency", "Check that a log was only added to.")
    one.add_argument("old", metavar="OLD")
    one.add_argument("new", metavar="NEW")
    one.add_argument("--log", metavar="URL|ZIP|DIR", help="where the tiles are")
    for name, words in (
        ("audit", "Check a whole log and what is published beside it."),
        ("recount", "Audit, and count every result again."),
        ("attest", "Recount with the openings, and sign that each line of the list was sealed."),
    ):
        one = command(name, words, known)
        one.add_argument("--auditors", metavar="FILE", help="keys of auditors, one a line")
        one.add_argument("place", metavar="URL|ZIP|DIR")
        one.add_argument("--consultation", metavar="ID", help="only this one")
        one.add_argument(
            "--now", type=moment, metavar="MOMENT", help="judge as of then, for an older copy"
        )
        one.add_argument("--openings", metavar="FILE", help="the auditor's copy of openings.ndjson")
    one.add_argument("--signer", metavar="FILE", help="the auditor's private key")
    one.add_argument("--output", metavar="FILE", help="where the attestation is written")
    one = command("auditor-key", "Make a key to sign attestations with.")
    one.add_argument("name", metavar="NAME", help="whose it is, such as auditor.example")
    one.add_argument("file", metavar="FILE", help="where the private key is written")
    one = command("minutes", "Check that a log begins with the one that some minutes name.")
    one.add_argument("lines", metavar="FILE|-", help="the number of entries and the ten words")
    one.add_argument("place", metavar="URL|ZIP|DIR")
    one = command("evidence", "Show that two checkpoints cannot both be true.")
    one.add_argument("a", metavar="A")
    one.add_argument("b", metavar="B")
    one.add_argument("--log", metavar="URL|ZIP|DIR", help="where the tiles are")
    return top


def main(words=None):
    """Run a command; returns the exit code."""
    words = sys.argv[1:] if words is None else list(words)
    try:
        args = parser().parse_args(words)
    except SystemExit as end:
        return int(end.code or 0)
    args.progress = not args.quiet and not args.json and sys.stderr.isatty()
    report = Report(args.command, words)
    try:
        if args.command == "auditor-key":
            make_auditor_key(args)
            return HOLDS
        trust = Trust.read(args.key, args.policy)
        if args.hours_max is not None and (trust.quorum is None or args.command == "evidence"):
            raise Misused("--max-age is about witnesses: it needs --policy, and evidence has none.")
        COMMANDS[args.command](args, trust, report)
    except Misused as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return USAGE
    except Absent as error:
        report.step("source", "What is checked can be read").skip(str(error))
    except Wrong as error:
        report.step("source", "What is checked can be read").wrong(str(error))
    except (Exception, KeyboardInterrupt) as error:  # a fault of ours proves nothing about a log
        step = report.step("program", "This program ran to its end")
        step.skip(f"it was stopped by {type(error).__name__}: {str(error)[:200]}")
    if args.json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
        return report.exit_code
    report.show(sys.stdout)
    if "minutes" in report.extra:
        print("\nFOR THE MINUTES\n" + "\n".join(map(shown, report.extra["minutes"])))
    if "attestation" in report.extra:
        print("\nATTESTATION\n" + "\n".join(map(shown, report.extra["attestation"].split("\n"))))
    if "evidence" in report.extra:
        print("\nEVIDENCE\n" + json.dumps(report.extra["evidence"], ensure_ascii=False, indent=1))
    return report.exit_code


def started():
    """Run a command; whoever reads only the first lines of it gets no error for that."""
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nothing is left to be written at the end
        code = INCOMPLETE
    return code


if __name__ == "__main__":
    sys.exit(started())
