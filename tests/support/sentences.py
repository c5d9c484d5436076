# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sentence that a user can see, found in the code: ``python -m tests.support.sentences`` rewrites the reviewed file.

A sentence is a text of the code with a blank in it, of which docstrings and patterns are none, or a description, a note
or a hint in the documentation of a plugin or a role. What is filled in shows as the last name of its expression.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import yaml

from tests.support.paths import ROOT

REVIEWED = ROOT / "tests/unit/sentences.txt"
_SAID = {"short_description", "description", "notes", "details", "msg", "fail_msg"}
_DOCUMENTATION = re.compile(r"\A\s*(?:[a-z_]+:|---|- name:)")
_HEAD = """# Every sentence that a user can see, in the order of the files. `make sentences` rewrites this file; read what changes
# by the ear of CONTRIBUTING.md before it is committed.
"""


def sentences() -> str:
    """Return the content of the reviewed file as the code has it now."""
    python = sorted(path for path in (ROOT / "plugins").rglob("*.py"))
    roles = sorted([*(ROOT / "roles").glob("*/meta/argument_specs.yml"), *(ROOT / "roles").glob("*/tasks/*.yml")])
    found = {path: sorted(set(_of_python(path.read_text(encoding="utf-8")))) for path in python}
    found |= {path: sorted(set(_described(yaml.safe_load(path.read_text(encoding="utf-8"))))) for path in roles}
    blocks = ["\n".join((f"\n## {path.relative_to(ROOT)}", *lines, "")) for path, lines in found.items() if lines]
    return _HEAD + "".join(blocks)


def _of_python(text: str) -> Iterator[str]:
    for words in _texts(ast.parse(text)):
        if _DOCUMENTATION.match(words) and "\n" in words:
            yield from _described(yaml.safe_load(words))
        elif " " in words.strip():
            yield words.strip().replace("\n", " ")


def _texts(node: ast.AST) -> Iterator[str]:
    """Return the texts below a node, each whole, without docstrings and the patterns of regular expressions."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(_shown(part) for part in node.values)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield from _texts(part.value)
        return
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "compile":
        return
    for child in ast.iter_child_nodes(node):
        is_bare = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        if not is_bare and not isinstance(child, ast.arguments):
            yield from _texts(child)


def _shown(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    value = part.value if isinstance(part, ast.FormattedValue) else part
    names = re.findall(r"[A-Za-z_]+", ast.unparse(value)) if isinstance(value, (ast.Name, ast.Attribute)) else []
    return f"{{{names[-1] if names else '...'}}}"


def _described(value: Any, name: str = "") -> Iterator[str]:
    """Return what a documentation says, each under the option or member that it is about."""
    if isinstance(value, list):
        for each in value:
            yield from _described(each, name)
    if not isinstance(value, dict):
        return
    for key, below in value.items():
        if key in _SAID:
            for words in below if isinstance(below, list) else [below]:
                if isinstance(words, str) and " " in words and "{{" not in words:
                    yield f"{name}: {' '.join(words.split())}".removeprefix(": ")
        if key not in ("sample", "default"):
            yield from _described(below, name if key in ("options", "suboptions", "contains", *_SAID) else str(key))


if __name__ == "__main__":
    REVIEWED.write_text(sentences(), encoding="utf-8")
