"""Follow-up of C1: eight rows of "We asked, you said, we did", published after it closed."""

from datetime import timedelta
from uuid import UUID

from consult.commands.results.follow_up import publish_follow_up
from consult.demo.stage import OFFICER, Stage
from events.follow_up import DONE, NOT_DONE, UNDER_WAY, Row, Status
from events.question import Text

ASKED: Text = {
    "en": "Which things should the community strategy put first until 2031?",
    "cy": "Pa bethau ddylai ddod gyntaf yn y strategaeth gymunedol hyd at 2031?",
}


def tell(stage: Stage, consultation_id: UUID) -> None:
    """Publish one row a day, starting 140 days before D."""
    for number, row in enumerate(rows(stage)):
        stage.go(-140 + number, 10)
        publish_follow_up(
            stage.services,
            consultation_id,
            row,
            actor=OFFICER,
            command_id=f"demo/c1/follow-up/{number}",
        )


def rows(stage: Stage) -> list[Row]:
    """Return the rows: five done, two under way, one not done."""
    return [_row(stage, *told) for told in _TOLD]


def _row(stage: Stage, days: int, status: Status, *texts: tuple[str, str]) -> Row:
    theme, said, did, owner = ({"en": english, "cy": welsh} for english, welsh in texts[:4])
    why = dict(zip(("en", "cy"), texts[4], strict=True)) if len(texts) > 4 else {}  # noqa: PLR2004  the fifth text is optional
    return Row(
        theme=theme,
        asked=ASKED,
        said=said,
        did=did,
        owner=owner,
        status=status,
        on=stage.day + timedelta(days=days),
        why=why,
    )


_HOUSING = ("Housing lead, Larch Housing Association", "Arweinydd tai, Cymdeithas Tai Larch")
_POLICE = (
    "Neighbourhood lead, Ashen Valley Police",
    "Arweinydd cymdogaethau, Heddlu Dyffryn Ashen",
)
_CARE = (
    "Primary care lead, Moorside Integrated Care Partnership",
    "Arweinydd gofal sylfaenol, Partneriaeth Gofal Integredig Moorside",
)
_SKILLS = ("Chair, Enterprise and Skills", "Cadeirydd, Menter a Sgiliau")
_YOUNG = (
    "Chair, Children and Families Partnership",
    "Cadeirydd, Partneriaeth Plant a Theuluoedd",
)
_BUSES = ("Network manager, Moor and Vale Transport", "Rheolwr rhwydwaith, Moor and Vale Transport")
_GREEN = ("Chair, Greener Ashenmoor", "Cadeirydd, Ashenmoor Wyrddach")
_OLDER = ("Chair, Living Well Later", "Cadeirydd, Byw’n Dda’n Hwyrach")

