# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference page of the event source, made of its documentation block: `python -m tests.support.source_page` writes it.

ansible-doc knows modules, lookups and the like, and no event sources.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from tests.support.paths import ROOT, collections_path

SOURCE = ROOT / "extensions" / "eda" / "plugins" / "event_source" / "access_packages.py"
PAGE = ROOT / "docs" / "event-source-reference.md"
NAME = "idgov.entra.access_packages"
# Ansible's markup: names of options, values and variables, code, and emphasis.
_CODE = re.compile(r"\b[OVCE]\((?:ignore:)?([^)]*)\)")
_EMPHASIS = re.compile(r"\bI\(([^)]*)\)")


def blocks() -> dict[str, Any]:
    """Return the documentation and the examples that stand in the source's file."""
    assigned = {
        target.id: ast.literal_eval(node.value)
        for node in ast.parse(SOURCE.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id in ("DOCUMENTATION", "EXAMPLES")
    }
    return {"documentation": yaml.safe_load(assigned["DOCUMENTATION"]), "examples": assigned["EXAMPLES"]}


def options() -> dict[str, Any]:
    """Return the documented options, those of the fragment behind the source's own."""
    sys.path.insert(0, str(collections_path()))
    from ansible_collections.idgov.entra.plugins.doc_fragments.auth import ModuleDocFragment

    own: dict[str, Any] = blocks()["documentation"]["options"]
    return {**own, **yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]}


def page() -> str:
    """Return the page as Markdown."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    found = blocks()
    documentation = found["documentation"]
    yield f"# Event source {NAME}: reference\n"
    yield "<!-- Made of the documentation block by `python -m tests.support.source_page`; do not edit it here. -->\n"
    yield f"{documentation['short_description']}. [The guide](event-source.md) tells how to use it.\n"
    for paragraph in documentation["description"]:
        yield f"{_plain(paragraph)}\n"
    yield "## Arguments\n"
    yield "| Argument | Type | Default | Meaning |"
    yield "|---|---|---|---|"
    for name, option in options().items():
        yield f"| {_names(name, option)} | {_type(option)} | {_default(option)} | {_meaning(option)} |"
    yield "\n## Examples\n"
    yield "As they stand under `sources` of a rulebook:\n"
    yield f"```yaml\n{found['examples'].strip()}\n```"


def _names(name: str, option: Mapping[str, Any]) -> str:
    aliases = ", ".join(f"`{alias}`" for alias in option.get("aliases", ()))
    return f"`{name}`" + (f" (also {aliases})" if aliases else "")


def _type(option: Mapping[str, Any]) -> str:
    return f"list of {option['elements']}" if option["type"] == "list" else str(option["type"])


def _default(option: Mapping[str, Any]) -> str:
    if option.get("required"):
        return "required"
    return (
        f"`{str(option['default']).lower() if option['type'] == 'bool' else option['default']}`"
        if "default" in option
        else ""
    )


def _meaning(option: Mapping[str, Any]) -> str:
    description = option["description"]
    paragraphs = [description] if isinstance(description, str) else description
    words = " ".join(_plain(paragraph) for paragraph in paragraphs)
    choices = ", ".join(f"`{choice}`" for choice in option.get("choices", ()))
    return words + (f" One of {choices}." if choices else "")


def _plain(text: str) -> str:
    return " ".join(_EMPHASIS.sub(r"*\1*", _CODE.sub(r"`\1`", text)).split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
