# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of the repository become pages of the site: links lead there, the ways to do a step are tabs, nothing is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.support.paths import ROOT
from tests.website.pages import ADDRESS, menu, pages, plugin_pages, rewritten, tabbed

PLACES = {
    "docs/setup.md": "setup.md",
    "docs/README.md": "index.md",
    "roles/onboarding/README.md": "roles/onboarding.md",
    "plugins/modules/selfcheck.py": "plugins/selfcheck_module.rst",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
}


@pytest.mark.parametrize(
    ("origin", "link", "leads"),
    [
        ("docs/setup.md", "#a-certificate", "#a-certificate"),
        ("docs/setup.md", "https://example.com/", "https://example.com/"),
        ("docs/setup.md", "../roles/onboarding/README.md#variables", "roles/onboarding.md#variables"),
        ("roles/onboarding/README.md", "../../docs/setup.md", "../setup.md"),
        ("docs/README.md", f"{ADDRESS}/blob/main/plugins/modules/selfcheck.py", "plugins/selfcheck_module.rst"),
        (
            "roles/onboarding/README.md",
            "meta/argument_specs.yml",
            f"{ADDRESS}/blob/main/roles/onboarding/meta/argument_specs.yml",
        ),
        ("CONTRIBUTING.md", "docs/setup.md", "setup.md"),
        ("CONTRIBUTING.md", "tests/matrix.py", f"{ADDRESS}/blob/main/tests/matrix.py"),
        ("CHANGELOG.md", r"https\://github\.com/idgov/entra/blob/main/docs/setup\.md", "setup.md"),
        ("docs/setup.md", "../tests/simulator", f"{ADDRESS}/tree/main/tests/simulator"),
    ],
)
def test_a_link_leads_to_the_page_or_to_the_repository(origin: str, link: str, leads: str) -> None:
    assert rewritten(f"See [it]({link}).\n", origin, PLACES) == f"See [it]({leads}).\n"


def test_what_stands_in_a_block_is_no_link() -> None:
    block = "```text\n[it](../tests/simulator)\n```\n"
    assert rewritten(block, "docs/setup.md", PLACES) == block


def test_ways_that_follow_one_another_are_tabs() -> None:
    text = (
        "Do it.\n\n**Azure CLI**: `a` first.\n\n```shell\naz a\n```\n\n**Portal**: *Here* >\n*there*.\n\nThen that.\n"
    )
    made = tabbed(text)
    assert made.count(":::::{tab-set}") == 1
    assert [line for line in made.splitlines() if "tab-item" in line] == [
        "::::{tab-item} Azure CLI",
        "::::{tab-item} Portal",
    ]
    for kept in ("Do it.", "`a` first.", "```shell\naz a\n```", "*Here* >\n*there*.", "\n\nThen that.\n"):
        assert kept in made


def test_a_way_by_itself_is_no_tab() -> None:
    text = "**Portal**: open it.\n\nThen that.\n"
    assert tabbed(text) == text


def test_every_guide_role_and_plugin_is_a_page_and_in_the_menu() -> None:
    found = {**pages(ROOT), **plugin_pages(ROOT)}
    assert all((ROOT / origin).is_file() for origin in found)
    documents = [place.rpartition(".")[0] for place in found.values()]
    listed = menu([*documents, "plugins/index", "a-new-guide"]).splitlines()
    assert "a-new-guide" in listed
    guides = {name for name in documents if not name.startswith(("index", "plugins/"))}
    pictures = {place.rpartition(".")[0] for place in found.values() if not place.endswith((".md", ".rst"))}
    assert guides - pictures <= set(listed)
    entries = [line for line in listed if line and line[0] not in ":`"]
    assert len(entries) == len(set(entries))


def test_the_action_publishes_what_make_site_has_built() -> None:
    action: Any = yaml.safe_load((ROOT / ".github" / "workflows" / "site.yml").read_text(encoding="utf-8"))
    build, publish = action["jobs"]["build"], action["jobs"]["publish"]
    assert action["permissions"] == {}
    assert [step["run"] for step in build["steps"] if "run" in step] == ["make site"]
    (uploaded,) = (step["with"]["path"] for step in build["steps"] if "upload-pages-artifact" in step.get("uses", ""))
    (made,) = re.findall(r"python -m tests\.website (\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert uploaded == f"{made}/html"
    assert publish["needs"] == "build"
    assert publish["permissions"] == {"pages": "write", "id-token": "write"}
    assert build["permissions"] == {"contents": "read"}
