# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of imports in docs/architecture.md are those of the code."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from tests.support.layers import LAYERS, Source
from tests.support.paths import ROOT

PLUGINS = ROOT / "plugins"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
# | `folder` | what it is | `import`, `import` |
ROW = re.compile(r"^\| `(\w+)` \| [^|]+ \| ((?:`\w+`(?:, )?)+|nothing) \|$", re.MULTILINE)


def package(name: str) -> str:
    """The layer, or the folder below plugins, of a dotted name."""
    parts = name.split(".")
    return parts[1] if parts[0] == "module_utils" else parts[0]


def imports_of_the_code() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in PLUGINS.rglob("*.py"):
        source = Source(PurePosixPath(path.relative_to(PLUGINS)), path.read_text(encoding="utf-8"))
        if source.area != "doc_fragments":
            own = found.setdefault(source.layer or source.area, set())
            own |= {package(name) for name in source.own_imports}
    return {name: names - {name} for name, names in found.items()}


def test_the_tables_of_imports() -> None:
    shown = {name: set(re.findall(r"\w+", names)) - {"nothing"} for name, names in ROW.findall(PAGE)}
    assert shown == imports_of_the_code()


def test_the_layers_are_listed_from_the_top() -> None:
    listed = [name for name, _dummy in ROW.findall(PAGE) if name in LAYERS]
    assert listed == list(reversed(LAYERS))
