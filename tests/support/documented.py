# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every documented body of the create call, read from the reference data, and in one spelling for comparison."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.times import parse_instant
from tests.support.reference import reference

Json = dict[str, Any]
_POST = re.compile(
    r"POST https://graph\.microsoft\.com/(v1\.0|beta)\S+/(?:assignment|accessPackageAssignment)Requests\s"
)
_PHP = re.compile(r"<\?php(.*?)post\(", re.DOTALL)
_PHP_TYPE = re.compile(r"AccessPackageRequestType\('(\w+)'\)")
_PHP_MEMBER = re.compile(r"'(\w+Id)' => '([^']+)'")
_PHP_ID = re.compile(r"\$assignment->set(Id)\('([^']+)'\)")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


@dataclass(frozen=True)
class Documented:
    """One body that a page shows, the version that it is for, and where it stands."""

    place: str
    version: str
    body: Json


def documented_bodies() -> list[Documented]:
    """Return every create body of the reference data; none where it is absent."""
    root = reference()
    if root is None:
        return []
    found = [each for path in sorted((root / "graph" / "examples").glob("*.json")) for each in _of_example(path)]
    return found + [each for path in sorted((root / "seeds").glob("*.txt")) for each in _of_page(path)]


def _of_example(path: Path) -> Iterator[Documented]:
    request = json.loads(path.read_text(encoding="utf-8")).get("request") or {}
    match = _POST.match(f"{request.get('method')} {request.get('url')} ")
    # Conflicts seen in the field are no page of Microsoft's.
    if match and request.get("body") and not path.stem.startswith("field__"):
        yield Documented(path.stem, match[1], request["body"])


def _of_page(path: Path) -> Iterator[Documented]:
    text = path.read_text(encoding="utf-8")
    page = path.name[:3]
    for number, match in enumerate(_POST.finditer(text), start=1):
        body, _end = json.JSONDecoder().raw_decode(text, text.index("{", match.end()))
        yield Documented(f"seed {page}, request {number}", match[1], body)
    snippets = [snippet for snippet in _PHP.findall(text) if "Answers" not in snippet]
    for number, snippet in enumerate(snippets, start=1):
        assignment = dict(_PHP_MEMBER.findall(snippet)) | {
            name.lower(): value for name, value in _PHP_ID.findall(snippet)
        }
        kind = _PHP_TYPE.search(snippet)
        if kind:
            yield Documented(
                f"seed {page}, snippet {number}", "v1.0", {"requestType": kind[1], "assignment": assignment}
            )


def canonical(body: Json) -> Json:
    """Return a body in one spelling.

    Aside are: the order of members, the letter case of the request type and of ids, the envelope's type, flat or nested
    ids, the name of the wrapper, and members that are null or empty.
    """
    rest = {name: value for name, value in body.items() if name != "@odata.type"}
    assignment = dict(rest.pop("assignment", None) or rest.pop("accessPackageAssignment", None) or {})
    for name in ("assignmentPolicy", "accessPackage"):
        if name in assignment:
            assignment[f"{name}Id"] = assignment.pop(name)["id"]
    kept = _filled({**rest, "requestType": str(rest.get("requestType")).lower(), "assignment": assignment})
    return dict(kept)


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        filled = {name: _filled(each) for name, each in value.items()}
        return {name: each for name, each in filled.items() if each not in (None, {}, [])}
    if isinstance(value, list):
        return [_filled(each) for each in value]
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return parse_instant(value)
    return value.lower() if isinstance(value, str) and re.fullmatch(r"[0-9A-Fa-f-]{36}", value) else value
