# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the reference data lies that is not part of the project."""

from __future__ import annotations

import os
from pathlib import Path

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "reference"


def reference() -> Path | None:
    """Return the directory of the reference data: ``$IDGOV_REFERENCE``, or beside the checkout; None if absent."""
    path = Path(os.environ.get("IDGOV_REFERENCE") or _BESIDE)
    return path if path.is_dir() else None
