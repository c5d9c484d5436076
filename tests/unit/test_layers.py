# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers of plugins/ keep to their rules, and each rule notices when it is broken."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
import yaml

from tests.support.layers import OWN, Source, broken_rules, impurities, reached
from tests.support.paths import ROOT

PLUGINS = ROOT / "plugins"


def read_sources() -> dict[str, Source]:
    paths = sorted(PLUGINS.rglob("*.py"))
    sources = [Source(PurePosixPath(path.relative_to(PLUGINS)), path.read_text(encoding="utf-8")) for path in paths]
    return {source.module: source for source in sources}


SOURCES = read_sources()
PURE = [source for source in SOURCES.values() if source.layer == "_decide"]


def plugin_names(folder: str) -> set[str]:
    return {path.stem for path in (PLUGINS / folder).glob("[a-z]*.py")}


def test_the_layers_keep_to_their_rules() -> None:
    faults = [fault for source in SOURCES.values() for fault in broken_rules(source)]
    assert not faults, "\n".join(faults)


def test_deciding_is_pure() -> None:
    assert PURE
    faults = [fault for source in PURE for fault in impurities(source, SOURCES)]
    assert not faults, "\n".join(faults)


def test_rendering_with_a_filter_does_not_import_what_talks_to_graph() -> None:
    """Each worker that is the first to render with one would import it, and requests alone takes a quarter of a second."""
    filters = [source for source in SOURCES.values() if source.area == "filter"]
    assert filters
    talking = {
        str(found.path) for each in filters for found in reached(each, SOURCES) if found.layer in ("_http", "_signin")
    }
    assert talking == set()


def test_every_module_has_its_action_plugin_and_is_in_the_action_group() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    modules = plugin_names("modules")
    assert modules
    assert plugin_names("action") == modules
    assert set(runtime["action_groups"]["entra"]) == modules


@pytest.mark.parametrize(
    ("path", "text", "fault"),
    [
        ("module_utils/_core/x.py", f"from {OWN}module_utils._graph.call import y", "from above"),
        ("module_utils/_core/x.py", "from .._graph import call", "from above"),
        ("module_utils/_apply/x.py", f"from {OWN}plugin_utils import host", "from above"),
        ("module_utils/_other/x.py", "", "not a layer"),
        ("module_utils/x.py", "", "not a layer"),
        ("modules/x.py", f"from {OWN}module_utils._apply.run import y", "imports module_utils._"),
        ("modules/x.py", "import json", "imports json"),
        ("action/x.py", f"from {OWN}module_utils._host import y", "imports module_utils._host"),
        ("lookup/x.py", f"from {OWN}module_utils._fetch.lists import y", "imports module_utils._"),
        ("filter/x.py", f"from {OWN}module_utils._fetch.lists import y", "imports module_utils._"),
        ("filter/x.py", "import os", "imports os"),
        ("filter/x.py", f"from {OWN}module_utils._core.times import y", "imports module_utils._core"),
        ("plugin_utils/x.py", f"from {OWN}action.y import z", "imports action"),
        ("module_utils/_apply/x.py", "import requests.adapters", "imports requests"),
        ("module_utils/_graph/x.py", "def f():\n    import msal", "imports msal"),
        ("module_utils/_apply/x.py", "module.fail_json(msg='')", "uses fail_json"),
        ("modules/x.py", "fail = module.exit_json", "uses exit_json"),
        ("module_utils/_core/x.py", "from ansible.errors import AnsibleError", "imports ansible.errors"),
        ("module_utils/_graph/x.py", "import os\nos.environ['A']", "uses os.environ"),
        ("module_utils/_graph/x.py", "from os import getenv", "imports os.getenv"),
    ],
)
def test_a_broken_rule_is_noticed(path: str, text: str, fault: str) -> None:
    assert any(fault in found for found in broken_rules(Source(PurePosixPath(path), text)))


@pytest.mark.parametrize(
    "line", ["import time", "from os import path", "datetime.now()", "open('x')", "import urllib.request"]
)
def test_an_impure_table_is_noticed_also_in_what_it_imports(line: str) -> None:
    table = Source(PurePosixPath("module_utils/_decide/table.py"), f"from {OWN}module_utils._core.x import y")
    below = Source(PurePosixPath("module_utils/_core/x.py"), line)
    assert impurities(table, {source.module: source for source in (table, below)}) != []
