"""Somebody answers, changes or erases while something else happens: one truth, told to both."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from consult.commands.answers.campaigns import group_campaign
from consult.commands.answers.holding import find_by_voter
from consult.commands.answers.reading import note_reading
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import replace_answers, withdraw_answers
from consult.commands.answers.submitting_refusals import (
    CodeReplaced,
    ConsultationClosed,
    ConsultationPaused,
)
from consult.commands.consultations.drafting import Draft, consultation_id, draft_consultation
from consult.commands.consultations.opening import (
    extend_consultation,
    pause_consultation,
    withdraw_consultation,
)
from consult.commands.consultations.short_names import ShortNameTaken
from consult.commands.context import ATTEMPTS_MAX
from consult.commands.data_protection.erasure import erase_by_holder
from consult.commands.data_protection.retention import (
    lift_legal_hold,
    run_retention,
    set_legal_hold,
)
from consult.commands.files.answer_rows import Wish
from consult.commands.files.exporting_answers import export_answers
from consult.commands.partnerships import AlreadyFormed, form_partnership
from consult.commands.results.counting import count_consultation, publish_results
from consult.commands.results.follow_up import change_follow_up, publish_follow_up
from consult.people import tables
from consult.services import Services
from events import (
    Conflict,
    Consultation,
    Count,
    DataProtectionCase,
    FollowUp,
    Partnership,
    Response,
)
from events.data_protection import NoHold
from events.follow_up import NothingChanged
from events.submission import AlreadyWithdrawn, Submission
from projections.consultations import Consultations
from tests.builders import (
    KEEPER,
    OPERATOR,
    ORGANISER,
    RESIDENT,
    close_consultation,
    partnership,
    words,
)
from tests.builders import partnership as home_of
from tests.consult.commands.meanwhile import elsewhere_at_once, facts_of, meanwhile
from tests.consult.commands.results.test_follow_up import ROW
from tests.consult.people.erasable import answer, asked, held, rows

__all__ = ["elsewhere_at_once", "meanwhile"]

STOPPED = words("There were complaints.")


def lengthen(services: Services, id: UUID, days: float = 60) -> None:
    """Give people more time: the consultation has another version, and stays open."""
    consultation = services.record.get(Consultation, id)
    assert consultation.terms is not None
    extend_consultation(
        services,
        id,
        closes_at=consultation.terms.closes_at + timedelta(days=days),
        reason=STOPPED,
        actor=ORGANISER,
    )


def submission(services: Services, receipt: Any) -> Submission:
    return services.record.get(Response, receipt.subject_id)


def test_answers_are_checked_again_when_the_consultation_has_moved(
    services, elsewhere_at_once, meanwhile
):
    about = asked(services)
    meanwhile(lambda: lengthen(elsewhere_at_once, about.id))
    receipt = answer(services, about.id)
    [given] = facts_of(services, submission(services, receipt))
    assert given.consultation_version == about.version + 1
    assert services.record.position_of(receipt.subject_id, 1) == receipt.position
    assert held(services)[0] == 1, "and the words are kept once"


@pytest.mark.parametrize(
    ("stop", "refusal"),
    [
        (
            lambda s, it: pause_consultation(s, it, reason=STOPPED, actor=ORGANISER),
            ConsultationPaused,
        ),
        (
            lambda s, it: withdraw_consultation(s, it, reason=STOPPED, actor=ORGANISER),
            ConsultationClosed,
        ),
    ],
)
def test_answers_that_come_at_the_moment_it_stops_are_refused_and_nothing_is_kept(
    services, elsewhere_at_once, meanwhile, stop, refusal
):
    about = asked(services)
    meanwhile(lambda: stop(elsewhere_at_once, about.id))
    with pytest.raises(refusal) as told:
        answer(services, about.id)
    assert type(told.value) is refusal, "a pause is not the end, and is not called so"
    topics = {row.topic for row in services.record.read(0, 1_000)}
    assert Response.First.TOPIC not in topics
    assert held(services)[0] == 0


def test_one_person_at_two_devices_at_once_has_one_response_and_the_later_counts(
    services, elsewhere_at_once, meanwhile
):
    about = asked(services)
    other: list[Any] = []
    meanwhile(lambda: other.append(answer(elsewhere_at_once, about.id, words="", command_id="a")))
    receipt = answer(services, about.id, words="Later", command_id="b")
    assert (other[0].version, receipt.version) == (1, 2)
    assert receipt.subject_id == other[0].subject_id
    assert receipt.is_change
    assert receipt.code != other[0].code
    assert [type(fact) for fact in facts_of(services, submission(services, receipt))] == [
        Response.First,
        Response.Replaced,
    ]
    assert [row.words for row in rows(services, tables.free_text)] == ["Later"]


def test_one_sending_that_arrives_at_two_servers_is_one_fact_with_one_receipt(
    services, elsewhere_at_once, meanwhile
):
    about = asked(services)
    other: list[Any] = []
    meanwhile(lambda: other.append(answer(elsewhere_at_once, about.id, command_id="once")))
    receipt = answer(services, about.id, command_id="once")
    assert (receipt.code, receipt.version) == (other[0].code, 1)
    assert len(facts_of(services, submission(services, receipt))) == 1
    assert held(services)[0] == 1


def test_one_code_changes_once_also_at_the_same_moment(services, elsewhere_at_once, meanwhile):
    """The change that came first has a code of its own, which its sender has been given."""
    about = asked(services)
    code = answer(services, about.id).changing_code
    sheet = Sheet({"order": ["c"]})
    theirs = {"code": code, "sheet": Sheet({"order": ["a"]}), "actor": RESIDENT, "command_id": "1"}
    meanwhile(lambda: replace_answers(elsewhere_at_once, **theirs))
    with pytest.raises(CodeReplaced):
        replace_answers(services, code=code, sheet=sheet, actor=RESIDENT, command_id="2")
    stored = find_by_voter(services, about.id, "ann")
    assert (stored.version, stored.answers) == (2, {"order": ["a"]})


def test_taking_answers_back_stands_after_what_came_between(services, elsewhere_at_once, meanwhile):
    about = asked(services)
    receipt = answer(services, about.id)
    meanwhile(lambda: lengthen(elsewhere_at_once, about.id))
    after = withdraw_answers(services, holder=receipt.holder, actor=RESIDENT, command_id="back")
    stored = submission(services, receipt)
    assert (after.state, stored.state, after.version) == ("withdrawn", "withdrawn", 2)
    assert facts_of(services, stored)[-1].consultation_version == about.version + 1


def test_taking_answers_back_twice_at_once_is_told_once_and_refused_once(
    services, elsewhere_at_once, meanwhile
):
    about = asked(services)
    how = {"holder": answer(services, about.id).holder, "actor": RESIDENT}
    meanwhile(lambda: withdraw_answers(elsewhere_at_once, **how, command_id="theirs"))
    with pytest.raises(AlreadyWithdrawn):
        withdraw_answers(services, **how, command_id="mine")
    again = withdraw_answers(services, **how, command_id="theirs")
    assert again.state == "withdrawn"


def test_answers_that_never_get_their_turn_are_refused_and_leave_no_words(
    services, elsewhere_at_once, meanwhile
):
    about = asked(services)
    receipt = answer(services, about.id, "bob", words="")
    tried = meanwhile(lambda: lengthen(elsewhere_at_once, about.id, days=1), times=1_000)
    with pytest.raises(Conflict):
        answer(services, about.id)
    assert len(tried) == ATTEMPTS_MAX
    assert held(services)[0] == 0
    with pytest.raises(Conflict):
        withdraw_answers(services, holder=receipt.holder, actor=RESIDENT, command_id="back")
    assert submission(services, receipt).state == "given"


def test_an_erasure_takes_what_came_between_too(services, elsewhere_at_once, meanwhile):
    about = asked(services)
    receipt = answer(services, about.id, words="One")
    meanwhile(lambda: answer(elsewhere_at_once, about.id, words="Two", command_id="second"))
    erased = erase_by_holder(services, holder=receipt.holder, actor=RESIDENT)
    assert erased.version == 2
    assert held(services)[0] == 0
    [fact] = facts_of(services, services.record.get(DataProtectionCase, erased.case_id))
    assert fact.version == 2


def test_the_same_erasure_twice_at_once_is_one_case(services, elsewhere_at_once, meanwhile):
    about = asked(services)
    receipt = answer(services, about.id)
    other: list[Any] = []
    how = {"holder": receipt.holder, "actor": RESIDENT}
    meanwhile(lambda: other.append(erase_by_holder(elsewhere_at_once, **how)))
    assert erase_by_holder(services, **how) == other[0]
    assert len(facts_of(services, services.record.get(DataProtectionCase, other[0].case_id))) == 1


def test_an_erasure_that_never_gets_its_turn_is_refused(services, elsewhere_at_once, meanwhile):
    about = asked(services)
    receipt = answer(services, about.id, words="")
    keys = (str(number) for number in range(1_000))
    again = {"words": "", "voter": "ann"}
    meanwhile(lambda: answer(elsewhere_at_once, about.id, **again, command_id=next(keys)), 1_000)
    with pytest.raises(Conflict):
        erase_by_holder(services, holder=receipt.holder, actor=RESIDENT)


def test_counting_and_publishing_twice_at_once_is_done_once(services, elsewhere_at_once, meanwhile):
    about = asked(services)
    answer(services, about.id)
    close_consultation(services, about.id)
    other: list[Any] = []
    meanwhile(
        lambda: other.append(count_consultation(elsewhere_at_once, about.id, actor=ORGANISER))
    )
    [mine] = count_consultation(services, about.id, actor=ORGANISER)
    [[theirs]] = other
    assert (mine.id, mine.result_digest) == (theirs.id, theirs.result_digest)
    assert mine.version == services.record.get(Count, mine.id).version == 1

    meanwhile(lambda: publish_results(elsewhere_at_once, about.id, actor=ORGANISER))
    [published] = publish_results(services, about.id, actor=ORGANISER)
    stored = services.record.get(Consultation, about.id)
    topics = [type(fact) for fact in facts_of(services, stored)]
    assert topics.count(Consultation.ResultsPublished) == 1
    assert published.is_published
    assert services.record.get(Count, mine.id).version == 2


def something_else(services, id) -> None:
    """A fact of the consultation that no command records at this point."""
    about = services.record.get(Consultation, id)
    about.record(Consultation.Resumed(at=services.clock(), by=ORGANISER.by()))
    services.record.save(about)


def test_results_are_published_on_what_stands_when_something_else_came_between(
    services, elsewhere_at_once, meanwhile
):
    about = asked(services)
    answer(services, about.id)
    close_consultation(services, about.id)
    [counted] = count_consultation(services, about.id, actor=ORGANISER)
    meanwhile(lambda: something_else(elsewhere_at_once, about.id))
    [published] = publish_results(services, about.id, actor=ORGANISER)
    *_, between, last = facts_of(services, services.record.get(Consultation, about.id))
    assert isinstance(between, Consultation.Resumed)
    assert last.results == {published.question_id: counted.result_digest}
    assert services.record.get(Count, counted.id).is_published


def test_a_campaign_marks_everybody_whatever_they_do_meanwhile(
    services, elsewhere_at_once, meanwhile
):
    about = asked(services)
    cards = [answer(services, about.id, name, words="") for name in ("ann", "bob", "cid")]
    ids = [card.subject_id for card in cards]
    meanwhile(lambda: answer(elsewhere_at_once, about.id, "bob", words="", command_id="again"))
    assert group_campaign(services, about.id, ids, name="Postcards", actor=ORGANISER) == 3
    for id in ids:
        facts = facts_of(services, services.record.get(Response, id))
        assert [type(fact) for fact in facts].count(Response.CampaignGrouped) == 1
    assert group_campaign(services, about.id, ids, name="Postcards", actor=ORGANISER) == 0


def test_one_command_that_arrives_at_two_servers_publishes_one_row(
    services, elsewhere_at_once, meanwhile
):
    about = asked(services)
    answer(services, about.id)
    close_consultation(services, about.id)
    publish_results(services, about.id, actor=ORGANISER)
    how = {"actor": ORGANISER, "command_id": "row"}
    meanwhile(lambda: publish_follow_up(elsewhere_at_once, about.id, ROW, **how))
    mine = publish_follow_up(services, about.id, ROW, **how)
    assert mine.version == services.record.get(FollowUp, mine.id).version == 1

    done = replace(ROW, status="done", on=date(2026, 10, 1))
    meanwhile(lambda: change_follow_up(elsewhere_at_once, mine.id, done, actor=ORGANISER))
    with pytest.raises(NothingChanged):
        change_follow_up(services, mine.id, done, actor=ORGANISER)
    late = replace(ROW, did=words("A bus at eleven"))
    meanwhile(lambda: change_follow_up(elsewhere_at_once, mine.id, ROW, actor=ORGANISER))
    after = change_follow_up(services, mine.id, late, actor=ORGANISER)
    assert after.row == services.record.get(FollowUp, mine.id).row == late


def test_a_hold_is_set_once_and_lifted_once(services, elsewhere_at_once, meanwhile):
    about = asked(services)
    how = {"reason": "A court asked", "actor": KEEPER, "command_id": "hold"}
    meanwhile(lambda: set_legal_hold(elsewhere_at_once, about.id, **how))
    case = set_legal_hold(services, about.id, **how)
    assert case.version == services.record.get(DataProtectionCase, case.id).version == 1
    over = {"reason": "The court is done", "actor": KEEPER}
    meanwhile(lambda: lift_legal_hold(elsewhere_at_once, case.id, **over))
    with pytest.raises(NoHold):
        lift_legal_hold(services, case.id, **over)


def test_a_draft_is_begun_once_by_one_command_and_refused_to_another(
    services, elsewhere_at_once, meanwhile
):
    home = home_of(services)
    drafted = Draft(slug="park", title=words("Park"), overview=words("Say."))
    how = {"partnership_id": home.id, "draft": drafted, "actor": ORGANISER}
    meanwhile(lambda: draft_consultation(elsewhere_at_once, **how, command_id="begin"))
    begun = draft_consultation(services, **how, command_id="begin")
    assert begun.version == services.record.get(Consultation, begun.id).version == 1
    with pytest.raises(ShortNameTaken):
        draft_consultation(services, **how, command_id="another")


def test_of_two_partnerships_at_once_one_gets_a_short_name_and_the_other_is_told(
    services, elsewhere_at_once, meanwhile
):
    drafted = Draft(slug="park", title=words("Park"), overview=words("Say."))
    ours, theirs = home_of(services), partnership(services, "elsewhere")
    how = {"draft": drafted, "actor": ORGANISER}
    tried = meanwhile(
        lambda: draft_consultation(elsewhere_at_once, partnership_id=theirs.id, **how)
    )
    with pytest.raises(ShortNameTaken, match="at the address “park”"):
        draft_consultation(services, partnership_id=ours.id, **how)
    assert tried == [0], "it was refused by the record, not by what was read before"
    services.catch_up()
    with services.views.connect() as db:
        listed = services.views.reader(Consultations)
        assert listed.of_partnership(db, ours.id) == []
        [kept] = listed.of_partnership(db, theirs.id)
        assert listed.by_slug(db, "park") == kept


def test_of_many_at_once_one_gets_a_short_name(services):
    homes = [partnership(services, f"home-{number}") for number in range(6)]
    drafted = Draft(slug="park", title=words("Park"), overview=words("Say."))

    def begin(home):
        try:
            return draft_consultation(
                services, partnership_id=home.id, draft=drafted, actor=ORGANISER
            )
        except ShortNameTaken:
            return None

    with ThreadPoolExecutor(len(homes)) as threads:
        begun = [one for one in threads.map(begin, homes) if one]
    assert len(begun) == 1


def test_a_short_name_that_an_earlier_version_gave_is_not_given_again(services):
    # Earlier versions recorded nothing but the draft.
    home = home_of(services)
    fact = Consultation.Drafted(
        at=services.clock(),
        by=ORGANISER.by(),
        partnership_id=home.id,
        slug="park",
        title=words("Park"),
        overview=words("Say."),
    )
    services.record.save(Consultation.begin(consultation_id(home.id, "park"), fact))
    drafted = Draft(slug="park", title=words("Park"), overview=words("Say."))
    for each in (home, partnership(services, "elsewhere")):
        with pytest.raises(ShortNameTaken):
            draft_consultation(services, partnership_id=each.id, draft=drafted, actor=ORGANISER)


def test_a_partnership_is_formed_once_and_whoever_describes_it_otherwise_is_told(
    services, elsewhere_at_once, meanwhile
):
    how = {
        "slug": "newfield",
        "area": words("Newfield"),
        "profile": "local-agreement",
        "actor": OPERATOR,
    }
    name = words("Newfield Together")
    meanwhile(lambda: form_partnership(elsewhere_at_once, name=name, **how))
    formed = form_partnership(services, name=name, **how)
    assert formed.version == services.record.get(Partnership, formed.id).version == 1
    how["slug"] = "oldfield"
    meanwhile(lambda: form_partnership(elsewhere_at_once, name=words("Other"), **how))
    with pytest.raises(AlreadyFormed):
        form_partnership(services, name=name, **how)


def test_reading_and_exporting_at_two_places_at_once_is_recorded_once(
    services, elsewhere_at_once, meanwhile
):
    about = asked(services)
    answer(services, about.id)
    meanwhile(lambda: note_reading(elsewhere_at_once, about.id, "more", actor=ORGANISER))
    note_reading(services, about.id, "more", actor=ORGANISER)
    topics = [row.topic for row in services.record.read(0, 1_000)]
    assert topics.count(DataProtectionCase.WordsRead.TOPIC) == 1

    close_consultation(services, about.id)
    wish = Wish("csv", with_words=True)

    def export(where: Services) -> bytes:
        how = {"actor": ORGANISER, "command_id": "export"}
        return b"".join(export_answers(where, about.id, wish, **how))

    first: list[bytes] = []
    meanwhile(lambda: first.append(export(elsewhere_at_once)))
    assert export(services) == first[0]
    topics = [row.topic for row in services.record.read(0, 1_000)]
    assert topics.count(DataProtectionCase.WordsExported.TOPIC) == 1


def test_what_runs_out_at_two_processes_at_once_is_recorded_once(
    services, elsewhere_at_once, meanwhile, clock
):
    about = asked(services)
    answer(services, about.id)
    withdraw_consultation(services, about.id, reason=STOPPED, actor=ORGANISER)
    clock.move(days=3_000)
    meanwhile(lambda: run_retention(elsewhere_at_once))
    run_retention(services)
    cases = [
        (row.subject_id, row.topic)
        for row in services.record.read(0, 1_000)
        if row.topic == DataProtectionCase.RetentionRun.TOPIC
    ]
    assert len(cases) == len(set(cases)) == 3
    assert held(services) == (0, 0, 0)
