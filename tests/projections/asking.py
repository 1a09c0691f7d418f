"""Sends answers to a consultation, and asks a read model what it says of them."""

from typing import Any

from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.context import Actor
from consult.services import Services
from tests.builders import question

MORE = question("more", "text", "Anything else?", required=False)
WHY = question("why", "text", "Why?", required=False)


def send(services: Services, asked: Any, voter: str, texts: Any = None, **how: Any) -> Any:
    channel, order = how.pop("channel", "online"), how.pop("order", ["a"])
    return submit_answers(
        services,
        consultation_id=asked.id,
        voter=voter,
        sheet=Sheet({"order": order}, texts or {}, **how),
        actor=Actor("resident", channel=channel),
        command_id="",
    )


def ask(services: Services, projection: Any, question_: str, *given: Any, **how: Any) -> Any:
    """What one question of a read model is answered once it has all that is recorded."""
    services.catch_up()
    with services.views.connect() as db:
        return getattr(services.views.reader(projection), question_)(db, *given, **how)
