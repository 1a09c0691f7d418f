"""The vault's secrets: made once, each for one purpose, gone everywhere; and what comes of them."""

from uuid import UUID

import pytest
from sqlalchemy import delete, insert

from consult.people import tables
from consult.people import vault as vaults
from consult.people.proving import identities
from consult.people.proving.identities import Proven
from consult.people.site_secret import FINGERPRINT, LABEL
from consult.people.vault import KeyGone, Vault, read_receipt_code, url64
from tests.builders import ORGANISER
from tests.consult.people.erasable import rows

HERE, THERE = UUID(int=1), UUID(int=2)
ANN, BOB = UUID(int=3), UUID(int=4)
SECRET, ERASING, OF_SITE = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))


@pytest.fixture
def vault(services) -> Vault:
    """With the same keys in every run, so that what comes of them can be written down here."""
    path = services.config.secret_path
    path.write_text(f"{LABEL} {url64(OF_SITE)}\n")
    with services.vault.transaction() as connection:
        connection.execute(delete(tables.key).where(tables.key.c.name == FINGERPRINT))
    services.vault.make_secret()
    names = {f"consultation/{HERE}": SECRET, f"erasure/{HERE}": ERASING}
    with services.vault.transaction() as connection:
        kept = [{"name": name, "secret": secret} for name, secret in names.items()]
        connection.execute(insert(tables.key), kept)
    return services.vault


def test_what_comes_of_a_key_is_the_same_for_ever(vault):
    """Whoever changes one of these would lose people their receipts, or count them twice."""
    assert vault.pseudonym(HERE, "email/ann") == "vEUuI-GyTlwKkUA8xZX16Q"
    assert vault.receipt_code(HERE, ANN, 1) == "KBXR-ZJYB-DXYY-FHVN"
    assert vault.desk(HERE, "officer-1") == "Z6BF-X0ER"
    assert (
        vault.ballot_salt(HERE, ANN, 1).hex()
        == "4ae8680b9b277f242ae65a2792a3c3cf2a7fcad3b984a165fd0bc08429f191be"
    )
    assert vault.owner(HERE, ANN, 1, "contact") == "xq2A9FNwpFuEHYQ5zUqal-nyYEnWnq917y8N_SapAzA"
    assert vault.receipt_hash("0123-4567-89AB-CDEF") == "TjGpW5xgbNvW3e-oklwF6w"
    assert identities.prove(vault, HERE, "email", "ann@example.org") == Proven(
        "email", "email/rGk6k9lFwB6CehKRfXh-iQ"
    )


def test_each_purpose_person_version_and_consultation_has_its_own(vault):
    made = [
        vault.pseudonym(HERE, "ann"),
        vault.pseudonym(HERE, "bob"),
        vault.pseudonym(THERE, "ann"),
        *(vault.owner(about, who, n, "contact") for about, who, n in CASES),
        vault.owner(HERE, ANN, 1, "equality/age"),
        *(vault.receipt_code(*case) for case in CASES),
        *(url64(vault.ballot_salt(*case)) for case in CASES),
        vault.desk(HERE, "one"),
        vault.desk(HERE, "two"),
        vault.desk(THERE, "one"),
    ]
    assert len(set(made)) == len(made)


CASES = [(HERE, ANN, 1), (HERE, ANN, 2), (HERE, BOB, 1), (THERE, ANN, 1)]


def test_a_key_is_made_once_and_by_whoever_comes_first(services, vault):
    made = vault.consultation_key(THERE)
    assert len(made) == 32
    other = Vault(services.config.database_url, services.config.secret_path)
    assert other.consultation_key(THERE) == made
    assert other.consultation_key(HERE) == SECRET
    assert other.site_key("one") == vault.site_key("one") != vault.site_key("two")
    other.close()
    assert {row.name for row in rows(services, tables.key)} >= {
        f"consultation/{HERE}",
        f"consultation/{THERE}",
        f"erasure/{HERE}",
    }


def destroy(vault: Vault, name: str) -> None:
    with vault.transaction() as connection:
        connection.execute(tables.key.update().where(tables.key.c.name == name).values(secret=b""))


def test_a_key_that_is_destroyed_is_gone_when_the_time_of_keeping_it_at_hand_is_over(
    vault, monkeypatch
):
    now = 1_000.0
    monkeypatch.setattr(vaults.time, "monotonic", lambda: now)
    vault.forget_keys()
    vault.consultation_key(HERE)
    destroy(vault, f"consultation/{HERE}")
    now += vaults.KEYS_SECONDS
    assert vault.consultation_key(HERE) == SECRET
    now += 0.001
    with pytest.raises(KeyGone) as told:
        vault.consultation_key(HERE)
    assert str(told.value) == (
        "The key of this consultation was destroyed, so nothing links answers to people now."
    )
    assert vaults.KEYS_SECONDS == 600


def test_a_key_that_is_destroyed_is_gone_at_once_where_it_is_not_kept_at_hand(vault):
    vault.consultation_key(HERE)
    vault.owner(HERE, ANN, 1, "x")
    destroy(vault, f"consultation/{HERE}")
    vault.forget_keys()
    for ask in (vault.pseudonym, vault.desk):
        with pytest.raises(KeyGone):
            ask(HERE, "ann")
    with pytest.raises(KeyGone):
        vault.receipt_code(HERE, ANN, 1)
    assert vault.owner(HERE, ANN, 1, "x"), "that has a key of its own"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0123-4567-89ab-cdef", "0123-4567-89AB-CDEF"),
        (" oilu 4567\n89AB.CDEF ", "011V-4567-89AB-CDEF"),
        ("01234", "0123-4"),
        ("", ""),
    ],
)
def test_a_receipt_code_is_read_however_it_is_typed(typed, code):
    assert read_receipt_code(typed) == code


def test_nothing_is_proven_at_a_level_that_does_not_exist(vault):
    with pytest.raises(AssertionError, match="passport"):
        identities.prove(vault, HERE, "passport", "ann")
    found = {identities.prove(vault, HERE, level, "ann").voter for level in identities.LEVELS}
    assert len(found) == len(identities.LEVELS)


def test_only_an_account_of_a_desk_stands_beside_answers(vault):
    from dataclasses import replace

    by = ORGANISER.by("k")
    assert identities.desk_of(vault, HERE, by) == ""
    desk = replace(ORGANISER, role="desk").by("k")
    assert identities.desk_of(vault, HERE, desk) == vault.desk(HERE, desk.actor) != ""


@pytest.mark.parametrize(
    ("typed", "kept"), [("ab 12-3", "AB123"), ("", ""), ("ŵ1", "Ŵ1"), (" ./", "")]
)
def test_a_reference_is_read_however_it_is_typed(typed, kept):
    assert identities.written_reference(typed) == kept
