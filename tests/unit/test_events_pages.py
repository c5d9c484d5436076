# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the event source documents is what it takes, and its pages say it too."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import yaml

from ansible_collections.idgov.entra.plugins.module_utils._events.arguments import ARGUMENT_SPEC
from ansible_collections.idgov.entra.plugins.module_utils._events.facts import KINDS
from tests.support.paths import ROOT
from tests.support.source_page import NAME, PAGE, SOURCE, blocks, options, page

GUIDE = (ROOT / "docs" / "event-source.md").read_text(encoding="utf-8")


def of_spec(rule: dict[str, Any]) -> dict[str, Any]:
    return {
        name: rule[name] for name in ("type", "elements", "choices", "default", "required", "aliases") if name in rule
    }


def test_the_documented_arguments_are_those_that_it_takes() -> None:
    documented = {name: of_spec(option) for name, option in options().items()}
    assert documented == {name: of_spec(rule) for name, rule in ARGUMENT_SPEC.items()}


def test_the_reference_page_is_current() -> None:
    """Otherwise: python -m tests.support.source_page."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_file_passes_what_its_certification_runs() -> None:
    """Ansible's eda-partner-testing: ruff with all its rules; pylint and darglint, which it runs too, were run by hand."""
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "ALL", "--ignore", "INP001"]
    done = subprocess.run([*ruff, str(SOURCE)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout


def test_the_examples_are_sources() -> None:
    for example in yaml.safe_load(blocks()["examples"]):
        assert set(example) == {"name", NAME}
        assert "state_path" in example[NAME]
        assert set(example[NAME]) <= set(ARGUMENT_SPEC)


def test_the_guide_lists_the_kinds() -> None:
    assert re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE) == list(KINDS)
