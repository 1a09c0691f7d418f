"""Charts of a results page as a browser lays them out, narrow and wide."""

import pytest

from consult.web import create_app
from tests.conftest import only
from tests.kinds import KINDS, from_draft_to_published

pytestmark = [pytest.mark.browser, only("sqlite")]
LEAST_PIXELS = 20

GAPS = """() => {
  const seen = (one) => one.getBoundingClientRect().height > 0;
  const bars = [...document.querySelectorAll('main svg.fm-bar')].filter(seen)
    .map((bar) => bar.getBoundingClientRect().bottom);
  return [...document.querySelectorAll('main h2, main h3, main h4')].filter(seen)
    .map((head) => {
      const top = head.getBoundingClientRect().top;
      const above = Math.max(...bars.filter((bottom) => bottom <= top + 1), -1000);
      return [head.textContent.trim(), top - above];
    });
}"""
BUDGET = """() => [...document.querySelectorAll('.fm-budget tbody tr:not(.fm-budget__line)')]
  .map((row) => [...row.querySelectorAll('svg.fm-bar')]
    .filter((bar) => bar.getBoundingClientRect().height > 0).map((bar) => {
      const value = bar.querySelector('rect');
      return [bar, value].map((one) => one.getBoundingClientRect().width);
    }))"""


@pytest.fixture
def address(services, serve):
    from_draft_to_published(services, *KINDS, people=12)
    return f"{serve(create_app(services))}/c/riverside/results"


@pytest.mark.parametrize("width", [375, 1280])
def test_a_chart_never_touches_the_next_heading(address, open_page, width):
    gaps = open_page(address, width=width).evaluate(GAPS)
    assert len(gaps) > len(KINDS)
    assert {head: gap for head, gap in gaps if gap < LEAST_PIXELS} == {}


@pytest.mark.parametrize("width", [375, 1280])
def test_every_project_has_one_bar_as_long_as_its_votes(address, open_page, width):
    page = open_page(address, width=width)
    rows = page.evaluate(BUDGET)
    assert [len(row) for row in rows] == [1, 1, 1], "one bar for each project"
    [[(wide, longest)], [(_, second)], [(_, third)]] = rows
    assert wide >= 60
    assert longest == pytest.approx(wide, abs=1)
    assert second == pytest.approx(wide / 2, abs=1)
    assert third == pytest.approx(wide / 2, abs=1)
    scrolls = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not scrolls


def test_the_line_of_the_money_stands_under_the_last_project_that_is_funded(address, open_page):
    page = open_page(address)
    rows = page.locator(".fm-budget tbody tr").all_inner_texts()
    [line] = [number for number, row in enumerate(rows) if "above this line" in row]
    assert "spent" in rows[line]
    assert all("Not funded" in row for row in rows[line + 1 :])
    assert "Not funded" not in rows[line - 1]
