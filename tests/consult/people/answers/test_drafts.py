"""Answers that were typed and not sent yet."""

from datetime import timedelta
from uuid import uuid4

from consult.people import tables
from consult.people.answers import drafts
from tests.builders import BEGINNING

HERE = uuid4()


def test_a_draft_belongs_to_one_browser_and_one_consultation(services):
    vault = services.vault
    assert drafts.save(vault, "secret", HERE, {"typed": {"a": "ŵ\0"}}, now=BEGINNING)
    assert drafts.load(vault, "secret", HERE) == {"typed": {"a": "ŵ\0"}}
    assert drafts.load(vault, "another", HERE) == {}
    assert drafts.load(vault, "secret", uuid4()) == {}


def test_a_later_draft_takes_the_place_of_the_earlier(services):
    for typed in ("a", "b"):
        drafts.save(services.vault, "secret", HERE, {"typed": typed}, now=BEGINNING)
    assert drafts.load(services.vault, "secret", HERE) == {"typed": "b"}
    drafts.delete(services.vault, "secret", HERE)
    drafts.delete(services.vault, "secret", HERE)
    assert drafts.load(services.vault, "secret", HERE) == {}


def test_the_vault_does_not_hold_the_secret_itself(services):
    drafts.save(services.vault, "secret", HERE, {}, now=BEGINNING)
    with services.vault.transaction() as db:
        [row] = db.execute(tables.draft.select()).all()
    assert "secret" not in row.id


def test_a_draft_that_is_too_large_is_not_kept(services):
    huge = {"typed": "x" * drafts.CONTENT_BYTES_MAX}
    assert not drafts.save(services.vault, "secret", HERE, huge, now=BEGINNING)
    assert drafts.load(services.vault, "secret", HERE) == {}


def test_old_drafts_are_swept_and_young_ones_stay(services):
    drafts.save(services.vault, "old", HERE, {"typed": 1}, now=BEGINNING)
    drafts.save(services.vault, "young", HERE, {"typed": 2}, now=BEGINNING + timedelta(days=1))
    assert drafts.sweep(services.vault, older_than=BEGINNING + timedelta(hours=1)) == 1
    assert drafts.load(services.vault, "old", HERE) == {}
    assert drafts.load(services.vault, "young", HERE) == {"typed": 2}
