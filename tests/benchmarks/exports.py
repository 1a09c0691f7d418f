"""How long a file of all answers with what people wrote takes, and what else staff open.

`python -m tests.benchmarks.exports [--answers 100000] [--database URL]`

Stores so many answers with a text and a ranking each, closes, and prints the seconds, those of
the processor, and the number of statements for each format, for a page of the reading room, and
for the list of questions.
"""

import argparse
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event, insert

from consult.commands.answers import reading
from consult.commands.answers.answers_given import answers_given
from consult.commands.answers.reading import Wanted
from consult.commands.answers.submitting import Sheet
from consult.commands.files.answer_rows import Wish
from consult.commands.files.exporting_answers import FORMATS, export_answers
from consult.config import Config
from consult.people import tables
from consult.people.answers import read_words, texts
from consult.services import Services, set_up
from events import Ballot, By, Consultation, Submission
from events.log.commitment import SALT_BYTES, commit
from projections.writings import Writings
from tests.builders import ORGANISER, RANKING, Clock, close_consultation, consultation, question

MORE = question("more", "text", "Anything else?", required=False)
ROWS_AT_ONCE = 5_000
WORDS = "The lamps by the lock were out again on Tuesday, and nobody came for a week. "


def ballots(services: Services, about: Consultation, number: int) -> Iterator[Submission]:
    """Make answers with words, which are kept a few thousand at a time."""
    vault, rows = services.vault, []
    for each in range(number):
        pseudonym = vault.pseudonym(about.id, f"voter {each}")
        id = Submission.id_for(about.id, pseudonym)
        written, salt = f"{each}: {WORDS * 3}", secrets.token_bytes(SALT_BYTES)
        row = {
            "commitment": commit(salt, texts.CLASS, written.encode()),
            "consultation_id": about.id,
            "subject_id": id,
            "question_id": "more",
            "words": written,
            "salt": salt,
            "kept_at": services.clock(),
        }
        rows.append(row)
        answers = {"order": ["abc"[each % 3]]}
        given = answers_given(
            about,
            pseudonym,
            answers,
            Sheet(answers, area=""),
            receipt=vault.receipt_hash(vault.receipt_code(about.id, id, 1)),
            salt=vault.ballot_salt(about.id, id, 1),
        )
        given["texts"] = {"more": row["commitment"]}
        if len(rows) == ROWS_AT_ONCE or each == number - 1:
            with vault.transaction() as db:
                db.execute(insert(tables.free_text), rows)
            rows.clear()
        yield Ballot.begin(id, Ballot.Cast(at=services.clock(), by=By(role="resident"), **given))


@contextmanager
def statements(services: Services) -> Iterator[list[str]]:
    """Note every statement to read models and vault."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, text: str, *_more: Any) -> None:
        found.append(text)

    engines = (services.views.engine, services.vault.engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield found
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def measured(services: Services, name: str, act: Callable[[], object]) -> None:
    """Print what an act takes."""
    with statements(services) as found:
        begun, worked = time.perf_counter(), time.process_time()
        size = act()
        seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    about = f"{size / 1e6:10.1f} MB" if isinstance(size, int) else ""
    took = f"{seconds:8.2f} s, {worked:6.2f} s of the processor"
    print(f"{name:24} {took} {len(found):8,} statements {about}", flush=True)


def main() -> None:
    """Store the answers, then print a line for each thing that staff open."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--database")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        url = chosen.database or f"sqlite:///{place}/folkmoot.db"
        config = Config(database_url=url, files_folder=Path(place) / "files")
        set_up(config)
        services = Services.open(config, Clock())
        about = consultation(services, RANKING, MORE)
        begun = time.perf_counter()
        services.record.append_batch(ballots(services, about, chosen.answers))
        services.catch_up(seconds_max=3_600)
        print(f"{chosen.answers:,} answers stored in {time.perf_counter() - begun:.0f} s")
        close_consultation(services, about.id)
        services.catch_up(seconds_max=3_600)

        def export(format: str) -> int:
            wish = Wish(format, with_words=True)
            return sum(map(len, export_answers(services, about.id, wish, actor=ORGANISER)))

        def count_unread() -> None:
            with services.whole(Writings) as (db, writings):
                writings.numbers(db, about.id)
                marked = sorted(read_words.marked(services.vault, about.id))
                writings.kept_among(db, about.id, marked)

        def read(search: str = "") -> object:
            return reading.read(services, about.id, Wanted(MORE, search=search), actor=ORGANISER)

        for format in FORMATS:
            measured(services, f"{format} with words", lambda: export(format))  # noqa: B023  called at once
        measured(services, "reading room, newest", read)
        measured(services, "reading room, rare words", lambda: read("zebra"))
        measured(services, "list of questions", count_unread)
        services.close()


if __name__ == "__main__":
    main()
