# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of the option that names the version of Graph."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  api_version:
    description:
      - The version of Microsoft Graph to use. Results have the same format in both.
      - V(beta) may change at any time and is not supported for production use by Microsoft. It does not show which policies are automatic.
    type: str
    choices: [v1.0, beta]
    default: v1.0
"""
