"""Every kind of job that needs no application of the web."""

from consult.jobs.kinds.answer_files import ANSWERS, OPENINGS
from consult.jobs.kinds.counting import COUNT, PUBLISH
from consult.jobs.kinds.imports import IMPORT
from consult.jobs.kinds.kind import Kind
from consult.jobs.kinds.letters import LETTERS
from consult.jobs.kinds.rebuilds import REBUILD
from consult.jobs.kinds.site_care import BACKUP, SCRUB

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (ANSWERS, OPENINGS, COUNT, PUBLISH, LETTERS, IMPORT, REBUILD, BACKUP, SCRUB)
}
