"""What somebody is promised who asks to be told is so at that moment."""

import pytest

from consult.commands.results.counting import publish_results
from consult.people.mailboxes import outbox
from tests.builders import ORGANISER, close_consultation, consultation
from tests.conftest import only
from tests.consult.web.updates.test_updates import ask, link, take

pytestmark = only("sqlite")
TO_COME = "We write to you when the result is published or the consultation is stopped"
THERE = "The result is published. When you have confirmed your address we send it to you"


@pytest.mark.parametrize(
    ("state", "promised", "other"),
    [("open", TO_COME, THERE), ("closed", TO_COME, THERE), ("published", THERE, TO_COME)],
)
def test_the_form_the_mail_and_the_button_promise_the_same(
    services, resident, state, promised, other
):
    about = consultation(services)
    if state != "open":
        close_consultation(services, about.id)
    if state == "published":
        publish_results(services, about.id, actor=ORGANISER)
    services.catch_up()
    form = resident.open(f"/c/{about.slug}/updates").words
    ask(resident, about)
    (mail,) = take(services)
    button = resident.open(link(mail))
    done = resident.send(button, _to=link(mail)).words
    for text in (form, mail.text, button.words):
        assert promised in text
        assert other not in text
    assert ("goes to you now" in done) == (state == "published")
    assert outbox.waiting(services.vault) == []
