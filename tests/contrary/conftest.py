# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator whose answers are not checked against the metadata: here they are meant to be otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulator.running import Running, start


@pytest.fixture(scope="session")
def process() -> Iterator[Running]:
    """One for all tests of this folder."""
    with start() as running:
        yield running
