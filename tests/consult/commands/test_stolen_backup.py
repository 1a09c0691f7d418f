"""Whoever has every file of a backup, and the program, tries what docs/backup.md says they cannot.

The last tests give the thief the site's secret too: then it works, so the attempts are real ones.
"""

import base64
import hashlib
import hmac
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pytest
from flask.testing import FlaskClient

from consult.commands.answers.holding import Holder, Receipt
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers, withdraw_answers
from consult.commands.answers.submitting_refusals import UnknownReceipt
from consult.commands.backing_up import back_up, restore
from consult.config import Config
from consult.people import site_secret, tables
from consult.people.answers import returning
from consult.people.holders import changing_code, commitment
from consult.people.proving import letter_codes
from consult.people.vault import TO_CROCKFORD, url64
from consult.sealing.key import read_key
from consult.services import Services, set_up
from consult.web import create_app
from events.log.commitment import commit
from events.store.mapper import FactMapper
from events.submission import AnswersGiven
from tests.builders import RESIDENT, by_letter
from tests.consult.commands.answers.test_letter_codes import issue
from tests.consult.commands.elsewhere import elsewhere
from tests.consult.people.erasable import rows

__all__ = ["elsewhere"]

BROWSER = "what only a browser keeps"
PURPOSES = ("session", "receipts", "letter codes", "return", "attempts", "e-mail codes", "holders")
WORDS_OF_KEYS = ("", "voter", "receipt", "salt", "ballots", "holders", "desk", "site")


@dataclass
class Loot:
    """The live site with what its people know, and the thief's copy of the site."""

    live: Services
    folder: Path
    thief: Services
    given: list[Receipt]
    letters: list[str]
    saved: str

    @property
    def facts(self) -> list[AnswersGiven]:
        mapper = FactMapper()
        found = [mapper.decode(row.topic, row.state) for row in self.thief.record.read(0, 9_999)]
        return [fact for fact in found if isinstance(fact, AnswersGiven)]

    @property
    def keys(self) -> dict[str, bytes]:
        """Every key in the backup."""
        found = {row.name: bytes(row.secret) for row in rows(self.thief, tables.key)}
        log_key = read_key(self.folder / "log.key")
        assert log_key is not None
        return found | {"log": log_key.seed}


@pytest.fixture
def loot(services, log, seal, clock, elsewhere, tmp_path) -> Iterator[Loot]:
    about = by_letter(services)
    letters = list(issue(services, about).codes)
    given = [
        submit_answers(
            services,
            consultation_id=about.id,
            voter=letter_codes.find(services.vault, letter).voter,
            sheet=Sheet({"order": ["b", "a"]}, assurance="letter"),
            actor=RESIDENT,
            command_id=f"sent {number}",
            browser=BROWSER,
        )
        for number, letter in enumerate(letters[:2])
    ]
    saved = returning.make(services.vault, "a browser", about.id, now=clock())
    seal()
    back_up(services.config, tmp_path / "stolen", now=clock())
    elsewhere.secret_path.unlink()
    restore(elsewhere, tmp_path / "stolen")
    with pytest.raises(site_secret.SecretMissing):
        Services.open(elsewhere, clock)
    set_up(elsewhere, new_secret=True)
    thief = Services.open(elsewhere, clock)
    yield Loot(services, tmp_path / "stolen", thief, given, letters, saved)
    thief.close()


@pytest.fixture
def with_secret(loot) -> Loot:
    """The same, where the thief has the site's secret too."""
    loot.thief.close()
    config: Config = loot.thief.config
    shutil.copy(loot.live.config.secret_path, config.secret_path)
    with loot.thief.vault.transaction() as connection:
        key = tables.key
        mark = site_secret.derived(site_secret.read(config.secret_path), site_secret.FINGERPRINT)
        connection.execute(
            key.update().where(key.c.name == site_secret.FINGERPRINT).values(secret=mark)
        )
    return replace(loot, thief=Services.open(config, loot.live.clock))


def guesses(loot: Loot, whose: Receipt) -> Iterator[bytes]:
    """What somebody may take for a salt or a key: each key there is, and what comes of it."""
    about = f"{whose.subject_id}/{whose.version}"
    for key in loot.keys.values():
        yield key.ljust(32, b"\0")[:32]
        for word in WORDS_OF_KEYS:
            for value in (about, str(whose.consultation_id)):
                yield hmac.digest(key, f"{word}\0{value}".encode(), hashlib.sha256)
    yield loot.thief.vault.ballot_salt(whose.consultation_id, whose.subject_id, whose.version)


def test_the_secret_and_what_comes_of_it_is_in_no_file(loot):
    vault = loot.live.vault
    secret = site_secret.read(loot.live.config.secret_path)
    hidden = [secret, *(vault.site_key(purpose) for purpose in PURPOSES)]
    hidden += [
        vault.ballot_salt(one.consultation_id, one.subject_id, one.version) for one in loot.given
    ]
    codes = [*loot.letters, loot.saved, *(one.code for one in loot.given)]
    codes += [one.changing_code for one in loot.given]
    forms = [code.encode() for code in codes]
    forms += [code.replace("-", "").encode() for code in codes]
    for value in hidden:
        forms += [value, value.hex().encode(), url64(value).encode(), base64.b64encode(value)]
    files = [path for path in loot.folder.iterdir() if path.is_file()]
    assert len(files) > 4
    for path in files:
        content = path.read_bytes()
        assert not [form for form in forms if form in content], path.name


