"""Every version of every fact that was ever stored can be read, and is written the same.

The samples in tests/golden/events are never changed. A new fact, or a new field with its
default, gets a new sample beside the old ones.
"""

import json
from pathlib import Path

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


def test_topics_are_permanent_and_name_their_subject():
    known = json.loads((SAMPLES / "topics" / "list.json").read_text())
    missing = [topic for topic in known if topic not in FACTS]
    assert not missing, f"stored facts would become unreadable: {missing}"
    assert known == OURS, "add new topics to tests/golden/events/topics/list.json"
    assert all(topic.rsplit(".", 2)[0] in SUBJECTS for topic in OURS)
