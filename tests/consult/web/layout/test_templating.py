"""Templates, assets, theme and content policy, without a browser."""

import re
from pathlib import Path

import pytest
from flask import Flask, render_template_string

import hatch_build
from consult.web.layout import templating
from consult.web.layout.theme import Theme, UnreadableColour, contrast
from consult.web.site import gallery
from consult.web.site.gallery_samples import STATES

ROOT = Path(__file__).parents[4]
FORBIDDEN = re.compile(r"GDS Transport|crest|GOV\.UK|crown", re.IGNORECASE)


def make_app(theme: Theme | None = None) -> Flask:
    app = Flask("look", static_folder=None)
    app.config.update(FOLKMOOT_GALLERY=True, TESTING=True)
    chosen = theme or Theme(name={"en": "Ashenmoor Together", "cy": "Ashenmoor Ynghyd"})
    templating.install(app, lambda: chosen, lambda: [("part", "Take part", "/")])
    gallery.install(app)
    return app


@pytest.fixture(scope="module", autouse=True)
def built() -> Path:
    return hatch_build.build(ROOT)


@pytest.fixture
def client():
    return make_app().test_client()


def rendered(template: str, **values: object) -> str:
    app = make_app()
    with app.test_request_context("/"):
        return render_template_string(template, **values)


def test_a_page_sends_a_policy_that_allows_nothing_inline(client):
    policy = client.get("/gallery/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "data:" not in policy


def test_a_first_question_page_needs_three_requests_and_less_than_ninety_kilobytes(client):
    page = client.get("/gallery/radios/empty")
    wanted = set(re.findall(r'(?:href|src)="(/assets/[^"]+\.(?:css|js|woff2))"', page.text))
    weight = len(page.data)
    for address in wanted:
        weight += len(client.get(address, headers={"Accept-Encoding": "gzip"}).data)
    assert len(wanted) == 2  # the stylesheet and one font; the page itself is the third
    assert weight < 90 * 1024


def test_assets_may_be_kept_for_ever_and_their_address_changes_with_the_theme(client):
    address = re.search(r'href="(/assets/[^"]+style\.css)"', client.get("/gallery/").text)
    purple = make_app(Theme(brand="#5b2c83")).test_client()
    other = re.search(r'href="(/assets/[^"]+style\.css)"', purple.get("/gallery/").text)
    assert address is not None
    assert other is not None
    assert address[1] != other[1]
    sheet = purple.get(other[1])
    assert "immutable" in sheet.headers["Cache-Control"]
    assert "--brand:#5b2c83" in sheet.text
    assert "--brand:#5b2c83" not in client.get(address[1]).text


def test_a_file_that_was_not_built_is_not_found(client):
    assert client.get("/assets/any/modules/none.js").status_code == 404
    assert client.get("/assets/any/inputs.sha256").status_code == 404


def test_a_colour_that_cannot_be_read_on_white_is_refused():
    with pytest.raises(UnreadableColour, match=r"4\.5 to 1"):
        Theme(brand="#ffbb00")
    with pytest.raises(UnreadableColour, match="six digits"):
        Theme(brand="teal;}body{display:none")


def test_the_built_site_shows_nothing_of_the_government(built, client):
    for path in built.rglob("*"):
        if path.is_file() and path.suffix in {".css", ".js", ".svg"}:
            assert not FORBIDDEN.findall(path.read_text()), path
    for name, states in STATES.items():
        assert not FORBIDDEN.findall(client.get(f"/gallery/{name}/{states[0]}").text)


def test_the_palette_reaches_the_contrast_that_people_need():
    text = {
        "text on white": ("#0b0c0c", "#ffffff"),
        "secondary text on white": ("#484949", "#ffffff"),
        "brand on white": (Theme.brand, "#ffffff"),
        "place in a ranking": ("#ffffff", Theme.brand),
        "green button": ("#ffffff", "#0f7a52"),
        "link on white": ("#1a65a6", "#ffffff"),
        "link on grey": ("#1a65a6", "#f3f2f1"),
        "error": ("#ca3535", "#ffffff"),
        "error strip": ("#0b0c0c", "#fbeded"),
        "success strip": ("#0b0c0c", "#edf7f2"),
        "link on success strip": ("#1a65a6", "#edf7f2"),
        "funded": ("#083d29", "#cfe4da"),
    }
    graphics = {
        "grey bar": ("#868d90", "#ffffff"),
        "brand bar against its track": (Theme.brand, "#f1f1ef"),
        "over budget": ("#ca3535", "#ffffff"),
        "tick on a grey bar": ("#0b0c0c", "#868d90"),
    }
    assert not [name for name, pair in text.items() if contrast(*pair) < 4.5]
    assert not [name for name, pair in graphics.items() if contrast(*pair) < 3]
    sheet = (ROOT / "consult/static/built/style.css").read_text()
    colours = {one for pairs in (text, graphics) for pair in pairs.values() for one in pair}
    missing = {c for c in colours if c not in sheet and c not in {"#ffffff", "#484949"}}
    assert not missing, "the palette test names colours that the stylesheet does not use"


def test_radios_say_the_same_as_the_reference_macro():
    from jinja2 import Environment, PackageLoader, PrefixLoader

    reference = Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
    ).from_string(
        '{% from "govuk_frontend_jinja/components/radios/macro.html" import govukRadios %}'
        "{{ govukRadios(params) }}"
    )
    items = [{"value": "a", "text": "A"}, {"value": "b", "text": "B", "checked": True}]
    legend = {"text": "Which?", "classes": "govuk-fieldset__legend--m"}
    theirs = reference.render(
        params={
            "name": "one",
            "fieldset": {"legend": legend},
            "hint": {"text": "Think."},
            "errorMessage": {"text": "Choose."},
            "items": items,
        }
    )
    ours = rendered(
        '{% from "macros/form.html" import radios %}'
        "{{ radios('one', 'Which?', options, 'b', 'Think.', 'Choose.') }}",
        options=[("a", "A"), ("b", "B")],
    )
    # Their script hook is not ours: our radios need no script.
    assert elements(ours) == elements(theirs.replace(' data-module="govuk-radios"', ""))


def elements(html: str) -> list[tuple[str, object]]:
    import html5lib

    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    found: list[tuple[str, object]] = []
    for one in tree.iter():
        attributes = {
            key: " ".join(sorted(value.split())) for key, value in sorted(one.attrib.items())
        }
        found.append((str(one.tag), (attributes, (one.text or "").strip())))
    return found


def test_what_people_typed_is_never_markup():
    shown = rendered(
        '{% from "macros/form.html" import text_input, radios %}'
        "{{ text_input('x', label, typed) }}{{ radios('y', label, [(typed, typed)]) }}",
        label="<b>",
        typed='"><script>alert(1)</script>',
    )
    assert "<script" not in shown
    assert "<b>" not in shown


def test_a_bar_never_leaves_its_track():
    assert templating.bar_share(2, 3) == "66.6%"
    assert templating.bar_share(5, 3) == "100.0%"
    assert templating.bar_share(-1, 3) == "0%"
    assert templating.bar_share(1, 0) == "0%"


def test_a_receipt_code_is_written_in_groups_of_four():
    assert templating.code_groups("K7QM2XHD9FTA") == "K7QM-2XHD-9FTA"
    assert templating.code_groups("K7QM-2XHD") == "K7QM-2XHD"
