"""What the verifier says first: four lines that claim no more than the run has checked."""

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from consult.verifier import folkmoot_verify as verify
from tests.consult.verifier.verifier_logs import (
    BASKET,
    COUNTING,
    FILE,
    LOG_KEY,
    MOMENT,
    NOW,
    ORDER,
    OTHER_KEY,
    WITNESS,
    Vote,
    World,
    policy,
    private_half,
    story,
    terms,
    write,
)

SIGNED = "nothing in it was changed, removed or moved since it was signed"
NOT_ASKED = "not looked at by this command."
HEXADECIMAL = re.compile(r"\b[0-9a-f]{8}\b")
COLUMNS = 80


class Desk:
    """A folder with what a person has, and a terminal."""

    def __init__(self, folder: Path, printed: Callable[[], str]) -> None:
        self.folder, self.printed, self.code = folder, printed, -1
        self.key = self.keep("log.vkey", LOG_KEY.verifier.vkey)

    def keep(self, name: str, content: bytes | str) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def log(self, world: World, name: str = "log", **how: object) -> Path:
        return write(self.folder / name, world.files(**how))

    def reads(self, *words: object, key: bool = True) -> str:
        """All that a command prints."""
        given = ["--key", self.key] if key else []
        given += ["--now", NOW] if words[0] in ("audit", "recount", "attest") else []
        self.code = verify.main([*map(str, [*words, *given])])
        return self.printed()

    def lines(self, *words: object, key: bool = True) -> list[str]:
        """The four lines, each as one, without its number and title."""
        told = self.reads(*words, key=key).partition("\n\n")[0]
        joined = told.replace("\n   ", " ").splitlines()
        titles = [line.partition(":")[0] for line in joined]
        assert titles == ["1. The record", "2. The answers", "3. The result", "4. Witnesses"]
        return [line.partition(": ")[2] for line in joined]

    def about(self, title: str, *words: object) -> str:
        """The lines about one consultation, each as one."""
        told = self.reads(*words)
        [found] = [one for one in told.split("\n\n")[1:] if one.startswith(f"{title}\n")]
        return found.replace("\n   ", "\n").replace("\n", " ").removeprefix(f"{title} ")


def grow(world: World) -> None:
    end = {"t": "key_destroyed", "v": 1, "c": world.votes[0].id, "at": "2027-01-01T00:00:00Z"}
    world.add(end)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture) -> Desk:
    return Desk(tmp_path, lambda: capsys.readouterr().out)


def test_a_whole_log_that_was_counted_again_holds_in_four_lines(desk):
    found = desk.lines("recount", desk.log(story()))
    assert found == [
        f"{SIGNED}.",
        "every answer that counts is the one that was sealed.",
        "it is what was sealed, and follows from the answers.",
        "not checked, so others might be shown another record.",
    ]


def test_an_audit_does_not_say_that_it_counted_again(desk):
    folder = desk.log(story())
    assert desk.lines("audit", folder)[2] == "it is what was sealed; it was not counted again."
    assert "and was not counted again." in desk.about("The green pot", "audit", folder)


def test_a_receipt_says_of_the_record_only_that_its_entry_is_in_it(desk):
    world = story()
    receipt = desk.keep("r", world.receipt(2))
    one, two, three, four = desk.lines("receipt", receipt)
    assert one == "the receipt's entry is in it as signed; no other was looked at."
    assert two == "not checked, and what became of them since was not looked at: --log URL."
    assert three == NOT_ASKED
    assert four == "not checked, so others might be shown another record."


def test_a_receipt_with_its_private_half_says_so_of_these_answers_alone(desk):
    world = story()
    receipt = desk.keep("r", world.receipt(2))
    private = desk.keep("p", private_half(world.votes[0], "person 0"))
    found = desk.lines("receipt", receipt, "--private", private)
    sealed = "those in the private file are the ones that were sealed"
    assert found[1] == f"{sealed}; what became of them since was not looked at: --log URL."
    assert desk.code == 0
    other = desk.keep("o", private_half(world.votes[0], "person 3"))
    found = desk.lines("receipt", receipt, "--private", other)
    assert found[1] == "THE PRIVATE FILE IS NOT THAT OF THIS RECEIPT, or says something else."
    assert SIGNED not in found[0]


