"""No page says "1 votes": each sentence with a number before a noun has one for the number one."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask

from consult.wording.language import gettext, in_language
from consult.wording.one_of import ONE, sentence

WELSH = Path(__file__).parents[3] / "consult/translations/cy/LC_MESSAGES/messages.po"
A_NUMBER_OF = re.compile(
    r"%\((\w+)\)s (?:more |different )?"
    r"(?:votes|answers|responses|people|projects|points|letters|minutes|days|entries|ties|members"
    r"|characters|ballots|supporters|options|places|rules|pages|languages|pixels|rounds|codes"
    r"|files|hours|weeks|months|questions|choices|organisations|meetings|years|words|witnesses)\b"
)
EXAMPLE = "of the example of a rule, whose ballots are fixed and several"
GUARDED = "the place that says it has another sentence for one"
FIXED = "a constant, which is larger"
NEVER_ONE = {
    "%(firsts)s supporters": EXAMPLE,
    "%(name)s (%(votes)s votes)": EXAMPLE,
    "%(people)s people: %(answer)s": EXAMPLE,
    "%(firsts)s people who chose": EXAMPLE,
    "half of the %(people)s votes": EXAMPLE,
    "%(surplus)s votes beyond": EXAMPLE,
    "%(points)s points, and each place after": "a first place earns as many as there are places",
    "%(funded)s of %(options)s projects are": GUARDED,
    "%(more)s more people": GUARDED,
    "gives it %(points)s points": "as many as a question shares out, to move a result",
    "%(people)s answers were counted": GUARDED,
    "%(people)s people took part": GUARDED,
    "(%(number)s entries)": GUARDED,
    "%(seats)s places": GUARDED,
    "%(options)s options that": "a ranking has two or more",
    "would have come first: %(names)s": "with others' answers there are two or more",
    "%(names)s would have come first": "with others' answers there are two or more",
    "would be funded": "with others' answers there are two or more",
    "%(people)s responses had come in": "shown from ten on",
    "%(least)s responses": FIXED,
    "%(least)s people": FIXED,
    "%(minutes)s minutes": FIXED,
    "%(votes)s of %(ballots)s responses (%(share)s) put": GUARDED,
    "%(days)s days": FIXED,
    "%(hours)s hours": FIXED,
    "%(most)s letters": FIXED,
    "Use up to %(most)s characters": FIXED,
    "%(possible)s different ballots": "each question can be left out, or has two answers",
    "%(pages)s pages": "of the accessibility statement, made when a release is",
    "%(rules)s rules": "of the accessibility statement, made when a release is",
    "%(width)s pixels": FIXED,
}
"""Parts of sentences whose number is never one, with the reason."""


def messages() -> list[str]:
    with WELSH.open("rb") as file:
        return [str(each.id) for each in read_po(file) if each.id]


def test_every_number_before_a_noun_has_a_sentence_for_one_or_a_reason():
    found = [message for message in messages() if A_NUMBER_OF.search(message)]
    assert len(found) > 50
    singular = {one for _number, one in ONE.values()}
    missing = [
        message
        for message in found
        if message not in ONE
        and message not in singular
        and not any(part in message for part in NEVER_ONE)
    ]
    assert not missing, "say it for one in consult/wording/one_of.py, or why it is never one"


def test_sentences_for_one_belong_to_sentences_that_are_said():
    said = set(messages())
    assert set(ONE) <= said
    unused = [part for part in NEVER_ONE if not any(part in message for message in said)]
    assert not unused


@pytest.mark.parametrize("message", ONE)
def test_the_sentence_for_one_takes_the_same_values(message):
    number, one = ONE[message]
    assert f"%({number})s" in message
    assert set(re.findall(r"%\((\w+)\)s", one)) <= set(re.findall(r"%\((\w+)\)s", message))
    assert sentence(message, {number: 1}) == sentence(message, {number: "1"}) == one
    assert sentence(message, {number: 2}) == sentence(message, {}) == message


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        ("en", "It takes about 1 minute.", "It takes about 2 minutes."),
        ("cy", "Mae’n cymryd tua 1 funud.", "Mae’n cymryd tua 2 munud."),
    ],
)
def test_pages_say_one_as_one_in_each_language(app: Flask, language, one, two):
    with app.test_request_context("/"), in_language(language):
        said = [gettext("It takes about %(minutes)s minutes.", minutes=each) for each in (1, 2)]
    assert said == [one, two]
