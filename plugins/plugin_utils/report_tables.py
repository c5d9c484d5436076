# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of a report's page: which there are, what each column is called and holds.

A cell is what page and script need to draw it, by the kind of its column:

- ``name``: what stands in the cell, and what stands below it in small letters or is empty;
- ``text``, ``link``: a text; a link leads to the assignments of the access package of this name;
- ``date``: an instant in ISO 8601, or an empty text; ``end``: an instant, or words in its place;
- ``state``: the label of a state, and the class that colours it;
- ``number``: a number, or null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.idgov.entra.plugins.plugin_utils.report import shown_state

Row = Mapping[str, Any]
Cell = Any


@dataclass(frozen=True)
class Column:
    """A column: its heading, the kind of its cells, and the cell of a row."""

    heading: str
    kind: str
    cell: Callable[[Row], Cell]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A section of the page with its one table; ``empty`` is said where it has no row, ``found`` names what is searched."""

    id: str
    title: str
    text: str
    caption: str
    empty: str
    found: str
    columns: Sequence[Column]
    rows: Sequence[Row]

    def cells(self, row: Row) -> list[Cell]:
        """Return the cells of a row, column by column."""
        return [column.cell(row) for column in self.columns]


def _text(member: str) -> Callable[[Row], Cell]:
    return lambda row: row[member] or ""


def _number(member: str) -> Callable[[Row], Cell]:
    return lambda row: row[member]


def _person(row: Row) -> Cell:
    return [row["person"] or "", row["principal_name"] or row["email"] or ""]


def _package(row: Row) -> Cell:
    return [row["access_package"] or "", row["catalog"] or ""]


def _policy(row: Row) -> Cell:
    return [row["policy"] or "", "Given by a rule" if row["is_automatic"] else ""]


def _state(row: Row) -> Cell:
    return list(shown_state(row["state"]).values())


def _end(row: Row) -> Cell:
    return row["end_date_time"] or ("No end" if row["no_expiration"] else "Not set")


def _problem(row: Row) -> Cell:
    return row["problem"].capitalize()


_PERSON, _PACKAGE = Column("Person", "name", _person), Column("Access package", "name", _package)
_HELD = (
    _PERSON,
    _PACKAGE,
    Column("Policy", "name", _policy),
    Column("State", "state", _state),
    Column("Since", "date", _text("start_date_time")),
    Column("Ends", "end", _end),
)
_TROUBLED = (
    _PERSON,
    _PACKAGE,
    Column("Problem", "text", _problem),
    Column("Since", "date", _text("since")),
    Column("Status", "text", _text("status")),
)
_WAITING = (
    _PERSON,
    _PACKAGE,
    Column("Requested on", "date", _text("created_date_time")),
    Column("Starts on", "date", _text("start_date_time")),
    Column("Requested by", "text", _text("requestor")),
    Column("Justification", "text", _text("justification")),
)
_PACKAGES = (
    Column("Access package", "link", _text("access_package")),
    Column("Catalog", "text", _text("catalog")),
    Column("Policies", "number", _number("policies")),
    Column("Assignments", "number", _number("assignments")),
    Column("By a rule", "number", _number("automatic")),
    Column("Ending soon", "number", _number("expiring")),
    Column("Stuck or failed", "number", _number("troubled")),
    Column("Waiting", "number", _number("waiting")),
)


def troubled_table(report: Row) -> Table:
    """Return the table of what is stuck or failed."""
    return Table(
        id="troubled",
        title="Stuck or failed",
        text="Deliveries and requests that have failed, were carried out in part, or have been moving for too long.",
        caption="What needs somebody's attention, the oldest first",
        empty="Nothing is stuck, nothing has failed.",
        found="what is stuck or failed",
        columns=_TROUBLED,
        rows=report["troubled"],
    )


# What a request waits for, as report.py names it: the id of its section, its title, its words in a sentence, and its text.
_WAITS = {
    "approval": (
        "approvals",
        "Waiting for approval",
        "waiting for approval",
        "Requests that nobody has approved or denied yet.",
    ),
    "start date": (
        "starts",
        "Scheduled to start",
        "scheduled to start",
        "Requests that are approved, or need no approval, and wait for their start date.",
    ),
    "custom extension": (
        "extensions",
        "Waiting for a custom extension",
        "waiting for a custom extension",
        "Requests that wait for the answer of a custom extension.",
    ),
}


def waiting_tables(report: Row) -> list[tuple[str, Table]]:
    """Return the tables of what waits, each with its words for the totals; the last one only where something is in it."""
    found = []
    for waits_for, (table_id, title, words, text) in _WAITS.items():
        rows = [row for row in report["waiting"] if row["waits_for"] == waits_for]
        if rows or waits_for != "custom extension":
            table = Table(
                id=table_id,
                title=title,
                text=f"{text} They give no access yet.",
                caption=title,
                empty=f"No request is {words}.",
                found=f"what is {words}",
                columns=_WAITING,
                rows=rows,
            )
            found.append((words, table))
    return found


def held_tables(report: Row) -> list[Table]:
    """Return the tables of what ends soon, of all assignments, and of the access packages."""
    by = report["expiring_by"][:10]
    return [
        Table(
            id="expiring",
            title="Ending soon",
            text=f"Assignments that end by {by}.",
            caption=f"Assignments that end by {by}, the next one first",
            empty="Nothing ends by then.",
            found="what ends soon",
            columns=_HELD,
            rows=report["expiring"],
        ),
        Table(
            id="assignments",
            title="Who has what",
            text="Every assignment that has not ended.",
            caption="Assignments, by access package and person",
            empty="Nobody holds an access package.",
            found="assignments",
            columns=_HELD,
            rows=report["assignments"],
        ),
        Table(
            id="packages",
            title="Per access package",
            text="All access packages, also those that nobody holds. A name leads to its assignments.",
            caption="Access packages",
            empty="There is no access package.",
            found="access packages",
            columns=_PACKAGES,
            rows=report["access_packages"],
        ),
    ]