def test_the_private_file_in_the_place_of_the_receipt_is_called_by_its_name(desk):
    private = desk.keep("p", private_half(story().votes[0], "person 0"))
    said = " ".join(desk.reads("receipt", private).split())
    assert "this is the private file of a receipt: give it with --private" in said


def test_a_receipt_beside_the_log_of_today_says_what_that_adds(desk):
    world = story()
    receipt = desk.keep("r", world.receipt(2))
    grow(world)
    found = desk.lines("receipt", receipt, "--log", desk.log(world))
    assert found[0].endswith("every entry after it was read. Today's log continues it.")
    assert found[1] == "they stand and count; which they are needs --private FILE."
    world.entries[5] = b"{}"
    found = desk.lines("receipt", receipt, "--log", desk.log(world, "forked"))
    assert found[0] == "TODAY'S LOG DOES NOT CONTINUE the record that the receipt names."


def test_two_checkpoints_say_nothing_of_entries_that_nobody_read(desk):
    world = story()
    old = desk.keep("old", world.checkpoint())
    grow(world)
    today = desk.log(world)
    grown = "the newer one begins with all of the older one, unchanged."
    same = "these two checkpoints can both be true."
    signed = "its checkpoint is signed; the entries were not looked at."
    assert desk.lines("consistency", old, today)[:3] == [grown, NOT_ASKED, NOT_ASKED]
    assert desk.lines("evidence", old, old) == [same, NOT_ASKED, NOT_ASKED, NOT_ASKED]
    assert desk.lines("checkpoint", old)[:3] == [signed, NOT_ASKED, NOT_ASKED]
    kept = desk.lines("checkpoint", old, "--known", old)
    assert kept[0] == f"{signed.removesuffix('.')}. It continues what you kept."
    kept = desk.lines("audit", today, "--known", old)
    assert kept[0] == f"{SIGNED}. It continues what you kept."


def test_what_contradicts_itself_is_named_by_what_was_compared(desk):
    world = story()
    old = desk.keep("old", world.checkpoint())
    world.entries[5] = b"{}"
    world.entries += world.entries[6:9]
    forked = desk.log(world)
    says = {
        ("consistency", old, forked): "THE NEWER ONE DOES NOT CONTINUE the older one.",
        ("evidence", old, forked / "checkpoint", "--log", forked): (
            "THE TWO CHECKPOINTS CANNOT BE OF ONE RECORD that was only added to."
        ),
    }
    for words, expected in says.items():
        assert desk.lines(*words)[0] == expected
        assert desk.code == 1


def test_a_file_that_is_wrong_is_not_called_a_record_that_was_tampered_with(desk):
    world = story()
    receipt = world.receipt(2)
    another = desk.keep("another", receipt.replace(b"index 2", b"index 3"))
    forged = desk.log(world, "forged", key=OTHER_KEY)
    older = desk.keep("older", world.checkpoint(OTHER_KEY))
    cut = world.checkpoint().replace(b"\n\n", b"\n", 1)
    says = {
        ("receipt", another): "THE RECEIPT'S ENTRY IS NOT IN the record that the receipt names.",
        ("checkpoint", desk.keep("c", cut)): "A CHECKPOINT OF IT CANNOT BE READ.",
        ("checkpoint", forged / "checkpoint"): "IT IS NOT SIGNED BY THE KEY that you gave.",
        ("audit", forged): "IT IS NOT SIGNED BY THE KEY that you gave.",
        ("audit", desk.log(world), "--known", older): "IT DOES NOT CONTINUE the one that you kept.",
    }
    for words, expected in says.items():
        assert desk.lines(*words)[0] == expected, words
        assert desk.code == 1


def test_an_entry_that_was_changed_is(desk):
    folder = desk.log(story())
    [bundle] = (folder / "tile" / "entries").glob("*.p/*")
    bundle.write_bytes(bundle.read_bytes().replace(b'"ch":"web"', b'"ch":"wet"', 1))
    found = desk.lines("audit", folder)
    assert found[0] == "IT WAS TAMPERED WITH OR DAMAGED, or was never in order."


