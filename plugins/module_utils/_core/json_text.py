# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading JSON that came from outside: no deeper than anything that is meant to be read."""

from __future__ import annotations

import json
from typing import Any

DEEPEST = 64


class TooDeep(ValueError):
    """JSON whose arrays and objects are nested deeper than any answer of a service."""


def parse_json(text: str | bytes) -> Any:
    """Read JSON; raises TooDeep for more than 64 levels, and ValueError for what is not JSON."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise TooDeep from None
    level = [value]
    for _depth in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer) if isinstance(inner, (dict, list))]
        if not level:
            return value
    raise TooDeep


def _inside(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
