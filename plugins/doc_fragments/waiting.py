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
      - Whether to wait until the request is completed. A request that waits for an approval or a start date is not waited for.
    type: bool
    default: true
  wait_timeout:
    description: Seconds to wait after the last change of a request. There is no limit to the total time while requests progress.
    type: int
    default: 300
  wait_interval:
    description: Seconds between polls at first; the interval grows.
    type: int
    default: 5
"""
