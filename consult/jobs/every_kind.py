"""Every kind of job that needs no application of the web."""

from consult.jobs.answer_files import ANSWERS, OPENINGS
from consult.jobs.counting import COUNT, PUBLISH
from consult.jobs.kinds import Kind
from consult.jobs.letters import LETTERS
from consult.jobs.rebuilds import REBUILD
from consult.jobs.site_care import BACKUP, SCRUB

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (ANSWERS, OPENINGS, COUNT, PUBLISH, LETTERS, REBUILD, BACKUP, SCRUB)
}
