"""Authorities and their wards, from a file of open data that the operator brings.

No such file comes with the program. `FOLKMOOT_WARD_LOOKUP` names one: a CSV with a row for each
ward, such as the lookup “Ward to Local Authority District” of the Office for National Statistics.
"""

import re
from functools import lru_cache
from pathlib import Path

from consult.config import Config
from consult.web.partnership.area import ward_files
from consult.web.partnership.area.ward_files import Found, NoTable, Table
from consult.wording.language import current
from events.errors import Refused

FILE_BYTES_MAX = 20_000_000
CODE = re.compile(r"authority[ _]code|l(ad|tla)\d\dcd")
_NAMES = {
    "en": re.compile(r"authority|authority[ _]name|l(ad|tla)\d\dnm"),
    "cy": re.compile(r"authority_cy|l(ad|tla)\d\dnmw"),
}


class BadLookup(Refused):
    """The file of authorities and wards cannot be read."""

    says = (
        "The list of authorities that this site has cannot be read ({reason}). Write the wards "
        "yourself, or tell whoever runs the site to look at FOLKMOOT_WARD_LOOKUP."
    )


def offered(config: Config) -> list[tuple[str, str]]:
    """Return code and name of each authority, by name; none without a file. Raises BadLookup."""
    table = _table(config)
    if table is None:
        return []
    code, own = _column(table, CODE), table.column(_NAMES.get(current(), _NAMES["en"]))
    english = _column(table, _NAMES["en"])
    found = {
        row[code]: (row.get(own, "") if own else "") or row.get(english, "")
        for _line, row in table.rows
        if row.get(code)
    }
    return sorted(found.items(), key=lambda each: each[1].casefold())


def wards_of(config: Config, authority: str, codes: tuple[str, ...]) -> Found:
    """Return the wards of an authority; `codes`: the languages of names. Raises BadLookup."""
    table = _table(config)
    if table is None:
        return Found()
    column = _column(table, CODE)
    rows = [(line, row) for line, row in table.rows if row.get(column) == authority]
    try:
        return ward_files.wards_in(table, rows, codes)
    except NoTable as refused:
        raise BadLookup(reason=refused.values["reason"]) from refused


def _column(table: Table, like: re.Pattern[str]) -> str:
    found = table.column(like)
    if found is None:
        raise BadLookup(reason=f"no column like {like.pattern}")
    return found


def _table(config: Config) -> Table | None:
    if config.ward_lookup is None:
        return None
    try:
        changed = config.ward_lookup.stat()
        return _read(config.ward_lookup, changed.st_mtime_ns, changed.st_size)
    except OSError as error:
        raise BadLookup(reason=error.strerror) from error


@lru_cache(maxsize=1)
def _read(path: Path, _changed: int, size: int) -> Table:
    """Parse the file; what was read is kept until the file changes. Raises BadLookup."""
    if size > FILE_BYTES_MAX:
        raise BadLookup(reason=f"it is larger than {FILE_BYTES_MAX:,} bytes")
    try:
        return ward_files.read_table(path.read_bytes())
    except NoTable as refused:
        raise BadLookup(reason=refused.values["reason"]) from refused
