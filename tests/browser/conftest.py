# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of invented tenants, written by the collection and opened in the Chromium that is found on the PATH."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from ansible_collections.idgov.entra.plugins.plugin_utils import report_files
from ansible_collections.idgov.entra.plugins.plugin_utils.report import make_report, parse_thresholds
from ansible_collections.idgov.entra.plugins.plugin_utils.report_task import write_files
from tests.browser.tenant import NOW, tenant

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MANY = 100_000
CONTRASTS = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
# The least contrast of a text with what is behind it (WCAG 2.2, 1.4.3).
LEAST = 4.5


def contrasts(page: Page, within: str) -> list[dict[str, Any]]:
    """Return kind, text and contrast of each text that is seen within the element of this selector."""
    found: list[dict[str, Any]] = page.evaluate(CONTRASTS, within)
    assert found
    return found


def hard_to_read(found: list[dict[str, Any]]) -> list[str]:
    """Return the texts that do not stand out."""
    return [text["text"] for text in found if text["contrast"] < LEAST]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    assert found, f"no Chromium is on the PATH: none of {', '.join(NAMES)}"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Render the report of a tenant with so many assignments, once, and give its directory.

    Of a table that has more than ``most_rows`` the script has the rows.
    """
    made: dict[tuple[int, int], Path] = {}

    def render(size: int, most_rows: int = report_files._MOST_ROWS) -> Path:
        if (size, most_rows) not in made:
            made[size, most_rows] = tmp_path_factory.mktemp("report")
            with patch.object(report_files, "_MOST_ROWS", most_rows):
                _render(size, made[size, most_rows])
        return made[size, most_rows]

    return render


def _render(size: int, directory: Path) -> None:
    given = tenant(size)
    thresholds = parse_thresholds(expiring_within="P30D", stuck_after="P1D", now=NOW.isoformat())
    report = make_report(given["assignments"], given["requests"], given["access_packages"], thresholds)
    write_files(report, {"html": str(directory / "access_report.html")}, 0o600)


class Opened:
    """A report in a page of its own; ``asked`` are the addresses that it asked for, ``said`` what went to the console."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.asked: list[str] = []
        self.said: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.goto(path.as_uri())

    def column(self, section: str, number: int) -> list[str]:
        """Return what the rows that are shown have in a column: its key, or its text."""
        cells = self.page.locator(f"#{section} tbody tr > :nth-child({number})")
        texts: list[str] = cells.evaluate_all("cells => cells.map(c => c.dataset.key ?? c.textContent.trim())")
        return texts


@pytest.fixture
def opened(browser: Browser, rendered: Callable[..., Path]) -> Iterator[Callable[..., Opened]]:
    """Open the report of a tenant of some size, in a context with these settings."""
    contexts = []

    def open_page(size: int = 180, most_rows: int = report_files._MOST_ROWS, **settings: Any) -> Opened:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **settings)
        contexts.append(context)
        return Opened(context.new_page(), rendered(size, most_rows) / "access_report.html")

    yield open_page
    for context in contexts:
        context.close()
