"""Accessibility, privacy, cookies, paper."""

import pytest

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("prefix", ["", "/cy"])
@pytest.mark.parametrize("path", ["/accessibility", "/privacy", "/cookies", "/paper"])
def test_each_statement_is_linked_from_every_page(resident, prefix, path):
    assert f"{prefix}{path}" in resident.open(f"{prefix}/").links()
    page = resident.open(f"{prefix}{path}")
    assert (page.status, page.faults) == (200, [])
    assert page.heading
    assert "account" not in page.heading


def test_the_cookie_page_names_the_only_cookie(services, resident):
    from tests.builders import consultation

    consultation(services)
    resident.send(resident.open("/c/riverside/all"), q__order=["a"])
    assert resident.client.get_cookie("folkmoot") is not None
    assert "folkmoot" in resident.open("/cookies").words
