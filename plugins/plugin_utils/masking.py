# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Masking secrets in results, as AnsibleModule does."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from ansible.module_utils.common.parameters import remove_values


def masked(result: Mapping[str, Any], secrets: Collection[str]) -> dict[str, Any]:
    """Return a result without the secrets, wherever in it they stand.

    Walking through a long list takes longer than reading it from Graph did, so parts without a secret stay as they are.
    """
    # Copied, because a thread that is still running may learn of another.
    known = {secret for secret in list(secrets) if secret}
    # JSON writes each letter by itself: what stands in a text stands in its JSON too, and only there or by accident.
    written = [json.dumps(secret)[1:-1] for secret in known]
    return {name: remove_values(part, known) if _may_hold(part, written) else part for name, part in result.items()}


def _may_hold(part: Any, written: Collection[str]) -> bool:
    text = json.dumps(part, default=str)
    return any(secret in text for secret in written)
