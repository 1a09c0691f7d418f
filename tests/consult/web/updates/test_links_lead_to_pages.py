"""Every whole address that leaves the site, in a mail, a feed or a page's head, leads to a page."""

import re
from dataclasses import replace

import pytest

from consult.notifying import news
from consult.people.mailboxes import outbox
from tests.builders import consultation
from tests.consult.web.organisers import link_for
from tests.consult.web.updates.test_updates import publish

STAFF = "staff@example.org"

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.parametrize("prefix", ["", "/cy"]),
]


@pytest.fixture
def about(services, log):
    services.config = replace(services.config, outbox=True)
    return consultation(services)


def addresses_in(services, text: str) -> list[str]:
    """Paths of all addresses of this site in a text."""
    site = re.escape(services.config.public_url)
    return [found or "/" for found in re.findall(rf"{site}([^\s\"'<>]*)", text)]


def leads(resident, link: str, prefix: str) -> None:
    assert (link.startswith("/cy")) == bool(prefix), link
    assert not link.startswith("/cy/cy"), link
    answer = resident.client.get(link, follow_redirects=True)
    assert answer.status_code == 200, link
    if answer.mimetype == "text/html":
        assert f'<html lang="{prefix[1:] or "en"}"' in answer.text, link


def mailed(services, resident, prefix: str) -> None:
    """Ask for one mail of every kind that has a link."""
    person = f"{prefix[1:] or 'en'}@example.org"
    resident.send(resident.open(f"{prefix}/c/riverside/receipt"), "/receipt/mail", email=person)
    resident.send(resident.open(f"{prefix}/c/riverside/updates"), email=person)
    resident.send(resident.open(f"{prefix}/c/riverside/q/order"), q__order=["b"], save="later")
    resident.send(resident.open(f"{prefix}/c/riverside/saved"), email=person)
    link_for(services, email=STAFF)
    resident.send(resident.open(f"{prefix}/sign-in"), email=STAFF)


def test_the_links_in_mails(services, about, seal, resident, prefix):
    resident.send(resident.open("/c/riverside/all"), q__order=["a"])
    seal()
    mailed(services, resident, prefix)
    mails = outbox.waiting(services.vault)
    assert len(mails) == 4, [mail.subject for mail in mails]
    for mail in mails:
        [link] = addresses_in(services, mail.text)
        leads(resident, link, prefix)
        if "/confirm/" in link:
            resident.send(resident.open(link), link)
        outbox.sent(services.vault, mail.id)
    publish(services, about)
    news.tell(services)
    [told] = outbox.waiting(services.vault)
    links = addresses_in(services, told.text + told.headers["List-Unsubscribe"])
    assert len(links) == 3
    for link in links:
        leads(resident, link, prefix)


def test_the_links_in_the_feed_and_in_the_heads_of_pages(services, about, resident, prefix):
    publish(services, about)
    feed = resident.client.get(f"{prefix}/feed.atom").text
    links = re.findall(r'href="([^"]+)"', feed)
    assert len(links) >= 3
    for link in addresses_in(services, " ".join(links)):
        leads(resident, link, prefix)
    for path in ("/", "/c/riverside", "/c/riverside/results", "/privacy"):
        page = resident.client.get(f"{prefix}{path}").text
        head = page.partition("</head>")[0]
        cards = re.findall(r'property="og:(?:url|image)" content="([^"]+)"', head)
        for link in addresses_in(services, " ".join(cards)):
            leads(resident, link, prefix)
        for tag in re.findall(r'<link rel="(?:alternate|canonical)"[^>]*>', head):
            for link in addresses_in(services, tag):
                leads(resident, link, "/cy" if link.startswith("/cy") else "")


def test_the_address_that_people_pass_on(services, about, resident, prefix):
    page = resident.open(f"{prefix}/c/riverside/share")
    shared = [link for link in addresses_in(services, page.text) if "/c/riverside" in link]
    assert shared
    for link in shared:
        leads(resident, link, "/cy" if link.startswith("/cy") else "")
