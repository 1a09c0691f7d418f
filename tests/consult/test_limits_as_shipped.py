"""Limits hold as they are shipped: other tests put smaller ones in their place."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from consult.commands.answers.attaching import FileTooLarge, attach_file
from consult.commands.answers.letter_codes import issue_codes
from consult.commands.answers.sheets import BadMembers, Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.consultations.arranging import TooManyAtOnce, add_options
from consult.commands.consultations.drafting import Draft, draft_consultation
from consult.commands.consultations.short_names import BadSlug
from consult.commands.results.counting import publish_results
from consult.commands.results.follow_up import TooManyFollowUps, publish_follow_up
from consult.config import Config
from consult.people import tables
from consult.people.accounts import sign_in_links, staff, staff_sessions
from consult.people.accounts.sign_in_links import LinkUsedOrOld
from consult.people.answers import drafts, equality
from consult.people.answers.attachments import TooMuchAttached
from consult.people.mailboxes import outbox
from consult.people.proving import email_codes
from consult.people.proving.email_codes import CodeGone, CodeWrong
from consult.services import Services
from events import Consultation, Refused
from events.consultations.consultation_refusals import BadNumberOfCodes
from events.follow_up import FollowUpTooLong
from events.question import Option
from tests.attached import pdf
from tests.builders import (
    ORGANISER,
    RANKING,
    RESIDENT,
    Clock,
    close_consultation,
    consultation,
    draft,
    partnership,
    question,
    words,
)
from tests.conftest import only
from tests.consult.commands.results.test_follow_up import ROW

PDF = pdf()
MORE = question("more", "text", "Anything else?", required=False)


def submit(services: Services, asked: Consultation, sheet: Sheet, voter: str = "ann") -> Any:
    return submit_answers(
        services,
        consultation_id=asked.id,
        voter=voter,
        sheet=sheet,
        actor=RESIDENT,
        command_id=voter,
    )


@only("sqlite")
def test_a_file_may_have_five_million_bytes_and_all_of_a_person_twenty(services):
    plans = [question(f"plan{n}", "file", f"Plan {n}", required=False) for n in range(5)]
    asked = consultation(services, RANKING, *plans)
    how = {"draft_secret": "s" * 32, "name": "plan.pdf"}
    with pytest.raises(FileTooLarge, match="5 MB"):
        attach_file(services, asked.id, plans[0], content=pdf(size_bytes=5_000_001), **how)
    for plan in plans[:4]:
        attach_file(services, asked.id, plan, content=pdf(size_bytes=5_000_000), **how)
    with pytest.raises(TooMuchAttached):
        attach_file(services, asked.id, plans[4], content=PDF, **how)
    how["draft_secret"] = "t" * 32
    attach_file(services, asked.id, plans[4], content=PDF, **how)


@only("sqlite")
def test_words_may_have_two_thousand_letters_unless_a_question_says_otherwise(services):
    asked = consultation(services, RANKING, MORE)
    submit(services, asked, Sheet({"order": ["a"]}, texts={"more": "x" * 2_000}))
    with pytest.raises(Refused, match="too many: 1"):
        submit(services, asked, Sheet({"order": ["a"]}, texts={"more": "x" * 2_001}), "bob")


@only("sqlite")
def test_an_organisation_speaks_for_ten_million_at_most(services):
    asked = consultation(services, RANKING)
    for members, voter in ((10_000_000, "big"), (10_000_001, "bigger")):
        sheet = Sheet({"order": ["a"]}, respondent="organisation", members=members)
        if voter == "big":
            submit(services, asked, sheet, voter)
        else:
            with pytest.raises(BadMembers):
                submit(services, asked, sheet, voter)


@only("sqlite")
def test_two_hundred_options_are_added_at_once_and_no_more(services):
    drafted = draft(services, RANKING)
    many = [Option(f"n{number}", words(f"Option {number}")) for number in range(201)]
    with pytest.raises(TooManyAtOnce, match="200"):
        add_options(services, drafted.id, "order", many, actor=ORGANISER)
    after = add_options(services, drafted.id, "order", many[:200], actor=ORGANISER)
    assert len(after.questions["order"].options) == 203


@only("sqlite")
def test_an_address_has_sixty_letters_at_most(services):
    home = partnership(services)
    how = {"partnership_id": home.id, "actor": ORGANISER}
    draft_consultation(services, draft=Draft("a" * 60, words("A"), words("B")), **how)
    with pytest.raises(BadSlug):
        draft_consultation(services, draft=Draft("a" * 61, words("A"), words("B")), **how)


@only("sqlite")
def test_a_hundred_rows_tell_what_was_done_in_five_hundred_letters_each(services):
    asked = consultation(services, RANKING)
    close_consultation(services, asked.id)
    publish_results(services, asked.id, actor=ORGANISER)
    with pytest.raises(FollowUpTooLong, match="500"):
        publish_follow_up(services, asked.id, replace(ROW, said=words("x" * 501)), actor=ORGANISER)
    long = replace(ROW, said={"en": "x" * 500, "cy": "y" * 500})
    for number in range(100):
        publish_follow_up(services, asked.id, long, actor=ORGANISER, command_id=f"{number}")
    with pytest.raises(TooManyFollowUps, match="100"):
        publish_follow_up(services, asked.id, long, actor=ORGANISER)


@only("sqlite")
def test_a_batch_of_codes_has_a_two_hundred_thousand_at_most(services):
    asked = consultation(services, RANKING, identity=("open", "letter"))
    with pytest.raises(BadNumberOfCodes):
        issue_codes(services, asked.id, 200_001, actor=ORGANISER)
    with pytest.raises(BadNumberOfCodes):
        issue_codes(services, asked.id, 0, actor=ORGANISER)
    assert len(issue_codes(services, asked.id, 1, actor=ORGANISER).codes) == 1


@only("sqlite")
def test_a_code_by_e_mail_holds_a_quarter_of_an_hour_and_five_tries(services, clock):
    asked = consultation(services)

    def make() -> email_codes.ShownConsultation:
        return email_codes.make(services.vault, asked.id, "ann@example.org", clock())

    def attempt(code: email_codes.ShownConsultation, typed: str = "") -> str:
        how = (services.vault, asked.id, code.id, typed or code.code, clock())
        return email_codes.use(*how)

    first = make()
    assert len(first.code) == 6
    wrong = f"{(int(first.code) + 1) % 1_000_000:06}"
    for _ in range(4):
        with pytest.raises(CodeWrong):
            attempt(first, wrong)
    with pytest.raises(CodeGone):
        attempt(first, wrong)
    with pytest.raises(CodeGone):
        attempt(first)
    second, third = make(), make()
    clock.move(minutes=14, seconds=59)
    assert attempt(second) == "ann@example.org"
    clock.move(seconds=1)
    with pytest.raises(CodeGone):
        attempt(third)


@only("sqlite")
def test_a_sign_in_link_works_for_a_day_and_a_session_for_twelve_hours_of_which_eight_idle(
    services, clock
):
    ann = staff.make_account(services.vault, "ann@example.org", "Ann")
    links = [sign_in_links.make_sign_in_token(services.vault, ann, clock()) for _ in range(2)]
    clock.move(days=1)
    assert sign_in_links.use_sign_in_token(services.vault, links[0], clock()) == ann
    clock.move(microseconds=1)
    with pytest.raises(LinkUsedOrOld):
        sign_in_links.use_sign_in_token(services.vault, links[1], clock())
    busy = staff_sessions.begin(services.vault, ann, clock())
    idle = staff_sessions.begin(services.vault, ann, clock())
    for _ in range(2):
        clock.move(hours=6)
        assert staff_sessions.find(services.vault, busy, clock()) == ann
    clock.move(seconds=1)
    assert staff_sessions.find(services.vault, busy, clock()) is None
    assert staff_sessions.find(services.vault, idle, clock()) is None
    late = staff_sessions.begin(services.vault, ann, clock())
    clock.move(hours=8)
    assert staff_sessions.find(services.vault, late, clock()) == ann
    clock.move(hours=4)
    gone = staff_sessions.begin(services.vault, ann, clock())
    clock.move(hours=8, seconds=1)
    assert staff_sessions.find(services.vault, gone, clock()) is None


@only("sqlite")
def test_a_mail_is_tried_more_and_more_rarely_and_given_up_after_three_days(services, clock):
    how = {"to": "ann@example.org", "subject": "s" * 300, "text": "x" * 50_000}
    outbox.put(services.vault, **how, now=clock())
    put_at = clock.now
    minutes = []
    for _ in range(8):
        mail = outbox.take(services.vault, clock())
        assert mail is not None
        assert len(mail.subject) == 200
        outbox.put_off(services.vault, mail, clock())
        tried_at = clock.now
        while not outbox_has_one_due(services, clock):
            clock.move(minutes=1)
        minutes.append((clock.now - tried_at) // timedelta(minutes=1))
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60]
    clock.now = put_at + timedelta(days=3) - timedelta(seconds=1)
    assert outbox.sweep(services.vault, clock()) == 0
    clock.move(seconds=1)
    assert outbox.sweep(services.vault, clock()) == 1


def outbox_has_one_due(services: Services, clock: Clock) -> bool:
    """Look without taking it."""
    with services.vault.transaction() as connection:
        due = select(tables.outbox.c.id).where(tables.outbox.c.next_at <= clock())
        return connection.execute(due).first() is not None


@only("sqlite")
def test_equality_answers_are_twenty_of_sixty_four_letters(services):
    asked = consultation(services)
    receipt = submit(services, asked, Sheet({"order": ["a"]}))
    whose = (receipt.consultation_id, receipt.subject_id, receipt.version)
    equality.keep(services.vault, *whose, {f"q{n}": "a" * 64 for n in range(20)})
    for given in ({f"q{n}": "a" for n in range(21)}, {"q": "a" * 65}):
        with pytest.raises(Refused):
            equality.keep(services.vault, *whose, given)


def test_what_an_installation_is_set_to_without_any_setting():
    shipped = Config.from_environment({})
    assert (shipped.key_days, shipped.contact_days, shipped.words_days) == (92, 90, 730)
    assert (shipped.desk_answers, shipped.proxies) == (30, 0)
    assert (shipped.accept_loss, shipped.outbox, shipped.gallery) == (False, False, False)
    assert shipped.database_url == "sqlite:///folkmoot.db"
    assert (shipped.smtp_url, shipped.scan_command, shipped.timestamp_url) == ("", "", "")
    assert drafts.KEPT_DAYS == 30


WAITING: dict[str, dict[str, float]] = {
    "consult.supervising": {
        "PAUSE_SECONDS": 0.5,
        "PAUSE_SECONDS_MAX": 30.0,
        "END_SECONDS_MAX": 10.0,
    },
    "consult.duties": {
        "ROUND_SECONDS": 1.0,
        "NEWS_SECONDS": 20.0,
        "TIDY_SECONDS": 60.0,
        "READ_MODELS_PAUSE_SECONDS_MAX": 5.0,
    },
    "projections.engine.runner": {
        "ROWS_PER_BATCH": 1000,
        "IDLE_SECONDS": 0.5,
        "KEEP_RETIRED_SECONDS": 60.0,
        "KEEP_ABANDONED_SECONDS": 3600.0,
    },
    "consult.notifying.sending": {"AT_ONCE": 100},
    "consult.sealing.running": {
        "GATHER_SECONDS": 0.25,
        "IDLE_SECONDS": 1.0,
        "RETRY_SECONDS": 5.0,
        "ANOTHER_SECONDS": 5.0,
    },
    "consult.sealing.witnesses": {
        "ROUND_SECONDS": 1.0,
        "PAUSE_SECONDS_MAX": 60.0,
        "FRESH_HOURS": 1,
    },
    "consult.sealing.timestamps": {"ROUND_SECONDS": 600.0, "NEW_SECONDS": 1.0},
    "consult.services": {"WHOLE_SECONDS_MAX": 60.0, "SEEN_SECONDS_MAX": 1.0},
    "consult.commands.answers.attaching": {"SCAN_SECONDS_MAX": 60},
    "consult.web.kept_files": {"LARGE_FROM": 2_000},
    "consult.health": {"MOVES_SECONDS_MAX": 3.0},
}
"""What no test waits for: times and sizes that others make small. Whoever changes one has to say
so here too, and in the documentation where it stands there."""


@pytest.mark.parametrize("module", WAITING)
def test_what_no_test_waits_for_is_as_it_was_decided(module):
    place = import_module(module)
    assert {name: getattr(place, name) for name in WAITING[module]} == WAITING[module]
