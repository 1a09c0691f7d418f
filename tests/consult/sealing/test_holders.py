"""Who vouches for a change of answers: whoever holds them, or only the operator, as entries say."""

from typing import Any

import pytest

from consult.access import CUSTODIAN
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import (
    replace_answers,
    submit_answers,
    withdraw_answers,
)
from consult.commands.context import Actor
from consult.commands.data_protection.erasure import erase_by_case, erase_by_holder
from consult.people.holders import ERASED, REPLACED, WITHDRAWN, shows
from tests.builders import RESIDENT, consultation
from tests.consult.people.erasable import answer, asked
from tests.consult.sealing.audits import documents

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DESK = Actor("desk", "officer", "assisted")
HOME, AWAY = "the browser that sent", "another browser"


def send(services, about, order="a", *, browser=HOME, actor=RESIDENT, key=""):
    return submit_answers(
        services,
        consultation_id=about.id,
        voter="ann",
        sheet=Sheet({"order": [order]}),
        actor=actor,
        command_id=key or f"send {order} {browser}",
        browser=browser if actor is RESIDENT else "",
    )


@pytest.fixture
def told(log, seal, verified):
    """Seal, check that the verifier finds nothing wrong, and give the entries of answers."""

    def sealed() -> list[dict[str, Any]]:
        seal()
        _code, report = verified(command="audit")
        assert report["verdict"] != "wrong", report
        kinds = {"ballot", "withdrawn", "erased"}
        return [entry for entry in documents(log) if entry["t"] in kinds]

    return sealed


def test_first_answers_commit_to_whoever_holds_them(services, told):
    about = consultation(services)
    send(services, about)
    [entry] = told()
    assert len(entry["h"]) == 43
    assert not {"hs", "by"} & entry.keys()


def test_who_has_the_changing_code_vouches_from_any_browser(services, told):
    about = consultation(services)
    first = send(services, about)
    sheet = Sheet({"order": ["b"]})
    code = first.changing_code
    again = replace_answers(
        services, code=code, sheet=sheet, actor=RESIDENT, command_id="2", browser=AWAY
    )
    withdraw_answers(services, holder=again.holder, actor=RESIDENT, command_id="3")
    given, replaced, withdrawn = told()
    assert shows(given["h"], replaced["hs"], REPLACED)
    assert shows(replaced["h"], withdrawn["hs"], WITHDRAWN)
    assert given["h"] != replaced["h"]
    assert not shows(given["h"], withdrawn["hs"], WITHDRAWN)


def test_the_browser_that_sent_vouches_without_the_code(services, told):
    about = consultation(services)
    send(services, about)
    send(services, about, "b")
    given, replaced = told()
    assert shows(given["h"], replaced["hs"], REPLACED)


def test_who_proves_who_they_are_again_from_elsewhere_does_not(services, told):
    about = consultation(services)
    send(services, about)
    send(services, about, "b", browser=AWAY)
    _given, replaced = told()
    assert replaced["by"] == "identity"
    assert "hs" not in replaced


def test_a_desk_does_not_and_gives_nobody_a_secret(services, told):
    about = consultation(services)
    send(services, about)
    send(services, about, "b", actor=DESK, key="desk")
    send(services, about, "c", key="back at home")
    _given, desk, later = told()
    assert (desk["by"], "h" in desk) == ("desk", False)
    assert later["by"] == "identity", "nobody held what the desk sent"


def test_who_asks_for_erasure_with_the_code_vouches_and_an_officer_does_not(services, told):
    about = asked(services)
    mine, theirs = answer(services, about.id), answer(services, about.id, "bob")
    erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    who = {"code": theirs.code, "actor": Actor(CUSTODIAN, "officer")}
    erase_by_case(services, reference="DP/1", **who)
    entries = told()
    held = {entry["b"]: entry["h"] for entry in entries if entry["t"] == "ballot"}
    erased = [entry for entry in entries if entry["t"] == "erased"]  # in an order that says nothing
    first, second = sorted(erased, key=lambda entry: "by" in entry)
    assert shows(held[first["b"]], first["hs"], ERASED)
    assert second["by"] == "operator"


def test_what_is_revealed_holds_for_its_own_wish_alone(services, told):
    about = consultation(services)
    first = send(services, about)
    withdraw_answers(services, holder=first.holder, actor=RESIDENT, command_id="w")
    given, withdrawn = told()
    assert shows(given["h"], withdrawn["hs"], WITHDRAWN)
    assert not shows(given["h"], withdrawn["hs"], REPLACED)
    assert not shows(given["h"], withdrawn["hs"], ERASED)
