# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the checkout importable as ansible_collections.idgov.entra, and start one simulator for all tests of a worker."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.simulator.running import Running, start
from tests.support.paths import collections_path
from tests.support.reference import reference

if TYPE_CHECKING:
    from tests.support.hostile import Canaries

sys.path.insert(0, str(collections_path()))


@pytest.fixture(scope="session")
def ansible_collections_path() -> Path:
    """The value of ANSIBLE_COLLECTIONS_PATH with which ansible-playbook sees this checkout as idgov.entra."""
    return collections_path()


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The reference data; the tests that need it do not run without it."""
    path = reference()
    if path is None:
        pytest.skip("the reference data is not here: set IDGOV_REFERENCE")
    return path


@pytest.fixture(scope="session")
def process() -> Iterator[Running]:
    """A simulator that checks its answers against the metadata where that is at hand."""
    path = reference()
    documents = {"v1.0": "csdl-v1.0-entitlement.xml", "beta": "csdl-beta-USSec-entitlement.xml"}
    metadata = {version: path / "graph" / name for version, name in documents.items()} if path else {}
    with start(check_metadata=metadata) as running:
        yield running


@pytest.fixture
def canaries(tmp_path: Path) -> Iterator[Canaries]:
    """Hostile texts of which none may have been rendered in the end."""
    # Not at the top: it imports the collection, which has to be importable first.
    from tests.support.hostile import Canaries

    kept = Canaries(tmp_path / "canaries")
    yield kept
    assert kept.died() == []
