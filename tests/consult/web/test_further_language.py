"""A further language needs one catalogue: dates, times and its own name come with Babel."""

import shutil
from collections.abc import Iterator

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from consult.wording import language
from tests.builders import consultation, partnership
from tests.conftest import only


@pytest.fixture
def polish(tmp_path, monkeypatch) -> Iterator[None]:
    """A site whose catalogues are those it came with and one in Polish."""
    folder = tmp_path / "translations"
    shutil.copytree(language._catalogue_folder(), folder)
    place = folder / "pl" / "LC_MESSAGES"
    place.mkdir(parents=True)
    added = Catalog(locale="pl")
    added.add("Have your say", "Zabierz głos")
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, added)
    monkeypatch.setattr(language, "_catalogue_folder", lambda: str(folder))
    forget_catalogues()
    yield
    forget_catalogues()


def forget_catalogues() -> None:
    language.names.cache_clear()
    language._catalogue.cache_clear()


@only("sqlite")  # no database has to do with it
@pytest.mark.usefixtures("polish")
def test_a_further_language_needs_a_catalogue_and_nothing_else(client, services):
    partnership(services)
    services.catch_up()
    page = client.get("/pl/")
    assert '<html lang="pl"' in page.text
    assert "Zabierz głos" in page.text
    assert "Open now" in page.text, "what has no translation yet is in English"
    assert 'href="/pl/"' in client.get("/cy/").text, "the others lead there"
    assert "Polski" in client.get("/").text
    consultation(services)
    for path in ("/pl/c/riverside", "/pl/c/riverside/all", "/pl/receipt", "/pl/accessibility"):
        assert client.get(path).status_code == 200
    assert "16 listopada 2026, 09:00" in client.get("/pl/c/riverside").text
