"""The receipt page says by itself, without being loaded again, that the answers are in the log."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import expect

from consult.log_store.store import LogStore
from consult.sealing.running import seal_now
from consult.services import Services
from tests.browser.gates import check_page
from tests.builders import consultation
from tests.consult.web.residents import Resident

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_receipt_page_gives_a_promise_at_once_and_completes_itself_when_the_seal_comes(
    app: Flask,
    services: Services,
    serve: Callable[[Flask], str],
    open_page: Callable[..., "Page"],
    tmp_path: Path,
):
    services.config = replace(services.config, key_file=tmp_path / "log.key")
    log = LogStore.open(services.config.database_url)
    consultation(services)
    seal_now(services, log, promises=True)
    resident = Resident(app.test_client())
    resident.send(resident.open("/c/riverside/all"), q__order=["a", "b"])
    cookie = resident.client.get_cookie("folkmoot")
    assert cookie is not None
    home = serve(app)
    page = open_page(f"{home}/")
    page.context.add_cookies([{"name": "folkmoot", "value": cookie.value, "url": home}])
    page.goto(f"{home}/c/riverside/receipt")
    place = page.locator('[data-module="receipt-seal"]')
    expect(place).to_contain_text("will be in the public log by")
    expect(place).to_contain_text("We have signed this promise.")
    page.get_by_text("Prove it to anybody", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the promise").click()
    assert download.value.suggested_filename.endswith(".promise")
    check_page(page)
    size = seal_now(services, log, group_min=1)
    log.close()
    expect(place).to_contain_text(f"entry {size - 1} of the public log", timeout=20_000)
    expect(place).to_contain_text("It was a quiet hour")
    page.get_by_text("Prove it to anybody", exact=True).click()
    expect(page.get_by_role("button", name="Download the proof")).to_be_visible()
    assert page.locator("h1").count() == 1