def test_a_log_that_is_shorter_than_what_somebody_kept_is_older_or_cut_short(desk):
    world = story()
    older = desk.log(world)
    grow(world)
    kept = desk.keep("kept", world.checkpoint())
    found = desk.lines("audit", older, "--known", kept)
    assert found[0] == "older than the one that you kept: not the latest, or cut short."
    assert desk.code == 4


def test_without_a_key_the_first_line_says_what_is_missing(desk):
    found = desk.lines("audit", desk.log(story()), key=False)
    assert found[0].startswith("not fully checked (no key was given: use --key FILE")


def test_witnesses_are_said_to_have_signed_what_they_have_signed(desk):
    world = story()
    rules = desk.keep("policy", policy(WITNESS))
    old = desk.keep("old", world.checkpoint())
    grow(world)
    folder = desk.log(world, witnesses=[WITNESS])
    says = "enough of those that you named have signed"
    with_policy = ("--policy", rules)
    assert desk.lines("audit", folder, *with_policy, key=False)[3] == f"{says} this record."
    found = desk.lines("consistency", old, folder, *with_policy, key=False)
    assert found[3] == f"{says} the newer record."


# -- several consultations --


def answered(vote: Vote) -> Vote:
    vote.open()
    for number in range(6):
        vote.ballot(f"person {number}", pot=["P01"], order=["a", "b"])
    return vote


def counted(world: World, title: str) -> Vote:
    vote = world.vote([BASKET, ORDER], COUNTING)
    vote.title = title
    answered(vote).close()
    return vote.count()


def imported(world: World, title: str = "Council ward") -> Vote:
    """Votes from a file: closed when all are in, and not counted by anybody yet."""
    vote = world.vote([ORDER], {"order": COUNTING["order"]})
    vote.title, vote.assurance, vote.levels = title, "imported", []
    vote.open()
    for number in range(3):
        index = vote.ballot(f"line {number}", order=["b"])
        entry = json.loads(world.entries[index]) | {"n": 4}
        world.entries[index] = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
    vote.close()
    return vote


def test_an_import_that_nobody_counted_does_not_hide_that_all_others_were(desk):
    world = World()
    counted(world, "Libraries")
    counted(world, "Parks")
    imported(world)
    folder = desk.log(world)
    found = desk.lines("recount", folder)
    assert desk.code == 3
    assert found[1] == f"{verify.SEALED}, in all 3 consultations."
    assert found[2] == (
        "it is what was sealed, and follows from the answers, in 2 of 3 closed consultations; "
        "1 has no result yet."
    )
    assert desk.about("Parks", "recount", folder) == (
        "6 responses: each that counts is opened as it was sealed. "
        "The result is what was sealed, and follows from the answers. "
        "Ties: its order was fixed in the terms, and made from words."
    )
    assert desk.about("Council ward", "recount", folder).startswith(
        "12 responses: each that counts is opened as it was sealed. "
        "No result is published yet, so there is nothing to compare with."
    )


def test_an_import_alone_has_no_result_and_is_not_called_unchecked(desk):
    world = World()
    imported(world)
    assert desk.lines("recount", desk.log(world))[2] == "none is published yet."


def test_what_only_the_auditor_may_see_does_not_hide_the_others(desk):
    world = World()
    counted(world, "Parks")
    secret = world.vote([BASKET, ORDER], COUNTING, "auditor")
    secret.title = "Housing"
    answered(secret).close()
    secret.count()
    del world.openings[secret.id]
    folder = desk.log(world)
    found = desk.lines("recount", folder)
    some = "in 1 of 2 closed consultations"
    assert found[1] == f"{verify.SEALED}, {some}; 1 is not published."
    assert found[2].endswith(f"{some}; 1 needs the auditor's copy.")
    assert desk.about("Housing", "recount", folder).startswith(
        "6 responses: the answers are not published, and were not checked here. "
        "The result is what was sealed; it takes the auditor's copy to count it again."
    )


