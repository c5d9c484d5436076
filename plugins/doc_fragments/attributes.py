# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of what modules support."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the changed status prediction without modifying the target.
    support: full
  diff_mode:
    description: Returns details of what has changed, or would change in check mode, in C(diff).
    support: full
  idempotent:
    description: Changes nothing when it runs a second time with the same options.
    support: full
  async:
    description: Supports being used with C(async); it then runs as an ordinary module.
    support: full
  action:
    description:
      - Has an action plugin of the same name. With C(connection=local), without C(become) and C(async), the work is done inside
        the controller's process, which makes a task about ten times as fast; otherwise the module is shipped.
    support: full
  action_group:
    description: Use C(group/idgov.entra.entra) in C(module_defaults) to set the sign-in options for all modules of this collection.
    support: full
    membership: [idgov.entra.entra]
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the changed status prediction without modifying the target.
    support: full
    details: [It reads only.]
  diff_mode:
    description: Returns details of what has changed, or would change in check mode, in C(diff).
    support: N/A
    details: [It reads only.]
"""
