"""The board of Ashenmoor Together: what the partnership is, its 17 seats, and the vacant one."""

from datetime import timedelta

from consult.commands.partnerships import constitute_partnership
from consult.commands.seats import fill_seat, set_up_seat
from consult.demo.stage import OFFICER, Stage
from events import Partnership
from events.partnership import Constitution

TERM_DAYS = 3 * 365

CONSTITUTION = Constitution(
    tier="unitary",
    status={
        "en": "A meeting of public bodies, firms, charities and local groups. It is no legal body "
        "of its own: each member decides for itself.",
        "cy": "Cyfarfod o gyrff cyhoeddus, cwmnïau, elusennau a grwpiau lleol. Nid yw’n gorff "
        "cyfreithiol ynddo’i hun: mae pob aelod yn penderfynu drosto’i hun.",
    },
    decides={
        "en": "The priorities of the community strategy, what the members agree to do together, "
        "and how money is spent that members hand to it for that.",
        "cy": "Blaenoriaethau’r strategaeth gymunedol, yr hyn y mae’r aelodau yn cytuno i’w wneud "
        "gyda’i gilydd, a sut y caiff arian y mae aelodau yn ei roi iddi ar gyfer hynny ei wario.",
    },
    does_not_decide={
        "en": "Council tax, planning, and whatever the law gives to the council’s Cabinet or to "
        "another member alone.",
        "cy": "Treth gyngor, cynllunio, a beth bynnag y mae’r gyfraith yn ei roi i Gabinet y "
        "cyngor neu i aelod arall yn unig.",
    },
)

DISABLED = {"en": "disabled residents", "cy": "trigolion anabl"}
NEW = {"en": "people who came here from elsewhere", "cy": "pobl a ddaeth yma o rywle arall"}

SEATS = (
    ("Statutory", "Statudol", "statutory", "council", None),
    ("Statutory", "Statudol", "statutory", "police", None),
    ("Statutory", "Statudol", "statutory", "fire", None),
    ("Statutory", "Statudol", "statutory", "care", None),
    ("Statutory", "Statudol", "statutory", "hospitals", None),
    ("Statutory", "Statudol", "statutory", "probation", None),
    ("Statutory", "Statudol", "statutory", "college", None),
    ("Private", "Preifat", "private", "chamber", None),
    ("Private", "Preifat", "private", "transport", None),
    ("Private", "Preifat", "private", "traders", None),
    ("Voluntary", "Gwirfoddol", "voluntary", "voluntary-action", None),
    ("Voluntary", "Gwirfoddol", "voluntary", "housing", None),
    ("Voluntary", "Gwirfoddol", "voluntary", "carers", None),
    ("Community", "Cymunedol", "community", "acen", None),
    ("Community", "Cymunedol", "community", "acen", None),
    ("Community", "Cymunedol", "community", "disabled-forum", DISABLED),
    ("Community", "Cymunedol", "community", "", NEW),
)
"""Name in English and Welsh, sector, who fills it, and whom it is kept for."""


def seat(stage: Stage, partnership: Partnership) -> None:
    """Say what the partnership is, and set up and fill the seats of its board; idempotent."""
    services, today = stage.services, stage.services.today()
    constitute_partnership(services, partnership.id, CONSTITUTION, actor=OFFICER)
    numbers: dict[str, int] = {}
    for place, (english, welsh, sector, organisation, kept_for) in enumerate(SEATS):
        number = numbers[sector] = numbers.get(sector, 0) + 1
        set_up = set_up_seat(
            services,
            partnership.id,
            title={"en": f"{english} seat {number}", "cy": f"Sedd {welsh.lower()} {number}"},
            sector=sector,
            on=today,
            kept_for=kept_for,
            actor=OFFICER,
            command_id=f"seat-{place}",
        )
        if organisation:
            fill_seat(
                services,
                set_up.id,
                organisation,
                on=today,
                term_ends_on=today + timedelta(days=TERM_DAYS),
                actor=OFFICER,
                command_id=f"fill-{place}",
            )
