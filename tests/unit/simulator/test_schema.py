# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's own table of types against the service metadata."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulator.csdl import Metadata, read_metadata
from tests.simulator.schema import ENUMS, NEWER_THAN_METADATA, TYPES, members_of

GRAPH = "microsoft.graph"
ABSENT = {"accessPackageAssignmentRequestParameters"}


@pytest.fixture(scope="module")
def metadata(reference_data: Path) -> Metadata:
    return read_metadata(reference_data / "graph" / "csdl-v1.0-entitlement.xml")


@pytest.mark.parametrize("name", sorted(set(TYPES) - ABSENT))
def test_a_type_is_as_in_the_metadata(metadata: Metadata, name: str) -> None:
    ours, theirs = TYPES[name], metadata.types[f"{GRAPH}.{name}"]
    assert (ours.base and f"{GRAPH}.{ours.base}", ours.abstract) == (theirs.base, theirs.abstract)
    newer = NEWER_THAN_METADATA.get(name, set())
    for member, kind in ours.own.items():
        if member in newer:
            assert member not in theirs.own
            continue
        actual = theirs.own[member]
        type_name = actual.shape.type.removeprefix(f"{GRAPH}.").removeprefix("Edm.")
        stated = (kind.type, kind.collection, kind.nullable, kind.navigation)
        assert stated == (type_name, actual.shape.collection, actual.nullable, actual.navigation), member


@pytest.mark.parametrize("name", sorted(ENUMS))
def test_an_enum_is_as_in_the_metadata(metadata: Metadata, name: str) -> None:
    assert set(ENUMS[name]) == metadata.enums[f"{GRAPH}.{name}"]


@pytest.mark.parametrize("name", sorted(ABSENT))
def test_what_is_newer_than_the_metadata_is_not_in_it(metadata: Metadata, name: str) -> None:
    assert f"{GRAPH}.{name}" not in metadata.types
    assert set(members_of(name)) == NEWER_THAN_METADATA[name]


def test_the_table_knows_every_type_it_names() -> None:
    primitive = {"String", "Boolean", "Int32", "DateTimeOffset", "Duration"}
    elsewhere = {"group"}
    named = {member.type for graph_type in TYPES.values() for member in graph_type.own.values()}
    assert named <= set(TYPES) | set(ENUMS) | primitive | elsewhere
