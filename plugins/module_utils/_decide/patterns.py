# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a policy's pattern may be matched here: whoever writes a policy must not hold up a run by one."""

from __future__ import annotations

import re

_MOST_STEPS = 1_000_000
_LONGEST, _DEEPEST = 2000, 50
# Escapes and sets count as one letter; what follows them is looked at by itself.
_PARTS = re.compile(r"\\(?P<escaped>.)|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<mark>\{[^}]*\}|[()|*+?])", re.DOTALL)
_SPECIAL_GROUP = re.compile(r"\(\?(?!:|[aiLmsux]+\))")


def is_quick(pattern: str, value: str) -> bool:
    """Tell whether matching takes few steps whatever the value; where it may not, the service is left to judge.

    Repeated groups, references to groups and look-arounds may take a time that grows exponentially. Everything else is
    reckoned at its worst: each repetition may end anywhere in the value, and each alternative may be tried.
    """
    if len(pattern) > _LONGEST or _SPECIAL_GROUP.search(pattern):
        return False
    steps, alternatives, before, ended = 1 if pattern.startswith("^") else len(value) + 1, [1], "", 0
    for part in _PARTS.finditer(pattern):
        mark, escaped = part["mark"] or "", part["escaped"] or ""
        if (escaped.isdigit() and escaped != "0") or len(alternatives) > _DEEPEST:
            return False
        follows_group = before == ")" and part.start() == ended
        if mark == "(":
            alternatives.append(1)
        elif mark == "|":
            alternatives[-1] += 1
        elif mark == ")":
            steps *= alternatives.pop() if len(alternatives) > 1 else 1
        elif mark and pattern[part.start() - 1 : part.start()] != "(":
            if follows_group and mark != "?":
                return False
            steps *= 2 if mark == "?" else 1 if mark[1:-1].isdigit() else len(value) + 1
        if steps > _MOST_STEPS:
            return False
        before, ended = mark, part.end()
    return True
