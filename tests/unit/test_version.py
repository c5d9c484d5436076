# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The version that the collection tells Graph is the one under which it is published."""

from __future__ import annotations

import yaml

from ansible_collections.idgov.entra.plugins.module_utils._core.version import VERSION
from tests.support.paths import ROOT


def test_the_version_is_that_of_galaxy_yml() -> None:
    assert yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"] == VERSION
