"""Whether an address is known cannot be told by how long an answer takes: the work is the same."""

import hashlib
import hmac
from collections import Counter
from dataclasses import replace

import pytest
from flask import template_rendered
from sqlalchemy import event

from consult.people import tables
from consult.people.mailboxes import outbox
from tests.builders import consultation, member
from tests.consult.people.erasable import rows
from tests.consult.web.guarding.test_limits import at
from tests.consult.web.residents import Resident


@pytest.fixture(autouse=True)
def mail(services):
    services.config = replace(services.config, outbox=True)


@pytest.fixture
def work(services, app, monkeypatch):
    """Count what takes time: statements of the vault, templates, and hashes of secrets."""
    done: Counter[str] = Counter()
    is_on = [False]

    def note(what: str) -> None:
        if is_on[0]:
            done[what] += 1

    def statement(_connection, _cursor, text, *_more):
        note(text)

    def template(_app, template, **_more):
        note(f"template {template.name}")

    for module, name in ((hmac, "digest"), (hashlib, "sha256"), (outbox, "uuid4")):
        real = getattr(module, name)
        monkeypatch.setattr(
            module, name, lambda *a, _real=real, _name=name: (note(_name), _real(*a))[1]
        )
    engine = services.vault.engine
    event.listen(engine, "before_cursor_execute", statement)
    template_rendered.connect(template, app)

    def measure(act) -> Counter[str]:
        done.clear()
        is_on[0] = True
        act()
        is_on[0] = False
        return Counter(done)

    yield measure
    event.remove(engine, "before_cursor_execute", statement)
    template_rendered.disconnect(template, app)


def asking(app, place: str, email: str):
    """Somebody fresh who asks with an address; returns what sends it."""
    person = at(app)
    page = person.open(place)
    return lambda: person.post(page, email=email)


def both(work, app, place: str, known: str, unknown: str) -> tuple[Counter[str], Counter[str]]:
    """The work for an address that is known and one that is not, once everything is warm."""
    asking(app, place, "warm@example.org")()
    return work(asking(app, place, known)), work(asking(app, place, unknown))


def test_signing_in_takes_the_same_work_for_somebody_and_for_nobody(services, app, work):
    opened = consultation(services)
    partnership_id = services.record.refresh(type(opened), opened.id).partnership_id
    member(
        services,
        email="ann@example.org",
        name="Ann",
        partnership_id=partnership_id,
        role="organiser",
    )
    known, unknown = both(work, app, "/sign-in", "ann@example.org", "bob@example.org")
    assert sum(known.values()) > 5
    assert known == unknown
    [sent] = outbox.waiting(services.vault)
    assert sent.to == "ann@example.org"
    assert "bob@" not in str(rows(services, tables.outbox)), "nothing of nobody is kept"
    ann = at(app)
    ann.post(ann.open("/sign-in"), email="ann@example.org")
    [newest] = [each for each in outbox.waiting(services.vault) if each.text != sent.text]
    link = newest.text.partition("/sign-in/")[2].split()[0]
    assert ann.send(ann.open(f"/sign-in/{link}")).heading == "Your consultations"


def test_the_link_made_for_nobody_signs_nobody_in(services, app, monkeypatch):
    consultation(services)
    monkeypatch.setattr(
        "consult.people.accounts.sign_in_links.secrets.token_urlsafe", lambda _bytes: "known"
    )
    asking(app, "/sign-in", "bob@example.org")()
    person = Resident(app.test_client())
    assert person.send(person.open("/sign-in/known")).status == 410


def test_a_code_takes_the_same_work_for_who_took_part_and_who_did_not(services, app, work):
    consultation(services, identity=("email",))
    person = at(app)
    sent = person.send(person.open("/c/riverside/identity/email"), email="ann@example.org")
    code = outbox.waiting(services.vault)[0].subject.split()[0]
    person.send(person.send(person.send(sent, code=code), q__order=["a"]))
    place = "/c/riverside/identity/email"
    known, unknown = both(work, app, place, "ann@example.org", "bob@example.org")
    assert known == unknown


def test_asking_to_be_told_takes_the_same_work_for_who_is_told_already(services, app, work):
    consultation(services)
    ask = asking(app, "/c/riverside/updates", "ann@example.org")
    ask()
    link = outbox.waiting(services.vault)[0].text.partition("/confirm/")[2].split()[0]
    person = Resident(app.test_client())
    assert person.send(person.open(f"/confirm/{link}")).status == 200
    place = "/c/riverside/updates"
    before = len(outbox.waiting(services.vault))
    known, unknown = both(work, app, place, "ann@example.org", "bob@example.org")
    assert known == unknown
    assert len(outbox.waiting(services.vault)) == before + 2, "warm and bob, and not ann again"


@pytest.mark.parametrize("code", ["0000-0000-0000-0000", "ZZZZ-ZZZZ-ZZZZ-ZZZZ"])
def test_a_code_that_leads_nowhere_takes_the_same_work_whatever_it_is(services, app, work, code):
    consultation(services)
    person = at(app)
    page = person.open("/c/riverside/return")
    person.post(page, code="1111-1111-1111-1111")
    done = work(lambda: person.post(page, code=code))
    assert done == work(lambda: person.post(page, code="2222-2222-2222-2222"))
