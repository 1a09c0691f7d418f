"""What kinds share whose answers are one value: their limits in words."""

from collections.abc import Callable
from typing import Any

from consult.wording.language import gettext as _
from events.errors import Refused
from events.question import Question


def between(question: Question, say: Callable[[str], str], or_more: str, or_less: str) -> str:
    """Return the limits of a value in words; "" without any. `or_more`, `or_less`: translated."""
    least, most = (say(each) if each else "" for each in (question.least, question.most))
    if least and most:
        return _("From %(least)s to %(most)s.", least=least, most=most)
    if least:
        return or_more % {"least": least}
    return or_less % {"most": most} if most else ""


def limits_of(refused: Refused, say: Callable[[Any], str]) -> dict[str, str]:
    """Return the limits that a refusal names, in words."""
    limits = {name: refused.values.get(name) for name in ("least", "most")}
    return {name: say(limit) for name, limit in limits.items() if limit}
