# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented examples of the reference data, as parameters of tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.reference import reference

Json = dict[str, Any]


def examples(*patterns: str) -> list[Any]:
    """Return the names of the examples that match, or one that says that they are not here and does not run."""
    folder = _folder()
    if folder is None:
        return [pytest.param("", marks=pytest.mark.skip(reason="the reference data is not here: set IDGOV_REFERENCE"))]
    names = sorted(path.stem for pattern in patterns for path in folder.glob(f"{pattern}.json"))
    assert len(names) >= len(patterns), f"no example for one of {patterns}"
    return [pytest.param(name, id=name) for name in names]


def example(name: str) -> Json:
    """Read one example."""
    folder = _folder()
    assert folder is not None
    found = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def _folder() -> Path | None:
    path = reference()
    return path / "graph" / "examples" if path else None
