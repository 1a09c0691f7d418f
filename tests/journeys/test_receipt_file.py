"""A receipt's files, checked by the browser itself: true ones hold, tampered ones never do."""

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from consult.log_store.store import LogStore
from consult.sealing.receipts import kept_by, private_half, public_half
from consult.sealing.running import seal_now
from tests.browser.gates import check_page
from tests.builders import consultation
from tests.consult.sealing.audits import answer

pytestmark = pytest.mark.browser
HOLDS = "The answers in the private file are in the log."
WITHOUT_ANSWERS = "This receipt’s entry is in the log. The answers themselves were not checked"
FAILS = "This receipt does not hold."


@pytest.fixture
def kept(site, tmp_path: Path) -> Iterator[dict]:
    """The two files of one receipt among 300, and those of another person."""
    services = site.services
    services.config = replace(services.config, key_file=tmp_path / "log.key")
    about = consultation(services)
    receipts = [answer(services, about, f"voter {number}") for number in range(300)]
    services.catch_up()
    log = LogStore.open(services.config.database_url)
    seal_now(services, log, group_min=1)
    files = []
    for receipt in (receipts[100], receipts[200]):
        mine = kept_by(services, log, receipt.code)
        files.append((public_half(log, mine.index), private_half(services, mine)))
    yield {"code": receipts[100].code, "mine": files[0], "other": files[1]}
    log.close()


def choose(page: Page, proof: bytes, private: bytes | None = None) -> None:
    def file(name, content):
        return {"name": name, "mimeType": "text/plain", "buffer": content}

    if private is not None:
        page.locator("[data-private]").set_input_files(file("r.private.json", private))
    page.locator("[data-proof]").set_input_files(file("r.tlog-proof", proof))


def states(page: Page) -> list[str]:
    return [
        page.locator(f'[data-step="{name}"] [data-state]').inner_text()
        for name in ("signature", "inclusion", "opening")
    ]


def verdict(page: Page) -> str:
    shown = page.locator("[data-verdict]")
    expect(shown).not_to_have_text("")
    return shown.inner_text()


def has_ed25519(page: Page) -> bool:
    made = "crypto.subtle.generateKey({name: 'Ed25519'}, false, ['sign'])"
    return page.evaluate(f"{made}.then(() => true, () => false)")


def test_a_true_receipt_holds_and_says_so_without_the_choice(site, kept, open_page):
    page = open_page(f"{site.address}/check-receipt-file")
    check_page(page)
    choose(page, *kept["mine"])
    if not has_ed25519(page):
        assert verdict(page) == "Not everything could be checked."
        assert states(page) == ["Not checked", "Yes", "Yes"]
        return
    assert verdict(page) == HOLDS
    assert states(page) == ["Yes", "Yes", "Yes"]
    assert "of 303, cast on 2026-11-02, version 1" in page.locator("[data-entry]").inner_text()
    assert "Allotments" not in page.content()


def test_a_receipt_without_its_private_file_says_nothing_of_the_answers(site, kept, open_page):
    page = open_page(f"{site.address}/check-receipt-file")
    choose(page, kept["mine"][0])
    assert states_after(page)[2] == "Not checked"
    if has_ed25519(page):
        assert verdict(page).startswith(WITHOUT_ANSWERS)


def test_it_works_offline_once_it_is_loaded(site, kept, open_page):
    page = open_page(f"{site.address}/check-receipt-file")
    page.wait_for_function("!document.querySelector('[data-module=receipt-check]').hidden")
    page.context.set_offline(True)
    choose(page, kept["mine"][0])
    assert states_after(page)[1:] == ["Yes", "Not checked"]