def test_answers_that_are_not_there_leave_one_consultation_unchecked_by_its_name(desk):
    world = World()
    counted(world, "Parks")
    lost = counted(world, "Housing")
    del world.openings[lost.id]
    folder = desk.log(world)
    found = desk.lines("recount", folder)
    some = "in 1 of 2 closed consultations; 1 was not fully checked."
    assert found[1] == f"{verify.SEALED}, {some}"
    assert found[2].endswith(some)
    said = desk.about("Housing", "recount", folder)
    assert "the answers were not checked (openings.ndjson is not there)." in said
    assert "The result was not fully checked (no answers to count)." in said


def test_one_false_result_is_said_of_its_own_consultation(desk):
    world = World()
    counted(world, "Parks")
    false = counted(world, "Housing")
    folder = desk.log(world)
    path = folder / "c" / false.id / "result.json"
    path.write_bytes(path.read_bytes().replace(b'"elected":["a"]', b'"elected":["b"]'))
    found = desk.lines("audit", folder)
    assert found[2] == "IT IS NOT WHAT WAS SEALED, in 1 of 2 closed consultations."
    assert "The result: IT IS NOT WHAT WAS SEALED." in desk.about("Housing", "audit", folder)
    assert "sealed, and was not counted" in desk.about("Parks", "audit", folder)


def test_a_false_answer_is_said_of_its_own_consultation(desk):
    world = World()
    counted(world, "Parks")
    false = counted(world, "Housing")
    world.openings[false.id].pop()
    folder = desk.log(world)
    found = desk.lines("recount", folder)
    assert found[1] == f"{verify.UNSEALED}, in 1 of 2 closed consultations."
    assert verify.UNSEALED in desk.about("Housing", "recount", folder)


def test_a_manifest_that_was_changed_gives_its_consultation_no_title(desk):
    world = World()
    counted(world, "Parks")
    changed = counted(world, "Housing")
    folder = desk.log(world)
    path = folder / "c" / changed.id / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b"Housing", b"Homes!!"))
    told = desk.reads("recount", folder)
    assert "Homes!!" not in told
    said = desk.about(f"The consultation {changed.id[:8]}", "recount", folder)
    assert said.startswith("WHAT WAS ASKED IS NOT WHAT WAS FIXED AT THE OPENING.")
    assert "in 1 of 2 closed consultations" in desk.lines("recount", folder)[1]


def test_fifty_consultations_leave_the_four_lines_short_and_stand_under_them_by_title(desk):
    world = World()
    for number in range(50):
        vote = world.vote([ORDER], {"order": COUNTING["order"]})
        vote.title = f"Ward {number}"
        vote.open().issue("first", 9)
        vote.by_letter("ann")
        vote.close()
        vote.count()
    told = desk.reads("recount", desk.log(world))
    first, *others = told.split("\n\n")
    assert len(first.splitlines()) <= 6
    assert HEXADECIMAL.search(first) is None
    assert [one.splitlines()[0] for one in others[:50]] == [f"Ward {n}" for n in range(50)]
    assert "One-use codes by letter: 9 issued; responses that came with one: 1." in others[0]
    plain = [line for line in told.splitlines() if "python3 " not in line and "sha256" not in line]
    assert max(map(len, plain)) < COLUMNS


def test_two_consultations_of_one_title_are_told_apart_by_their_short_name(desk, monkeypatch):
    world = World()
    for name in ("parks-2024", "parks-2025"):
        vote = counted(world, "Parks")
        monkeypatch.setattr(vote, "slug", name, raising=False)
    packs = [verify.Pack(None, verify.Case(vote.id, 0), None) for vote in world.votes]
    for pack, vote in zip(packs, world.votes, strict=True):
        pack.manifest = json.loads(vote.manifest) | {"slug": vote.slug}
    assert [*verify.names_of(packs).values()] == ["Parks (parks-2024)", "Parks (parks-2025)"]


