# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files of the repository are pages of the site, where they stand there, and where their links lead."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

ADDRESS = "https://github.com/idgov/entra"
_OWN = re.compile(rf"{re.escape(ADDRESS)}/(?:blob|tree)/main/")
_FENCED = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(\]\(\s*<?)([^)\s>]+)|(^\[[^\]]+\]:\s*)(\S+)", re.MULTILINE)
# One of the ways to do a step: what it is called, what is said of it, and its block.
_WAY = (
    r"^\*\*(Azure CLI|PowerShell|Portal)\*\*((?:[^\n]+\n(?!\n|```))*[^\n]*)\n"
    r"(?:\n(```(?:shell|powershell)\n(?:.*\n)*?```\n))?"
)
_WAYS = re.compile(rf"(?:{_WAY}\n*){{2,}}", re.MULTILINE)
# What stands in the menu, in this order; what is in no list comes last, so that a new page is never lost.
MENU: Mapping[str, tuple[str, ...]] = {
    "Start": ("install", "setup", "setup-sandbox", "setup-federation", "access-as-code"),
    "Coming from": ("from-powershell", "from-terraform", "from-awx"),
    "Guides": (
        "use-cases",
        "reviewed-changes",
        "plans",
        "tenants",
        "joiners",
        "reading",
        "who-asks",
        "sign-in",
        "permissions",
        "clouds",
        "awx",
        "event-source",
    ),
    "Roles": ("roles/*",),
    "Plugins": ("All modules and plugins <plugins/index>",),
    "More": ("*",),
    "Project": (
        "versions",
        "security",
        "speed",
        "unverified",
        "architecture",
        "simulator",
        "benchmark",
        "contributing",
        "changelog",
    ),
}
_OUTSIDE = {
    "docs/README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "tests/simulator/README.md": "simulator.md",
    "tests/benchmark/README.md": "benchmark.md",
}
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_PLUGINS = {"modules": "module", "lookup": "lookup", "filter": "filter"}


def pages(root: Path) -> dict[str, str]:
    """Return what becomes a page or a picture of the site: path in the repository, path below the site's source."""
    found = {f"docs/{path.name}": path.name for path in sorted((root / "docs").iterdir()) if path.is_file()}
    found.update(
        {
            f"roles/{path.parent.name}/README.md": f"roles/{path.parent.name}.md"
            for path in root.glob("roles/*/README.md")
        }
    )
    return {**found, **_OUTSIDE}


def plugin_pages(root: Path) -> dict[str, str]:
    """Return the pages that antsibull-docs writes for plugins, by the file of the plugin."""
    return {
        f"plugins/{folder}/{path.name}": f"plugins/{path.stem}_{kind}.rst"
        for folder, kind in _PLUGINS.items()
        for path in sorted((root / "plugins" / folder).glob("[a-z]*.py"))
    }


def rewritten(text: str, origin: str, places: Mapping[str, str]) -> str:
    """Return a page's text with links that lead to pages of the site, and to the repository for all other files.

    ``origin`` is its path in the repository, ``places`` says what stands where on the site.
    """
    here = PurePosixPath(places[origin]).parent

    def lead(found: re.Match[str]) -> str:
        before, link = (found[1], found[2]) if found[1] else (found[3], found[4])
        return before + _led(link, origin, here, places)

    kept = 0
    parts = []
    for fence in _FENCED.finditer(text):
        parts += [_LINK.sub(lead, text[kept : fence.start()]), fence.group()]
        kept = fence.end()
    return "".join([*parts, _LINK.sub(lead, text[kept:])])


def _led(link: str, origin: str, here: PurePosixPath, places: Mapping[str, str]) -> str:
    # Markdown's own escapes, which the changelog has in every address.
    address, sharp, anchor = _ESCAPED.sub(r"\1", link).partition("#")
    if _OWN.match(address):
        path = _OWN.sub("", address)
    elif not address or re.match(r"[a-z][a-z0-9+.-]*:", address):
        return link
    else:
        path = os.path.normpath(os.path.join(os.path.dirname(origin), address))
    if path in places:
        return os.path.relpath(places[path], here) + sharp + anchor
    return f"{ADDRESS}/{'tree' if path.endswith('/') or '.' not in os.path.basename(path) else 'blob'}/main/{path}{sharp}{anchor}"


def tabbed(text: str) -> str:
    """Return a page's text with ways that follow one another as tabs; who chooses a way sees it in all steps of the page."""
    return _WAYS.sub(_tabs, text)


def _tabs(found: re.Match[str]) -> str:
    tabs = [":::::{tab-set}", ":sync-group: way", ""]
    for way in re.finditer(_WAY, found[0], re.MULTILINE):
        said = way[2].lstrip(":, ")
        tabs += [
            f"::::{{tab-item}} {way[1]}",
            f":sync: {way[1]}",
            "",
            said[:1].upper() + said[1:],
            "",
            way[3] or "",
            "::::",
            "",
        ]
    return "\n".join([*tabs, ":::::", "", ""])


def menu(documents: Iterable[str]) -> str:
    """Return the site's menu as Markdown, for these documents (paths below the source, without suffix)."""
    left = sorted(set(documents) - {"index"} - {name for name in documents if name.startswith("plugins/")})
    named = {name for names in MENU.values() for name in names}
    groups = []
    for caption, names in MENU.items():
        entries = []
        for name in names:
            if name == "*":
                entries += [each for each in left if each not in named and not each.startswith("roles/")]
            elif name.endswith("/*"):
                entries += [each for each in left if each.startswith(name[:-1])]
            elif name in left or " <" in name:
                entries.append(name)
        if entries:
            groups.append("\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *entries, "```"]))
    return "\n\n".join(groups)
