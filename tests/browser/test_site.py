# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation site has everything, leads nowhere into the void, is searched, and is read on a desk and on a phone."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.conftest import contrasts, hard_to_read
from tests.support.paths import ROOT

SIZES = {"desk": ViewportSize(width=1280, height=900), "phone": ViewportSize(width=390, height=844)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LOOKED_AT = (
    "index.html",
    "setup.html",
    "from-powershell.html",
    "unverified.html",
    "roles/access_as_code.html",
    "plugins/access_package_assignments_module.html",
)
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


class Reader(HTMLParser):
    """Collects what a page links to, and what can be linked to in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.anchors |= {str(named[name]) for name in ("id", "name") if named.get(name)}
        if link := named.get("href") or named.get("src"):
            self.links.add(link)


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Path:
    directory = ROOT / ".cache" / "site"
    subprocess.run([sys.executable, "-m", "tests.website", str(directory)], check=True, cwd=ROOT)
    return directory / "html"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    size, scheme = getattr(request, "param", ("desk", SCHEMES[0]))
    assert scheme in SCHEMES
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme)
    yield context.new_page()
    context.close()


def faults(page: Path, site: Path, read: dict[Path, Reader]) -> Iterator[str]:
    """Yield one sentence per link of a page that leads nowhere within the site."""
    for link in sorted(read[page].links):
        if urlsplit(link).scheme or link.startswith("//"):
            continue
        place, anchor = urldefrag(link)
        target = (page.parent / unquote(urlsplit(place).path)).resolve() if place else page
        if not target.is_file() or not target.is_relative_to(site):
            yield f"{page.relative_to(site)}: {link} leads to no file"
        elif anchor and target in read and unquote(anchor) not in read[target].anchors:
            yield f"{page.relative_to(site)}: {link} leads to no place in the page"


def test_every_link_within_the_site_leads_somewhere(site: Path) -> None:
    read = {path: Reader(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    assert len(read) > 40
    assert [fault for path in read for fault in faults(path, site, read)] == []


def test_every_plugin_role_and_guide_has_its_page_and_the_menu_leads_to_it(site: Path) -> None:
    plugins = [
        f"plugins/{path.stem}_{kind}.html"
        for folder, kind in (("modules", "module"), ("lookup", "lookup"), ("filter", "filter"))
        for path in (ROOT / "plugins" / folder).glob("[a-z]*.py")
    ]
    roles = [f"roles/{path.name}.html" for path in (ROOT / "roles").iterdir()]
    guides = [f"{path.stem}.html" for path in (ROOT / "docs").glob("*.md") if path.stem != "README"]
    menu = Reader((site / "index.html").read_text(encoding="utf-8")).links
    listed = menu | {f"plugins/{link}" for link in Reader((site / "plugins" / "index.html").read_text("utf-8")).links}
    assert {*plugins, *roles, *guides, "changelog.html", "contributing.html"} - listed == set()


@pytest.mark.parametrize("page", [(size, scheme) for size in SIZES for scheme in SCHEMES], indirect=True)
def test_pages_are_read_at_each_width_and_in_each_light(
    page: Page, address: str, request: pytest.FixtureRequest
) -> None:
    size, scheme = request.node.callspec.params["page"]
    said: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for name in LOOKED_AT:
        page.goto(address + name)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        brightness = sum(int(part) for part in re.findall(r"\d+", page.evaluate(BACKGROUND))[:3])
        assert (brightness < 200) == (scheme == "dark"), name
        assert page.locator("article h1").first.is_visible()
        assert hard_to_read(contrasts(page, "article")) == [], name
        assert page.locator("article .system-message, article :text('Adding a table of contents')").count() == 0, name
    entry = page.locator(".sidebar-tree a", has_text="Set up a tenant").first
    if size == "phone":
        # There the menu is behind a button.
        page.locator("label[for=__navigation]:visible").first.click()
    entry.click()
    page.wait_for_url("**/setup.html")
    assert said == []
    assert [url for url in asked if not url.startswith(address)] == []


@pytest.mark.parametrize(
    ("words", "found"),
    [("admin consent", "setup.html"), ("exclusive", "plugins/access_package_assignments_module.html")],
)
def test_a_search_finds_the_page(page: Page, address: str, words: str, found: str) -> None:
    page.goto(address)
    page.locator("input[name=q]").fill(words)
    page.locator("input[name=q]").press("Enter")
    result = page.locator(f"#search-results a[href*='{found}']").first
    result.wait_for()
    result.click()
    page.wait_for_url(f"**/{found}*")


def test_a_question_leads_to_its_answer(page: Page, address: str) -> None:
    page.goto(address)
    row = page.locator("article tr", has_text="register the application and give admin consent?")
    row.locator("a").click()
    page.wait_for_url("**/setup.html")
    assert "admin consent" in page.locator("article").inner_text()


def test_who_chooses_a_way_sees_it_in_every_step(page: Page, address: str) -> None:
    page.goto(f"{address}setup.html")
    assert page.locator("article .highlight-powershell:visible").count() == 1
    page.locator("article .sd-tab-label", has_text="PowerShell").first.click()
    assert page.locator("article .highlight-powershell:visible").count() >= 7
    assert page.locator("article .sd-tab-content .highlight-shell:visible").count() == 0


def test_what_is_hard_to_read_is_found(page: Page, address: str) -> None:
    page.goto(address)
    page.add_style_tag(content="article h1 { color: #bbb; }")
    assert hard_to_read(contrasts(page, "article")) == [
        page.locator("article h1").evaluate("heading => heading.firstChild.data")
    ]
