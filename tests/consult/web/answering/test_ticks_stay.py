"""Whatever was chosen or ticked is still so when a form comes back, whatever brought it back."""

import pytest

from tests.builders import EVERY_KIND, consultation, question
from tests.consult.web.assisted.test_assisting import begin, signed_in
from tests.consult.web.residents import ANSWERS

ALL = {**ANSWERS, "declared": "yes"}

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def is_as_sent(page, sent: dict, to: str = "") -> None:
    values = page.form(to)[1]
    for name, value in sent.items():
        given = value if isinstance(value, list) else [value]
        assert sorted(values.getlist(name.replace("__", "-"))) == sorted(given), name


@pytest.mark.parametrize("missing", ["q__visit", "q__views__s", "q__money", None])
def test_the_form_on_one_page_keeps_every_tick(services, resident, missing):
    consultation(services, *EVERY_KIND, is_declared=True)
    sent = {name: value for name, value in ALL.items() if name != missing}
    bad = {} if missing else {"command": "!"}
    back = resident.send(resident.open("/c/riverside/all"), **sent, **bad)
    assert back.status in {400, 422}, back.words
    is_as_sent(back, sent)


@pytest.mark.parametrize("wrong", [{"q__share__b": "40"}, {"command": "!"}])
def test_a_desk_keeps_every_tick(app, services, wrong):
    consultation(services, *EVERY_KIND, identity=("desk",), is_declared=True)
    clerk = signed_in(app, services)
    page = begin(clerk, reference="LIB 4711")
    back = clerk.send(page, page.address, **(ALL | wrong))
    assert back.status in {400, 422}
    is_as_sent(
        back, ALL | {name: it for name, it in wrong.items() if name != "command"}, page.address
    )


@pytest.mark.parametrize("button", ["q-money-update", "q-order-up", "switch-language"])
def test_a_button_that_shows_the_form_again_keeps_the_tick(app, services, resident, button):
    consultation(services, *EVERY_KIND, identity=("open", "desk"), is_declared=True)
    value = {"q-order-up": "a", "switch-language": "cy"}.get(button, "yes")
    here = resident.send(resident.open("/c/riverside/all"), **ALL, **{button: value})
    assert here.address.endswith("/all")
    assert here.form()[1]["declared"] == "yes"
    clerk = signed_in(app, services)
    page = begin(clerk, reference="LIB 4711")
    again = clerk.send(page, page.address, **ALL, **{button: value})
    assert again.form(page.address)[1]["declared"] == "yes"


def test_the_check_page_keeps_the_tick(services, resident):
    consultation(
        services, question("visit", "single", "Often?", "Daily", "Never"), is_declared=True
    )
    check = resident.send(resident.open("/c/riverside/q/visit"), q__visit="d")
    back = resident.send(check, declared="yes", command="!")
    assert back.status == 400
    assert back.form()[1]["declared"] == "yes"
    assert "declared" not in resident.open("/c/riverside/check").form()[1]
