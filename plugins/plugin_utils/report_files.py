# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as files: a page for people, and CSV, JSON and YAML for programs."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

# Ansible's own, which is libyaml's where Ansible has that.
from ansible.module_utils.common.yaml import SafeDumper
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import is_id
from ansible_collections.idgov.entra.plugins.module_utils._core.version import VERSION
from ansible_collections.idgov.entra.plugins.plugin_utils.report import Json
from ansible_collections.idgov.entra.plugins.plugin_utils.report_tables import (
    Table,
    held_tables,
    troubled_table,
    waiting_tables,
)
from ansible_collections.idgov.entra.plugins.plugin_utils.spreadsheet_text import guarded

ROLE = Path(__file__).parents[2] / "roles" / "access_report"
# When the report was made, and nothing of what it says.
_OF_THE_RUN = ("generated_at", "expiring_by")
_IN_JSON = (*_OF_THE_RUN, "totals", "assignments", "expiring", "troubled", "waiting", "access_packages")
_COLUMNS = (
    *("person", "principal_name", "email", "object_id", "subject_type", "access_package", "catalog", "policy"),
    *("is_automatic", "state", "status", "start_date_time", "end_date_time", "no_expiration"),
    *("assignment_id", "access_package_id", "policy_id"),
)
# So many rows of a table are in the page as such. A browser that had to lay out a hundred thousand would take minutes.
_MOST_ROWS = 1000
# No text is folded, so that an id can stand behind it.
_WHOLE_LINE = 2**31 - 1
_YAML_HEAD = """\
# What is there, as a declaration: access_package_assignments finds nothing to change in it.
# Left out: what a rule gave (automatic policies), what has ended, and what is asked for only.
---
"""


def file_text(report: Json, kind: str, fingerprint: str) -> str:
    """Return the text of a report's file, by its format: html, csv, json or yaml.

    The fingerprint stands in the page and in the JSON.
    """
    writers: Mapping[str, Callable[[], str]] = {
        "html": lambda: page_text(report, fingerprint),
        "csv": lambda: csv_records(report["assignments"], _COLUMNS),
        "json": lambda: _json_text(report, fingerprint),
        "yaml": lambda: yaml_text(report["declared"]),
    }
    return writers[kind]()


def csv_records(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Write rows as RFC 4180 has them, a header with the names of the columns ahead, every cell in quotes.

    Null is empty, truth is ``true`` or ``false``. A text that a spreadsheet would compute gets a leading apostrophe, which
    reading it back takes off.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row[name]) for name in columns] for row in rows)
    return text.getvalue()


def yaml_text(declared: Sequence[Json]) -> str:
    """Write declared items as a file of access as code, each below its comment, and behind each name the id it stands for."""
    if not declared:
        return f"{_YAML_HEAD}assignments: []\n"
    items = [each["item"] for each in declared]
    # Names are chosen so that a reader sees all of them; an address of somebody outside the directory may hold anything.
    shows_all = all(printable(item["email"]) == item["email"] for item in items if "email" in item)
    is_named = any(each.get("ids") for each in declared)
    dumped = yaml.dump(
        items, Dumper=SafeDumper, sort_keys=False, allow_unicode=is_named and shows_all, width=_WHOLE_LINE
    )
    lines = "\n".join(f"  {line}" for line in _commented(dumped.rstrip("\n").split("\n"), declared))
    return f"{_YAML_HEAD}assignments:\n{lines}\n"


def page_text(report: Json, fingerprint: str) -> str:
    """Render the page. Jinja itself does it: ten thousand rows take Ansible's templating many times as long."""
    loader = FileSystemLoader(ROLE / "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style, script = (_source(f"files/report.{kind}") for kind in ("css", "js"))
    return environment.get_template("access_report.html.j2").render(
        report=report,
        troubled=troubled_table(report),
        waiting=waiting_tables(report),
        held=held_tables(report),
        most_rows=_MOST_ROWS,
        long_rows=_long_rows,
        fingerprint=fingerprint,
        style=style,
        script=script,
        style_source=csp_source(style),
        script_source=csp_source(script),
    )


def _long_rows(table: Table) -> str:
    """Write all rows of a long table for the script of the page, as JSON that can end no element."""
    rows = [table.cells(row) for row in table.rows]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def csp_source(text: str) -> str:
    """Write the source of a content security policy that allows one inline script or style, and no other."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") + "'"


def fingerprint_of(report: Json) -> str:
    """Return what is the same as long as two reports differ in nothing but the time at which they were made."""
    content = {name: value for name, value in report.items() if name not in _OF_THE_RUN}
    # A newer collection may write another page of the same report.
    return hashlib.sha256(json.dumps([content, VERSION], sort_keys=True).encode("utf-8")).hexdigest()


def _source(name: str) -> str:
    return (ROLE / name).read_text(encoding="utf-8").rstrip("\n")


def _json_text(report: Json, fingerprint: str) -> str:
    content = {"fingerprint": fingerprint, **{name: report[name] for name in _IN_JSON}}
    members = (f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in content.items())
    return "{\n" + ",\n".join(members) + "\n}\n"


def _commented(lines: Iterable[str], declared: Iterable[Json]) -> Iterator[str]:
    """Put the comment of each item of a dumped list above it, and ids behind names: whatever else is in an item is indented."""
    waiting, ids = deque(declared), dict[str, str]()
    for line in lines:
        if line.startswith("- "):
            each = waiting.popleft()
            ids = each.get("ids") or {}
            if each["comment"]:
                yield f"# {each['comment']}"
        object_id = ids.get(line[2:].partition(":")[0], "")
        yield f"{line}  # {object_id}" if is_id(object_id) else line


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return guarded(str(value).lower() if isinstance(value, bool) else str(value))
