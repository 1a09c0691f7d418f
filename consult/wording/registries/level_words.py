"""Levels of assurance in words: a row for each."""

from typing import NamedTuple

from consult.wording.language import N_
from events.consultations.levels import DESK, EMAIL, LETTER, OIDC, OPEN


class LevelWords(NamedTuple):
    """What is said of a level.

    `offered`: its name for organisers, and `meaning` what they choose with it. `answered`: how
    those who have answered showed who they are. `way`: what residents choose, and `explained` what
    they then do; both empty where there is nothing to do.
    """

    offered: str
    meaning: str
    answered: str
    way: str = ""
    explained: str = ""


LEVELS = {
    OPEN: LevelWords(
        N_("Nobody has to: one answer for each browser"),
        N_("Easiest, and easy to cheat: clear the browser and answer again."),
        N_("No proof asked for"),
    ),
    EMAIL: LevelWords(
        N_("A code by e-mail"),
        N_("One answer for each mailbox. People can have several."),
        N_("A code sent by e-mail"),
        N_("By e-mail"),
        N_("We send a code to your e-mail address, and you type it in."),
    ),
    LETTER: LevelWords(
        N_("A code by letter"),
        N_(
            "One answer for each letter you send. You make the codes before it opens, or while it "
            "is open."
        ),
        N_("A code sent by letter"),
        N_("With the code from our letter"),
        N_("You type in the code from the letter that came to your home."),
    ),
    OIDC: LevelWords(
        N_("An account elsewhere"),
        N_("One answer for each account at %(name)s."),
        N_("An account that knows them"),
        N_("With an account you have"),
        N_("You sign in with an account you already have. It tells us only that it is you."),
    ),
    DESK: LevelWords(
        N_("Staff see them"),
        N_("By telephone or at a desk, staff answer for somebody they have seen or checked."),
        N_("Seen by a member of staff"),
        N_("With help from our staff"),
        N_("By telephone or at a desk, our staff see who you are and answer for you."),
    ),
}
ANSWERED = {level: words.answered for level, words in LEVELS.items()}
