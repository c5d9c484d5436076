# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say what does not fit together before a version is released: `python -m tests.release.version v0.2.0`."""

from __future__ import annotations

import sys
from typing import Any

import yaml

from tests.support.paths import ROOT


def faults(tag: str) -> list[str]:
    """Return what stands against releasing the checkout under this tag, one sentence each."""
    version = _yaml("galaxy.yml")["version"]
    found = [] if tag == f"v{version}" else [f"The tag is {tag}, and the version in galaxy.yml is {version}."]
    if version not in _yaml("changelogs/changelog.yaml")["releases"]:
        found.append(f"The changelog has no release {version}: make release-changelog.")
    waiting = sorted(path.name for path in (ROOT / "changelogs" / "fragments").glob("*.y*ml"))
    return found + [f"changelogs/fragments/{name} is in no release: make release-changelog." for name in waiting]


def _yaml(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit("\n".join(faults(sys.argv[1])) or 0)
