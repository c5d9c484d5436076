# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An existing assignment as an item of ``access_package_assignments``, so that declaring it changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable

Json = dict[str, Any]
Given = Mapping[str, Any]


def declared_item(given: Given, row: Given) -> Json | None:
    """Return the ``lines`` of the item in YAML and, as ``comment``, whom and what its ids stand for.

    Null where nothing names the person.

    ``given`` is the assignment as the info module returns it, ``row`` its row in the report.
    """
    person = {"user": row["object_id"]} if row["object_id"] else {"email": row["email"]} if row["email"] else None
    if person is None:
        return None
    # Before it is delivered the schedule is not settled, and its own request would seem to contradict it.
    settled = (given.get("schedule") or {}) if row["state"] != "delivering" else {}
    schedule = {name: value for name, value in settled.items() if value}
    item = {"access_package": row["access_package_id"], "policy": row["policy_id"], **person, "schedule": schedule}
    if row["state"] == "deliveryFailed":
        # Otherwise declaring it would have Graph process it again.
        item["on_delivery_failed"] = "keep"
    names = (row["access_package"], row["policy"], row["person"], row["principal_name"] or row["email"])
    comment = printable(" / ".join(dict.fromkeys(str(name) for name in names if name)))
    return {"comment": comment, "lines": list(_lines(item))}


def _lines(item: Given) -> Iterator[str]:
    for name, value in item.items():
        if isinstance(value, Mapping) and value:
            yield f"{name}:"
            yield from (f"  {line}" for line in _lines(value))
        elif value:
            yield f"{name}: {_scalar(value)}"


def _scalar(value: Any) -> str:
    """Write a value as JSON, which YAML reads, but without pairs of surrogates and without breaks of lines."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(character if character.isprintable() else f"\\U{ord(character):08x}" for character in text)
