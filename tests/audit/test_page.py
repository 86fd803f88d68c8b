"""The page of an audit, in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.audit.browser import Browser
from tests.cli.calling import civiredis

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CELLS = "[...document.querySelectorAll('table')[0].tBodies[0].rows].map((row) => row.cells[{}].textContent)"
HEADING = "document.querySelectorAll('table')[0].tHead.rows[0].cells[{}].firstElementChild"
SORTED = "[...document.querySelectorAll('table')[0].tHead.rows[0].cells].map((cell) => cell.ariaSort)"


@pytest.fixture
def page(project: Path, filled_url: str) -> Path:
    path = project / "report.html"
    done = civiredis("audit", "keys:CacheKeys", "--url", filled_url, "--html", str(path), cwd=project)
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture
def browser(page: Path) -> Iterator[Browser]:
    with Browser() as shown:
        shown.open(page)
        yield shown


def test_it_needs_nothing_but_itself(page: Path) -> None:
    text = page.read_text()
    assert "default-src 'none'" in text
    assert not re.findall(r"""(?:src|href)=|@import|url\(|https?://""", text)


def test_it_shows_the_bases_and_sorts_them(browser: Browser) -> None:
    by_memory = browser.evaluate(CELLS.format(0))
    assert by_memory[0] == "user"
    assert len(by_memory) == 12
    assert browser.evaluate(SORTED) == [None, None, None, "descending", *[None] * 3]
    browser.press(HEADING.format(0))
    assert browser.evaluate(CELLS.format(0)) == sorted(by_memory, reverse=True)
    assert browser.evaluate(SORTED) == ["descending", *[None] * 6]
    browser.press(HEADING.format(0))
    assert browser.evaluate(CELLS.format(0)) == sorted(by_memory)
    browser.press(HEADING.format(2))
    assert browser.evaluate(CELLS.format(2)) == ["101", "4", "3", "3", "2", *["1"] * 6, "0"]
    browser.press(HEADING.format(2))
    assert browser.evaluate(CELLS.format(2)) == ["0", *["1"] * 6, "2", "3", "3", "4", "101"]
    assert browser.evaluate(SORTED) == [None, None, "ascending", *[None] * 4]


def test_labels_stand_inside_of_their_areas(browser: Browser) -> None:
    outside = browser.evaluate("""[...document.querySelectorAll('svg text')].filter((label) => {
        const [text, area] = [label, label.parentElement.firstElementChild].map((one) => one.getBoundingClientRect());
        return text.left < area.left || text.right > area.right || text.top < area.top || text.bottom > area.bottom;
    }).map((label) => label.textContent)""")
    assert outside == []


def test_it_draws_the_memory(browser: Browser) -> None:
    areas = browser.evaluate("""Object.fromEntries([...document.querySelectorAll('svg rect')].map((rect) => {
        const {width, height} = rect.getBoundingClientRect();
        return [rect.firstElementChild.textContent.split(': ')[0], [rect.className.baseVal, width * height]];
    }))""")
    assert areas["user"][0] == "plain"
    assert areas["packed:user:profile"][0] == "packed"
    assert areas["usr:*"][0] == "stray"
    assert areas["usr:*"][1] > areas["packed:user:profile"][1] > 0
    assert "user" in browser.evaluate("[...document.querySelectorAll('svg text')].map((text) => text.textContent)")


def test_a_key_is_text_and_nothing_else(browser: Browser) -> None:
    shown = browser.evaluate("document.body.innerText")
    assert "<script>alert(1)</script>" in shown
    assert browser.evaluate("document.scripts.length") == 1
    assert browser.complaints == []
    assert browser.screenshot().startswith(b"\x89PNG")