def test_a_proof_is_checked_as_it_is_pasted_from_a_mail(site, kept, open_page):
    page = open_page(f"{site.address}/check-receipt-file")
    proof = kept["mine"][0].decode()
    mail = f"To check it, copy this:\r\n\r\n----- Proof -----\r\n{proof}----- End -----\r\nYours"
    for text in (mail, f"  {proof.strip()}  ".strip(), proof.replace("\n", "\r\n")):
        page.locator("#pasted").fill(text)
        page.locator("#pasted").blur()
        assert states_after(page)[1] == "Yes", text
    page.locator("#pasted").fill(re.sub(r"index \d+", "index 7", proof))
    page.locator("#pasted").blur()
    expect(page.locator("[data-verdict]")).to_contain_text(FAILS)


def states_after(page: Page) -> list[str]:
    verdict(page)
    return states(page)


def flipped(proof: bytes, line: int) -> bytes:
    """The proof with one bit of one base64 line changed, still well-formed."""
    lines = proof.split(b"\n")
    prefix, _, written = lines[line].rpartition(b" ")
    raw = bytearray(base64.b64decode(written))
    raw[-1 if prefix == b"extra" else 5] ^= 1
    lines[line] = (prefix + b" " if prefix else b"") + base64.b64encode(raw)
    return b"\n".join(lines)


def tampered(kept: dict) -> dict[str, bytes]:
    proof = kept["mine"][0]
    lines = proof.split(b"\n")
    root = lines.index(b"") + 3
    entry = base64.b64decode(lines[1].split(b" ")[1])
    later = entry.replace(b'"s":1', b'"s":2')
    assert later != entry
    other = kept["other"][0].split(b"\n")
    return {
        "another entry": proof.replace(lines[1], b"extra " + base64.b64encode(later)),
        "another place": re.sub(rb"index \d+", b"index 7", proof),
        "a sibling hash": flipped(proof, 4),
        "a hash too few": b"\n".join(lines[:4] + lines[5:]),
        "a hash too many": b"\n".join(lines[:4] + lines[3:]),
        "another root": flipped(proof, root),
        "another size": proof.replace(b"\n303\n", b"\n304\n"),
        "a signature": flipped(proof, root + 2),
        "somebody else's entry": proof.replace(lines[1], other[1]),
    }


def test_every_tampered_receipt_is_refused(site, kept, open_page):
    page = open_page(f"{site.address}/check-receipt-file")
    able = has_ed25519(page)
    for what, proof in tampered(kept).items():
        page.reload()
        choose(page, proof)
        if what == "a signature" and not able:
            continue
        assert verdict(page).startswith(FAILS), what
    for nonsense in (b"", b"hello\n\nworld\n", kept["mine"][1]):
        page.reload()
        choose(page, nonsense)
        assert verdict(page) == "This is not a receipt file."


def test_a_private_file_of_somebody_else_or_with_other_answers_is_refused(site, kept, open_page):
    page = open_page(f"{site.address}/check-receipt-file")
    proof, private = kept["mine"]
    changed = private.replace(rb"[\"a\",\"b\"]", rb"[\"b\",\"a\"]")
    assert changed != private
    for half in (kept["other"][1], changed, b"{}", b"nonsense"):
        page.reload()
        choose(page, proof, half)
        assert verdict(page).startswith(FAILS)
        assert states(page)[1:] == ["Yes", "No"]


def test_another_key_than_the_log_s_is_refused(site, kept, open_page):
    page = open_page(f"{site.address}/check-receipt-file")
    for key in ("", "town.example+00000000+AAAA", page.locator("#vkey").input_value()[:-6]):
        page.locator("#vkey").fill(key)
        choose(page, kept["mine"][0])
        assert verdict(page).startswith(FAILS)
        assert states(page)[0] == "No"
        page.reload()


@pytest.mark.parametrize("width", [375, 1280])
def test_without_scripts_the_page_names_the_command(site, kept, open_page, width):
    page = open_page(f"{site.address}/check-receipt-file", width=width, script=False)
    assert "Without JavaScript this page cannot check anything" in page.content()
    assert page.locator("[data-proof]").is_hidden()
    assert "folkmoot_verify.py receipt" in page.locator("main").inner_text()


def test_the_log_s_health_passes_every_gate(site, kept, open_page):
    check_page(open_page(f"{site.address}/log-health", width=375))
