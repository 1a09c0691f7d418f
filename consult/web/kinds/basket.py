"""A budget to spend: cards of projects, and what they cost together."""

from typing import Any

from msgspec.structs import replace

from consult.web.forms.reader import Reader, typed_pounds
from consult.web.kinds.choosing import Picking, draft_picks, known, picks, typed_picks
from consult.web.kinds.form import Row, form
from consult.wording import figures
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.shown_consultation import ShownConsultation
from events.errors import Refused
from events.kinds.answer_refusals import OverBudget
from events.question import Option, Question


@form("basket")
class Basket(Picking):
    """A vote for projects within the pot."""

    is_wide = True
    is_kept = True
    has_buttons = True
    option_prefix = "P"

    def shown(self, asked: ShownConsultation, question: Question, typed: Any) -> dict[str, Any]:
        chosen = known(question, typed)
        return {
            "values": chosen,
            "spent": _spent(question, chosen),
            "pot": question.pot,
            "unit": asked.unit,
            "decimals": asked.decimals,
        }

    def option(self, asked: ShownConsultation, question: Question, option: Option) -> Any:
        ward = asked.partnership.ward(option.ward) if option.ward else None
        return {
            "id": option.id,
            "name": said(option.title),
            "cost": option.cost or 0,
            "about": said(option.summary) if option.summary else "",
            "place": said(ward.name) if ward else None,
            "details": None,
            "picture": None,
        }

    def limits(self, asked: ShownConsultation, question: Question) -> str:
        return picks(question)

    def lines(self, asked: ShownConsultation, question: Question, typed: Any) -> Row:
        chosen = typed if isinstance(typed, list) else []
        picked = [option for option in question.options if option.id in chosen]

        def money(amount: int) -> str:
            return figures.money(amount, asked.unit, asked.decimals)

        return {
            "value": [f"{said(option.title)}, {money(option.cost or 0)}" for option in picked],
            "total": _(
                "Total %(spent)s of %(pot)s",
                spent=money(_spent(question, chosen)),
                pot=money(question.pot or 0),
            )
            if picked
            else None,
        }

    def said_values(
        self, asked: ShownConsultation, question: Question, refused: Refused
    ) -> dict[str, Any]:
        if not isinstance(refused, OverBudget):
            return {}
        return {"over": figures.money(refused.values["over"], asked.unit, asked.decimals)}

    def draft(self, form: Reader, question: Question, languages: tuple[str, ...]) -> Question:
        question = draft_picks(form, question)
        pot = form.pounds("pot", needed=_("Say how much money there is to spend."))
        if pot == 0:
            form.wrong("pot", _("Say how much money there is to spend."))
        return replace(question, pot=pot)

    def typed(self, question: Question) -> dict[str, str]:
        return {"pot": typed_pounds(question.pot)} | typed_picks(question)


def _spent(question: Question, chosen: list[Any]) -> int:
    """Return the total cost of the ticked projects, in minor units."""
    return sum(option.cost or 0 for option in question.options if option.id in chosen)
