"""Wards come from a file, or from a list of authorities; they are shown before they are saved."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from consult.services import Services
from events import Partnership
from events.partnership import Ward
from tests import builders
from tests.conftest import only
from tests.consult.web.organisers import Organiser, main_form, sign_in
from tests.consult.web.residents import Page

FILE = "/organise/partnership/ashenmoor/wards/file"
LIST = "/organise/partnership/ashenmoor/wards/authority"
PLAIN = 'code,name,name_cy,population,quintile\r\nW03,Canal Side,Glan y Gamlas,"16,400",2\r\n'
CANAL_SIDE = Ward("W03", {"en": "Canal Side", "cy": "Glan y Gamlas"}, 16_400, 2)
LOOKUP = (
    "\ufeffWD24CD,WD24NM,WD24NMW,LAD24CD,LAD24NM,LAD24NMW\r\n"
    "E05000001,Aldgate,,E09000001,City of London,\r\n"
    "S13002835,Airdrie North,,S12000050,North Lanarkshire,\r\n"
    "W05001492,Bryn,Y Bryn,W06000012,Neath Port Talbot,Castell-nedd Port Talbot\r\n"
    "W05001493,Allt-wen,,W06000012,Neath Port Talbot,Castell-nedd Port Talbot\r\n"
)

pytestmark = only("sqlite")


@pytest.fixture
def organiser(app: Flask, services: Services) -> Organiser:
    builders.partnership(services)
    services.catch_up()
    return sign_in(app, services)


def upload(organiser: Organiser, content: bytes, name: str = "wards.csv") -> Page:
    _address, values = main_form(organiser.open(FILE))
    form = {**values.to_dict(), "file": (io.BytesIO(content), name)}
    return Page(organiser.client.post(FILE, data=form, content_type="multipart/form-data"))


def wards(services: Services) -> tuple[Ward, ...]:
    return services.record.get(Partnership, Partnership.id_for("ashenmoor")).wards


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.replace('"16,400"', "16400").replace(",", ";").encode(),
        ("sep=;\r\n" + PLAIN.replace('"16,400"', "16 400").replace(",", ";")).encode("cp1252"),
        PLAIN.replace('"16,400"', "16400").replace(",", "\t").encode(),
        PLAIN.replace("code,name,name_cy", "WD24CD,WD24NM,WD24NMW").encode(),
        PLAIN.replace("code,name", " Code ,NAME").encode(),
    ],
)
def test_a_file_as_spreadsheets_write_it_is_shown_and_then_saved(
    organiser: Organiser, services: Services, content: bytes
):
    shown = upload(organiser, content)
    assert (shown.status, shown.faults) == (200, [])
    assert shown.heading.endswith("Look at the wards, then save them")
    assert "Wards: 1. Residents: 16,400. Nothing is saved yet." in shown.words
    assert wards(services) == ()
    saved = organiser.send(shown, source__en="Census 2021", source__cy="Cyfrifiad 2021")
    assert "The wards are saved." in saved.words
    assert wards(services) == (CANAL_SIDE,)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Choose a file."),
        (b"PK\x03\x04rest", "it is a workbook. Save it as CSV first"),
        (b"code,name\0", "it is not text."),
        (b"\n\n", "it is empty."),
        (
            b"ward number,who\n1,2\n",
            "it needs columns called code and name; it has: ward number",
        ),
        (b"code,name,population\n", "There is no ward below the names of the columns."),
        (b"code,name,population\nW1,A,many\n", "Line 2: “many” is not a number."),
        (
            b'code,name,population\nW1,"A\nB",1\nW1,C,2\n',
            "Line 4: The code W1 stands in line 3",
        ),
        (
            b"code,name,population,quintile\nW1,A,1,6\n",
            "Line 2: It needs a code, a name",
        ),
        (b"code,name,population\n" + b"W1,A,x\n" * 30, "Further lines with problems: 10."),
        (b'code,name\n"' + b"x" * 200_000, "line 2: field larger than field limit"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_by_its_line(
    organiser: Organiser, services: Services, content: bytes, told: str
):
    refused = upload(organiser, content)
    assert refused.status == 422
    assert told in refused.words
    assert wards(services) == ()


def test_a_file_of_windows_is_read_and_its_letters_are_questioned(organiser: Organiser):
    shown = upload(organiser, "code;name;population\nW1;Môr;5\n".encode("cp1252"))
    assert "Môr" in shown.words
    assert "ŵ and ŷ cannot be in such a file" in shown.words
    assert "The file has no names in Cymraeg (a column name_cy)." in shown.words


def test_a_lookup_without_residents_asks_for_them(organiser: Organiser, services: Services):
    shown = upload(organiser, LOOKUP.encode())
    assert "does not say how many people live in each ward" in shown.words
    assert "Wards: 4. Residents: 0." in shown.words


@pytest.fixture
def with_list(services: Services, tmp_path: Path) -> Path:
    file = tmp_path / "lookup.csv"
    file.write_text(LOOKUP, encoding="utf-8")
    services.config = replace(services.config, ward_lookup=file)
    return file


def test_wards_of_an_authority_are_taken_from_the_list_that_the_operator_brought(
    organiser: Organiser, services: Services, with_list: Path
):
    assert "Take wards from a list" in organiser.open(FILE.removesuffix("file")).words
    offered = organiser.open(LIST)
    names = [each.text for each in offered.tree.iter("option")]
    assert names == ["Choose one", "City of London", "Neath Port Talbot", "North Lanarkshire"]
    welsh = organiser.open(f"/cy{LIST}")
    assert "Castell-nedd Port Talbot" in welsh.words
    shown = organiser.send(offered, authority="W06000012")
    assert "Bryn / Y Bryn" in shown.words
    organiser.send(shown, source__en="ONS 2024", source__cy="SYG 2024")
    assert [ward.code for ward in wards(services)] == ["W05001492", "W05001493"]
    assert organiser.send(offered, authority="").summary == [("authority", "Choose an authority.")]


def test_without_such_a_file_there_is_no_list(organiser: Organiser):
    assert organiser.client.get(LIST).status_code == 404
    assert "Take wards from a list" not in organiser.open(FILE.removesuffix("file")).words


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04"])
def test_a_list_that_cannot_be_read_is_said_and_nothing_fails(
    organiser: Organiser, with_list: Path, content: bytes
):
    with_list.write_bytes(content)
    page = organiser.open(LIST)
    assert page.status == 200
    assert "The list of authorities that this site has cannot be read" in page.words
    with_list.unlink()
    assert "No such file or directory" in organiser.open(LIST).words
