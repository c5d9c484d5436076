# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the checkout importable as ansible_collections.idgov.entra, and say where playbooks find it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.paths import collections_path

sys.path.insert(0, str(collections_path()))


@pytest.fixture(scope="session")
def ansible_collections_path() -> Path:
    """The value of ANSIBLE_COLLECTIONS_PATH with which ansible-playbook sees this checkout as idgov.entra."""
    return collections_path()
