"""Many at once: one person counts once, and closing divides accepted from refused exactly."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from consult.commands.answers.submitting import Sheet, submit_answers
from consult.commands.answers.submitting_refusals import ConsultationClosed
from consult.web import create_app
from events import Ballot, Conflict
from projections.ballot_box import BallotBox
from tests.builders import ORGANISER, RESIDENT, close_consultation, consultation
from tests.consult.web.residents import Resident


@pytest.fixture
def counted(services):
    """How many people's ballots count, of one consultation."""

    def people(id):
        services.catch_up()
        with services.views.connect() as db:
            return services.views.reader(BallotBox).people(db, id)

    return people


def test_200_parallel_submissions_by_one_person_are_one_counted_ballot(services, counted):
    opened = consultation(services)

    def submit(number):
        try:
            return submit_answers(
                services,
                consultation_id=opened.id,
                voter="device/one",
                sheet=Sheet({"order": ["abc"[number % 3]]}),
                actor=RESIDENT,
                command_id=f"command-{number // 2:04}",
            ).code
        except Conflict:  # nobody gets in between the others for ever: told so, nothing recorded
            return None

    with ThreadPoolExecutor(20) as pool:
        codes = set(pool.map(submit, range(200))) - {None}
    assert counted(opened.id) == 1
    [subject] = {row[1] for row in services.record.read(0) if "ballot" in row[3]}
    ballot = services.record.get(Ballot, subject)
    assert len(codes) == ballot.version == len(ballot.commands), "each key took effect once"


def test_everyone_told_accepted_is_counted_and_nobody_told_too_late(services, counted):
    opened = consultation(services)
    gate = Barrier(11)

    def hundred(first):
        gate.wait()
        answers = Counter()
        for number in range(first, first + 100):
            try:
                submit_answers(
                    services,
                    consultation_id=opened.id,
                    voter=f"device/{number}",
                    sheet=Sheet({"order": ["a", "b"]}),
                    actor=RESIDENT,
                    command_id=f"command-{number:05}",
                )
                answers["accepted"] += 1
            except ConsultationClosed:
                answers["too late"] += 1
        return answers

    with ThreadPoolExecutor(10) as pool:
        people = [pool.submit(hundred, first) for first in range(0, 1_000, 100)]
        gate.wait()
        while services.record.head() < 200:
            pass
        close_consultation(services, opened.id, actor=ORGANISER)
        told = sum((each.result() for each in people), Counter())
    assert told.total() == 1_000
    assert told["accepted"] >= 150
    assert told["too late"] > 0
    assert counted(opened.id) == told["accepted"]


def test_the_same_holds_through_pages(services, counted, monkeypatch):
    opened = consultation(services)
    app = create_app(services)
    people = [Resident(app.test_client()) for _ in range(60)]
    pages = [person.open("/c/riverside/all") for person in people]
    gate = Barrier(7)

    def send(group):
        gate.wait()
        return [
            people[number].post(pages[number], q__order=["b", "a"]).status_code
            for number in range(group, 60, 6)
        ]

    with ThreadPoolExecutor(6) as pool:
        sending = [pool.submit(send, group) for group in range(6)]
        before = services.record.head()
        gate.wait()
        while services.record.head() < before + 15:
            pass
        close_consultation(services, opened.id, actor=ORGANISER)
        told = Counter(status for each in sending for status in each.result())
    assert set(told) <= {303, 409}
    assert told[303] >= 15
    assert counted(opened.id) == told[303]


def test_a_person_who_presses_send_many_times_is_one_counted_ballot(services, counted):
    opened = consultation(services)
    app = create_app(services)
    person = Resident(app.test_client())
    page = person.open("/c/riverside/all")
    cookie = person.client.get_cookie("folkmoot")
    address, values = page.form()
    values.setlist("q-order", ["a"])

    def press(_number):
        browser = app.test_client()  # the same device: the same cookie, another connection
        browser.set_cookie("folkmoot", cookie.value)
        return browser.post(address, data=values).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(press, range(40))) == {303}
    assert counted(opened.id) == 1
    assert services.record.read(0)[-1][3].endswith("cast.v1"), "nothing was replaced"
