"""The reading room: what people wrote can be read, by those who may, and the record says so."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, update

from consult.access import STAFF
from consult.commands.answers.attaching import attach_file
from consult.commands.answers.campaigns import group_campaign
from consult.commands.answers.reading import PAGE
from consult.commands.answers.submitting import Sheet, submit_answers, withdraw_answers
from consult.commands.data_protection.erasure import erase_by_holder
from consult.people import tables
from events import DataProtectionCase
from tests.attached import pdf
from tests.builders import ORGANISER, RANKING, RESIDENT, close_consultation, consultation, question
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Page, form_values

MORE = question("more", "text", "Anything else?", required=False)
PLAN = question("plan", "file", "Have you drawn it?", required=False)
PLACE = question("place", "single", "Where do you go?", "Park", "Quay", required=False, other=True)
PDF = pdf()
ROOM = "/organise/c/riverside/written/"


@pytest.fixture
def asked(services):
    return consultation(services, RANKING, MORE, PLACE, PLAN, wards=True)


@pytest.fixture
def write(services, asked, clock):
    """Somebody answers; a minute later the next."""

    def send(voter, words="", *, other="", area="", file=None, channel="online"):
        clock.move(minutes=1)
        texts = {"more": words} if words else {}
        answers = {"order": ["a"]}
        files = {}
        if other:
            answers["place"], texts["place"] = "other", other
        if file:
            kept = attach_file(services, asked.id, PLAN, draft_secret=voter, name=file, content=PDF)
            files["plan"] = kept.commitment
        return submit_answers(
            services,
            consultation_id=asked.id,
            voter=voter,
            sheet=Sheet(answers, texts=texts, area=area, files=files),
            actor=replace(RESIDENT, channel=channel),
            command_id=f"{voter}/{words}",
        )

    return send


@pytest.fixture
def reader(app, services, asked):
    return sign_in(app, services)


def written(page):
    """What is shown of each person, as they stand on the page."""
    return [
        " ".join("".join(each.itertext()).split())
        for each in page.tree.iter("li")
        if "fm-writing" in each.get("class", "").split()
    ]


def facts(services, kind):
    return [row for row in services.record.read(0, 10_000) if row.topic == kind.TOPIC]


def test_what_people_wrote_is_read_newest_first_with_how_they_took_part(write, reader):
    write("ann", "Keep the trees", area="W03")
    write("bob", "More benches\nby the quay", channel="paper")
    overview = reader.open("/organise/c/riverside/")
    assert ROOM in overview.links()
    room = reader.open(ROOM)
    assert "Anything else?" in room.words
    assert "Put these in order" not in room.words, "nobody writes there"
    page = reader.open(f"{ROOM}more")
    assert page.status == 200
    first, second = written(page)
    assert "More benches by the quay" in first
    assert "On paper" in first
    assert "Keep the trees" in second
    assert "Canal Side" in second
    assert "2 November 2026" in second
    assert not page.faults


def test_other_please_say_is_read_as_well(write, reader):
    write("ann", other="The old lock")
    assert "The old lock" in written(reader.open(f"{ROOM}place"))[0]


def test_files_stand_beside_what_their_person_wrote_and_have_a_list_of_their_own(write, reader):
    write("ann", "See my drawing", file="lock.pdf")
    write("bob", "No drawing")
    without, with_file = written(reader.open(f"{ROOM}more"))
    assert "lock.pdf" in with_file
    assert "lock.pdf" not in without
    page = reader.open(f"{ROOM}plan")
    [line] = written(page)
    assert "lock.pdf" in line
    assert "Not scanned" in line
    [link] = {each for each in page.links() if "/file/" in each}
    assert reader.client.get(link).data == PDF


def test_only_answers_that_stand_are_shown(services, write, reader):
    write("ann", "First thought")
    write("ann", "Second thought")
    back = write("bob", "Never mind")
    withdraw_answers(services, holder=back.holder, actor=RESIDENT, command_id="back")
    assert ["Second thought" in line for line in written(reader.open(f"{ROOM}more"))] == [True]


@pytest.mark.parametrize(
    ("name", "english", "welsh"),
    [
        ({"en": "Postcards", "cy": "Cardiau post"}, "Postcards", "Cardiau post"),
        ({"en": "Postcards", "cy": ""}, "Postcards", "Postcards"),
        ("Postcards", "Postcards", "Postcards"),
    ],
)
def test_a_campaign_is_called_by_its_name_in_the_language_of_whoever_reads(
    app, services, asked, write, name, english, welsh
):
    late = write("eve", "eve: a Café")
    group_campaign(services, asked.id, [late.subject_id], name=name, actor=ORGANISER)
    reader = sign_in(app, services)
    for address, says, named in (
        (f"{ROOM}more", "Campaign", english),
        (f"/cy{ROOM}more", "Ymgyrch", welsh),
    ):
        page = reader.open(address)
        assert f"{says}: {named}" in page.words
        chosen = next(each for each in page.tree.iter("select") if each.get("name") == "campaign")
        offered = {each.get("value"): "".join(each.itertext()) for each in chosen.iter("option")}
        assert offered["Postcards"] == named
        assert "a Café" in reader.open(f"{address}?campaign=Postcards").words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=TREES", {"ann"}),
        ("q=cafe", {"eve"}),
        ("q=trees+quay", set()),
        ("channel=paper", {"bob"}),
        ("ward=W09", {"bob"}),
        ("campaign=Postcards", {"eve"}),
        ("day=2026-11-03", {"eve"}),
        ("day=2026-11-02&channel=online", {"ann"}),
        ("mark=read", {"ann"}),
        ("mark=unread", {"bob", "eve"}),
        ("q=nothing+like+it", set()),
    ],
)
def test_words_are_searched_and_filtered_by_address(
    app, services, asked, write, clock, query, found
):
    write("ann", "ann: keep the trees", area="W03")
    write("bob", "bob: the quay", area="W09", channel="paper")
    clock.move(days=1)
    late = write("eve", "eve: a Café")
    group_campaign(services, asked.id, [late.subject_id], name="Postcards", actor=ORGANISER)
    reader = sign_in(app, services)
    page = reader.open(f"{ROOM}more?q=ann")
    mark(reader, page, read=commitments(page)[0])
    page = reader.open(f"{ROOM}more?{query}")
    assert {line for line in ("ann", "bob", "eve") if f"{line}:" in page.words} == found
    assert bool(found) != ("Nothing here matches" in page.words)


def test_a_search_that_is_not_over_says_how_far_it_has_come_and_goes_on(write, reader, monkeypatch):
    monkeypatch.setattr("consult.commands.answers.reading.CHUNK", 1)
    monkeypatch.setattr("consult.commands.answers.reading.SCANNED_MAX", 2)
    for voter, words in (("ann", "The rare lapwing"), ("bob", "Common"), ("eve", "Common")):
        write(voter, words)
    page = reader.open(f"{ROOM}more?q=lapwing")
    assert "Nothing was found so far." in page.words
    assert "Nothing here matches" not in page.words
    assert "Answers this page looked through: 2, back to 2 November 2026" in page.words
    older = next(
        each for each in page.tree.iter("a") if "".join(each.itertext()).startswith("Go on")
    )
    assert "The rare lapwing" in reader.open(older.get("href")).words


def mark(reader, page, **pressed):
    """Press a button of the form of marks, and look at the page it leads to."""
    address, values = next(
        (each.get("action"), form_values(each))
        for each in page.tree.iter("form")
        if each.get("id") == "marks"
    )
    for name, value in pressed.items():
        values.add(name, value)
    return Page(reader.client.post(address, data=values, follow_redirects=True))


def commitments(page):
    return [field.get("value") for field in page.tree.iter("input") if field.get("name") == "shown"]


def test_a_day_that_is_none_is_told_and_nothing_breaks(write, reader):
    write("ann", "Keep the trees")
    for day in ("yesterday", "2026-02-30", "0"):
        page = reader.open(f"{ROOM}more?day={day}")
        assert page.status == 200
        assert [target for target, _ in page.summary] == ["day"]


def test_a_day_is_read_however_people_write_it(write, reader):
    write("ann", "Keep the trees")
    for day in ("2026-11-02", "2/11/2026", "2 November 2026", "2 Tachwedd 2026"):
        page = reader.open(f"{ROOM}more?day={day}")
        assert "Keep the trees" in page.words, day
        assert not page.summary
    assert reader.open(f"{ROOM}more?day=31/12/9999").status == 200


@pytest.fixture
def in_summer(clock):
    clock.now = clock.now.replace(month=7, hour=22)


def test_a_day_is_that_of_people_here_and_not_of_the_machine(in_summer, write, reader, clock):
    clock.now = clock.now.replace(hour=23, minute=29)
    write("ann", "After midnight by summer time")
    assert "After midnight" in reader.open(f"{ROOM}more?day=2026-07-03").words
    assert "After midnight" not in reader.open(f"{ROOM}more?day=2026-07-02").words


def test_pages_follow_each_other_and_miss_nothing(write, reader):
    for number in range(PAGE + 3):
        write(f"voter {number}", f"Thought {number:03}")
    first = reader.open(f"{ROOM}more")
    [older] = [link for link in first.links() if "before=" in link]
    second = reader.open(older)
    lines = written(first) + written(second)
    assert len(written(first)) == PAGE
    assert [f"{PAGE + 2 - place:03}" in line for place, line in enumerate(lines)] == [True] * (
        PAGE + 3
    )
    assert not [link for link in second.links() if "before=" in link and "/cy/" not in link]


def test_marks_are_set_and_taken_away_one_by_one_or_a_page_at_once(write, reader):
    write("ann", "Keep the trees")
    write("bob", "More benches")
    page = reader.open(f"{ROOM}more")
    page = mark(reader, page, read=commitments(page)[1])
    assert "Take the mark away" in written(page)[1]
    assert "Take the mark away" not in written(page)[0]
    page = mark(reader, page, all="read")
    assert all("Take the mark away" in line for line in written(page))
    assert "0" in reader.open(ROOM).words
    page = mark(reader, page, unread=commitments(page)[0])
    assert "Mark as read" in written(page)[0]


def test_a_mark_needs_the_form_of_the_session(write, reader):
    write("ann", "Keep the trees")
    page = reader.open(f"{ROOM}more")
    reader.client.post(f"{ROOM}more", data={"all": "read", "shown": commitments(page)})
    assert "Take the mark away" not in reader.open(f"{ROOM}more").words


def test_erased_words_say_so_and_cannot_be_found(services, write, reader):
    receipt = write("ann", "I live at Lock 4", file="lock4.pdf")
    page = reader.open(f"{ROOM}more")
    mark(reader, page, all="read")
    [link] = {each for each in page.links() if "/file/" in each}
    erase_by_holder(services, holder=receipt.holder, actor=RESIDENT)
    [line] = written(reader.open(f"{ROOM}more"))
    assert "Erased" in line
    assert "Lock 4" not in line
    assert "lock4" not in reader.open(f"{ROOM}plan").text
    assert reader.client.get(link).status_code == 404
    assert not written(reader.open(f"{ROOM}more?q=lock"))
    with services.vault.transaction() as connection:
        assert not connection.execute(tables.read_mark.select()).all(), "marks go with the words"


def test_words_that_somebody_changed_in_the_vault_are_not_passed_off_as_theirs(
    services, write, reader
):
    write("ann", "Keep the trees")
    with services.vault.transaction() as connection:
        connection.execute(update(tables.free_text).values(words="Cut the trees"))
    [line] = written(reader.open(f"{ROOM}more"))
    assert "Does not match the record." in line
    assert "Cut the trees" not in line


def test_words_that_are_gone_without_an_erasure_are_missing_and_not_erased(services, write, reader):
    write("ann", "Keep the trees")
    with services.vault.transaction() as connection:
        connection.execute(delete(tables.free_text))
    [line] = written(reader.open(f"{ROOM}more"))
    assert "Missing." in line
    assert "Erased" not in line


def test_a_file_that_somebody_changed_is_not_handed_out(services, write, reader):
    write("ann", file="lock.pdf")
    [link] = {each for each in reader.open(f"{ROOM}plan").links() if "/file/" in each}
    with services.vault.transaction() as connection:
        connection.execute(update(tables.attachment).values(content=b"%PDF-1.4 other"))
    answer = reader.client.get(link)
    assert answer.status_code == 422
    assert "does not match the commitment" in answer.text


def test_that_somebody_read_is_recorded_once_a_day_before_a_word_is_shown(
    services, asked, write, reader, clock
):
    write("ann", "Keep the trees", file="lock.pdf")
    reader.open(ROOM)
    assert not facts(services, DataProtectionCase.WordsRead), "nothing was read there"
    for _ in range(3):
        reader.open(f"{ROOM}more?q=trees")
    [read] = facts(services, DataProtectionCase.WordsRead)
    stored = read.state.decode()
    assert '"question_id":"more"' in stored
    assert '"role":"organiser"' in stored
    assert "Ann" not in stored
    assert "example.org" not in stored
    page = reader.open(f"{ROOM}plan")
    [link] = {each for each in page.links() if "/file/" in each}
    reader.client.get(link)
    assert len(facts(services, DataProtectionCase.WordsRead)) == 2
    clock.move(days=1)
    reader = sign_in(reader.client.application, services)
    reader.open(f"{ROOM}more")
    assert len(facts(services, DataProtectionCase.WordsRead)) == 3
    trail = Page(reader.client.get("/c/riverside/count"))
    assert "What people wrote was read (2 entries) Organiser" in trail.words
    assert "Darllenwyd yr hyn a ysgrifennodd pobl" in reader.open("/cy/c/riverside/count").words


@pytest.mark.parametrize("role", STAFF)
def test_only_roles_that_organise_read(app, services, asked, write, role):
    write("ann", "Keep the trees", file="lock.pdf")
    somebody = sign_in(app, services, role=role, email=f"{role.split()[0]}@example.org")
    may = role in {"organiser", "council officer", "administrator"}
    for address in (ROOM, f"{ROOM}more", "/organise/c/riverside/export/"):
        answer = somebody.client.get(address)
        assert (answer.status_code == 200) == may, address
        assert "Keep the trees" not in answer.text or may
    assert len(facts(services, DataProtectionCase.WordsRead)) == may


def test_another_partnerships_organiser_reads_nothing(app, services, asked, write):
    from tests.builders import partnership

    write("ann", "Keep the trees")
    partnership(services, "elsewhere")
    somebody = sign_in(app, services, slug="elsewhere", email="other@example.org")
    answer = somebody.client.get(f"{ROOM}more")
    assert answer.status_code == 403
    assert "Keep the trees" not in answer.text
    assert not facts(services, DataProtectionCase.WordsRead)


def test_the_room_is_there_in_welsh_and_after_closing(services, asked, write, reader):
    write("ann", "Cadwch y coed")
    close_consultation(services, asked.id, actor=ORGANISER)
    page = reader.open(f"/cy{ROOM}more")
    assert "Geiriau i chwilio amdanynt" in page.words
    assert "Cadwch y coed" in page.words


def test_drafts_and_questions_without_words_have_no_room(reader):
    assert reader.open(f"{ROOM}order").status == 404
    assert reader.open(f"{ROOM}nothing").status == 404
