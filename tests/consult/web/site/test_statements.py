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


def test_the_places_that_help_are_in_a_table_that_fits_a_phone(services, resident):
    from tests.builders import partnership

    partnership(services, wards=True)
    services.catch_up()
    page = resident.open("/paper")
    heads = ["".join(each.itertext()).strip() for each in page.tree.iter("th")]
    assert heads == ["Place", "Address (ward)", "Open", "Ironstone library"]
    assert "Furnace Lane, AS3 7QT (Ironstone)" in page.words
