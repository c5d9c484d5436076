# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of the options of the self-check."""

from __future__ import annotations

from typing import Any

SELFCHECK_SPEC: dict[str, dict[str, Any]] = {
    "write": {"type": "bool", "default": False},
    "access_package": {"type": "str"},
    "policy": {"type": "str"},
    "user": {"type": "str"},
    "wait_timeout": {"type": "int", "default": 300},
    "wait_interval": {"type": "int", "default": 5},
}
