"""Setting up: a counting rule counts the questions that it can count, and no others."""

from typing import Any

import pytest
from msgspec.structs import replace

from consult.commands.consultations.drafting import (
    Draft,
    RuleDoesNotFit,
    consultation_id,
    draft_consultation,
    fix_terms,
    lot_of,
    profile_of,
    put_option,
    put_question,
    remove_option,
    remove_question,
    specification_of,
)
from consult.commands.consultations.short_names import SLUG_LENGTH_MAX, BadSlug
from consult.counting import RULES
from consult.people.mailboxes.addresses import MAILBOX_RULE
from consult.services import Services
from events import Consultation, NotFound
from events.consultations.beacon import Lot
from events.consultations.consultation_refusals import NotCounted, NotThere
from events.consultations.terms import CountingTerms, Terms
from events.question import Option
from tests import builders
from tests.builders import ORGANISER, RANKING, WARDS, partnership, question, words
from tests.kinds import KINDS, of_kind


def terms_of(services: Services, **counting: CountingTerms) -> Terms:
    return Terms(closes_at=services.clock(), counting=counting, eligibility=words("Anyone"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_is_taken_for_the_kinds_that_it_counts_and_refused_for_all_others(services, kind):
    home = partnership(services)
    it = Draft("park", words("Park"), words("Say."))
    drafted = draft_consultation(services, partnership_id=home.id, draft=it, actor=ORGANISER)
    asked = of_kind(kind)
    put_question(services, drafted.id, asked, actor=ORGANISER)
    for id, rule in RULES.items():
        rule_id = id.replace("-N", "-3")
        terms = terms_of(services, **{asked.id: CountingTerms(rule_id)})
        head = services.record.head()
        if asked.is_counted and kind in rule.accepts and (kind == "basket" or not rule.budget):
            after = fix_terms(services, drafted.id, terms, actor=ORGANISER)
            assert after.terms.counting == terms.counting
            assert services.record.head() > head
            continue
        with pytest.raises(RuleDoesNotFit if asked.is_counted else NotCounted) as told:
            fix_terms(services, drafted.id, terms, actor=ORGANISER)
        if asked.is_counted:
            begins = f"Question {asked.id} cannot be counted like that. {rule_id} "
            assert str(told.value).startswith(begins)
        assert services.record.head() == head, rule_id


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        (CountingTerms("no-such-rule"), "no-such-rule"),
        (CountingTerms("approval"), "approval does not count ranking ballots"),
        (CountingTerms("points-3", seats=0), "There must be at least one place to fill."),
        (CountingTerms("points-3", tie_chain=("age",)), "Ties cannot be broken by 'age'."),
        (CountingTerms("points-3", {"speed": "3"}), "speed"),
    ],
)
def test_what_is_wrong_with_a_rule_is_told_and_the_draft_stays(services, terms, reason):
    drafted = builders.draft(services, RANKING)
    head = services.record.head()
    with pytest.raises(RuleDoesNotFit) as told:
        fix_terms(services, drafted.id, terms_of(services, order=terms), actor=ORGANISER)
    assert str(told.value).startswith("Question order cannot be counted like that. ")
    assert reason in str(told.value)
    assert services.record.head() == head


def test_terms_for_a_question_that_is_not_there_are_refused(services):
    drafted = builders.draft(services, RANKING)
    terms = terms_of(services, later=CountingTerms("no-such-rule"))
    with pytest.raises(NotThere):
        fix_terms(services, drafted.id, terms, actor=ORGANISER)
    kept = services.record.get(Consultation, drafted.id).terms
    assert set(kept.counting) == {"order"}
    assert kept.mailbox_rule == MAILBOX_RULE, "that of today"


@pytest.mark.parametrize(
    "slug",
    ["a", "park", "park-2026", "a" * SLUG_LENGTH_MAX, "0-0"],
)
def test_a_short_name_of_small_letters_digits_and_hyphens_is_taken(services, slug):
    home = partnership(services)
    it = Draft(slug, words("Park"), words("Say."))
    drafted = draft_consultation(services, partnership_id=home.id, draft=it, actor=ORGANISER)
    assert drafted.id == consultation_id(home.id, slug)
    assert services.record.get(Consultation, drafted.id).slug == slug


@pytest.mark.parametrize(
    "slug", ["", "-", "-park", "park-", "a--b", "Park", "pärk", "a b", "a/b", "a" * 61, "park\n"]
)
def test_any_other_short_name_is_refused_and_told_up_to_its_sixtieth_letter(services, slug):
    home = partnership(services)
    head = services.record.head()
    it = Draft(slug, words("Park"), words("Say."))
    with pytest.raises(BadSlug) as told:
        draft_consultation(services, partnership_id=home.id, draft=it, actor=ORGANISER)
    assert str(told.value) == (
        f"“{slug[:60]}” cannot be used as an address. Use small letters, digits and hyphens."
    )
    assert services.record.head() == head


