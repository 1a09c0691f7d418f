"""The security log: a line of JSON for what operators should know, and nothing about anybody."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from consult.access import NotYours
from consult.commands.accounts.members import add_member
from consult.commands.accounts.recovering import reset_passkeys
from consult.commands.context import Actor
from consult.commands.files.exporting_answers import Wish, export_answers
from consult.people.accounts.staff import find_by_email
from consult.services import Services
from consult.web import create_app
from events import Partnership
from tests import builders
from tests.builders import OPERATOR
from tests.consult.web.authenticator import SERVED_AT, Authenticator
from tests.consult.web.organisers import EMAIL, Organiser, link_for, sign_in
from tests.consult.web.passkey_pages import confirm, make, use

HERE = Partnership.id_for("ashenmoor")


@pytest.fixture
def written(services: Services, tmp_path: Path) -> Path:
    path = tmp_path / "security.log"
    services.config = replace(services.config, public_url=SERVED_AT, outbox=True, security_log=path)
    return path


@pytest.fixture
def site(services: Services, written: Path) -> Flask:
    builders.partnership(services)
    services.catch_up()
    return create_app(services)


def lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def told(path: Path, *names: str) -> list[tuple[str, ...]]:
    return [tuple(line.get(name, "") for name in ("what", *names)) for line in lines(path)]


def test_signing_in_and_out_is_told_by_the_id_of_the_account(
    site: Flask, services: Services, written: Path
):
    ann = sign_in(site, services)
    device, _page = make(ann)
    phone = Organiser(site.test_client())
    use(phone, device)
    phone.press(phone.open("/account/"), "/account/sessions/end")
    page = phone.open("/account/")
    phone.press(page, "/sign-out")
    who = find_by_email(services.vault, EMAIL)
    assert who is not None
    assert told(written, "way", "where", "how") == [
        ("signed in", "link", "", ""),
        ("passkeys changed", "", "", "added"),
        ("signed in", "passkey", "", ""),
        ("session ended", "", "elsewhere", ""),
        ("session ended", "", "here", ""),
    ]
    assert {line["who"] for line in lines(written)} == {who.hex}


def test_refusals_to_sign_in_say_why_and_not_who(site: Flask, services: Services, written: Path):
    somebody = Organiser(site.test_client())
    somebody.send(somebody.open("/sign-in/made-up"))
    use(somebody, Authenticator())
    assert told(written, "way", "why", "who") == [
        ("sign-in refused", "link", "LinkUsedOrOld", ""),
        ("sign-in refused", "passkey", "PasskeyUnknown", ""),
    ]


def test_each_weighty_act_is_told_with_who_in_which_role_and_about_what(
    site: Flask, services: Services, written: Path
):
    it = builders.consultation(services)
    ann = sign_in(site, services)
    device, _page = make(ann)
    reason = {"reason__en": "Too early.", "reason__cy": "Rhy gynnar."}
    page = ann.send(ann.open("/organise/c/riverside/withdraw"), **reason)
    confirm(ann, page, Authenticator())
    confirm(ann, page, device)
    last = told(written, "act", "role", "about", "why")[-2:]
    assert last == [
        ("confirmation refused", "", "", "", "PasskeyUnknown"),
        ("acted", "withdraw a consultation", "organiser", str(it.id), ""),
    ]


def test_acts_that_a_role_does_not_allow_and_files_taken_out_are_told(
    services: Services, written: Path
):
    it = builders.consultation(services)
    builders.close_consultation(services, it.id, actor=builders.ORGANISER)
    somebody = Actor("scrutiny", "5" * 32)
    with pytest.raises(NotYours):
        add_member(services, HERE, email=EMAIL, name="Ann", roles=("desk",), actor=somebody)
    b"".join(export_answers(services, it.id, Wish("csv"), actor=Actor("auditor", "6" * 32)))
    assert told(written, "role", "about")[-2:] == [
        ("act refused", "scrutiny", str(HERE)),
        ("acted", "auditor", str(it.id)),
    ]


def test_nothing_in_it_says_who_somebody_is(site: Flask, services: Services, written: Path):
    ann = sign_in(site, services)
    make(ann)
    reset_passkeys(services, EMAIL, actor=OPERATOR)
    text = written.read_text()
    assert lines(written)[-1]["how"] == "removed by the operator"
    for private in (EMAIL, "Ann", "example.org", "127.0.0.1", "My telephone"):
        assert private not in text


def test_the_file_is_for_its_owner_alone_and_can_be_moved_away(
    site: Flask, services: Services, written: Path
):
    sign_in(site, services)
    assert written.stat().st_mode & 0o777 == 0o600
    written.rename(written.with_suffix(".old"))
    sign_in(site, services)
    assert told(written) == [("signed in",)]


def test_a_file_that_cannot_be_written_stops_nobody(
    site: Flask, services: Services, written: Path, tmp_path: Path, caplog
):
    services.config = replace(services.config, security_log=tmp_path)
    sign_in(site, services)
    assert "the security log cannot be written" in caplog.text


def test_without_a_file_the_lines_are_among_what_the_program_says(
    site: Flask, services: Services, caplog
):
    services.config = replace(services.config, security_log=None)
    caplog.set_level("INFO", "consult.security_log")
    link = link_for(services)
    somebody = Organiser(site.test_client())
    somebody.send(somebody.open(link))
    assert '"what": "signed in"' in caplog.text
