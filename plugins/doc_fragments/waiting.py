# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of the options that say how long to wait."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Wait until what was requested has stopped moving. A request that waits for an approval or a start date ends the wait at once.
    type: bool
    default: true
  wait_timeout:
    description: Seconds to wait after the last movement of a request. There is no limit to the whole time while requests move.
    type: int
    default: 300
  wait_interval:
    description: Seconds between two looks at first; the pauses grow.
    type: int
    default: 5
"""
