"""The job that builds read models anew."""

from datetime import timedelta

import msgspec

from consult import access
from consult.jobs.kinds.kind import Kind, Report
from consult.services import Services
from consult.wording.language import N_
from events.errors import Refused
from projections.engine.rebuilding import RebuildFailed, rebuild

KEEP_TIME = timedelta(hours=1)


class NotRebuilt(Refused):
    """Some read models cannot be rebuilt: another try would meet the same fact."""

    says = N_("Not everything was rebuilt. {reason}")


class RebuildWanted(msgspec.Struct, frozen=True):
    """Read models to be rebuilt, by name; all of them if none is named."""

    names: tuple[str, ...] = ()


def _rebuild(services: Services, wanted: RebuildWanted, report: Report) -> None:
    try:
        rebuild(services.runner, wanted.names or None, report)
    except RebuildFailed as failed:
        raise NotRebuilt(reason=str(failed)) from failed


REBUILD = Kind("rebuild", RebuildWanted, _rebuild, KEEP_TIME, needs=access.REBUILD)
