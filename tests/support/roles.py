# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the roles of the collection declare."""

from __future__ import annotations

from typing import Any

import yaml

from tests.support.paths import ROOT


def options_of(role: str) -> dict[str, Any]:
    """Return the variables that a role declares, each with what is said of it."""
    path = ROOT / "roles" / role.removeprefix("idgov.entra.") / "meta" / "argument_specs.yml"
    options: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
    return options