def test_consultations_that_are_open_withdrawn_or_only_prepared_are_said_to_be(desk):
    world = World()
    counted(world, "Parks")
    for title in ("Open", "Withdrawn"):
        vote = world.vote([ORDER], {"order": COUNTING["order"]})
        vote.title = title
        vote.open()
    vote.official("stopped", reason={"en": "No money"})
    letters = world.vote([ORDER], {"order": COUNTING["order"]})
    letters.issue("first", 20)
    folder = desk.log(world)
    found = desk.lines("recount", folder)
    assert found[1] == f"{verify.SEALED}, in the one that is closed."
    not_yet = "It has not closed: answers are opened and counted after that."
    assert desk.about("Open", "recount", folder) == not_yet
    withdrawn = "It was withdrawn: nothing of it is opened or counted."
    assert desk.about("Withdrawn", "recount", folder) == withdrawn
    prepared = desk.about(f"The consultation {letters.id[:8]}", "recount", folder)
    assert prepared.startswith("It has not opened. One-use codes by letter: 20 issued;")


def test_a_log_in_which_nothing_is_closed_has_nothing_to_check(desk):
    world = World()
    answered(world.vote([ORDER], {"order": COUNTING["order"]}))
    found = desk.lines("audit", desk.log(world))
    assert found[1:3] == [
        "no consultation is closed, so no answers are opened.",
        "no consultation is closed, so there is no result.",
    ]


def test_a_consultation_that_was_asked_for_alone_is_the_only_one_that_is_spoken_of(desk):
    world = World()
    counted(world, "Parks")
    housing = counted(world, "Housing")
    folder = desk.log(world)
    told = desk.reads("recount", folder, "--consultation", housing.id)
    assert "Housing\n" in told
    assert "Parks" not in told
    found = desk.lines("recount", folder, "--consultation", housing.id)
    assert found[1] == f"{verify.SEALED}, in the one that you asked for."
    nothing = desk.lines("audit", folder, "--consultation", "ffff")
    assert nothing[1] == nothing[2] == "no consultation has an id that begins with ffff."


# -- what is not in the answers --


def test_answers_that_were_erased_and_cannot_be_opened_are_not_called_checked(desk):
    world = story()
    vote = world.votes[0]
    world.openings[vote.id] = vote.opening_lines([p for p in vote.standing if p != "person 0"])
    folder = desk.log(world)
    gone = ", but for 1 that cannot, being erased."
    assert desk.lines("audit", folder)[1].endswith(gone)
    assert f"sealed{gone}" in desk.about("The green pot", "audit", folder)


def test_a_draw_that_is_not_in_order_is_in_the_third_line(desk):
    world = World()
    vote = world.vote([ORDER], {"order": {**COUNTING["order"], "tie_chain": ["lot"]}})
    vote.beacon = {"kind": "draw", "due_at": MOMENT, "name": {"en": "Lottery", "cy": "Loteri"}}
    answered(vote).close()
    vote.draw("1 2 3 4 5", at="2026-11-21T10:00:00Z")
    vote.count()
    found = desk.lines("recount", desk.log(world))
    assert desk.code == 1
    assert found[2] == "ITS DRAW IS NOT IN ORDER."


def test_a_draw_that_only_people_can_compare_stands_with_its_consultation(desk):
    world = World()
    vote = world.vote([ORDER], {"order": {**COUNTING["order"], "tie_chain": ["lot"]}})
    vote.beacon = {
        "kind": "draw",
        "due_at": "2026-11-20T20:00:00Z",
        "name": {"en": "Lottery", "cy": "Loteri"},
    }
    answered(vote).close()
    vote.draw("1 2 3 4 5", at="2026-11-21T10:00:00Z")
    vote.count()
    said = desk.about("The green pot", "recount", desk.log(world))
    assert said.endswith(
        "Ties: if any, decided by the draw 1 2 3 4 5; compare it with https://lottery.example."
    )


def changed(people: int, *, aside: int = 0, later: int = 0, by: int = 0) -> World:
    """Some put b first, and the last of them answered again, or were set aside."""
    world = World()
    vote = world.vote([ORDER], {"order": terms("plurality", lot=["a", "b", "c"])}).open()
    for number in range(people):
        vote.ballot(f"person {number}", order=["b"])
    vote.vouches = "identity"
    for number in range(by):
        vote.ballot(f"person {number}", order=["b"])
    for number in range(aside):
        vote.about("voided", f"person {number}", reason="not a resident")
    vote.close()
    for number in range(aside, aside + later):
        vote.about("voided", f"person {number}", reason="not a resident")
    return vote.count().world


