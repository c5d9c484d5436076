# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one declaration of the options that describe many assignments in one task."""

from __future__ import annotations

from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._options.assignment import ASSIGNMENT_SPEC

# Without their defaults, so that what an item does not say can be told from what it says; they come last, behind the
# option `defaults`.
ITEM_SPEC: dict[str, dict[str, Any]] = {
    **{name: {k: v for k, v in spec.items() if k != "default"} for name, spec in ASSIGNMENT_SPEC.items()},
    "members_of": {"type": "str"},
}
ITEM_DEFAULTS: dict[str, Any] = {name: spec.get("default") for name, spec in ASSIGNMENT_SPEC.items()}
ASSIGNMENTS_SPEC: dict[str, dict[str, Any]] = {
    "assignments": {"type": "list", "elements": "dict", "required": True, "options": ITEM_SPEC},
    "defaults": {"type": "dict", "options": ITEM_SPEC},
    "exclusive": {"type": "bool", "default": False},
    "exclusive_scope": {"type": "str", "choices": ["policy", "package"], "default": "policy"},
    "access_packages": {"type": "list", "elements": "str"},
    "max_removals": {"type": "str"},
    "max_additions": {"type": "str"},
    "allow_empty": {"type": "bool", "default": False},
    "on_item_error": {"type": "str", "choices": ["continue", "stop"], "default": "continue"},
    "concurrency": {"type": "int", "default": 4},
}
