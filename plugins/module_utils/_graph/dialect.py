# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speaking another version of Graph than the one in whose words calls are written and answers are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call


@dataclass(frozen=True)
class Dialect:
    """What becomes of a call on its way out, and of the answer to it on its way in.

    C(answer) is given the call as it was sent, and the body of a success.
    """

    call: Callable[[Call], Call]
    answer: Callable[[Call, Any], Any]


# The version in whose words everything is written.
PLAIN = Dialect(call=lambda call: call, answer=lambda _call, body: body)
