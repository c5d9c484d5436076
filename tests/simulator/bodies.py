# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks request bodies against the type table: unknown members and wrong types are refused."""

from __future__ import annotations

from typing import Any

from .errors import invalid_model
from .schema import Member, Schema
from .times import parse_duration, parse_instant

# Members of which any letter case is taken (create page: adminAdd and AdminAdd both appear).
ANY_CASE = frozenset({"accessPackageRequestType"})


def check_body(body: Any, schema: Schema, type_name: str, where: str) -> None:
    """Check a JSON value against a type; GraphError InvalidModel says where it does not fit."""
    if not isinstance(body, dict):
        raise invalid_model(f"{where} must be an object.")
    actual = _actual_type(body, schema, type_name, where)
    members = schema.members_of(actual)
    for name, value in body.items():
        place = f"{where}.{name}"
        if name.startswith("@odata."):
            continue
        if name in schema.undeclared.get(actual, ()):
            _check_primitive(value, "String", place)
        elif name not in members:
            raise invalid_model(f"The property '{name}' does not exist on type 'microsoft.graph.{actual}' ({where}).")
        else:
            _check_member(value, schema, members[name], place)


def _actual_type(body: dict[str, Any], schema: Schema, declared: str, where: str) -> str:
    stated = body.get("@odata.type")
    if stated is None:
        if schema.types[declared].abstract:
            raise invalid_model(f"{where} needs '@odata.type', because microsoft.graph.{declared} is abstract.")
        return declared
    name = stated.removeprefix("#").removeprefix("microsoft.graph.") if isinstance(stated, str) else ""
    if (
        name not in schema.types
        or not schema.derives_from(name, declared)
        or not stated.startswith(("#microsoft.", "microsoft."))
    ):
        raise invalid_model(f"{where} cannot be of type {stated!r}.")
    return name


def _check_member(value: Any, schema: Schema, member: Member, where: str) -> None:
    if member.collection:
        if value is None and member.nullable:
            return
        if not isinstance(value, list):
            raise invalid_model(f"{where} must be a list.")
        for index, item in enumerate(value):
            _check_value(item, schema, member.type, f"{where}[{index}]")
    elif value is not None or not member.nullable:
        _check_value(value, schema, member.type, where)


def _check_value(value: Any, schema: Schema, type_name: str, where: str) -> None:
    if type_name in schema.types:
        check_body(value, schema, type_name, where)
    elif type_name in schema.enums:
        _check_enum(value, schema, type_name, where)
    else:
        _check_primitive(value, type_name, where)


def _check_enum(value: Any, schema: Schema, type_name: str, where: str) -> None:
    known = schema.enums[type_name]
    fits = isinstance(value, str) and (
        value in known or (type_name in ANY_CASE and value.lower() in {name.lower() for name in known})
    )
    if not fits:
        raise invalid_model(f"{where}: {value!r} is no member of microsoft.graph.{type_name}.")


def _check_primitive(value: Any, type_name: str, where: str) -> None:
    error = wrong_primitive(value, type_name)
    if error:
        raise invalid_model(f"{where}: {error}")


def wrong_primitive(value: Any, type_name: str) -> str | None:
    """Return why a JSON value is not of an Edm primitive type; None if it is."""
    wrong = f"{value!r} is not an Edm.{type_name}"
    if type_name == "Boolean":
        return None if isinstance(value, bool) else wrong
    if type_name == "Int32":
        return None if isinstance(value, int) and not isinstance(value, bool) else wrong
    if not isinstance(value, str):
        return wrong
    try:
        if type_name == "DateTimeOffset":
            parse_instant(value)
        elif type_name == "Duration":
            parse_duration(value)
    except ValueError:
        return wrong
    return None