def test_a_draft_says_what_it_was_given_and_no_more(services, clock):
    home = partnership(services)
    it = Draft("park", words("Park"), words("Say."))
    id = draft_consultation(
        services, partnership_id=home.id, draft=it, actor=ORGANISER, command_id="k"
    ).id
    drafted = services.record.get(Consultation, id)
    assert (drafted.slug, drafted.title, drafted.overview) == ("park", words("Park"), words("Say."))
    assert (drafted.languages, drafted.source, drafted.money) == (("en", "cy"), "", "pence")
    assert (drafted.currency, drafted.money_decimals, drafted.state) == ("GBP", 2, "draft")
    assert (drafted.questions, drafted.terms, drafted.version) == ({}, None, 1)
    again = draft_consultation(
        services, partnership_id=home.id, draft=it, actor=ORGANISER, command_id="k"
    )
    assert (again.id, again.version) == (id, 1)
    with pytest.raises(NotFound):
        draft_consultation(services, partnership_id=id, draft=it, actor=ORGANISER)


def test_questions_and_options_are_added_changed_and_taken_out_by_their_reference(services):
    drafted = builders.draft(services, RANKING)
    how: dict[str, Any] = {"actor": ORGANISER}
    put_option(services, drafted.id, "order", Option("d", words("Docks")), **how)
    after = put_option(services, drafted.id, "order", Option("a", words("Allotment")), **how)
    titles = [option.title["en"] for option in after.questions["order"].options]
    assert titles == ["Allotment", "Buses", "Clinics", "Docks"]
    after = remove_option(services, drafted.id, "order", "b", **how)
    assert after.questions["order"].option_ids == {"a", "c", "d"}
    other = replace(RANKING, title=words("Rank these"))
    after = put_question(services, drafted.id, other, **how)
    assert after.questions["order"].title == words("Rank these")
    assert after.questions["order"].option_ids == {"a", "c", "d"}, "its options stay"
    assert set(after.terms.counting) == {"order"}, "a question that is counted stays so"
    more = question("more", "text", "Anything else?")
    assert list(put_question(services, drafted.id, more, **how).questions) == ["order", "more"]
    after = remove_question(services, drafted.id, "order", **how)
    assert (list(after.questions), after.terms.counting) == (["more"], {})
    before = after.version
    after = remove_question(services, drafted.id, "more", **how)
    assert (after.questions, after.version) == ({}, before + 1), "no terms to change"


def test_a_question_for_a_place_offers_the_wards_that_take_part(services):
    drafted = builders.draft(services, RANKING, wards=True)
    place = question("place", "area", "Where?")
    after = put_question(services, drafted.id, place, actor=ORGANISER)
    assert [option.id for option in after.questions["place"].options] == ["W03", "W09"]
    narrow = replace(after.terms, wards=("W09",))
    after = fix_terms(services, drafted.id, narrow, actor=ORGANISER)
    [only] = after.questions["place"].options
    assert (only.id, only.title) == ("W09", WARDS[1].name)


def test_rules_see_the_options_as_they_stand_and_the_terms_as_promised():
    money = replace(
        of_kind("basket"), options=(Option("x", words("X"), cost=3, group="parks"), Option("y", {}))
    )
    profile = profile_of(money, ((["x"], 2),))
    assert (profile.kind, profile.pot, profile.groups) == ("basket", 60_000, ((["x"], 2),))
    assert [(each.id, each.cost, each.group) for each in profile.options] == [
        ("x", 3, "parks"),
        ("y", None, None),
    ]
    terms = CountingTerms("stv", {"quota": "droop"}, seats=3, tie_chain=("votes", "lot"))
    made = specification_of(terms, ("y", "x"))
    assert (made.rule, made.parameters, made.seats) == ("stv", {"quota": "droop"}, 3)
    assert (made.tie_chain, made.lot) == (("votes", "lot"), ("y", "x"))
    assert specification_of(replace(terms, lot=("x", "y")), ("y", "x")).lot == ("x", "y")
    assert specification_of(terms).lot == ()


def test_a_lot_is_an_order_of_the_options_once_it_is_drawn(services):
    drafted = builders.draft(services, RANKING)
    assert lot_of(drafted, RANKING) == ()
    orders = set()
    for number in range(40):
        drafted.lot = Lot(f"{number} 2 3", "")
        order = lot_of(drafted, RANKING)
        assert sorted(order) == ["a", "b", "c"]
        assert lot_of(drafted, RANKING) == order
        orders.add(order)
    assert len(orders) == 6, "every order can be drawn"
