"""The trail hides nothing: every kind of fact and every role shows, in both languages."""

from pathlib import Path
from uuid import UUID

import msgspec

from consult.access import CUSTODIAN, ROLES
from consult.commands.consultations.opening import (
    pause_consultation,
    resume_consultation,
    withdraw_consultation,
)
from consult.commands.context import Actor
from consult.commands.data_protection.erasure import erase_by_case
from consult.wording.registries.role_words import ROLES as ROLE_WORDS
from consult.wording.registries.trail_words import WORDS
from events import FACTS
from projections.audit_trail import AuditTrail, Filter
from projections.engine.batch import Batch
from projections.engine.projection import Seen
from tests.builders import ORGANISER, consultation, words
from tests.consult.sealing.audits import answer
from tests.consult.web.residents import Page

ROOT = Path(__file__).resolve().parents[4]
SAMPLES = ROOT / "tests" / "golden" / "events"
OF_NO_CONSULTATION = ("consult.staff.", "consult.seat.")
"""What staff may do, and who is on a board: the trail of a consultation does not show it."""
OURS = sorted(
    topic
    for topic in FACTS
    if topic.startswith("consult.") and not topic.startswith(OF_NO_CONSULTATION)
)


def note(services, about, topic, role):
    """Let the read model see a fact like the sample of this topic, about this consultation."""
    sample = min(SAMPLES.glob(f"{topic}*.json")).read_bytes()
    fact = msgspec.json.decode(sample, type=FACTS[topic])
    if hasattr(fact, "consultation_id"):
        fact = msgspec.structs.replace(fact, consultation_id=about.id)
    fact = msgspec.structs.replace(fact, by=msgspec.structs.replace(fact.by, role=role))
    subject = {"consultation": about.id, "partnership": about.partnership_id}
    id = subject.get(topic.split(".")[1], UUID(int=7))
    trail = services.views.reader(AuditTrail)
    with services.views.write() as db:
        [newest] = trail.rows(db, Filter(), limit=1)
        batch = Batch(db)
        trail.note(batch, Seen(newest.position + 1, id, 1, fact))
        batch.flush()


def shown(client, prefix="", who="all"):
    page = Page(client.get(f"{prefix}/c/riverside/count?who={who}"))
    assert page.status == 200
    return page.words.replace("\u2019", "'")


def test_every_kind_of_fact_shows_in_the_trail_in_both_languages(services, client):
    about = consultation(services)
    for topic in OURS:
        note(services, about, topic, role="auditor")
    english, welsh = (
        shown(client).replace("\u2019", "'"),
        shown(client, "/cy").replace("\u2019", "'"),
    )
    for topic in OURS:
        title = WORDS[FACTS[topic]].title
        assert f"{title} Auditor" in english or f"{title} (2 entries) Auditor" in english, topic
        assert topic not in welsh
        assert f"{title} " not in welsh, "it is in Welsh"
    assert "Archwilydd" in welsh


def test_every_role_shows_in_the_trail_in_both_languages(services, client):
    about = consultation(services)
    roles = ROLES
    assert set(ROLE_WORDS) == set(ROLES)
    assert {"administrator", "operator", "resident"} <= {*roles}
    for role in roles:
        note(services, about, "consult.disclosure.legal_hold_set.v1", role)
    english, welsh = shown(client), shown(client, "/cy")
    for role in roles:
        assert f"A legal hold keeps the data for now {ROLE_WORDS[role]}" in english
        assert f"{ROLE_WORDS[role]} " not in welsh, "it is in Welsh"


def test_a_role_that_nobody_has_heard_of_shows_too(services, client):
    about = consultation(services)
    note(services, about, "consult.disclosure.legal_hold_set.v1", "harbour master")
    assert "harbour master" in shown(client)
    assert "harbour master" in shown(client, who="officers")
    assert "harbour master" not in shown(client, who="residents")


def test_an_erasure_by_an_officer_shows_with_its_day_only(services, client, clock):
    about = consultation(services)
    receipt = answer(services, about, "Ada")
    clock.move(hours=3, minutes=17)
    officer = Actor(CUSTODIAN, "7a7a7a7a")
    erase_by_case(services, reference="DP/2026-014", actor=officer, code=receipt.code)
    services.catch_up()
    text = shown(client)
    line = "Somebody's personal data was erased Data protection officer 2 November 2026"
    assert f"{line} " in text
    assert f"{line}," not in text
    everything = (
        client.get("/c/riverside/count").text + client.get("/c/riverside/count.ndjson").text
    )
    for secret in ("7a7a7a7a", "DP/2026-014", receipt.code):
        assert secret not in everything


def test_what_was_prepared_before_opening_shows_without_its_content(services, client):
    consultation(services)
    text = shown(client)
    assert "A question was added Organiser" in text
    assert "The wards and their populations" not in text, "nobody has set them"
    assert "The partnership was formed Whoever runs this site" in text


def test_a_trail_that_was_shown_once_shows_what_happens_afterwards(services, client):
    about = consultation(services)
    assert "Consultation paused" not in shown(client)
    pause_consultation(services, about.id, reason=words("A flood"), actor=ORGANISER)
    services.catch_up()
    assert shown(client).count("Consultation paused") == 2, "in the timeline and in the table"
    resume_consultation(services, about.id, actor=ORGANISER)
    services.catch_up()
    assert shown(client).count("Consultation went on") == 2
    lines = client.get("/c/riverside/count.ndjson").text.splitlines()
    topics = [msgspec.json.decode(line)["topic"].split(".")[2] for line in lines]
    assert topics == ["opened", "paused", "resumed"], "the oldest first"


def test_a_reason_of_any_length_leaves_the_page_standing(services, client):
    about = consultation(services)
    long = words("No money. " * 1_500)
    withdraw_consultation(services, about.id, reason=long, actor=ORGANISER)
    services.catch_up()
    assert "Consultation stopped" in shown(client)
