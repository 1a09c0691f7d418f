"""Who watches the log from outside, as pages show it."""

from dataclasses import dataclass
from datetime import datetime

from consult.log_store.store import Checkpoint, LogStore
from consult.sealing.witnesses import identity
from events.log.policy import Policy, parse_policy


@dataclass(frozen=True)
class Watcher:
    """A witness as shown. `size`, `at`: of its latest cosignature, None before the first."""

    name: str
    size: int | None
    at: datetime | None
    is_current: bool


def served_policy(store: LogStore) -> Policy:
    """Return the policy as it is served: keys, witnesses, and how many have to sign."""
    document = store.document("policy")
    return parse_policy(document) if document else Policy()


def watchers_of(store: LogStore, policy: Policy, latest: Checkpoint | None) -> list[Watcher]:
    """Return the witnesses of a policy, with what each has signed last."""
    found = []
    for witness in policy.witnesses:
        last = store.cosigned(identity(witness.key))
        is_current = bool(last and latest and last.size == latest.size)
        size, at = (last.size, last.at) if last else (None, None)
        found.append(Watcher(witness.name, size, at, is_current))
    return found
