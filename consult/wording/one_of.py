"""Singular sentences: "1 vote" where the plural sentence says "votes".

`gettext` selects them automatically. Welsh uses the singular noun after any number, so both
translations may be equal.
"""

from collections.abc import Mapping

from consult.marking import N_

ONE: dict[str, tuple[str, str]] = {
    "%(many)s responses put %(winner)s above it, and %(few)s put it above %(winner)s.": (
        "many",
        N_("%(many)s response put %(winner)s above it, and %(few)s put it above %(winner)s."),
    ),
    "%(number)s responses have no answer to it.": (
        "number",
        N_("%(number)s response has no answer to it."),
    ),
    "%(people)s more responses came from elsewhere, or do not say where from.": (
        "people",
        N_("%(people)s more response came from elsewhere, or does not say where from."),
    ),
    "%(served)s of %(all)s responses chose at least one project that is funded.": (
        "all",
        N_("%(served)s of %(all)s response chose at least one project that is funded."),
    ),
    "%(number)s bytes": ("number", N_("%(number)s byte")),
    "%(used)s of %(total)s points used": ("total", N_("%(used)s of %(total)s point used")),
    "%(votes)s points, %(cost)s": ("votes", N_("%(votes)s point, %(cost)s")),
    "%(votes)s votes, %(cost)s": ("votes", N_("%(votes)s vote, %(cost)s")),
    "%(winner)s came first, chosen in %(votes)s of %(ballots)s responses (%(share)s).": (
        "ballots",
        N_("%(winner)s came first, chosen in %(votes)s of %(ballots)s response (%(share)s)."),
    ),
    "%(winner)s came first, with %(points)s points.": (
        "points",
        N_("%(winner)s came first, with %(points)s point."),
    ),
    "%(winner)s won in round %(round)s, with %(votes)s votes.": (
        "votes",
        N_("%(winner)s won in round %(round)s, with %(votes)s vote."),
    ),
    "%(winner)s won: %(votes)s responses put it first, more than half.": (
        "votes",
        N_("%(winner)s won: %(votes)s response put it first, more than half."),
    ),
    "1 of %(options)s projects is funded. It costs %(spent)s of the %(pot)s.": (
        "options",
        N_("The only project is funded. It costs %(spent)s of the %(pot)s."),
    ),
    "An outside authority stamped the checkpoint of %(number)s entries on %(moment)s.": (
        "number",
        N_("An outside authority stamped the checkpoint of %(number)s entry on %(moment)s."),
    ),
    "Campaigns sent %(number)s of the %(ballots)s answers; without them, nothing would have come "
    "first.": (
        "ballots",
        N_("A campaign sent the only answer; without it, nothing would have come first."),
    ),
    "Campaigns sent %(number)s of the %(ballots)s answers; without them, this would not be "
    "funded: %(dropped)s.": (
        "ballots",
        N_("A campaign sent the only answer; without it, this would not be funded: %(dropped)s."),
    ),
    "High: at least %(few)s answers are this or more": (
        "few",
        N_("High: at least %(few)s answer is this or more"),
    ),
    "Low: at least %(few)s answers are this or less": (
        "few",
        N_("Low: at least %(few)s answer is this or less"),
    ),
    "It had %(score)s points and needed at least %(threshold)s.": (
        "score",
        N_("It had %(score)s point and needed at least %(threshold)s."),
    ),
    "It had %(score)s points, and the last winner had %(line)s.": (
        "score",
        N_("It had %(score)s point, and the last winner had %(line)s."),
    ),
    "It had %(score)s points, and those level for the last place had %(line)s.": (
        "score",
        N_("It had %(score)s point, and those level for the last place had %(line)s."),
    ),
    "It had %(score)s votes and needed at least %(threshold)s.": (
        "score",
        N_("It had %(score)s vote and needed at least %(threshold)s."),
    ),
    "It had %(score)s votes, and the last winner had %(line)s.": (
        "score",
        N_("It had %(score)s vote, and the last winner had %(line)s."),
    ),
    "It had %(score)s votes, and those level for the last place had %(line)s.": (
        "score",
        N_("It had %(score)s vote, and those level for the last place had %(line)s."),
    ),
    "It had %(votes)s votes in round %(round)s, the fewest, and dropped out.": (
        "votes",
        N_("It had %(votes)s vote in round %(round)s, the fewest, and dropped out."),
    ),
    "In round %(round)s it had %(votes)s votes, level with others at the fewest, and the published "
    "tie rule put it out.": (
        "votes",
        N_(
            "In round %(round)s it had %(votes)s vote, level with others at the fewest, and the "
            "published tie rule put it out."
        ),
    ),
    "All places were filled when it had %(votes)s votes. The quota was %(quota)s.": (
        "votes",
        N_("All places were filled when it had %(votes)s vote. The quota was %(quota)s."),
    ),
    "It takes about %(minutes)s minutes.": ("minutes", N_("It takes about %(minutes)s minute.")),
    "Takes about %(minutes)s minutes.": ("minutes", N_("Takes about %(minutes)s minute.")),
    "Meetings: %(number)s, of %(members)s people.": (
        "members",
        N_("Meetings: %(number)s, of %(members)s person."),
    ),
    "Organisations: %(number)s, with %(members)s members.": (
        "members",
        N_("Organisations: %(number)s, with %(members)s member."),
    ),
    "People are those whose answers count now. An account may send %(limit)s answers within an "
    "hour.": (
        "limit",
        N_(
            "People are those whose answers count now. An account may send %(limit)s answer "
            "within an hour."
        ),
    ),
    "Show %(number)s ties": ("number", N_("Show %(number)s tie")),
    "The black line marks the quota: %(quota)s votes.": (
        "quota",
        N_("The black line marks the quota: %(quota)s vote."),
    ),
    "You can write up to %(most)s characters": (
        "most",
        N_("You can write up to %(most)s character"),
    ),
    "You have %(points)s points. You do not have to use them all.": (
        "points",
        N_("You have %(points)s point. You do not have to use it."),
    ),
    "“%(name)s”: %(number)s answers": ("number", N_("“%(name)s”: %(number)s answer")),
}
"""By plural sentence: the name of its number, and the singular sentence."""


def sentence(message: str, values: Mapping[str, object]) -> str:
    """Return the singular sentence if the sentence's number is 1, else `message`."""
    found = ONE.get(message)
    return found[1] if found and str(values.get(found[0])) == "1" else message
