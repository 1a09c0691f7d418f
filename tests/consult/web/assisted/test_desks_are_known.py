"""Whoever answers for others is known by a code: in the log, at a receipt and in results."""

import json
import re
from dataclasses import replace

from click.testing import CliRunner

from consult.cli.root import main
from consult.commands.results.counting import publish_results
from consult.log_store.outgoing import BALLOT
from consult.sealing.public_entries.entries import Publisher
from tests.builders import ORGANISER, close_consultation, consultation
from tests.conftest import only
from tests.consult.web.assisted.test_assisting import (
    asked,
    begin,
    desk,
    events,
    help_one,
    signed_in,
)
from tests.consult.web.residents import Resident

__all__ = ["asked", "desk"]
CODE = re.compile("[0-9A-Z]{4}-[0-9A-Z]{4}")


def entries(services) -> list[dict[str, object]]:
    rows = services.record.read(0, 10_000)
    publisher = Publisher(services.record, lambda _id: None)
    made = [publisher.entry(publisher.seen(row)) for row in rows]
    return [json.loads(each.content) for each in made if each and each.kind == BALLOT]


def test_an_answer_by_staff_names_their_account_by_a_code_and_no_other_does(
    services, app, desk, resident, clock
):
    help_one(desk, "a", reference="LIB 1001")
    clock.move(minutes=2)
    help_one(desk, "b", reference="LIB 1002")
    other = signed_in(app, services, email="library@example.org")
    help_one(other, "c", reference="LIB 1003")
    codes = [fact.desk for fact in events(services)]
    assert all(CODE.fullmatch(code) for code in codes)
    assert codes[0] == codes[1] != codes[2]
    assert sorted(entry["dk"] for entry in entries(services)) == sorted(codes)
    assert not [fact for fact in events(services) if fact.by.actor in str(entries(services))]


def test_somebody_who_answers_alone_has_no_desk(services, resident):
    consultation(services)
    resident.send(resident.send(resident.open("/c/riverside/q/order"), q__order=["a"]))
    [entry] = entries(services)
    assert "dk" not in entry
    page = resident.send(resident.open("/receipt"), code=resident.receipt_code())
    assert "Our staff" not in page.words


def test_a_receipt_says_that_staff_sent_the_answers(services, app, desk):
    page = help_one(desk, "a", reference="LIB 1001")
    code = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", page.words)
    [fact] = events(services)
    resident = Resident(app.test_client())
    standing = resident.send(resident.open("/receipt"), code=code[0])
    assert f"Our staff sent these answers for you (desk {fact.desk})" in standing.words


def test_an_account_answers_for_few_people_in_a_short_time_and_nothing_typed_is_lost(
    services, app, desk, clock
):
    """Forty in 36 seconds were taken once."""
    services.config = replace(services.config, desk_answers=5)
    done = []
    for n in range(40):
        page = help_one(desk, "b", reference=f"LIB {1000 + n}")
        done.append(page.status)
        clock.move(seconds=0.9)
    assert done == [200] * 3 + [429] * 37
    assert "Nothing was recorded, and what you typed is still here" in page.words
    assert page.form(page.address)[1]["q-order"] == "b"
    assert len(events(services)) == 3
    colleague = signed_in(app, services, email="library@example.org")
    assert help_one(colleague, "a", reference="LIB 2000").status == 200
    for _ in range(3):
        clock.move(minutes=2)
        last = help_one(desk, "c", reference=f"LIB {clock().timestamp()}").status
    assert last == 429, "five in an hour, whatever the pace"
    clock.move(minutes=61)
    assert help_one(desk, "c", reference="LIB 3000").status == 200


def test_the_pace_as_shipped(services, desk, clock):
    done = []
    for n in range(33):
        done.append(help_one(desk, "b", reference=f"LIB {1000 + n}").status)
        clock.move(seconds=100)
    assert done == [200] * 30 + [429] * 3


@only("sqlite")
def test_where_nobody_answered_at_a_desk_the_command_says_so(services, desk):
    run = CliRunner(env={"FOLKMOOT_DATABASE_URL": services.config.database_url})
    told = run.invoke(main, ["desks", "riverside"])
    assert told.exit_code == 0, told.output
    assert told.output == "Nobody has answered at a desk, or by telephone with staff.\n"


@only("sqlite")
def test_a_sample_of_a_desks_own_list_is_looked_up_and_what_it_lacks_is_said(
    services, app, desk, clock, tmp_path
):
    for n in range(4):
        help_one(desk, "b", reference=f"LIB 100{n}")
        clock.move(minutes=2)
    [code] = {fact.desk for fact in events(services)}
    services.catch_up()
    register = tmp_path / "register.txt"
    register.write_text("lib-1000\nLIB 1001\nLIB 9999\n")
    run = CliRunner(env={"FOLKMOOT_DATABASE_URL": services.config.database_url})
    result = run.invoke(main, ["desks", "riverside", str(register)])
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0].startswith(f"{code}: 4 people, ")
    assert lines[1:4] == [
        f"line 1: answered at {code}",
        f"line 2: answered at {code}",
        "line 3: no answers",
    ]
    assert lines[4].startswith(f"{code}: 2 people of whom")
    assert "LIB" not in result.output
    whole = tmp_path / "whole.txt"
    whole.write_text("".join(f"LIB 100{n}\n" for n in range(4)))
    told = run.invoke(main, ["desks", "riverside", str(whole)]).output
    assert "Every answer for which a number was checked has its line." in told


def test_results_count_the_people_whom_each_desk_answered_for(
    services, app, desk, resident, clock, asked
):
    counts = {"desk@example.org": 6, "library@example.org": 7}
    for email, people in counts.items():
        clerk = desk if email == "desk@example.org" else signed_in(app, services, email=email)
        for n in range(people):
            help_one(clerk, "b", reference=f"{email} {n}")
            clock.move(minutes=1)
    first, second = dict.fromkeys(fact.desk for fact in events(services))
    clock.move(days=60)
    close_consultation(services, asked.id, actor=ORGANISER, command_id="close")
    publish_results(services, asked.id, actor=ORGANISER)
    services.catch_up()
    page = Resident(app.test_client()).open("/c/riverside/results")
    assert "Who of our staff answered for people" in page.words
    assert re.search(rf"{first} 6 ", page.words)
    assert re.search(rf"{second} 7 ", page.words)


def test_the_numbers_checked_are_kept_by_nobody(services, desk):
    help_one(desk, "a", reference="LIB 1001 UNIQUE")
    stored = b"".join(row.state for row in services.record.read(0, 10_000))
    assert b"UNIQUE" not in stored
    assert (
        begin(desk, reference="LIB 1001 unique").words.count("There are answers here already.") == 1
    )
