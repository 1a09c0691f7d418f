"""The tables of the vault stay as they are: installations have them, and keep them."""

import json
from pathlib import Path

from consult.people import tables
from tests.tables_told import told

KEPT = Path(__file__).parents[2] / "golden" / "vault_tables.json"


def test_the_tables_of_a_vault_stay_as_they_are_in_every_installation():
    """Whoever changes one writes a migration (docs/extending.md), and what is new into
    the file."""
    assert told(tables.metadata) == json.loads(KEPT.read_text())


def test_each_table_says_what_it_is_for():
    assert all(table.comment for table in tables.metadata.sorted_tables)
