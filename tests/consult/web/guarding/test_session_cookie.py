"""The cookie that makes one browser one person: signed, and of no use anywhere else."""

import hashlib
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from flask import session
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer

from consult.commands.answers.holding import Receipt
from consult.people.proving.identities import Proven
from consult.web import resident_session
from consult.web.guarding.session_cookie import SessionCookie
from tests.builders import EVERY_KIND, consultation
from tests.consult.web.residents import Resident


def device_of(client):
    with client.session_transaction() as session:
        return session.get("device")


@pytest.fixture
def person(app, services):
    consultation(services, *EVERY_KIND)
    someone = Resident(app.test_client())
    someone.open("/c/riverside/all")
    assert device_of(someone.client)
    return someone


def test_a_cookie_changed_by_hand_is_another_browser(app, person):
    before = device_of(person.client)
    value = person.client.get_cookie(app.config["SESSION_COOKIE_NAME"]).value
    at = value.index(".") - 3
    changed = value[:at] + ("A" if value[at] != "A" else "B") + value[at + 1 :]
    person.client.set_cookie(app.config["SESSION_COOKIE_NAME"], changed)
    person.open("/c/riverside/all")
    assert device_of(person.client) not in {None, before}


def test_a_cookie_lasts_while_the_same_browser_comes_back(person):
    before = device_of(person.client)
    person.open("/c/riverside/all")
    person.open("/c/riverside")
    assert device_of(person.client) == before


def test_a_cookie_of_one_site_is_not_taken_by_another(app):
    cookies = SessionCookie()
    ours = cookies.get_signing_serializer(app)
    secret, app.secret_key = app.secret_key, b"another site"
    try:
        theirs = SessionCookie().get_signing_serializer(app)
    finally:
        app.secret_key = secret
    signed = ours.dumps({"device": "x", "sent": {"a": ["code", None, 1, 0]}})
    assert ours.loads(signed) == {"device": "x", "sent": {"a": ["code", None, 1, 0]}}
    with pytest.raises(BadSignature):
        theirs.loads(signed)


def test_a_cookie_that_was_written_compressed_is_read(app):
    settings = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    before = URLSafeTimedSerializer(app.secret_key, salt="cookie-session", signer_kwargs=settings)
    signed = before.dumps({"drafts": ["0123456789ab"] * 20})
    assert signed.startswith(".")
    ours = SessionCookie().get_signing_serializer(app)
    assert ours.loads(signed) == {"drafts": ["0123456789ab"] * 20}


def test_a_cookie_that_remembers_all_it_may_is_short_enough_for_every_browser(app):
    now, code = datetime.now(UTC), "ABCD-EFGH-JKMN-PQRS"
    with app.test_request_context():
        generate_csrf()
        for _ in range(50):
            consultation_id = uuid4()
            resident_session.note_sent(Receipt(code, consultation_id, uuid4(), 2, 10**7), now)
            resident_session.note_proven(
                consultation_id, Proven("letter", "letter/" + "x" * 43), now
            )
            resident_session.note_draft(consultation_id)
            resident_session.begin_change(consultation_id, code)
            resident_session.note_return_code(consultation_id, code)
        written = SessionCookie().get_signing_serializer(app).dumps(dict(session))
    assert len(f"__Host-folkmoot={written}") < 4_000
