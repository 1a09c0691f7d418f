"""Counting rules in plain words: name, one sentence, and the meaning of each setting."""

from dataclasses import dataclass

from consult.counting import RULES, Parameter, Rule
from consult.wording.language import N_
from consult.wording.language import gettext as _
from events.kinds.kind import Shape
from events.question import Question

POINTS = "points-N"

# By setting: its name, and what it means.
SETTING_WORDS: dict[str, tuple[str, str]] = {
    "strength": (N_("How strong a win is"), N_("This decides only when wins go in a circle.")),
    "threshold": (
        N_("Least support a project needs"),
        N_("A project with fewer votes or points than this is not funded. 0 means no minimum."),
    ),
    "first_choice": (
        N_("Points for a first choice"),
        N_("Leave it empty to give as many points as the ballot ranks projects."),
    ),
    "utility": (
        N_("What a supporter gains"),
        N_("By cost favours larger projects, by votes favours more projects."),
    ),
    "step": (
        N_("Step, in pence"),
        N_("Shares are raised by this much until the money is used. 0 means they are not raised."),
    ),
    "stop": (N_("When to stop raising shares"), ""),
    "top_up": (N_("What to do with money that is left"), ""),
    "empty": (N_("Ballots that support nothing"), ""),
    "misfit": (N_("When the next project does not fit"), ""),
}

CHOICE_WORDS: dict[tuple[str, str], str] = {
    ("strength", "winning-votes"): N_("The votes of the winning side"),
    ("strength", "margins"): N_("The difference between the two sides"),
    ("utility", "cost"): N_("The cost of the project"),
    ("utility", "votes"): N_("One for each project"),
    ("stop", "overspend"): N_("Before the projects would cost more than the pot"),
    ("stop", "exhaustive"): N_("When no further project would fit, too"),
    ("top_up", "none"): N_("Leave it unspent"),
    ("top_up", "greedy"): N_("Fund the most supported projects that still fit"),
    ("empty", "counted"): N_("They hold a share like every other"),
    ("empty", "ignored"): N_("They hold no share"),
    ("misfit", "stop"): N_("The count ends"),
    ("misfit", "skip"): N_("It is passed over and the next is tried"),
}

# Ways to break a tie: id, chain of criteria, words. Each ends with the lot.
TIES: dict[str, tuple[tuple[str, ...], str]] = {
    "first-choices": (("first-choices", "lot"), N_("More first choices, then the lot")),
    "votes": (("votes", "lot"), N_("More votes, then the lot")),
    "cost": (("cost", "lot"), N_("The lower cost, then the lot")),
    "cost-votes": (("cost", "votes", "lot"), N_("The lower cost, then more votes, then the lot")),
    "lot": (("lot",), N_("The lot")),
}


@dataclass(frozen=True)
class RuleSaid:
    """A rule as offered to organisers. `id`: "points-N" stands for any number of points."""

    id: str
    title: str
    about: str


def rules_for(question: Question) -> list[RuleSaid]:
    """Return the rules offered for a question; budget rules only for budgets."""
    takes_money = question.of_kind.has_costs
    return [
        said_rule(rule.id)
        for rule in sorted(RULES.values(), key=lambda rule: rule.place)
        if question.kind in rule.accepts
        and rule.budget == takes_money
        and (question.of_kind.shape is not Shape.ONE or rule.id == "plurality")
    ]


def said_rule(rule_id: str) -> RuleSaid:
    """Return a rule in the language of the page."""
    rule = RULES.get(rule_id) or RULES[POINTS]
    return RuleSaid(rule_id, _(rule.title), _(rule.about))


def setting_words(parameter: Parameter) -> tuple[str, str]:
    """Return the name and meaning of a setting."""
    title, about = SETTING_WORDS[parameter.name]
    return _(title), _(about) if about else ""


def choices(parameter: Parameter) -> list[tuple[str, str]]:
    """Return the values of a setting with their words."""
    return [(value, _(CHOICE_WORDS[parameter.name, value])) for value in parameter.choices]


def shown_settings(rule: Rule) -> list[Parameter]:
    """Return the settings that organisers choose; those for other kinds of ballots are omitted."""
    return [each for each in rule.parameters if each.name != "first_choice"]


def ties_for(question: Question) -> list[tuple[str, str]]:
    """Return the ways to break a tie that are offered for a question."""
    return [(way, _(TIES[way][1])) for way in _ways(question)]


def _ways(question: Question) -> tuple[str, ...]:
    if question.of_kind.has_costs:
        return ("cost", "cost-votes", "votes", "lot")
    return ("first-choices", "lot") if question.of_kind.shape is Shape.ORDER else ("lot",)


def tie_way(chain: tuple[str, ...]) -> str:
    """Return the id of a chain; "" if the pages do not offer it."""
    return next((way for way, (known, _words) in TIES.items() if known == chain), "")
