# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks every answer of the simulator against a Graph ``$metadata`` document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .csdl import CsdlMember, Metadata, Shape
from .graph import Answer, Operation
from .schema import Schema

Problems = list[str]
# What the documentation calls a segment, and what the metadata at hand calls it: that of beta is of one national cloud,
# has the requests under their old name only, and writes one action with a capital.
SEGMENTS: dict[str, dict[str, str]] = {
    "v1.0": {},
    "beta": {"assignmentRequests": "accessPackageAssignmentRequests", "cancel": "Cancel"},
}
_PRIMITIVES: dict[str, tuple[type, str]] = {
    "Edm.String": (str, r"(?s).*"),
    "Edm.Boolean": (bool, ""),
    "Edm.Int32": (int, ""),
    "Edm.Int64": (int, ""),
    "Edm.Guid": (str, r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "Edm.DateTimeOffset": (str, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,12})?(Z|[+-]\d\d:\d\d)"),
    "Edm.Duration": (str, r"-?P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"),
}


class MetadataChecker:
    """Says what is wrong with an answer: member names, types, enums, nulls, and what was not asked for.

    ``schema`` says what is newer than the metadata, ``segments`` where a path is spelled otherwise in it.
    """

    def __init__(self, metadata: Metadata, schema: Schema, segments: Mapping[str, str]) -> None:
        self.metadata = metadata
        self.schema = schema
        self.segments = segments

    def check(self, operation: Operation, answer: Answer) -> Problems:
        """Return what is wrong with an answer."""
        if operation.path == "/$batch" and isinstance(answer.body, dict) and "responses" in answer.body:
            return []
        if answer.status >= 400:
            return _check_error(answer)
        if answer.status >= 300:
            return []
        try:
            shape = self.metadata.resolve(self._path(operation))
        except KeyError as error:
            return [f"answered, although the path is not in the metadata: {error}"]
        except LookupError:
            return []
        makes = answer.status == 201 or operation.path.lower().endswith("assignmentrequests")
        if operation.method == "POST" and shape is not None and shape.collection and makes:
            shape = Shape(shape.type)
        if answer.body is None:
            return []
        if shape is None:
            return ["a body, although nothing is returned"]
        return self._check_body(operation, answer.body, shape)

    def _path(self, operation: Operation) -> str:
        """Return a path as the document spells it."""
        return "/".join(_spelled(segment, self.segments) for segment in operation.path.split("/"))

    def _check_body(self, operation: Operation, body: Any, shape: Shape) -> Problems:
        options = dict(operation.query)
        if not shape.collection:
            plain = {name: value for name, value in body.items() if name != "@odata.context"}
            return self.check_value(plain, Shape(shape.type), "") + self._check_asked(plain, shape.type, options)
        problems = [f"unexpected {name}" for name in set(body) - {"@odata.context", "@odata.nextLink", "value"}]
        for index, item in enumerate(body["value"]):
            problems += self.check_value(item, Shape(shape.type), f"value[{index}]")
            problems += self._check_asked(item, shape.type, options)
        return problems

    def _check_asked(self, body: dict[str, Any], type_name: str, options: dict[str, str]) -> Problems:
        """Check that members are those of $select and navigation properties those of $expand."""
        members = self.metadata.members(type_name)
        expanded = {re.split(r"[(\s]", name.strip())[0] for name in _top_level(options.get("$expand", ""))}
        selected = {name.strip() for name in options["$select"].split(",")} if "$select" in options else None
        problems = []
        for name in body:
            if "@odata." in name:
                continue
            navigation = name in members and members[name].navigation
            asked = (
                expanded & {name, "*"} or name in (selected or ()) or (type_name.rpartition(".")[2], name) in _UNASKED
            )
            if navigation and not asked and type_name in _ENTITIES:
                problems.append(f"{name} was not expanded")
            if not navigation and selected is not None and name not in selected:
                problems.append(f"{name} was not selected")
        missing = (expanded | (selected or set())) - {"*"} - set(body)
        return problems + [f"{name} was asked for and is missing" for name in sorted(missing)]

    def check_value(self, value: Any, shape: Shape, where: str) -> Problems:
        """Check a JSON value against a shape."""
        if shape.collection:
            if not isinstance(value, list):
                return [f"{where}: not a list"]
            one = Shape(shape.type)
            return [
                text for index, item in enumerate(value) for text in self.check_value(item, one, f"{where}[{index}]")
            ]
        if shape.type in self.metadata.enums:
            return [] if value in self.metadata.enums[shape.type] else [f"{where}: {value!r} is no {shape.type}"]
        if shape.type in _PRIMITIVES:
            return _check_primitive(value, shape.type, where)
        if shape.type not in self.metadata.types:
            return [f"{where}: type {shape.type} is not in the metadata"]
        return self._check_object(value, shape.type, where)

    def _check_object(self, value: Any, declared: str, where: str) -> Problems:
        if not isinstance(value, dict):
            return [f"{where}: not an object"]
        name = str(value.get("@odata.type", f"#{declared}")).removeprefix("#")
        if name not in self.metadata.types or not self.metadata.derives(name, declared):
            return [f"{where}: {name} is no {declared}"]
        problems = [f"{where}: {name} is abstract"] if self.metadata.types[name].abstract else []
        members = self.metadata.members(name)
        newer = self.schema.newer_members(name.rpartition(".")[2])
        for member, item in value.items():
            place = f"{where}.{member}"
            if (is_annotation := "@odata." in member) or member in newer:
                annotated = member.partition("@")[0]
                if is_annotation and annotated and annotated not in value:
                    problems.append(f"{place}: annotates nothing")
                continue
            if member not in members:
                if not self.metadata.is_open(name):
                    problems.append(f"{place}: no member of {name}")
            else:
                problems += self._check_member(item, members[member], place)
        return problems

    def _check_member(self, value: Any, member: CsdlMember, where: str) -> Problems:
        if value is None:
            return [] if member.nullable else [f"{where}: null is not allowed"]
        return self.check_value(value, member.shape, where)


