"""The borough of Ashenmoor and its partnership; places, bodies and figures are invented."""

from consult.commands.partnerships import (
    admit_member,
    create_sub_partnership,
    form_partnership,
    state_particulars,
)
from consult.commands.wards import define_area
from consult.demo import board
from consult.demo.stage import ADMINISTRATOR, OFFICER, OPERATOR, Stage
from events import Partnership
from events.particulars import Particulars, Place
from events.partnership import Organisation, Ward

SLUG = "ashenmoor-together"

WARDS = (
    Ward("W01", {"en": "Abbotsgate", "cy": "Abbotsgate"}, 17_900, 4),
    Ward("W02", {"en": "Brackenhill", "cy": "Brackenhill"}, 13_200, 5),
    Ward("W03", {"en": "Canal Side", "cy": "Glan y Gamlas"}, 16_400, 2),
    Ward("W04", {"en": "Dovecote", "cy": "Dovecote"}, 14_800, 3),
    Ward("W05", {"en": "Eastfold", "cy": "Eastfold"}, 15_600, 2),
    Ward("W06", {"en": "Fernley Park", "cy": "Parc Fernley"}, 14_100, 4),
    Ward("W07", {"en": "Gorsewater", "cy": "Gorsewater"}, 12_700, 5),
    Ward("W08", {"en": "Highcross", "cy": "Highcross"}, 18_600, 3),
    Ward("W09", {"en": "Ironstone", "cy": "Ironstone"}, 16_900, 1),
    Ward("W10", {"en": "Juniper Vale", "cy": "Juniper Vale"}, 13_500, 4),
    Ward("W11", {"en": "Kilnbank", "cy": "Kilnbank"}, 15_100, 1),
    Ward("W12", {"en": "Longmeadow", "cy": "Longmeadow"}, 13_600, 3),
)

AGE_BANDS = {
    "under 16": 36_100,
    "16-24": 20_300,
    "25-44": 49_200,
    "45-64": 45_600,
    "65-74": 17_100,
    "75+": 14_100,
}

MEMBERS = (
    ("council", "Ashenmoor Council", "Cyngor Ashenmoor", "statutory", False),
    ("police", "Ashen Valley Police", "Heddlu Dyffryn Ashen", "statutory", True),
    ("fire", "Ashen Valley Fire and Rescue", "Tân ac Achub Dyffryn Ashen", "statutory", True),
    (
        "care",
        "Moorside Integrated Care Partnership",
        "Partneriaeth Gofal Integredig Moorside",
        "statutory",
        True,
    ),
    (
        "hospitals",
        "Moorside Hospitals Trust",
        "Ymddiriedolaeth Ysbytai Moorside",
        "statutory",
        True,
    ),
    ("probation", "Valley Probation Service", "Gwasanaeth Prawf y Dyffryn", "statutory", True),
    ("college", "Ashenmoor College", "Coleg Ashenmoor", "statutory", False),
    ("housing", "Larch Housing Association", "Cymdeithas Tai Larch", "voluntary", False),
    ("chamber", "Ashenmoor Chamber", "Siambr Ashenmoor", "private", False),
    (
        "voluntary-action",
        "Ashenmoor Voluntary Action",
        "Gweithredu Gwirfoddol Ashenmoor",
        "voluntary",
        False,
    ),
    (
        "acen",
        "Ashenmoor Community Empowerment Network",
        "Rhwydwaith Grymuso Cymunedol Ashenmoor",
        "community",
        False,
    ),
    ("transport", "Moor and Vale Transport", "Trafnidiaeth y Rhos a’r Fro", "private", True),
    ("traders", "Ashenmoor Market Traders", "Masnachwyr Marchnad Ashenmoor", "private", False),
    ("carers", "Moorside Carers", "Gofalwyr Moorside", "voluntary", False),
    (
        "disabled-forum",
        "Ashenmoor Disabled Residents’ Forum",
        "Fforwm Trigolion Anabl Ashenmoor",
        "community",
        False,
    ),
)

SUB_PARTNERSHIPS = (
    ("safer", "Safer Ashenmoor", "Ashenmoor Ddiogelach", "Crime and Disorder Act 1998"),
    (
        "children",
        "Children and Families Partnership",
        "Partneriaeth Plant a Theuluoedd",
        "Children Act 2004",
    ),
    ("healthy", "Healthy Ashenmoor", "Ashenmoor Iach", "Health and Social Care Act 2012"),
    ("enterprise", "Enterprise and Skills", "Menter a Sgiliau", ""),
    ("greener", "Greener Ashenmoor", "Ashenmoor Wyrddach", ""),
    ("stronger", "Stronger Communities", "Cymunedau Cryfach", ""),
    ("later", "Living Well Later", "Byw’n Dda yn Hŷn", ""),
)


