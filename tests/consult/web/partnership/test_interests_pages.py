"""Staff record what members declare; anybody reads it, in both languages, and in the trail."""

import re

import pytest

from consult.commands.interests import declare_interest, end_interest
from consult.commands.partnerships import admit_member
from events.partnership import Organisation
from tests import builders
from tests.builders import ADMINISTRATOR, ORGANISER, words
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Resident

INTERESTS = "/organise/partnership/ashenmoor/interests/"
TRUST = Organisation("canal", {"en": "Canal Trust", "cy": "Ymddiriedolaeth y Gamlas"}, "voluntary")
TOWPATH = {
    "organisation": "canal",
    "what__en": "It owns the towpath",
    "what__cy": "Hi sy’n berchen ar y llwybr",
    "since__day": "1",
    "since__month": "2",
    "since__year": "2026",
}


@pytest.fixture
def asked(services):
    asked = builders.consultation(services)
    admit_member(services, asked.partnership_id, TRUST, actor=ADMINISTRATOR)
    services.catch_up()
    return asked


@pytest.fixture
def organiser(app, services, asked):
    return sign_in(app, services)


def typed(**how):
    return {name.replace("__", "-"): value for name, value in (TOWPATH | how).items()}


def test_staff_record_an_interest_and_its_end_and_anybody_reads_both(app, organiser, asked):
    told = organiser.send(
        organiser.open(f"{INTERESTS}declare"), **typed(consultation=str(asked.id))
    )
    assert "It is recorded, and everybody can read it." in told.words
    anybody = Resident(app.test_client())
    page = anybody.open("/interests")
    assert page.faults == []
    for each in ("Canal Trust", "It owns the towpath", "Riverside Park", "1 February 2026"):
        assert each in page.words
    assert "/c/riverside" in page.links()
    assert "Ended" not in page.words
    welsh = anybody.open("/cy/interests")
    for each in ("Ymddiriedolaeth y Gamlas", "Hi sy’n berchen ar y llwybr", "1 Chwefror 2026"):
        assert each in welsh.words
    trail = anybody.open("/c/riverside/count")
    assert "A member declared an interest" in trail.words

    ending = organiser.open(f"{INTERESTS}end")
    assert "Canal Trust: It owns the towpath" in ending.words
    [interest] = re.findall(r'value="([0-9a-f-]{36})"', ending.text)
    organiser.send(ending, interest=interest, **{"on-day": "1", "on-month": "3", "on-year": "2026"})
    assert "Ended 1 March 2026" in anybody.open("/interests").words
    assert "An interest of a member ended" in anybody.open("/c/riverside/count").words


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"organisation": ""}, "Choose the organisation."),
        ({"what__cy": ""}, "Say what the interest is, in every language."),
        ({"since__year": "2999"}, "That day has not come yet."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_recorded(app, organiser, wrong, says):
    page = organiser.send(organiser.open(f"{INTERESTS}declare"), **typed(**wrong))
    assert says in page.words
    assert "It owns the towpath" in page.text, "what was typed is kept"
    assert "It owns the towpath" not in Resident(app.test_client()).open("/interests").words


def test_an_interest_that_has_ended_meanwhile_stays_chosen_where_a_form_comes_back(
    services, asked, organiser
):
    how = {"since": services.clock().date(), "actor": ORGANISER}
    ended, other = (
        declare_interest(services, asked.partnership_id, "canal", what=words(what), **how)
        for what in ("A mill", "A lock")
    )
    page = organiser.open(f"{INTERESTS}end")
    end_interest(services, ended.id, services.clock().date(), actor=ORGANISER)
    typed = {"on__day": "2", "on__month": "11", "on__year": "2026"}
    back = organiser.send(page, interest=str(ended.id), **(typed | {"on__day": "31"}))
    assert back.status == 422
    assert [name for name, _said in back.summary] == ["on"]
    assert "A mill" in back.words
    after = organiser.send(back, interest=str(ended.id), **typed)
    assert "It is recorded already that this interest ended. Nothing was changed." in after.words
    end_interest(services, other.id, services.clock().date(), actor=ORGANISER)
    assert "none of their recorded interests goes on." in organiser.open(f"{INTERESTS}end").words


def test_a_consultation_that_has_not_opened_is_not_to_be_chosen(organiser, services):
    builders.draft(services, slug="secret", title="Secret plans")
    services.catch_up()
    assert "Secret plans" not in organiser.open(f"{INTERESTS}declare").words


def test_where_nothing_is_declared_the_page_says_so(app, asked):
    assert (
        "No member has declared an interest."
        in Resident(app.test_client()).open("/interests").words
    )
