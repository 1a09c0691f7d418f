"""Each thing that a draft still needs is a link, and there stands the field for it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from consult.commands.consultations.drafting import Draft, draft_consultation
from consult.commands.consultations.drawing import announced_draw
from consult.commands.consultations.opening import open_consultation
from consult.commands.wards import define_area
from consult.services import Services
from consult.web.organising.draft.gap_places import PLACES
from events import Consultation, Partnership, particulars
from events.consultations import readiness_gaps
from events.consultations.readiness import gaps
from events.consultations.readiness_gaps import Gap
from events.consultations.terms import CountingTerms, Terms
from events.frameworks import UnknownProfile
from events.particulars import Particulars
from events.partnership import Ward
from events.question import Condition, Details, Option, Question
from tests.builders import ORGANISER, draft, partnership, question, words
from tests.conftest import only
from tests.consult.web.organisers import Organiser, sign_in
from tests.kinds import of_kind

pytestmark = only("sqlite")

HALF = {"en": "In English alone"}
WARDS = (Ward("W1", HALF, 900), Ward("W2", {"en": "Ironstone", "cy": "Carreg"}, 800))
LONG = "r" * 40
TWO = (Option("a", words("A")), Option("b", words("B")))
QUESTIONS = (
    Question("early", "single", words("Early?"), options=TWO, asked_when=Condition("half", ("a",))),
    Question(
        "half",
        "single",
        HALF,
        hint=HALF,
        options=(Option("a", HALF, summary=HALF),),
        details=(Details(words("All"), words("there")), Details(words("Facts"), HALF)),
    ),
    Question("never", "text", words("Never?"), asked_when=Condition("half", ("z",))),
    Question("miles", "number", words("How far?"), unit=HALF),
    Question("bare", "matrix", words("A grid?"), options=TWO),
    Question("grid", "matrix", words("A grid?"), options=TWO, statements=(Option("s", HALF),)),
    Question(
        "long", "matrix", words("A grid?"), options=TWO, statements=(Option(LONG, words("L")),)
    ),
    Question(
        "mine",
        "single",
        words("Which?"),
        options=(*TWO, Option("other", words("Other"))),
        other=True,
    ),
    Question(
        "money",
        "basket",
        words("Spend it"),
        options=(*TWO, Option("dear", words("Dear"), cost=101)),
        pot=100,
    ),
    Question("order", "ranking", words("Rank"), options=TWO),
    Question(
        "where", "area", words("Where?"), options=tuple(Option(w.code, w.name) for w in WARDS)
    ),
)


@dataclass(frozen=True)
class Found:
    """One thing to do on a page: its sentence and where its link leads."""

    sentence: str
    href: str | None


def recorded(services: Services, drafted: Consultation, *facts: Any) -> Consultation:
    """Record facts as an earlier version could have, whatever commands refuse today."""
    for fact in facts:
        drafted.record(fact)
    services.record.save(drafted)
    return services.record.get(Consultation, drafted.id)


def full_of_gaps(services: Services) -> list[Consultation]:
    """Drafts to which everything is missing that can be."""
    home = partnership(services, particulars=Particulars(), profile="none")
    define_area(services, home.id, wards=WARDS, source="invented", actor=ORGANISER)
    made = [
        draft_consultation(
            services,
            partnership_id=home.id,
            draft=Draft(slug=slug, title={"cy": "Parc"}, overview={"en": "Say."}),
            actor=ORGANISER,
        )
        for slug in ("bare", "asked", "drawn")
    ]
    at, by = services.clock(), ORGANISER.by()
    closes_at = at + timedelta(days=30)
    counting = {
        "mine": CountingTerms("approval"),
        "money": CountingTerms("greedy-skip", tie_chain=("lot",)),
    }
    asked = [Consultation.QuestionAdded(at=at, by=by, question=each) for each in QUESTIONS]
    fixed = Terms(closes_at, counting, eligibility=HALF, decides=HALF)
    places = {"q-ranking": CountingTerms("stv", seats=99, tie_chain=("votes",))}
    named = Terms(closes_at, places, beacon=announced_draw(closes_at, HALF))
    ranked = Consultation.QuestionAdded(at=at, by=by, question=of_kind("ranking"))
    return [
        made[0],
        recorded(services, made[1], *asked, Consultation.TermsFixed(at=at, by=by, terms=fixed)),
        recorded(services, made[2], ranked, Consultation.TermsFixed(at=at, by=by, terms=named)),
    ]


def to_do(organiser: Organiser, slug: str, place: str = "") -> list[Found]:
    page = organiser.open(f"/organise/c/{slug}/{place}")
    lists = [each for each in page.tree.iter("ul") if "govuk-list--bullet" in each.get("class", "")]
    return [
        Found(
            " ".join("".join(item.itertext()).split()),
            next((link.get("href") for link in item.iter("a")), None),
        )
        for item in lists[0].iter("li")
    ]


def check_field(organiser: Organiser, found: Found) -> None:
    assert found.href, found.sentence
    address, field = urlsplit(found.href).path, urlsplit(found.href).fragment
    page = organiser.open(address)
    assert page.status == 200, found
    assert "Error" not in page.words
    there = [each for each in page.tree.iter() if each.get("id") == field]
    assert there, f"{found} leads to {page.address}, where nothing is called {field}"
    [element] = there
    if element.tag in {"ul", "li"}:  # kinds to choose from, a row with its buttons
        assert list(element.iter("a"))
    elif element.tag == "form":
        assert [each for each in element.iter("button") if each.get("type") == "submit"]
    else:
        assert element.tag in {"input", "textarea", "select"}, found


def kinds(module: Any) -> set[type[Gap]]:
    return {
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Gap) and each is not Gap
    }


def test_every_kind_of_gap_leads_to_the_field_that_closes_it(app, services):
    drafts = full_of_gaps(services)
    organiser = sign_in(app, services, role="administrator")
    met: set[type[Gap]] = set()
    for each in drafts:
        met |= {type(gap) for gap in gaps(each)}
        listed = to_do(organiser, each.slug)
        assert len(listed) > len(gaps(each)), "the partnership's are on the list as well"
        assert to_do(organiser, each.slug, "open") == listed
        for found in listed:
            check_field(organiser, found)
    assert met == kinds(readiness_gaps) == set(PLACES)
    of_home = [*particulars.OF_LINES.values(), *particulars.OF_WORDS.values()]
    of_profile = {
        particulars.ProfileUnstated,
        particulars.ProfileUnknown,
        particulars.LanguageRequired,
    }
    assert {*of_home, *of_profile} == kinds(particulars)


def test_a_draft_without_a_language_that_the_law_asks_for_leads_to_the_box_for_it(app, services):
    home = partnership(services, profile="wales")
    draft_consultation(
        services,
        partnership_id=home.id,
        draft=Draft(slug="bare", title=words("Park"), overview=words("Say."), languages=("en",)),
        actor=ORGANISER,
    )
    organiser = sign_in(app, services)
    [found] = [each for each in to_do(organiser, "bare") if "framework profile" in each.sentence]
    assert found.sentence == (
        "Have every consultation in Welsh too, as the framework profile asks."
    )
    check_field(organiser, found)


def test_a_profile_that_this_site_does_not_know_leads_to_where_another_is_chosen(app, services):
    home = partnership(services, particulars=Particulars())
    home.record(
        Partnership.Redescribed(
            at=services.clock(), by=ORGANISER.by(), name=home.name, area=home.area, profile="moon"
        )
    )
    services.record.save(home)
    drafted = draft_consultation(
        services,
        partnership_id=home.id,
        draft=Draft(slug="bare", title=words("Park"), overview=words("Say.")),
        actor=ORGANISER,
    )
    administrator = sign_in(app, services, role="administrator")
    [found] = [each for each in to_do(administrator, "bare") if "moon" in each.sentence]
    check_field(administrator, found)
    with pytest.raises(UnknownProfile):
        open_consultation(services, drafted.id, actor=ORGANISER)


def test_what_an_organiser_may_not_mend_says_who_can(app, services):
    full_of_gaps(services)
    organiser = sign_in(app, services)
    [profile] = [each for each in to_do(organiser, "bare") if "framework profile" in each.sentence]
    assert profile.href is None
    assert profile.sentence.endswith("An administrator of the partnership can.")


def test_every_gap_of_the_terms_is_seen_in_the_list_of_tasks(app, services):
    """What nobody gives a task for stood as complete."""
    drafted = draft(
        services,
        question(
            "money", "basket", "Spend £6", "Lights", "Kitchen", pot=600, costs={"l": 1, "k": 2}
        ),
        open_reason={},
    )
    organiser = sign_in(app, services)
    page = organiser.open(f"/organise/c/{drafted.slug}/")
    [task] = [
        item
        for item in page.tree.iter("li")
        if "Closing time, who can take part" in "".join(item.itertext())
    ]
    assert "To do: 2" in " ".join("".join(task.itertext()).split())


WHERE = Question("where", "area", words("Where do you live?"))


def test_a_draft_follows_its_wards_at_once_and_opens_with_them(app, services):
    drafted = draft(services, WHERE, wards=True)
    organiser = sign_in(app, services)
    page = organiser.open("/organise/partnership/ashenmoor/wards/")
    assert "W03; Canal Side; Glan y Gamlas; 16,400" in page.text
    lines = "W03; Canal End; Pen y Gamlas; 16,500; 1\nW10; Hill; ; 1200"
    saved = organiser.send(page, wards=lines, source__en="Census 2021", source__cy="Cyfrifiad 2021")
    assert "Drafts that ask where people live offer them now." in saved.words
    told = services.record.get(Consultation, drafted.id).questions["where"]
    assert [(each.id, each.title) for each in told.options] == [
        ("W03", {"en": "Canal End", "cy": "Pen y Gamlas"}),
        ("W10", {"en": "Hill"}),
    ]
    [gap] = to_do(organiser, drafted.slug)
    assert gap.sentence == "Write option “Hill” of question “Where do you live?” in Welsh."
    check_field(organiser, gap)
    tasks = organiser.open(f"/organise/c/{drafted.slug}/")
    [link] = [each for each in tasks.tree.iter("a") if each.text == "Where do you live?"]
    assert link.get("href") == gap.href
    page = organiser.open(str(gap.href))
    organiser.send(page, wards=lines.replace("; ;", "; Bryn;"))
    assert "Everything is there." in organiser.open(f"/organise/c/{drafted.slug}/").words
    opened = open_consultation(services, drafted.id, actor=ORGANISER)
    assert opened.questions["where"].option("W10").title["cy"] == "Bryn"


def test_what_has_opened_keeps_its_wards(app, services):
    drafted = draft(services, WHERE, wards=True)
    before = open_consultation(services, drafted.id, actor=ORGANISER).questions
    define_area(services, drafted.partnership_id, wards=WARDS, source="new", actor=ORGANISER)
    assert services.record.get(Consultation, drafted.id).questions == before


def test_a_draft_that_was_written_while_the_wards_changed_opens_with_the_new_ones(services):
    drafted = draft(services, WHERE, wards=True)
    stale = drafted.questions["where"]
    new = (Ward("N1", words("New"), 10),)
    define_area(services, drafted.partnership_id, wards=new, source="new", actor=ORGANISER)
    late = services.record.get(Consultation, drafted.id)
    late.change_question(stale, at=services.clock(), by=ORGANISER.by())
    services.record.save(late)
    opened = open_consultation(services, drafted.id, actor=ORGANISER)
    assert opened.questions["where"].option_ids == {"N1"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("", "Write one ward on each line."),
        ("W1; Hill; 1200", "Line 1: It needs 4 parts with semicolons between them."),
        ("W1; Hill; Bryn; many", "Line 1: "),
        ("W1; Hill; Bryn; 12; 9", "a fifth from 1 to 5 or none"),
        ("W1; ; ; 12", "It needs a code, a name"),
        ("W1; Hill; Bryn; 12\nW1; Dale; Dyffryn; 13", "The code W1 stands for two wards."),
    ],
)
def test_wards_that_cannot_be_read_are_kept_as_typed_and_the_line_is_named(
    app, services, lines, said
):
    partnership(services, wards=True)
    organiser = sign_in(app, services)
    page = organiser.send(
        organiser.open("/organise/partnership/ashenmoor/wards/"),
        wards=lines,
        source__en="Census",
        source__cy="Cyfrifiad",
    )
    assert page.status == 422
    assert said in page.words
    for line in lines.splitlines():
        assert line in page.text


def test_a_welsh_draft_of_an_english_partnership_can_be_given_the_words_it_needs(app, services):
    home = partnership(services, particulars=Particulars())
    one = services.record.get(type(home), home.id)
    one.redescribe(
        name={"en": "Ashenmoor"},
        area={"en": "Ashenmoor"},
        profile=one.profile,
        languages=("en",),
        at=services.clock(),
        by=ORGANISER.by(),
    )
    services.record.save(one)
    draft(services)
    organiser = sign_in(app, services)
    listed = to_do(organiser, "riverside")
    assert "Say in Welsh who is the controller of personal data." in [e.sentence for e in listed]
    for found in listed:
        check_field(organiser, found)
