"""The witness policy file: what it may say, what is refused, and when a quorum is met."""

import pytest

from events.log.errors import MalformedError
from events.log.keys import Algorithm, SignerKey
from events.log.policy import parse_policy


def key(number, algorithm=Algorithm.COSIGNATURE):
    return SignerKey(f"w{number}.example", algorithm, bytes([number]) * 32).verifier


LOG = key(99, Algorithm.ED25519)
X1, X2, X3, Y1, Y2 = (key(number) for number in range(1, 6))
TWO_LEVELS = f"""# two organisations
log {LOG.vkey} https://town.example/log

witness X1 {X1.vkey}
  witness\tX2   {X2.vkey}  https://x2.example
witness X3 {X3.vkey}
group X 2 X1 X2 X3
witness Y1 {Y1.vkey}
witness Y2 {Y2.vkey}
group Y any Y1 Y2
group both all X Y
quorum both
"""


@pytest.mark.parametrize(
    ("cosigned", "met"),
    [
        ([], False),
        ([X1, X2], False),
        ([X1, Y1], False),
        ([X1, X3, Y2], True),
        ([X1, X2, X3, Y1, Y2], True),
        ([X1, X1, Y1], False),
    ],
)
def test_a_quorum_of_groups_is_met_by_enough_of_each(cosigned, met):
    assert parse_policy(TWO_LEVELS.encode()).is_met(cosigned) is met


def test_none_needs_nobody():
    assert parse_policy(b"quorum none\n").is_met([])


def test_a_policy_reads_back_as_it_was_written():
    policy = parse_policy(TWO_LEVELS.encode())
    assert parse_policy(policy.encode()) == policy
    assert policy.witnesses[1].url == "https://x2.example"
    assert policy.logs[0].url == "https://town.example/log"


def test_names_are_bytes_that_need_not_be_text():
    policy = parse_policy(b"witness \xff " + X1.vkey.encode() + b"\nquorum \xff\n")
    assert policy.is_met([X1])
    assert b"quorum \xff" in policy.encode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum none\nquorum none\n",
        "quorum X\n",
        f"quorum X\nwitness X {X1.vkey}\n",
        f"witness none {X1.vkey}\nquorum none\n",
        f"witness X {X1.vkey}\nwitness X {X2.vkey}\nquorum none\n",
        f"witness X {X1.vkey}\nwitness Y {X1.vkey}\nquorum none\n",
        f"witness X {LOG.vkey}\nquorum none\n",
        f"log {X1.vkey}\nquorum none\n",
        f"witness X {X1.vkey} a b\nquorum none\n",
        f"witness X {X1.vkey}\ngroup G 0 X\nquorum G\n",
        f"witness X {X1.vkey}\ngroup G 2 X\nquorum G\n",
        f"witness X {X1.vkey}\ngroup G 1 X X\nquorum G\n",
        f"witness X {X1.vkey}\ngroup G any X\ngroup H any X\nquorum H\n",
        f"witness X {X1.vkey}\ngroup G any\nquorum G\n",
        f"witness X {X1.vkey}\ngroup G any none\nquorum G\n",
        f"witness X {X1.vkey}\ngroup G any H\ngroup H any X\nquorum G\n",
        "quorum none\r\n",
        "something else\nquorum none\n",
        "witness X nonsense\nquorum none\n",
        "quorum none\n" + "#\n" * 2_000,
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(MalformedError):
        parse_policy(text.encode())
