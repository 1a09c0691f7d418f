"""Parse, write and apply the C2SP tlog-policy file: which witnesses must have cosigned."""

from collections.abc import Collection
from dataclasses import dataclass

from events.log.errors import LogError, MalformedError, TooLargeError
from events.log.keys import VerifierKey, parse_vkey

POLICY_BYTES_MAX = 262_144
LINES_MAX = 1_024
NONE = "none"
_SPACES = " \t"


@dataclass(frozen=True, slots=True)
class KnownLog:
    """A log whose checkpoints are accepted; `url` is empty when none was given."""

    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class KnownWitness:
    """A witness under the name that groups use; `url` is its submission prefix."""

    name: str
    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses or earlier groups, of which `threshold` must agree."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Known logs and witnesses, and the quorum: a name, or "none" for no witness at all."""

    logs: tuple[KnownLog, ...] = ()
    witnesses: tuple[KnownWitness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = NONE

    def encode(self) -> bytes:
        """Return the policy as a file."""
        lines = [_line("log", log.key.vkey, log.url) for log in self.logs]
        lines += [_line("witness", w.name, w.key.vkey, w.url) for w in self.witnesses]
        lines += [_line("group", g.name, str(g.threshold), *g.members) for g in self.groups]
        lines.append(f"quorum {self.quorum}\n")
        return "".join(lines).encode("utf-8", "surrogateescape")

    def is_met(self, cosigned: Collection[VerifierKey]) -> bool:
        """Return whether cosignatures by these keys satisfy the quorum."""
        keys = {key.vkey for key in cosigned}
        agrees = {NONE: True}
        agrees |= {witness.name: witness.key.vkey in keys for witness in self.witnesses}
        for group in self.groups:
            agreeing = sum(agrees[member] for member in group.members)
            agrees[group.name] = agreeing >= group.threshold
        return agrees[self.quorum]


def parse_policy(data: bytes) -> Policy:
    """Parse a policy file. Raises MalformedError, which names the line, and TooLargeError."""
    if len(data) > POLICY_BYTES_MAX:
        raise TooLargeError(f"The policy is over {POLICY_BYTES_MAX} bytes.")
    text = data.decode("utf-8", "surrogateescape")  # names are opaque bytes
    if any((c < " " and c not in "\t\n") or c == "\x7f" for c in text):
        raise MalformedError("The policy has a control character.")
    lines = text.split("\n")
    if len(lines) > LINES_MAX:
        raise TooLargeError(f"The policy has over {LINES_MAX} lines.")
    reader = _Reader()
    for number, line in enumerate(lines, start=1):
        try:
            reader.read(line.strip(_SPACES).replace("\t", " ").split(" "))
        except LogError as error:
            raise MalformedError(f"Line {number} of the policy: {error}") from None
    return reader.policy()


class _Reader:
    """Parses a policy line by line; every name must be defined before it is used."""

    def __init__(self) -> None:
        self.logs: list[KnownLog] = []
        self.witnesses: list[KnownWitness] = []
        self.groups: list[Group] = []
        self.quorum: str | None = None
        self.names: set[str] = set()
        self.members: set[str] = set()
        self.publics: set[tuple[bool, bytes]] = set()

    def read(self, items: list[str]) -> None:
        """Parse one line, split at spaces. Raises MalformedError."""
        match [item for item in items if item]:
            case []:
                pass
            case [first, *_] if first.startswith("#"):
                pass
            case ["log", vkey, *url] if len(url) <= 1:
                self.logs.append(KnownLog(self._key(vkey, is_witness=False), "".join(url)))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                key = self._key(vkey, is_witness=True)
                self.witnesses.append(KnownWitness(self._new(name), key, "".join(url)))
            case ["group", name, threshold, *members] if members:
                self.groups.append(self._group(name, threshold, members))
            case ["quorum", name]:
                self._set_quorum(name)
            case _:
                raise MalformedError("It is no log, witness, group or quorum line.")

    def policy(self) -> Policy:
        """Return the policy. Raises MalformedError when there was no quorum line."""
        if self.quorum is None:
            raise MalformedError("The policy has no quorum line.")
        return Policy(tuple(self.logs), tuple(self.witnesses), tuple(self.groups), self.quorum)

    def _key(self, vkey: str, *, is_witness: bool) -> VerifierKey:
        key = parse_vkey(vkey)
        if key.algorithm.is_cosignature != is_witness:
            raise MalformedError("The key is of the wrong type for this line.")
        if (is_witness, key.public) in self.publics:
            raise MalformedError("The same key is there twice.")
        self.publics.add((is_witness, key.public))
        return key

    def _new(self, name: str) -> str:
        if name == NONE or name in self.names:
            raise MalformedError("The name is taken.")
        self.names.add(name)
        return name

    def _group(self, name: str, threshold: str, members: list[str]) -> Group:
        for member in members:
            if member not in self.names:
                raise MalformedError("A member is not defined before its group.")
            if member in self.members:
                raise MalformedError("A member is in two groups, or twice in one.")
            self.members.add(member)
        number = {"any": "1", "all": str(len(members))}.get(threshold, threshold)
        if not (number.isascii() and number.isdecimal() and 1 <= int(number) <= len(members)):
            raise MalformedError("The threshold is not from 1 to the number of members.")
        return Group(self._new(name), int(number), tuple(members))

    def _set_quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise MalformedError("There is a second quorum line.")
        if name != NONE and name not in self.names:
            raise MalformedError("The quorum is not defined before this line.")
        self.quorum = name


def _line(*items: str) -> str:
    return " ".join(item for item in items if item) + "\n"
