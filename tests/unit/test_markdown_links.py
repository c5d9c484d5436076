# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links in Markdown pages lead to files and headings that exist.

Links to the project's own repository address are read as files of this checkout: README.md has to carry such links, because
Galaxy shows it away from its tree. Other addresses are not opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from tests.support.paths import ROOT

OWN_ADDRESS = re.compile(r"https://github\.com/idgov/entra/(?:blob|tree)/main/")
LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
# antsibull-changelog writes one before every sign of punctuation, in addresses, too.
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
NOT_OURS = {".cache", ".git", ".venv"}


def pages() -> list[Path]:
    return [path for path in sorted(ROOT.rglob("*.md")) if not NOT_OURS & set(path.relative_to(ROOT).parts)]


def prose(page: Path) -> str:
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    found: set[str] = set()
    for heading in HEADING.findall(prose(page)):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        anchor = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
        repeats = sum(1 for known in found if re.fullmatch(re.escape(anchor) + r"(-\d+)?", known))
        found.add(f"{anchor}-{repeats}" if repeats else anchor)
    return found


def faults(page: Path, text: str) -> Iterator[str]:
    """Yield one sentence per link in the text of a page that leads nowhere."""
    for inline, reference in LINK.findall(text):
        link = ESCAPED.sub(r"\1", inline or reference)
        address, _unused, anchor = link.partition("#")
        if OWN_ADDRESS.match(address):
            target = ROOT / unquote(OWN_ADDRESS.sub("", address))
        elif re.match(r"[a-z][a-z0-9+.-]*:", address):
            continue
        else:
            target = (page.parent / unquote(address)) if address else page
        if not target.exists():
            yield f"{page.relative_to(ROOT)}: {link} leads to no file"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            yield f"{page.relative_to(ROOT)}: {link} leads to no heading"


def test_every_link_leads_somewhere() -> None:
    found = pages()
    assert ROOT / "README.md" in found
    lost = [fault for page in found for fault in faults(page, prose(page))]
    assert not lost, "\n".join(lost)


def test_a_link_that_leads_nowhere_is_found() -> None:
    page = ROOT / "README.md"
    lost = "https://github.com/idgov/entra/blob/main/docs/lost.md"
    text = f"[a](lost.md) [b](#no-such-heading-anywhere) [c]({lost}) [d](https://example.com/)\n[e]: lost-too.md\n"
    assert len(list(faults(page, text))) == 4
