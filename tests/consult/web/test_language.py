"""The language of a page comes from its address, and every message exists in Welsh."""

import re

import pytest
from flask import Flask, url_for

from consult.web.layout import page_language, templating
from consult.web.layout.theme import Theme
from consult.wording import catalogue, language


@pytest.fixture
def app():
    app = Flask("language", static_folder=None)
    templating.install(app, Theme)

    @app.get("/results/<name>")
    def results(name: str) -> str:
        here = [language.current(), url_for("results", name=name), templating.asset("style.css")]
        return "|".join(
            [
                *here,
                page_language.same_page("en"),
                page_language.same_page("cy"),
                page_language.home(),
            ]
        )

    return app


def test_english_has_no_prefix_and_the_switch_keeps_page_and_query(app):
    said = app.test_client().get("/results/park?page=2").text.split("|")
    assert said[0:2] == ["en", "/results/park"]
    assert said[3:] == ["/results/park?page=2", "/cy/results/park?page=2", "/"]


def test_welsh_lives_under_its_prefix_and_links_stay_welsh(app):
    said = app.test_client().get("/cy/results/park?page=2").text.split("|")
    assert said[0:2] == ["cy", "/cy/results/park"]
    assert said[3:] == ["/results/park?page=2", "/cy/results/park?page=2", "/cy/"]


def test_assets_have_one_address_in_every_language(app):
    client = app.test_client()
    in_english = client.get("/results/park").text.split("|")[2]
    assert client.get("/cy/results/park").text.split("|")[2] == in_english


def test_a_site_below_a_path_keeps_it_before_the_language(app):
    said = app.test_client().get("/cy/results/park", base_url="http://x/moot/").text.split("|")
    assert said[1] == "/moot/cy/results/park"
    assert said[3:5] == ["/moot/results/park", "/moot/cy/results/park"]


def test_a_page_that_only_begins_like_a_prefix_is_not_taken_for_one(app):
    assert app.test_client().get("/cyfle").status_code == 404


def test_texts_fall_back_to_english_when_a_translation_is_missing():
    assert language.said({"en": "Park", "cy": "Parc"}, "cy") == "Parc"
    assert language.said({"en": "Park"}, "cy") == "Park"
    assert language.said({"en": "Park", "cy": ""}, "cy") == "Park"
    assert language.said("Park", "cy") == "Park"


@pytest.mark.parametrize("code", catalogue.languages())
def test_every_message_of_the_interface_is_translated_and_sure(code):
    assert catalogue.gaps(code) == [], "run: python -m consult.wording.catalogue, and fill it"


@pytest.mark.parametrize("code", catalogue.languages())
def test_what_a_sentence_quotes_from_a_page_is_called_as_the_page_calls_it(code):
    said = {str(entry.id): str(entry.string) for entry in catalogue.read(code) if entry.id}
    for english, here in said.items():
        for quoted in re.findall(r"“([^”]+)”", english):
            if quoted in said:
                assert said[quoted] in here, english


def test_the_welsh_pages_have_one_kind_of_apostrophe():
    said = [str(entry.string) for entry in catalogue.read("cy") if entry.id]
    assert [each for each in said if "'" in each] == [], "run: python -m consult.wording.catalogue"


def test_a_language_that_is_named_is_the_only_one_that_is_touched(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "CATALOGUES", tmp_path)
    welsh = tmp_path / "cy" / "LC_MESSAGES" / "messages.po"
    welsh.parent.mkdir(parents=True)
    welsh.write_text('msgid ""\nmsgstr ""\n\nmsgid "Gone"\nmsgstr "Wedi mynd"\n')
    before = welsh.read_bytes()
    monkeypatch.setattr("sys.argv", ["catalogue", "pl"])
    assert catalogue.main() == 1
    assert welsh.read_bytes() == before
    assert catalogue.read("pl").get("Add") is not None


def test_what_is_said_within_an_f_string_is_for_translators_too(tmp_path):
    module = tmp_path / "one.py"
    module.write_text("heading = f\"{_('Results')}: {language.gettext('Part')} {other('x')}\"\n")
    assert set(catalogue._marked(module)) == {"Results", "Part"}


def test_the_catalogue_notices_what_is_missing_unsure_or_loses_a_value(tmp_path, monkeypatch):
    folder = tmp_path / "cy" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (folder / "messages.po").write_text(
        head
        + '#, fuzzy\nmsgid "Add"\nmsgstr "Ychwanegu"\n\n'
        + 'msgid "Points left: %(left)s"\nmsgstr "Pwyntiau ar ôl"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(catalogue, "CATALOGUES", tmp_path)
    found = catalogue.gaps("cy")
    assert "unsure: Add" in found
    assert "loses a value: Points left: %(left)s" in found
    assert "missing: Back" in found
