"""The page that explains the verifier, and the download."""

import hashlib
from pathlib import Path

import pytest

from consult.web.layout import templating
from tests.consult.verifier.verifier_logs import FILE
from tests.consult.web.residents import Resident

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WORDS_MAX = 200
TEMPLATES = Path(templating.templates_folder())


@pytest.fixture
def resident(app):
    return Resident(app.test_client())


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_the_page_explains_it_in_under_two_hundred_words(resident, services, prefix):
    page = resident.open(f"{prefix}/check-it-yourself")
    assert (page.status, page.faults) == (200, [])
    assert page.heading == ("Gwiriwch eich hun" if prefix else "Check it yourself")
    main = page.text.partition("<main")[2].partition("</main>")[0]
    words = "".join(part.partition(">")[2] for part in main.split("<")).split()
    assert len(words) < WORDS_MAX
    command = f"recount {services.config.public_url}/log --key log.vkey"
    assert f"python3 folkmoot_verify.py {command}" in page.text


@pytest.mark.parametrize("page", ["/check-it-yourself", "/log-health", "/check-receipt-file"])
def test_wherever_it_is_offered_its_fingerprint_stands_beside_it(resident, page):
    shown = resident.open(page).text
    assert 'href="/verify/folkmoot_verify.py"' in shown
    file = resident.client.get("/verify/folkmoot_verify.py").data
    assert hashlib.sha256(file).hexdigest() in shown


def test_every_page_that_offers_it_takes_it_from_one_place(app):
    offering = {
        path.name for path in TEMPLATES.rglob("*.html") if "verifying.download" in path.read_text()
    }
    assert offering == {"verifier.html"}


def test_the_download_is_the_very_file_with_its_fingerprint_on_the_page(resident):
    answer = resident.client.get("/verify/folkmoot_verify.py")
    assert answer.status_code == 200
    assert answer.data == FILE.read_bytes()
    assert "attachment" in answer.headers["Content-Disposition"]
    assert hashlib.sha256(answer.data).hexdigest() in resident.open("/check-it-yourself").text
    again = resident.client.get(
        "/verify/folkmoot_verify.py", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
