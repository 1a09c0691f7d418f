"""One rule for e-mail addresses at every door, and one mailbox for all that lead to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.config import BadSetting, Config
from consult.people import tables
from consult.people.accounts.staff import find_by_email
from consult.people.mailboxes import addresses, contacts, outbox
from consult.people.mailboxes.addresses import BadEmail, UnusualLetters
from tests import builders
from tests.consult.people.erasable import rows


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (" Ann.O'Neill+x@EXAMPLE.org ", "Ann.O'Neill+x@example.org"),
        ("\u200bann@example.org\u00a0", "ann@example.org"),
        ("mailto:ann@example.org", "ann@example.org"),
        ("<ann@example.org>", "ann@example.org"),
        ("ann@exämple.org", "ann@xn--exmple-cua.org"),
        ("ann@ｅxample.org", "ann@example.org"),  # noqa: RUF001  pasted so
        ("ann@llanfair.cymru", "ann@llanfair.cymru"),
    ],
)
def test_an_address_is_written_as_mail_is_sent_to_it(typed, written):
    assert addresses.written(typed) == written
    assert addresses.written(written) == written


@pytest.mark.parametrize(
    "typed",
    [
        *("", "ann", "@example.org", "ann@example", "ann@localhost", "ann@[127.0.0.1]"),
        *("a..n@example.org", ".ann@example.org", '"a b"@example.org', "ann@exa_mple.org"),
        *("ann@example.org, ben@example.org", "ann@example.org\nBcc: x@example.org"),
        *(f"{'a' * 65}@example.org", f"a@{'b' * 250}.org", "ann@1.2.3.4", "ann@@example.org"),
    ],
)
def test_what_no_mail_could_reach_is_refused_at_every_door(services, typed):
    home = builders.partnership(services)
    who = {"name": "Ann", "partnership_id": home.id, "role": "organiser"}
    with pytest.raises(BadEmail):
        addresses.written(typed)
    with pytest.raises(BadEmail):
        builders.member(services, email=typed, **who)
    with pytest.raises(BadEmail):
        contacts.keep(services.vault, home.id, home.id, 1, typed, "en")
    with pytest.raises(BadEmail):
        outbox.put(services.vault, to=typed, subject="x", text="x", now=services.clock())
    settings = {"FOLKMOOT_SMTP_URL": "smtps://mail.example.org", "FOLKMOOT_MAIL_FROM": typed}
    if "," not in typed and "\n" not in typed:  # a sender may have a name, and more around it
        with pytest.raises(BadSetting):
            Config.from_environment(settings)
    assert not rows(services, tables.staff)


@pytest.mark.parametrize(
    "typed", ["ann@exämple.org", "ann@example.org", "ann@llanfair.cymru", "ann@中文.example"]
)
def test_an_address_is_shown_as_people_write_it(typed):
    assert addresses.shown(addresses.written(typed)) == typed


def test_letters_that_mail_servers_may_not_deliver_are_named():
    with pytest.raises(UnusualLetters, match=r"has letters before the @ .* such as “é”"):
        addresses.written("josé@example.org")
    with pytest.raises(UnusualLetters, match=r"such as “éüßøå”"):
        addresses.written("éaübßcødåeñf@example.org")


def test_a_member_with_a_domain_beyond_ascii_is_found_however_it_is_written(services):
    home = builders.partnership(services)
    who = {"name": "Ann", "partnership_id": home.id, "role": "organiser"}
    id = builders.member(services, email="Ann@exämple.org", **who)
    for typed in ("ann@exämple.org", "ann@xn--exmple-cua.org", " ANN@EXÄMPLE.ORG "):
        assert find_by_email(services.vault, addresses.written(typed)) == id
        assert builders.member(services, email=typed, **who) == id


def test_a_member_whom_an_earlier_version_stored_is_found_too(services):
    home = builders.partnership(services)
    who = {"name": "Ann", "partnership_id": home.id, "role": "organiser"}
    id = builders.member(services, email="ann@example.org", **who)
    with services.vault.transaction() as connection:
        connection.execute(tables.staff.update().values(email="ann@exämple.org"))
    assert find_by_email(services.vault, addresses.written("ann@exämple.org")) == id


@pytest.mark.parametrize(
    "address",
    [
        *("ann.larch@gmail.com", "annlarch@gmail.com", "A.n.n.Larch@gmail.com"),
        *("annlarch+fund@gmail.com", "ann.larch@googlemail.com"),
    ],
)
def test_dots_and_two_names_of_google_are_one_mailbox(address):
    assert addresses.mailbox(addresses.written(address)) == "annlarch@gmail.com"


def test_dots_at_others_are_different_mailboxes():
    assert addresses.mailbox("ann.larch@example.org") != addresses.mailbox("annlarch@example.org")


names = st.from_regex(r"[a-z]{1,5}(\.[a-z]{1,5}){0,2}(\+[a-z]{1,3})?", fullmatch=True)
domains = st.sampled_from(["gmail.com", "googlemail.com", "example.org", "straße.de"])


@given(names, domains)
def test_what_stands_for_a_mailbox_stands_for_itself(local, domain):
    address = addresses.written(f"{local}@{domain}")
    for rule in range(1, addresses.MAILBOX_RULE + 1):
        known = addresses.mailbox(address, rule)
        assert addresses.mailbox(known, rule) == known
    assert addresses.mailbox(address) == addresses.mailbox(address.upper().lower())


def test_the_first_rule_is_what_it_was():
    """Consultations that opened under it know their people by it."""
    assert addresses.mailbox("A.nn+x@gmail.com", 1) == "a.nn@gmail.com"
    assert addresses.mailbox("ann@googlemail.com", 1) == "ann@googlemail.com"
    assert addresses.mailbox(addresses.written("ann@straße.de"), 1) == "ann@strasse.de"
