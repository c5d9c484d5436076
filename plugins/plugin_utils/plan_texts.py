# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan on its way between jobs: as a file, and as the text that the option ``plan`` takes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._plan.text import LARGEST, encode_plan, pack_plan
from ansible_collections.idgov.entra.plugins.plugin_utils.file_paths import FileError, is_folder, unreadable
from ansible_collections.idgov.entra.plugins.plugin_utils.host_path import host_path
from ansible_collections.idgov.entra.plugins.plugin_utils.plan_summary import plan_summary

Json = dict[str, Any]
# Gzip's first bytes in base64; a path has a dot, or is not that long.
_TEXT_FORM = re.compile(r"H4sI[A-Za-z0-9+/\s]{30,}={0,2}\s*")


def plan_files(result: Mapping[str, Any], planned: bool, failure: str | None) -> Json:
    """Return ``json`` and ``text`` of the plan in a result, null where there is none, its ``summary``, and how many ``changes`` it has."""
    plan = result.get("plan")
    failed = failure or (str(result.get("msg") or "") if result.get("error") or "outcomes" not in result else "")
    changes = sum(1 for each in result.get("outcomes") or () if each["action"] != "none")
    return {
        "json": _lines(plan) if plan else None,
        "text": encode_plan(plan) if plan else None,
        "summary": plan_summary(result, is_planned=planned, failure=failed or None),
        "changes": changes,
    }


def read_plan(given: str, host: str = "localhost") -> Json:
    """Return the ``text`` form of a plan and the ``path`` of the host's file that has it, null for a text itself; raises FileError.

    Only the option ``plan`` knows what a plan must look like, so that nothing of it is looked at here.
    """
    if _TEXT_FORM.fullmatch(given):
        return {"text": "".join(given.split()), "path": None}
    path = os.path.expanduser(host_path(given, host))
    if is_folder(path):
        raise FileError(f"{path}: it is a directory")
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise unreadable(path, error) from None
    if len(data) > LARGEST:
        raise FileError(f"{path}: the plan is larger than {LARGEST // 1024 // 1024} MiB")
    return {"text": pack_plan(data), "path": path}


def _lines(plan: Mapping[str, Any]) -> str:
    """Write a plan with a line for each member and each change, which a person can read and which stays small."""
    members = {name: json.dumps(value) for name, value in plan.items()}
    if plan.get("items"):
        members["items"] = "[\n" + ",\n".join(json.dumps(item) for item in plan["items"]) + "\n]"
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {value}" for name, value in members.items()) + "\n}\n"