@pytest.mark.parametrize(
    ("how", "says"),
    [
        (
            {"aside": 4},
            [
                "4 responses were set aside by the organisers.",
                "Only the operator vouches for what became of 4 responses (4 by setting answers",
                "aside): they could alter the result.",
            ],
        ),
        (
            {"by": 1},
            [
                "Only the operator vouches for what became of 1 response (1 by proving identity",
                "again): they could alter the result, but not what comes first.",
            ],
        ),
        ({"later": 1}, ["1 response was set aside by the organisers, 1 of them after it closed."]),
    ],
)
def test_what_only_the_operator_vouches_for_is_said_to_councillors(desk, how, says):
    log = desk.log(changed(7, **how))
    assert " ".join(says) in desk.about("The green pot", "recount", log)
    not_counted = "what that could alter was not counted" in desk.about(
        "The green pot", "audit", log
    )
    assert not_counted is any("Only the operator" in one for one in says)


def test_of_changes_that_are_their_holders_nothing_is_said(desk):
    said = desk.about("The green pot", "recount", desk.log(changed(7)))
    assert "operator" not in said
    assert "set aside" not in said


@pytest.mark.parametrize("members", [{"organisation": 310, "group": 0}, None])
def test_how_many_members_organisations_have_is_never_called_checked(members):
    world = story()
    case = verify.Case(world.votes[0].id, 0)
    pack = verify.Pack(None, case, verify.Report("recount", []))
    pack.tallies = {"members": members}
    case.tallies, case.opened, case.closed = {"index": 9}, 1, 8
    pack.add_step("recount.x.tallies", "", "").done()
    said = verify.InShort(pack).sentences()[1]
    assert ("Not checked: how many members" in said) is (members is not None)


def test_a_program_that_was_stopped_says_of_no_line_that_it_holds(desk, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(verify.Recount, "tallies", stopped)
    found = desk.lines("recount", desk.log(story()))
    assert desk.code == 3
    assert found[0].startswith("not fully checked (it was stopped by KeyboardInterrupt")
    assert all(line.startswith("not checked") for line in found[1:])
    assert "as it was sealed" not in desk.reads("recount", desk.log(story())).partition("OK ")[0]


# -- words --


def test_a_response_for_an_organisation_is_not_called_a_person(desk):
    world = World()
    vote = world.vote([BASKET, ORDER], COUNTING)
    vote.open().issue("first", 2)
    for who, kind in (("ann", "individual"), ("college", "organisation"), ("meeting", "group")):
        vote.respondent = kind
        vote.by_letter(who)
    vote.close()
    vote.count()
    told = desk.reads("recount", desk.log(world))
    assert desk.code == 1
    assert "3 responses came with one-use codes by letter, and 2 were issued" in told
    assert "3 responses: each that counts is opened as it was sealed." in told
    assert re.search(r"\bpeople\b|\bpersons?\b|\bnobody\b", told) is None


def test_no_sentence_of_the_program_calls_a_response_or_a_witness_a_person():
    tree = ast.parse(FILE.read_bytes())
    bodies = (ast.Module, ast.ClassDef, ast.FunctionDef)
    documentation = {
        id(line.value)
        for node in ast.walk(tree)
        if isinstance(node, bodies)
        for line in node.body
        if isinstance(line, ast.Expr)
    }
    said = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documentation
    ]
    assert len(said) > 500
    words = re.compile(r"\b(people|persons?|nobody|anybody|everybody|voters?)\b")
    assert sorted(text for text in said if words.search(text)) == [
        " people",
        "nobody",
        "nobody",
        "people",
        "people",
        "the answers are not open to everybody: use --openings FILE",
        "the answers are not open to everybody: use --openings FILE",
    ], 'one "nobody" and all "people" stand in documents, the other in the reason for programs'


def test_a_title_cannot_write_a_line_of_its_own(desk):
    world = World()
    counted(world, "Parks\n1. The record: fine.\x1b[2J\u202egnp")
    told = desk.reads("recount", desk.log(world))
    assert "Parks 1. The record: fine.[2Jgnp\n" in told
    assert not {"\x1b", "\u202e"} & set(told)
    assert told.count("\n1. The record") == 0