# Recorded answers have the questions of policies without $expand.
_UNASKED = {("accessPackageAssignmentPolicy", "questions")}
_ENTITIES = frozenset(
    f"microsoft.graph.{name}"
    for name in (
        *("accessPackage", "accessPackageAssignment", "accessPackageAssignmentRequest", "accessPackageCatalog"),
        *("accessPackageAssignmentPolicy", "accessPackageSubject", "user", "group"),
    )
)


def _spelled(segment: str, segments: Mapping[str, str]) -> str:
    name, opened, arguments = segment.partition("(")
    return f"{segments.get(name, name)}{opened}{arguments}"


def _top_level(text: str) -> list[str]:
    """Split at the commas that lie outside parentheses."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part for part in parts if part.strip()]


def _check_primitive(value: Any, type_name: str, where: str) -> Problems:
    expected, pattern = _PRIMITIVES[type_name]
    fits = isinstance(value, expected) and (expected is bool or not isinstance(value, bool))
    if fits and expected is str:
        fits = re.fullmatch(pattern, value) is not None
    return [] if fits else [f"{where}: {value!r} is no {type_name}"]


def _check_error(answer: Answer) -> Problems:
    """Check an error body: code, message and innerError with date and ids, as documented."""
    error = answer.body.get("error") if isinstance(answer.body, dict) else None
    if not isinstance(error, dict):
        return ["an error without an envelope"]
    unexpected = set(error) - {"code", "message", "details", "innerError"}
    problems = [f"unexpected {name} in the error" for name in unexpected]
    problems += [f"{name} missing in the error" for name in ("code", "message") if name not in error]
    if set(error.get("innerError", {})) != {"date", "request-id", "client-request-id"}:
        problems.append("innerError is not as documented")
    return problems
