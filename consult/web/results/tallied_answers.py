"""Results of questions that no rule counts, from their tallies: tables, figures, a sentence."""

from consult.web.answering.forms import answer_words
from consult.web.kinds import tables
from consult.web.kinds.form import form_of
from consult.web.kinds.tables import Tally, View
from consult.wording.hidden_numbers import shown_cell
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question


def views(asked: ShownConsultation, question: Question, tally: Tally, least: int) -> list[View]:
    """Return what to show of a question: a title, a note, and rows, facts or a sentence.

    Rows have the shape that `macros/charts.html` expects. `numbers`: the same as pairs of words,
    for tables and files. `hidden`: why some numbers are not shown, if any. `least`: the threshold
    below which numbers are hidden.
    """
    given = shown_cell(tally["answered"], least)
    if question.of_kind.is_written or tally["answered"] == 0:
        words, label = in_words(question, tally["answered"], least), form_of(question).few_words[2]
        hidden = tables.note([tally["answered"]], least)
        numbers = [(_(label), given)]
        found = [tables.view(said(question.title), numbers=numbers, says=words, hidden=hidden)]
    else:
        found = form_of(question).views(asked, question, tally, least)
        for view in found:
            if not view["numbers"]:
                view["says"] = view["says"] or tables.too_small(tally["answered"], least)
                view["numbers"] = [(_("Answers"), given)]
    whom = answer_words.asked_whom(asked.page.questions, question)
    return [view | {"note": " ".join(filter(None, (whom, view["note"])))} for view in found]


def in_words(question: Question, answered: int | str, least: int) -> str:
    """Return how many people gave an answer that cannot be shown."""
    nobody, some, _label = form_of(question).few_words
    return _(nobody) if answered == 0 else _(some, number=shown_cell(answered, least))
