# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the figures of the play recap as JSON, for the demo to read."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ansible.executor.stats import AggregateStats
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: recap
type: aggregate
short_description: Write the figures of the play recap as JSON
description: Adds up the play recap over all hosts and writes it to the file that E(IDGOV_RECAP_PATH) names.
"""


class CallbackModule(CallbackBase):
    """Ansible's hook at the end of a run."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "recap"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_stats(self, stats: AggregateStats) -> None:
        """Add the figures of all hosts up and write them."""
        figures = {"ok": stats.ok, "changed": stats.changed, "failed": stats.failures, "unreachable": stats.dark}
        text = json.dumps({name: sum(per_host.values()) for name, per_host in figures.items()})
        Path(os.environ["IDGOV_RECAP_PATH"]).write_text(text, encoding="utf-8")
