"""The witness: what it answers, what it remembers, and that it never cosigns a fork."""

from http import HTTPStatus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.log.checkpoint import Checkpoint
from events.log.errors import MalformedError, TooLargeError
from events.log.keys import Algorithm
from events.log.leaf import EMPTY_ROOT
from events.log.merkle import TreeHead
from events.log.signed_checkpoint import sign_checkpoint
from events.log.witness import (
    decide,
    origin_directory,
    parse_request,
    parse_size,
    request_cosignature,
)
from tests.events.log.published_vectors import of_each_source, vectors
from tests.events.log.sample_logs import LOG_KEY, ORIGIN, ballot, key_from, stored_log

LOGS = [LOG_KEY.verifier]
LOG = stored_log([ballot(number) for number in range(1_000)])
FORK = stored_log([ballot(number) for number in range(400)] + [b"forged"] * 600)


def head(size: int, log=LOG) -> TreeHead:
    return TreeHead(size, log.tree(size).root)


def signed(size: int, log=LOG, key=LOG_KEY) -> bytes:
    return sign_checkpoint(Checkpoint(key.name, *head(size, log)), key)


def request(old: int, new: int, log=LOG, key=LOG_KEY):
    proof = log.tree(new).prove_consistency(old) if 0 < old <= new else []
    return request_cosignature(old, proof, signed(new, log, key))


def test_a_first_checkpoint_is_cosigned_whatever_its_size():
    decision = decide(request(0, 500), LOGS, None)
    assert (decision.status, decision.seen) == (HTTPStatus.OK, head(500))


def test_consistent_growth_is_cosigned_and_remembered():
    decision = decide(request(500, 1_000), LOGS, head(500))
    assert (decision.status, decision.seen) == (HTTPStatus.OK, head(1_000))
    again = decide(request(1_000, 1_000), LOGS, decision.seen)
    assert (again.status, again.seen) == (HTTPStatus.OK, head(1_000))


def test_another_old_size_is_told_the_size_last_cosigned():
    for old in (0, 499):
        decision = decide(request(old, 1_000), LOGS, head(500))
        assert decision.status is HTTPStatus.CONFLICT
        assert decision.content_type == "text/x.tlog.size"
        assert parse_size(decision.body) == 500
        assert decision.seen is None
        assert not decision.is_evidence


def test_two_roots_at_one_size_are_refused_and_kept_as_evidence():
    decision = decide(request(500, 500, FORK), LOGS, head(500))
    assert decision.status is HTTPStatus.UNPROCESSABLE_ENTITY
    assert decision.is_evidence
    assert decision.seen is None
    stale = decide(request(0, 500, FORK), LOGS, head(500))
    assert stale.status is HTTPStatus.CONFLICT
    assert stale.is_evidence


def test_a_fork_at_a_larger_size_is_refused_and_kept_as_evidence():
    decision = decide(request(500, 1_000, FORK), LOGS, head(500))
    assert decision.status is HTTPStatus.UNPROCESSABLE_ENTITY
    assert decision.is_evidence


def test_a_proof_from_an_empty_log_is_refused():
    asked = request_cosignature(0, [EMPTY_ROOT], signed(500))
    assert decide(asked, LOGS, None).status is HTTPStatus.UNPROCESSABLE_ENTITY


def test_an_empty_log_is_cosigned_only_with_the_empty_root():
    empty = sign_checkpoint(Checkpoint(ORIGIN, 0, EMPTY_ROOT), LOG_KEY)
    assert decide(request_cosignature(0, [], empty), LOGS, None).status is HTTPStatus.OK
    other = sign_checkpoint(Checkpoint(ORIGIN, 0, head(1).root), LOG_KEY)
    decision = decide(request_cosignature(0, [], other), LOGS, None)
    assert decision.status is HTTPStatus.UNPROCESSABLE_ENTITY


def test_an_unknown_log_is_not_found():
    assert decide(request(0, 500), [], None).status is HTTPStatus.NOT_FOUND


def test_a_checkpoint_the_log_did_not_sign_is_forbidden():
    stranger = key_from("someone else", ORIGIN, Algorithm.ED25519)
    asked = request(0, 500, key=stranger)
    assert decide(asked, LOGS, None).status is HTTPStatus.FORBIDDEN


