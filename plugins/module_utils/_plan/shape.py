# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of a plan, as the specs of options are written, and a check that takes nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._options.argument_specs import (
    ASSIGNMENT_SPEC,
    VERSION_SPEC,
)
from ansible_collections.idgov.entra.plugins.module_utils._results.shapes import PlanSummary, SubjectResult

Spec = Mapping[str, Mapping[str, Any]]

FORMAT = 1
# The kind of user that a plan does not mention.
USUAL_KIND = "member"
_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "bool": (bool,),
    "dict": (dict,),
    "list": (list,),
    "raw": (str,),
}
_WORDS = {"str": "a string", "int": "a number", "bool": "true or false", "dict": "a dictionary", "list": "a list"}
_NEEDED_TEXT = {"type": "str", "required": True}
_NAMED_SPEC: Spec = {"id": _NEEDED_TEXT, "display_name": {"type": "str"}}
_TARGET_SPEC: Spec = {name: {"type": "str"} for name in SubjectResult.__annotations__}
# Whom and what an item is about stands beside this, by id.
_PLACE = ("access_package", "catalog", "user", "email", "assignment_id")
_DESIRED_SPEC: Spec = {
    **{name: rule for name, rule in ASSIGNMENT_SPEC.items() if name not in _PLACE},
    "kind": {"type": "str", "choices": ["member", "guest", "outsider", "unknown"]},
}
_WRITE_SPEC: Spec = {
    "step": {"type": "str", "choices": ["add", "update", "remove", "cancel", "reprocess"], "required": True},
    "body": {"type": "dict"},
    "request": {"type": "str"},
}
_ITEM_SPEC: Spec = {
    "index": {"type": "int"},
    "access_package": {"type": "dict", "options": _NAMED_SPEC, "required": True},
    "policy": {"type": "dict", "options": _NAMED_SPEC},
    "target": {"type": "dict", "options": _TARGET_SPEC, "required": True},
    "action": {
        "type": "str",
        "choices": ["add", "update", "remove", "replace", "reprocess", "cancel"],
        "required": True,
    },
    "before": {"type": "dict", "required": True},
    "after": {"type": "dict", "required": True},
    "waits_for": {"type": "str"},
    "desired": {"type": "dict", "options": _DESIRED_SPEC, "required": True},
    "writes": {"type": "list", "elements": "dict", "options": _WRITE_SPEC, "required": True},
}
_SUMMARY_SPEC: Spec = {
    **{name: {"type": "int", "required": True} for name in PlanSummary.__annotations__},
    "warnings": {"type": "list", "elements": "str", "required": True},
}
PLAN_SPEC: Spec = {
    "format": {"type": "int", "required": True},
    "collection_version": _NEEDED_TEXT,
    "created_date_time": _NEEDED_TEXT,
    "tenant_id": _NEEDED_TEXT,
    "graph_url": _NEEDED_TEXT,
    "api_version": {**VERSION_SPEC["api_version"], "required": True},
    "summary": {"type": "dict", "options": _SUMMARY_SPEC, "required": True},
    "items": {"type": "list", "elements": "dict", "options": _ITEM_SPEC, "required": True},
    "digest": _NEEDED_TEXT,
}


def check_shape(value: Mapping[str, Any], spec: Spec, place: str) -> None:
    """Check the members of an object, and all in it; nothing is converted. Raises OptionError with the place at fault."""
    unknown = [str(name) for name in value if name not in spec]
    if unknown:
        raise OptionError(place, f"unknown member {unknown[0]!r}")
    for name, rule in spec.items():
        inner = value.get(name)
        if inner is None:
            if rule.get("required"):
                raise OptionError(place, f"the member {name} is missing")
            continue
        _check_value(inner, rule, f"{place}.{name}")


def _check_value(value: Any, rule: Mapping[str, Any], place: str) -> None:
    _check_type(value, rule["type"], place)
    if "choices" in rule and value not in rule["choices"]:
        raise OptionError(place, f"{value!r} is not one of {', '.join(rule['choices'])}")
    if rule["type"] == "dict" and "options" in rule:
        check_shape(value, rule["options"], place)
    for index, element in enumerate(value if rule["type"] == "list" else ()):
        inner = {name: part for name, part in rule.items() if name == "options"}
        _check_value(element, {"type": rule["elements"], **inner}, f"{place}[{index}]")


def _check_type(value: Any, name: str, place: str) -> None:
    # A truth is a number for Python.
    if not isinstance(value, _TYPES[name]) or (isinstance(value, bool) and name != "bool"):
        raise OptionError(place, f"this is not {_WORDS.get(name, 'a string')}")
