"""Mails go to a real mail server, and stay until it has taken them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from consult.config import BadSetting, Config
from consult.notifying.sending import send_due
from consult.people.mailboxes import outbox
from consult.supervising import Duty, Keeper, Waits
from tests.consult.notifying.mail_servers import Box, certificate, running

SENDER = "Have your say <say@ashenmoor.example>"


@pytest.fixture
def box() -> Box:
    return Box()


def point(services, url: str) -> None:
    services.config = replace(services.config, smtp_url=url, mail_from=SENDER)


def put(services, to: str = "ann@example.org", **more) -> None:
    what = {"subject": "Eich cod: ŵ", "text": "Line one\n\nŵyth 123456\n"} | more
    outbox.put(services.vault, to=to, now=services.clock(), **what)


def test_a_mail_arrives_as_it_was_written_and_leaves_the_outbox(services, box):
    put(services, headers={"List-Unsubscribe": "<https://example.org/stop>"})
    with running(box) as port:
        point(services, f"smtp://127.0.0.1:{port}")
        assert send_due(services) == 1
        assert send_due(services) == 0
    [mail] = box.mails
    assert mail["To"] == "ann@example.org"
    assert mail["From"] == SENDER
    assert mail["Subject"] == "Eich cod: ŵ"
    assert mail["List-Unsubscribe"] == "<https://example.org/stop>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@ashenmoor.example>")
    assert mail.get_content().replace("\r\n", "\n") == "Line one\n\nŵyth 123456\n"
    assert outbox.waiting(services.vault) == []


def test_many_mails_go_over_one_connection_to_one_person_each(services, box):
    people = [f"person{number}@example.org" for number in range(20)]
    for person in people:
        put(services, person)
    with running(box) as port:
        point(services, f"smtp://127.0.0.1:{port}")
        assert send_due(services) == 20
    assert sorted(box.recipients) == sorted(people)
    assert all([mail["To"]] == [to] for mail, to in zip(box.mails, box.recipients, strict=True))


def test_without_a_server_mails_stay_until_they_are_of_no_use(services, clock):
    put(services)
    assert send_due(services) == 0
    assert len(outbox.waiting(services.vault)) == 1
    clock.move(days=3)
    assert send_due(services) == 0
    assert outbox.waiting(services.vault) == []


def test_a_server_that_is_away_loses_nothing(services, box, clock):
    put(services)
    with running(box) as port:
        pass  # and it is gone
    point(services, f"smtp://127.0.0.1:{port}")
    with pytest.raises(Waits):
        send_due(services)
    assert send_due(services) == 0, "it is left alone for a while"
    clock.move(minutes=1)
    with running(box) as port:
        point(services, f"smtp://127.0.0.1:{port}")
        assert send_due(services) == 1
    assert len(box.mails) == 1


def test_a_mail_that_is_refused_for_now_is_tried_again(services, box, clock):
    put(services)
    put(services, "bob@example.org")
    box.answers = ["451 Try again later"]
    with running(box) as port:
        point(services, f"smtp://127.0.0.1:{port}")
        assert send_due(services) == 1
        [waiting] = outbox.waiting(services.vault)
        assert waiting.tries == 1
        clock.move(minutes=1)
        assert send_due(services) == 1
    assert sorted(box.recipients) == ["ann@example.org", "bob@example.org"]


def test_a_mailbox_that_does_not_exist_is_not_tried_again_and_delays_nobody(services, box):
    put(services, "nobody@example.org")
    put(services)
    box.refused = {"nobody@example.org"}
    with running(box) as port:
        point(services, f"smtp://127.0.0.1:{port}")
        assert send_due(services) == 1
    assert box.recipients == ["ann@example.org"]
    assert outbox.waiting(services.vault) == []


def test_a_crash_after_the_server_took_a_mail_sends_it_again_under_the_same_id(
    services, box, clock, monkeypatch
):
    put(services)

    def crash(*_):
        raise KeyboardInterrupt

    with running(box) as port:
        point(services, f"smtp://127.0.0.1:{port}")
        with monkeypatch.context() as broken:
            broken.setattr(outbox, "sent", crash)
            with pytest.raises(KeyboardInterrupt):
                send_due(services)
        assert send_due(services) == 0, "who takes it over waits for the lease to end"
        clock.now += outbox.LEASE_TIME
        assert send_due(services) == 1
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_two_processes_send_each_mail_once(services, box):
    for number in range(5):
        put(services, f"person{number}@example.org")
    taken = []
    with running(box) as port:
        point(services, f"smtp://127.0.0.1:{port}")
        box.before = lambda: taken.append(outbox.take(services.vault, services.clock()))
        send_due(services)
        box.before = lambda: None
        services.clock.now += outbox.LEASE_TIME + timedelta(seconds=1)
        send_due(services)
    assert any(taken)
    assert sorted(box.recipients) == [f"person{number}@example.org" for number in range(5)]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_password_travels_encrypted_only(services, box, tmp_path, monkeypatch, scheme):
    context = certificate(tmp_path, "127.0.0.2")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    how = {"starttls": context} if scheme == "smtp" else {"tls": context}
    put(services)
    with running(box, host="127.0.0.2", signs_in=True, **how) as port:
        point(services, f"{scheme}://folk%40moot:pa%3Ass%40word@127.0.0.2:{port}")
        assert send_due(services) == 1
    assert box.users == ["folk@moot"]
    assert box.encrypted == [scheme == "smtp"], "with smtps it is so from before the session"


def test_a_server_elsewhere_that_does_not_encrypt_gets_nothing(services, box):
    put(services)
    with running(box, host="127.0.0.2") as port:  # not an address that is known to be nearby
        point(services, f"smtp://127.0.0.2:{port}")
        with pytest.raises(Waits):
            send_due(services)
    assert box.mails == []


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(services, box, tmp_path):
    context = certificate(tmp_path, "127.0.0.2")
    put(services)
    with running(box, host="127.0.0.2", tls=context) as port:
        point(services, f"smtps://127.0.0.2:{port}")
        with pytest.raises(Waits):
            send_due(services)
    assert box.mails == []


def test_the_background_goes_on_after_trouble_and_says_which_meanwhile(services, box, clock):
    def work() -> None:
        send_due(services)

    keeper = Keeper(Duty("mails", 1.0, work))
    with running(box) as port:
        pass
    point(services, f"smtp://127.0.0.1:{port}")
    put(services)
    assert keeper.round() == 0.5
    assert outbox.waiting(services.vault)[0].tries == 1
    clock.move(minutes=1)
    with running(box) as port:
        point(services, f"smtp://127.0.0.1:{port}")
        assert keeper.round() == 1
    assert len(box.mails) == 1
    assert outbox.waiting(services.vault) == []


def test_the_log_names_nobody(services, box, caplog):
    put(services, "nobody@example.org")
    box.refused = {"nobody@example.org"}
    with running(box) as port, caplog.at_level("DEBUG", logger="consult"):
        point(services, f"smtp://127.0.0.1:{port}")
        send_due(services)
    said = [each.getMessage() for each in caplog.records if each.name.startswith("consult")]
    assert any("550" in words for words in said)
    assert not any("nobody" in words for words in said)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FOLKMOOT_SMTP_URL", "http://mail.example.org"),
        ("FOLKMOOT_SMTP_URL", "smtp://"),
        ("FOLKMOOT_SMTP_URL", "smtp://user:geheim@mail.example.org:many"),
        ("FOLKMOOT_SMTP_URL", "smtp://mail.example.org/path"),
        ("FOLKMOOT_MAIL_FROM", ""),
        ("FOLKMOOT_MAIL_FROM", "Have your say"),
        ("FOLKMOOT_MAIL_FROM", "a@example.org\r\nBcc: b@example.org"),
    ],
)
def test_settings_that_cannot_work_are_refused_without_showing_the_password(name, value):
    good = {"FOLKMOOT_SMTP_URL": "smtp://mail.example.org", "FOLKMOOT_MAIL_FROM": "a@example.org"}
    assert Config.from_environment(good).smtp_url
    with pytest.raises(BadSetting) as refused:
        Config.from_environment(good | {name: value})
    assert name in str(refused.value)
    assert "geheim" not in str(refused.value)
