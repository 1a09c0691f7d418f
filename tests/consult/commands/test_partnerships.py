"""Forming a partnership, changing it, and what it has to state before anything opens."""

import pytest
from msgspec.structs import replace

from consult.commands.consultations.drafting import fix_terms
from consult.commands.consultations.opening import open_consultation
from consult.commands.partnerships import (
    AlreadyFormed,
    form_partnership,
    redescribe_partnership,
    state_particulars,
)
from events import Partnership
from events.consultations.consultation_refusals import NotReady, PeriodTooShort
from events.consultations.terms import Terms
from events.frameworks import UnknownProfile
from events.particulars import NotATelephone, Particulars
from events.partnership import NameMissing
from tests.builders import (
    ADMINISTRATOR,
    OPERATOR,
    ORGANISER,
    PARTICULARS,
    draft,
    partnership,
    words,
)


def test_nothing_opens_before_the_partnership_has_stated_what_people_are_owed(services):
    home = partnership(services, particulars=Particulars())
    about = draft(services)
    with pytest.raises(NotReady, match="telephone number") as refused:
        open_consultation(services, about.id, actor=ORGANISER)
    for missing in ("e-mail address", "postal address", "controller", "lawful basis", "regulator"):
        assert missing in str(refused.value)
    state_particulars(services, home.id, PARTICULARS, actor=ORGANISER)
    assert open_consultation(services, about.id, actor=ORGANISER).is_open


def test_a_partnership_under_no_rules_opens_nothing_until_it_has_chosen(services, clock):
    home = partnership(services, profile="none")
    about = draft(services)
    with pytest.raises(NotReady, match="framework profile"):
        open_consultation(services, about.id, actor=ORGANISER)
    redescribe_partnership(services, home.id, profile="local-agreement", actor=ADMINISTRATOR)
    with pytest.raises(PeriodTooShort, match="28 days"):
        open_consultation(services, about.id, actor=ORGANISER)
    assert about.terms is not None
    longer = replace(about.terms, closes_at=about.terms.closes_at.replace(year=2027))
    assert isinstance(longer, Terms)
    fix_terms(services, about.id, longer, actor=ORGANISER)
    assert open_consultation(services, about.id, actor=ORGANISER).is_open


def test_forming_it_twice_in_the_same_words_changes_nothing(services):
    first = partnership(services)
    head = services.record.head()
    again = form_partnership(
        services,
        slug="ashenmoor",
        name=first.name,
        area=first.area,
        profile=first.profile,
        actor=OPERATOR,
    )
    assert (again.id, services.record.head()) == (first.id, head)


@pytest.mark.parametrize(
    "other",
    [
        {"name": words("Elsewhere")},
        {"area": words("Elsewhere")},
        {"profile": "wales"},
        {"languages": ("en",)},
        {"particulars": replace(PARTICULARS, telephone="01632 960 999")},
    ],
)
def test_forming_it_again_in_other_words_is_refused_and_says_what_differs(services, other):
    first = partnership(services)
    same = {"name": first.name, "area": first.area, "profile": first.profile}
    head = services.record.head()
    with pytest.raises(AlreadyFormed, match="consult partnership change ashenmoor"):
        form_partnership(services, slug="ashenmoor", actor=OPERATOR, **{**same, **other})
    assert services.record.head() == head


def test_name_area_and_profile_change_by_a_fact_with_who_did_it(services):
    first = partnership(services)
    redescribe_partnership(
        services, first.id, name=words("Moor"), profile="scotland", actor=ADMINISTRATOR
    )
    now = services.record.get(Partnership, first.id)
    assert (now.name, now.area, now.profile) == (words("Moor"), first.area, "scotland")
    head = services.record.head()
    redescribe_partnership(services, first.id, name=words("Moor"), actor=ADMINISTRATOR)
    assert services.record.head() == head, "the same words again are no change"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"profile": "none"}, UnknownProfile),
        ({"profile": "moon"}, UnknownProfile),
        ({"name": {"en": "Only English"}}, NameMissing),
    ],
)
def test_a_change_that_cannot_be_is_refused(services, change, refusal):
    first = partnership(services)
    with pytest.raises(refusal):
        redescribe_partnership(services, first.id, actor=ADMINISTRATOR, **change)


def test_a_statement_that_cannot_be_right_leaves_the_old_one(services):
    home = partnership(services)
    with pytest.raises(NotATelephone):
        state_particulars(
            services, home.id, replace(PARTICULARS, telephone="soon"), actor=ORGANISER
        )
    assert services.record.get(Partnership, home.id).particulars == PARTICULARS
