# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values as a module would get them."""

from __future__ import annotations

import json
from typing import Any

from ansible.module_utils.common.json import AnsibleJSONEncoder


def plain(value: Any) -> Any:
    """Return a value without what Ansible's templating adds: vault texts in the clear, dates as texts, no marks."""
    return json.loads(json.dumps(value, cls=AnsibleJSONEncoder, vault_to_text=True))