_TOLD: tuple[tuple[int, Status, *tuple[tuple[str, str], ...]], ...] = (
    (
        -165,
        DONE,
        ("Warm, affordable homes", "Cartrefi cynnes, fforddiadwy"),
        (
            "This came first. Many of you wrote about damp and about bills.",
            "Daeth hyn yn gyntaf. Ysgrifennodd llawer ohonoch am leithder ac am filiau.",
        ),
        (
            (
                "It is the first aim of the strategy, and money for insulation is set aside for "
                "three years."
            ),
            (
                "Dyma nod cyntaf y strategaeth, ac mae arian ar gyfer inswleiddio wedi’i neilltuo "
                "am dair blynedd."
            ),
        ),
        _HOUSING,
    ),
    (
        -158,
        DONE,
        ("Safer streets and estates", "Strydoedd ac ystadau mwy diogel"),
        (
            "You want to see officers on foot, and lights that work.",
            "Rydych am weld swyddogion ar droed, a goleuadau sy’n gweithio.",
        ),
        (
            (
                "Every ward has a named team, and faulty street lights are mended within five "
                "working days."
            ),
            (
                "Mae gan bob ward dîm penodol, a chaiff goleuadau stryd diffygiol eu trwsio o fewn "
                "pum diwrnod gwaith."
            ),
        ),
        _POLICE,
    ),
    (
        90,
        UNDER_WAY,
        ("Getting to see a GP or nurse", "Cael gweld meddyg teulu neu nyrs"),
        (
            (
                "You told us that ringing at eight in the morning does not work for people with "
                "jobs or children."
            ),
            "Dywedoch nad yw ffonio am wyth y bore yn gweithio i bobl sydd â swyddi neu blant.",
        ),
        (
            (
                "Four of nine practices now book ahead and in the evening. The others follow this "
                "year."
            ),
            (
                "Mae pedair o naw meddygfa bellach yn trefnu ymlaen llaw a gyda’r nos. Bydd y "
                "lleill yn dilyn eleni."
            ),
        ),
        _CARE,
    ),
    (
        -152,
        DONE,
        ("Jobs and apprenticeships here", "Swyddi a phrentisiaethau yma"),
        (
            "You want young people to be able to stay here and earn.",
            "Rydych am i bobl ifanc allu aros yma ac ennill bywoliaeth.",
        ),
        (
            (
                "Firms that work for the partners now offer an apprenticeship for every £500,000 "
                "of work."
            ),
            (
                "Mae cwmnïau sy’n gweithio i’r partneriaid bellach yn cynnig prentisiaeth am bob "
                "£500,000 o waith."
            ),
        ),
        _SKILLS,
    ),
    (
        -148,
        DONE,
        ("Things for young people to do", "Pethau i bobl ifanc eu gwneud"),
        (
            "You asked for places to go in the evening that cost nothing.",
            "Gofynnoch am leoedd i fynd gyda’r nos sy’n rhad ac am ddim.",
        ),
        (
            "Three school halls are open two evenings a week, run with young people.",
            "Mae tair neuadd ysgol ar agor ddwy noson yr wythnos, gyda phobl ifanc yn eu rhedeg.",
        ),
        _YOUNG,
    ),
    (
        -142,
        NOT_DONE,
        ("Buses that turn up", "Bysiau sy’n cyrraedd"),
        (
            "You want the last bus from town to leave after ten.",
            "Rydych am i’r bws olaf o’r dref adael ar ôl deg.",
        ),
        (
            "The last bus still leaves at twenty past nine.",
            "Mae’r bws olaf yn dal i adael am ugain munud wedi naw.",
        ),
        _BUSES,
        (
            (
                "Two bids to run it were £140,000 a year above what we have. We ask again when the "
                "contract ends."
            ),
            (
                "Roedd dau gynnig i’w redeg £140,000 y flwyddyn yn uwch na’r arian sydd gennym. "
                "Byddwn yn gofyn eto pan ddaw’r contract i ben."
            ),
        ),
    ),
    (
        120,
        UNDER_WAY,
        ("Clean air and green space", "Aer glân a mannau gwyrdd"),
        (
            "You want cleaner air near schools, and trees where there are none.",
            "Rydych am gael aer glanach ger ysgolion, a choed lle nad oes rhai.",
        ),
        (
            "Two school streets are closed to cars at the gate. Planting comes next.",
            "Mae dwy stryd ysgol ar gau i geir wrth y giât. Plannu sydd nesaf.",
        ),
        _GREEN,
    ),
    (
        -145,
        DONE,
        ("Loneliness and care for older people", "Unigrwydd a gofal i bobl hŷn"),
        (
            "You put it eighth. People over 75 were 3.9% of answers and are 7.7% of residents.",
            (
                "Yn wythfed y daeth hyn. Roedd pobl dros 75 yn 3.9% o’r atebion ac maent yn 7.7% "
                "o’r trigolion."
            ),
        ),
        (
            "It is fifth in the strategy. A befriending line has opened.",
            "Mae’n bumed yn y strategaeth. Mae llinell gyfeillio wedi agor.",
        ),
        _OLDER,
        (
            (
                "The needs assessment shows how many people it concerns, and those it concerns "
                "most answered least."
            ),
            (
                "Mae’r asesiad o anghenion yn dangos faint o bobl y mae’n effeithio arnynt, a’r "
                "rhai y mae’n effeithio fwyaf arnynt a atebodd leiaf."
            ),
        ),
    ),
)
