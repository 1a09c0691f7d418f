"""Ten words for a checkpoint: always the same ones, and what is misheard is noticed and found."""

from unittest.mock import patch

from hypothesis import assume, given
from hypothesis import strategies as st

from events.log import minute_words
from events.log.checkpoint import Checkpoint
from events.log.encoding import SIZE_MAX
from events.log.minute_words import WORDS, WORDS_TOLD, Misheard, is_word, misheard, words_of

SIZES = st.integers(1, 2**24 - 1)
WELSH = set("abcdefghijlmnoprstuwy")


def spoken(size: int, root: bytes) -> list[str]:
    return list(words_of(Checkpoint("consult.example/log", size, root)))


ROOTS = st.binary(min_size=32, max_size=32)
quick = patch.object(minute_words, "ROUNDS", 2)
"""Few rounds of the slow hash, where only what follows it is tried."""
PLACES = st.integers(0, WORDS_TOLD - 1)


def test_the_words_of_a_checkpoint_are_these_for_ever():
    assert (
        " ".join(spoken(1234, bytes(range(32))))
        == "wohol rolil bitil tosol riret wolat wolem weril botis ranam"
    )


def test_words_are_short_different_and_of_letters_that_both_languages_have():
    assert len(set(WORDS)) == 4_096
    assert {len(word) for word in WORDS} == {5}
    assert set("".join(WORDS)) <= WELSH
    assert all(map(is_word, WORDS))
    assert not is_word("minutes")


def test_the_field_of_the_code_has_all_its_elements():
    """Otherwise two places of a word could not be told apart."""
    assert len(set(minute_words._POWERS)) == 4_095


@quick
@given(st.integers(1, SIZE_MAX), ROOTS)
def test_the_words_of_any_checkpoint_fit_each_other(size, root):
    assert misheard(spoken(size, root), size) is None


@quick
@given(SIZES, ROOTS, PLACES, st.sampled_from(WORDS))
def test_any_single_word_that_is_misheard_is_noticed_and_named(size, root, place, word):
    words = spoken(size, root)
    assume(words[place] != word)
    words[place] = word
    assert misheard(words, size) == Misheard(word=place + 1)


def test_every_other_word_at_every_place_is_noticed():
    words = spoken(5, bytes(32))
    for place in range(WORDS_TOLD):
        for word in WORDS:
            heard = [*words[:place], word, *words[place + 1 :]]
            assert (misheard(heard, 5) is None) == (heard == words)


@quick
@given(SIZES, ROOTS, PLACES, PLACES)
def test_two_words_that_changed_places_are_noticed(size, root, one, other):
    words = spoken(size, root)
    assume(words[one] != words[other])
    words[one], words[other] = words[other], words[one]
    found = misheard(words, size)
    assert found is not None
    assert found.swapped is not None
    assert found.word is None


@quick
@given(SIZES, SIZES, ROOTS)
def test_every_wrong_number_of_entries_is_noticed(size, other, root):
    assume(size != other)
    assert misheard(spoken(size, root), other) is not None


@quick
@given(SIZES, ROOTS, st.lists(st.sampled_from(WORDS), min_size=2, max_size=2), PLACES, PLACES)
def test_two_wrong_words_are_noticed(size, root, words, one, other):
    heard = spoken(size, root)
    assume(one != other)
    assume(heard[one] != words[0] and heard[other] != words[1])
    heard[one], heard[other] = words
    assert misheard(heard, size) is not None


def test_a_number_that_was_misheard_is_named():
    assert misheard(spoken(1234, bytes(32)), 1243) == Misheard(is_size=True)


def test_other_sizes_roots_and_logs_have_other_words():
    checkpoints = (
        Checkpoint("a.example/log", 5, bytes(32)),
        Checkpoint("b.example/log", 5, bytes(32)),
        Checkpoint("a.example/log", 6, bytes(32)),
        Checkpoint("a.example/log", 5, bytes(31) + b"\1"),
    )
    assert len({words_of(each)[:8] for each in checkpoints}) == 4