def test_an_old_size_above_the_checkpoint_s_is_a_bad_request():
    decision = decide(request(501, 500), LOGS, head(501))
    assert decision.status is HTTPStatus.BAD_REQUEST


@of_each_source
def test_every_published_case_has_its_status(source):
    stranger = key_from("someone else", ORIGIN, Algorithm.ED25519)
    decisions = {
        "first checkpoint, old 0, no proof": decide(request(0, 500), LOGS, None),
        "old does not match last cosigned size": decide(request(0, 1_000), LOGS, head(500)),
        "consistent growth 500->1000": decide(request(500, 1_000), LOGS, head(500)),
        "same size, different root, valid log signature": decide(
            request(500, 500, FORK), LOGS, head(500)
        ),
        "larger size, proof does not verify": decide(request(500, 1_000, FORK), LOGS, head(500)),
        "unknown origin": decide(request(0, 500), [], None),
        "bad/no log signature": decide(request(0, 500, key=stranger), LOGS, None),
        "old > checkpoint size": decide(request(501, 500), LOGS, head(501)),
    }
    published = vectors("witness_http", source)["cases"]
    assert {case["case"] for case in published} == set(decisions)
    for case in published:
        decision = decisions[case["case"]]
        assert decision.status == case["status"]
        assert decision.is_evidence == case.get("kept_as_evidence", False)
        assert decision.body == case.get("body", "").replace("\\n", "\n").encode()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1_000), st.integers(1, 1_000), st.booleans()), max_size=8))
def test_what_is_cosigned_in_any_order_of_requests_is_one_growing_log(requests):
    seen, cosigned = None, []
    for old, new, forked in requests:
        decision = decide(request(old, new, FORK if forked else LOG), LOGS, seen)
        if decision.status is HTTPStatus.OK:
            seen = decision.seen
            cosigned.append(seen)
    assert [item.size for item in cosigned] == sorted(item.size for item in cosigned)
    kinds = [{head(item.size, log) == item for log in (LOG,)} for item in cosigned]
    beyond = [kind for kind, item in zip(kinds, cosigned, strict=True) if item.size > 400]
    assert all(kind == beyond[0] for kind in beyond)


def test_a_request_reads_back_from_its_bytes():
    for asked in (request(0, 500), request(500, 1_000), request(1_000, 1_000)):
        assert parse_request(asked.encode()) == asked


BODY = request(500, 1_000).encode().decode()


@pytest.mark.parametrize(
    "body",
    [
        "",
        BODY.replace("old 500", "old 0500"),
        BODY.replace("old 500", "old -1"),
        BODY.replace("old 500", "Old 500"),
        BODY.replace("old 500", "500"),
        BODY.replace("old 500\n", ""),
        BODY.replace("old 500\n", "old 500\nAAAA\n"),
        BODY.replace("old 500\n", "old 500\n" + ("A" * 43 + "=\n") * 64),
        BODY.replace("\n\n", "\n", 1),
        BODY.replace("\n", "\r\n"),
        BODY[:-1],
        BODY.split("\n\n", maxsplit=1)[0] + "\n\n",
        "é" + BODY,
    ],
)
def test_a_request_in_another_spelling_is_refused(body):
    with pytest.raises(MalformedError):
        parse_request(body.encode())


def test_a_request_over_its_limit_is_refused_unread():
    with pytest.raises(TooLargeError):
        parse_request(b"x" * 1_000_000)


def test_the_longest_proof_fits_beside_the_longest_note_and_not_much_more_does():
    proof = "".join(f"{'A' * 43}=\n" for _ in range(63))
    longest = f"old 9007199254740991\n{proof}\n".encode() + b"x" * 131_072
    with pytest.raises(MalformedError) as refused:
        parse_request(longest)
    assert not isinstance(refused.value, TooLargeError), "it is read, and is no note"
    with pytest.raises(TooLargeError):
        parse_request(longest + b"x" * 32)


@pytest.mark.parametrize("body", [b"", b"5", b"05\n", b"-5\n", b"5\n\n", "\u0665\n".encode()])
def test_a_size_in_another_spelling_is_refused(body):
    with pytest.raises(MalformedError):
        parse_size(body)


def test_a_log_s_folder_is_the_hash_of_its_origin():
    assert len(origin_directory(ORIGIN)) == 64
    assert origin_directory(ORIGIN) != origin_directory(ORIGIN + "2")
