# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the rows of a table, as a person or a report writes them, to declared assignments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.idgov.entra.plugins.plugin_utils.joiners import ANSWER_COLUMN
from ansible_collections.idgov.entra.plugins.plugin_utils.report import ASSIGNMENT_STATES
from ansible_collections.idgov.entra.plugins.plugin_utils.spreadsheet_text import unguarded

Json = dict[str, Any]
Row = Mapping[str, str]
_PACKAGE = ("access_package", "access_package_id")
_PERSON = ("user", "email", "principal_name", "object_id")
_DATES = ("start_date_time", "end_date_time", "duration", "no_expiration")
_READ = (*_PACKAGE, "catalog", "policy", "policy_id", *_PERSON, *_DATES, "state", "is_automatic", "justification")
# What a report says besides, for its readers.
_NOT_READ = ("person", "subject_type", "status", "assignment_id")
_STATES = ("present", "absent")
_TRUTHS = {"true": True, "false": False, "": False}


class TableError(Exception):
    """The columns of a table, or the cells of one row, declare something wrongly."""


def check_columns(headings: Sequence[str]) -> None:
    """Check the headings, also where no row stands below them; raises TableError."""
    unknown = [name for name in headings if name not in (*_READ, *_NOT_READ) and not name.startswith(ANSWER_COLUMN)]
    if unknown:
        raise TableError(
            f"unknown columns {', '.join(unknown)}; supported are {', '.join(_READ)} and {ANSWER_COLUMN}QUESTION"
        )
    for needed in (_PACKAGE, _PERSON):
        if not set(needed) & set(headings):
            raise TableError(
                f"there is no column {' or '.join(needed)}; the columns are {', '.join(headings) or 'none'}"
            )
    other = next((name for name in ("object_id", "principal_name") if name in headings), None)
    if other and "user" in headings:
        raise TableError(f"the columns user and {other} are mutually exclusive")


def item_of_row(cells: Row) -> Json | None:
    """Return the ``item`` of access_package_assignments that a row declares; null for what a rule gave. Raises TableError.

    An id counts before the name beside it. What a report says of a delivery that is on its way or has failed is declared so that
    it changes nothing, as in the report's YAML.
    """
    row = {name: unguarded(cell.strip()) for name, cell in cells.items()}
    if _truth(row, "is_automatic"):
        return None
    state = row.get("state") or ""
    if state and state not in (*_STATES, *ASSIGNMENT_STATES):
        raise TableError(f"state: {state!r} is not one of {', '.join((*_STATES, *ASSIGNMENT_STATES))}")
    item = {
        **({"state": state} if state in _STATES else {}),
        **_package(row),
        "policy": row.get("policy_id") or row.get("policy"),
        **_person(row),
        "schedule": {} if state == "delivering" else _schedule(row),
        "answers": [
            {"question": name.removeprefix(ANSWER_COLUMN), "value": text}
            for name, text in row.items()
            if name.startswith(ANSWER_COLUMN) and text
        ],
        "justification": row.get("justification"),
        "on_delivery_failed": "keep" if state == "deliveryFailed" else None,
    }
    return {name: value for name, value in item.items() if value}


def _package(row: Row) -> Json:
    if row.get("access_package_id"):
        return {"access_package": row["access_package_id"]}
    if not row.get("access_package"):
        raise TableError(f"{_columns(_PACKAGE, row)} must not be empty")
    return {"access_package": row["access_package"], "catalog": row.get("catalog")}


def _person(row: Row) -> Json:
    if row.get("object_id"):
        return {"user": row["object_id"]}
    given = [name for name in _PERSON if row.get(name)]
    if not given:
        raise TableError(f"{_columns(_PERSON, row)} must not be empty")
    if len(given) > 1:
        where = " where object_id is empty" if "object_id" in row else ""
        raise TableError(f"{' and '.join(given)} are mutually exclusive{where}")
    return {"email" if given == ["email"] else "user": row[given[0]]}


def _columns(names: Sequence[str], row: Row) -> str:
    return " or ".join(name for name in names if name in row)


def _schedule(row: Row) -> Json:
    texts = {name: row[name] for name in _DATES if row.get(name) and name != "no_expiration"}
    return {**texts, "no_expiration": True} if _truth(row, "no_expiration") else texts


def _truth(row: Row, name: str) -> bool:
    text = row.get(name) or ""
    if text.lower() not in _TRUTHS:
        raise TableError(f"{name}: {text!r} is not true or false")
    return _TRUTHS[text.lower()]
