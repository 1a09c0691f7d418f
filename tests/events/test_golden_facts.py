"""Every version of every fact that was ever stored can be read, and is written the same.

The samples in tests/golden/events are never changed. A new fact, or a new field with its
default, gets a new sample beside the old ones.
"""

import json
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from events import FACTS, SUBJECTS

OURS = sorted(topic for topic in FACTS if topic.startswith("consult."))  # tests have their own
SAMPLES = Path(__file__).resolve().parents[1] / "golden" / "events"


@pytest.mark.parametrize("topic", OURS)
def test_every_fact_has_a_sample_that_is_read_and_written_as_it_was(topic: str):
    samples = sorted(SAMPLES.glob(f"{topic}*.json"))
    assert samples, f"add tests/golden/events/{topic}.json"
    for sample in samples:
        stored = sample.read_bytes().strip()
        fact = msgspec.json.decode(stored, type=FACTS[topic])
        assert msgspec.json.encode(fact) == stored, sample.name


def test_every_sample_belongs_to_a_fact_that_can_still_be_read():
    topics = {path.name.removesuffix(".json").split("~")[0] for path in SAMPLES.glob("*.json")}
    assert topics <= set(FACTS)


def defaults() -> dict[str, dict[str, Any]]:
    """Every default of every struct that is stored, by its name and field.

    A stored fact leaves out what is as by default: another default gives it another meaning.
    """
    found: dict[str, dict[str, Any]] = {}
    waiting: list[Any] = [FACTS[topic] for topic in OURS]
    while waiting:
        kind = waiting.pop()
        if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
            waiting += [each for each in get_args(kind) if each is not kind]
            continue
        name = getattr(kind, "TOPIC", kind.__qualname__)
        if name in found:
            continue
        fields = msgspec.structs.fields(kind)
        found[name] = {
            field.name: msgspec.json.decode(msgspec.json.encode(_default(field)))
            for field in fields
            if _has(field)
        }
        waiting += get_type_hints(kind).values()
    return {name: fields for name, fields in sorted(found.items()) if fields}


def _has(field: msgspec.structs.FieldInfo) -> bool:
    return not (field.default is msgspec.NODEFAULT and field.default_factory is msgspec.NODEFAULT)


def _default(field: msgspec.structs.FieldInfo) -> Any:
    factory = field.default_factory
    return field.default if factory is msgspec.NODEFAULT else factory()


def test_what_a_stored_fact_leaves_out_keeps_its_meaning():
    known = json.loads((SAMPLES / "topics" / "defaults.json").read_text())
    assert defaults() == known, "never change a default; add a new field to the file"


def test_topics_are_permanent_and_name_their_subject():
    known = json.loads((SAMPLES / "topics" / "list.json").read_text())
    missing = [topic for topic in known if topic not in FACTS]
    assert not missing, f"stored facts would become unreadable: {missing}"
    assert known == OURS, "add new topics to tests/golden/events/topics/list.json"
    assert all(topic.rsplit(".", 2)[0] in SUBJECTS for topic in OURS)