def test_no_receipt_code_is_found_or_can_be_checked(loot):
    stored = {fact.receipt for fact in loot.facts}
    assert len(stored) == len(loot.given)
    for one in loot.given:
        made = {loot.thief.vault.receipt_hash(one.code)}
        for key in loot.keys.values():
            made.add(url64(hmac.digest(key, one.code.encode(), "sha256")[:16]))
        made.add(url64(hashlib.sha256(f"folkmoot/receipt/v1\0{one.code}".encode()).digest()[:16]))
        assert not made & stored, "not even a code that the thief has seen"
        letters = {base64.b32encode(guess[:10]).decode() for guess in guesses(loot, one)}
        codes = {
            "-".join(some[at : at + 4] for at in range(0, 16, 4))
            for some in (each.translate(TO_CROCKFORD) for each in letters)
        }
        assert one.code not in codes


def test_the_record_says_what_was_chosen_under_a_pseudonym_and_no_commitment_can_be_opened(loot):
    facts = loot.facts
    assert [fact.answers for fact in facts] == [{"order": ["b", "a"]}] * 2, "that is in clear"
    for one, fact in zip(loot.given, facts, strict=True):
        value = msgspec.json.encode(fact.answers)
        real = loot.live.vault.ballot_salt(one.consultation_id, one.subject_id, one.version)
        assert commit(real, "B", value) == fact.commitment
        for guess in guesses(loot, one):
            assert commit(guess, "B", value) != fact.commitment


def test_no_changing_code_is_found_though_the_record_has_what_it_comes_to(loot):
    held = {fact.holder for fact in loot.facts}
    for one, fact in zip(loot.given, loot.facts, strict=True):
        assert commitment(loot.live.vault, one.changing_code) == fact.holder
        assert commitment(loot.thief.vault, one.changing_code) not in held
        for browser in ("", BROWSER, *(row.id for row in rows(loot.thief, tables.draft))):
            made = changing_code(loot.thief.vault, one.subject_id, browser, fact.by.command_id)
            assert made != one.changing_code


def test_with_the_secret_but_not_the_browser_no_changing_code_is_found_either(with_secret):
    loot = with_secret
    for one, fact in zip(loot.given, loot.facts, strict=True):
        known = (loot.thief.vault, one.subject_id)
        assert changing_code(*known, "another browser", fact.by.command_id) != one.changing_code
        assert changing_code(*known, BROWSER, fact.by.command_id) == one.changing_code
    loot.thief.close()


def test_no_letter_code_can_be_tried_and_no_saved_answers_fetched(loot):
    for letter in loot.letters:
        assert letter_codes.find(loot.live.vault, letter) is not None
        assert letter_codes.find(loot.thief.vault, letter) is None
    about = loot.given[0].consultation_id
    assert not returning.leads_to(loot.thief.vault, loot.saved, "a browser", about)


def cookie_of(services: Services, content: dict[str, object]) -> str:
    """A session cookie as the thief's own copy of the program signs it."""
    app = create_app(services)
    signer = app.session_interface.get_signing_serializer(app)
    return str(signer.dumps(content))


def as_a_voter(services: Services, loot: Loot) -> dict[str, object]:
    """A session of somebody who has proven to be the holder of a letter."""
    one = loot.given[0]
    [voter] = [
        f"letter/{row.code_hash}"
        for row in rows(services, tables.letter_code)
        if services.vault.pseudonym(one.consultation_id, f"letter/{row.code_hash}")
        == loot.facts[0].pseudonym
    ]
    proof = ["letter", voter, int(services.clock().timestamp())]
    return {"device": "0" * 32, "proven": {one.consultation_id.hex[:12]: proof}}


def shows_earlier_answers(client: FlaskClient, cookie: str) -> bool:
    client.set_cookie("folkmoot", cookie)
    return "takes their place" in client.get("/c/riverside/all").text


def test_nothing_is_changed_or_withdrawn_on_the_live_site(loot, client):
    forged = cookie_of(loot.thief, as_a_voter(loot.thief, loot))
    assert not shows_earlier_answers(client, forged)
    before = loot.live.record.head()
    for one in loot.given:
        whose = (one.consultation_id, one.subject_id, one.version)
        with pytest.raises(UnknownReceipt):
            withdraw_answers(
                loot.live,
                holder=Holder(loot.thief.vault.receipt_code(*whose)),
                actor=RESIDENT,
                command_id="",
            )
    assert loot.live.record.head() == before


def test_with_the_secret_all_of_it_works(with_secret, client):
    loot = with_secret
    for one, fact in zip(loot.given, loot.facts, strict=True):
        whose = (one.consultation_id, one.subject_id, one.version)
        assert loot.thief.vault.receipt_code(*whose) == one.code
        assert loot.thief.vault.receipt_hash(one.code) == fact.receipt
        salt = loot.thief.vault.ballot_salt(*whose)
        assert commit(salt, "B", msgspec.json.encode(fact.answers)) == fact.commitment
    assert letter_codes.find(loot.thief.vault, loot.letters[0]) is not None
    forged = cookie_of(loot.thief, as_a_voter(loot.thief, loot))
    assert shows_earlier_answers(client, forged)
    loot.thief.close()
