# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A way to become another user that stays the same one: tests use it to have a module shipped on any machine."""

from __future__ import annotations

from ansible.plugins.become import BecomeBase

DOCUMENTATION = """
name: same_user
short_description: Become nobody else
description: Runs the command as it is.
author: idgov.entra contributors
version_added: 0.2.0
options: {}
"""


class BecomeModule(BecomeBase):  # type: ignore[misc]
    """Become nobody else."""

    name = "same_user"

    def build_become_command(self, cmd: str, shell: object) -> str:
        super().build_become_command(cmd, shell)
        return str(self._build_success_command(cmd, shell))