PARTICULARS = Particulars(
    email="together@ashenmoor.example.org",
    telephone="01632 960 411",  # from the range reserved for drama
    post="Ashenmoor Together\nTown Hall\nFurnace Lane\nAshenmoor AS1 1AA",
    controller={"en": "Ashenmoor Borough Council", "cy": "Cyngor Bwrdeistref Ashenmoor"},
    officer={
        "en": "Data protection officer of Ashenmoor Borough Council",
        "cy": "Swyddog diogelu data Cyngor Bwrdeistref Ashenmoor",
    },
    officer_email="dpo@ashenmoor.example.org",
    lawful_basis={
        "en": "a task carried out in the public interest (UK GDPR, article 6(1)(e))",
        "cy": "tasg a gyflawnir er budd y cyhoedd (UK GDPR, erthygl 6(1)(e))",
    },
    regulator={
        "en": "the Information Commissioner, ico.org.uk, 0303 123 1113",
        "cy": "y Comisiynydd Gwybodaeth, ico.org.uk, 0330 414 6421",
    },
    accessibility_regulator={
        "en": "the Equality and Human Rights Commission; the Equality Advisory and Support "
        "Service can advise you",
        "cy": "y Comisiwn Cydraddoldeb a Hawliau Dynol; gall y Gwasanaeth Cynghori a Chymorth "
        "Cydraddoldeb eich cynghori",
    },
    answer_days=10,
    has_paper=True,
    has_telephone=True,
    has_large_print=True,
    places=(
        Place(
            {"en": "Canal Side library", "cy": "Llyfrgell Glan y Gamlas"},
            "Basin Street, Ashenmoor AS2 4BN",
            {"en": "Monday to Saturday, 9:30 to 17:30", "cy": "Llun i Sadwrn, 9:30 tan 17:30"},
            "W03",
        ),
        Place(
            {"en": "Ironstone library", "cy": "Llyfrgell Ironstone"},
            "Furnace Lane, Ashenmoor AS3 7QT",
            {"en": "Tuesday to Friday, 10:00 to 17:00", "cy": "Mawrth i Wener, 10:00 tan 17:00"},
            "W09",
        ),
        Place(
            {"en": "Kilnbank library", "cy": "Llyfrgell Kilnbank"},
            "Tannery Street, Ashenmoor AS5 2HD",
            {"en": "Monday to Friday, 9:30 to 19:00", "cy": "Llun i Wener, 9:30 tan 19:00"},
            "W11",
        ),
    ),
)
"""The partnership's public statement; names, numbers and addresses are invented."""


def form(stage: Stage) -> Partnership:
    """Form Ashenmoor Together with its wards, members and sub-partnerships."""
    stage.go(-400)
    partnership = stage.services.record.find(Partnership, Partnership.id_for(SLUG))
    if partnership is not None and partnership.wards:
        # Demos of earlier versions have no statement.
        return state_particulars(stage.services, partnership.id, PARTICULARS, actor=OFFICER)
    partnership = form_partnership(
        stage.services,
        slug=SLUG,
        name={"en": "Ashenmoor Together", "cy": "Ashenmoor Ynghyd"},
        area={"en": "Ashenmoor Borough", "cy": "Bwrdeistref Ashenmoor"},
        profile="local-agreement",
        particulars=PARTICULARS,
        actor=OPERATOR,
    )
    for id, english, welsh, sector, duty in MEMBERS:
        organisation = Organisation(id, {"en": english, "cy": welsh}, sector, duty)
        admit_member(stage.services, partnership.id, organisation, actor=ADMINISTRATOR)
    for id, english, welsh, law in SUB_PARTNERSHIPS:
        create_sub_partnership(
            stage.services,
            partnership.id,
            sub_id=id,
            theme={"en": english, "cy": welsh},
            statutory_base=law,
            actor=ADMINISTRATOR,
        )
    board.seat(stage, partnership)
    return define_area(
        stage.services,
        partnership.id,
        wards=WARDS,
        source={
            "en": "Invented census-style baseline, version 1",
            "cy": "Sylfaen ddyfeisiedig ar ddull cyfrifiad, fersiwn 1",
        },
        actor=OFFICER,
    )
