"""Each partnership's own look: colour, logo, name and links, recorded and refused where bad."""

import struct
import zlib

import pytest
from click.testing import CliRunner

from consult.cli import main
from consult.commands.partnerships import set_look
from consult.formats.png import SIGNATURE, NotAPicture, cleaned
from events import Partnership
from events.theme import (
    LOGO_BYTES_MAX,
    BadLink,
    FooterLink,
    LongName,
    UnreadableColour,
)
from tests.builders import ADMINISTRATOR, consultation, partnership

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BLUE = "#1d4f91"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width=4, height=2, more=b"", lines=None) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + b"\x10\x20\x30" * width for _ in range(lines or height)))
    return (
        SIGNATURE
        + chunk(b"IHDR", header)
        + more
        + chunk(b"IDAT", data)
        + chunk(b"IEND", b"")
        + b"trailing"
    )


@sqlite
def test_a_look_shows_on_every_page_of_the_partnership_and_only_there(services, app):
    mine = consultation(services)
    other = partnership(services, "elsewhere")
    look = {
        "brand": BLUE,
        "picture": png(),
        "short_name": {"en": "Moor", "cy": "Gwaun"},
        "links": (FooterLink({"en": "Contact", "cy": "Cysylltu"}, "https://example.org/contact"),),
    }
    set_look(services, Partnership.id_for("ashenmoor"), actor=ADMINISTRATOR, **look)
    services.catch_up()
    browser = app.test_client()
    page = browser.get(f"/cy/c/{mine.slug}").text
    assert f"/{BLUE[1:]}/style.css" in page
    assert f'<meta name="theme-color" content="{BLUE}">' in page
    assert "Gwaun" in page
    assert 'href="https://example.org/contact">Cysylltu<' in page
    (logo,) = {part.split('"')[0] for part in page.split('src="')[1:] if "/logo/" in part}
    shown = browser.get(logo)
    assert shown.content_type == "image/png"
    assert "immutable" in shown.headers["Cache-Control"]
    assert shown.data == cleaned(png(), LOGO_BYTES_MAX)
    sheet = next(part for part in page.split('href="') if "style.css" in part).split('"')[0]
    styles = browser.get(sheet).text
    assert f"--brand:{BLUE}" in styles
    assert "url(../fonts/" in styles.replace('"', "")
    home = browser.get("/").text  # two partnerships: the site is nobody's own
    assert BLUE not in home
    assert other.id != Partnership.id_for("ashenmoor")


@sqlite
def test_an_address_of_a_stylesheet_takes_no_colour_that_cannot_be_read(app, services):
    browser = app.test_client()
    for colour in ("ffbb00", "teal", "1d4f91;}"):
        assert browser.get(f"/assets/x/{colour}/style.css").status_code == 404, colour
    assert browser.get("/assets/x/1d4f91/style.css").status_code == 200


@sqlite
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"brand": "#ffbb00"}, UnreadableColour),
        ({"brand": "red"}, UnreadableColour),
        ({"short_name": {"en": "x" * 61}}, LongName),
        ({"links": (FooterLink({"en": "Only English"}, "https://example.org"),)}, BadLink),
        ({"links": (FooterLink({"en": "a", "cy": "b"}, "javascript:alert(1)"),)}, BadLink),
        ({"links": (FooterLink({"en": "a", "cy": "b"}, "https://e.org"),) * 7}, BadLink),
        ({"picture": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}, NotAPicture),
    ],
)
def test_a_bad_look_is_refused_and_leaves_no_trace(services, change, refusal):
    found = partnership(services)
    with pytest.raises(refusal):
        set_look(services, found.id, actor=ADMINISTRATOR, **change)
    assert services.record.get(Partnership, found.id).version == found.version


def test_a_logo_keeps_the_picture_and_nothing_else():
    told = png(more=chunk(b"tEXt", b"Author\0Jo Doe, 12 High Street"))
    assert b"Jo Doe" not in cleaned(told, LOGO_BYTES_MAX)
    assert cleaned(told, LOGO_BYTES_MAX) == cleaned(png(), LOGO_BYTES_MAX)
    assert cleaned(cleaned(png(), LOGO_BYTES_MAX), LOGO_BYTES_MAX) == cleaned(png(), LOGO_BYTES_MAX)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        SIGNATURE,
        png()[:-20],
        png(width=5_000),
        png(lines=1),
        png(lines=500),
        png().replace(b"IDAT", b"IDAX"),
        SIGNATURE + b"\0" * 50,
        b"\xff\xd8\xff\xe0" + b"\0" * 100,
    ],
)
def test_what_is_no_whole_picture_is_refused(content):
    with pytest.raises(NotAPicture):
        cleaned(content, LOGO_BYTES_MAX)


def test_a_picture_that_is_too_heavy_is_refused():
    with pytest.raises(NotAPicture, match="60,000"):
        cleaned(png() + b"\0" * LOGO_BYTES_MAX, LOGO_BYTES_MAX)


@sqlite
def test_the_command_records_who_changed_what_and_leaves_the_rest(
    services, database_url, monkeypatch, tmp_path
):
    found = partnership(services)
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", database_url)
    picture = tmp_path / "logo.png"
    picture.write_bytes(png())
    run = CliRunner().invoke
    told = run(main, ["theme", found.slug, "--colour", BLUE, "--logo", str(picture)])
    assert told.exit_code == 0, told.output
    told = run(main, ["theme", found.slug, "--short-name", "en=Moor", "--short-name", "cy=Gwaun"])
    assert told.exit_code == 0, told.output
    now = services.record.get(Partnership, found.id)
    assert (now.look.brand, now.look.short_name["cy"]) == (BLUE, "Gwaun")
    assert now.look.logo
    fact = list(services.record.events.get(found.id))[-1].fact
    assert fact.by.role == "operator"
    refused = run(main, ["theme", found.slug, "--colour", "#ffbb00"])
    assert refused.exit_code == 1
    assert "Choose a darker shade." in refused.output
    assert run(main, ["theme", "nowhere"]).exit_code == 1
