"""Where the tables of the vault are declared, and the mark of columns that are erased."""

from typing import Any

from sqlalchemy import MetaData

metadata = MetaData()

PERSONAL: dict[Any, Any] = {"personal": True}
