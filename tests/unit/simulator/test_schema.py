# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's own tables of types against the service metadata."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulator.csdl import Metadata, read_metadata
from tests.simulator.schema import Schema
from tests.simulator.schema_beta import BETA
from tests.simulator.schema_v1 import V1

GRAPH = "microsoft.graph"
SCHEMAS = {"csdl-v1.0-entitlement": V1, "csdl-beta-USSec-entitlement": BETA}
# Types that only Microsoft's generated SDK has.
ABSENT = {"accessPackageAssignmentRequestParameters", "accessPackageSubjectLifecycle"}
TYPES = [(document, name) for document, schema in SCHEMAS.items() for name in schema.types if name not in ABSENT]
ENUMS = [
    (document, name)
    for document, schema in SCHEMAS.items()
    for name in schema.enums
    if document == "csdl-v1.0-entitlement" or name not in ABSENT
]


@pytest.fixture(scope="module")
def documents(reference_data: Path) -> dict[str, Metadata]:
    return {name: read_metadata(reference_data / "graph" / f"{name}.xml") for name in SCHEMAS}


@pytest.mark.parametrize(("document", "name"), TYPES)
def test_a_type_is_as_in_the_metadata(documents: dict[str, Metadata], document: str, name: str) -> None:
    schema = SCHEMAS[document]
    ours, theirs = schema.types[name], documents[document].types[f"{GRAPH}.{name}"]
    assert (ours.base and f"{GRAPH}.{ours.base}", ours.abstract) == (theirs.base, theirs.abstract)
    newer = schema.newer.get(name, frozenset())
    for member, kind in ours.own.items():
        if member in newer:
            assert member not in theirs.own
            continue
        actual = theirs.own[member]
        type_name = actual.shape.type.removeprefix(f"{GRAPH}.").removeprefix("Edm.")
        stated = (kind.type, kind.collection, kind.nullable, kind.navigation)
        assert stated == (type_name, actual.shape.collection, actual.nullable, actual.navigation), member


@pytest.mark.parametrize(("document", "name"), ENUMS)
def test_an_enum_is_as_in_the_metadata(documents: dict[str, Metadata], document: str, name: str) -> None:
    assert set(SCHEMAS[document].enums[name]) == documents[document].enums[f"{GRAPH}.{name}"]


@pytest.mark.parametrize("document", SCHEMAS)
def test_what_is_newer_than_the_metadata_is_not_in_it(documents: dict[str, Metadata], document: str) -> None:
    schema, metadata = SCHEMAS[document], documents[document]
    parameters = "accessPackageAssignmentRequestParameters"
    assert f"{GRAPH}.{parameters}" not in metadata.types
    assert set(schema.members_of(parameters)) == schema.newer[parameters]
    assert (f"{GRAPH}.accessPackageSubjectLifecycle" in metadata.enums) == (schema is V1)


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_the_table_knows_every_type_it_names(schema: Schema) -> None:
    primitive = {"String", "Boolean", "Int32", "DateTimeOffset", "Duration"}
    elsewhere = {"group"}
    named = {member.type for graph_type in schema.types.values() for member in graph_type.own.values()}
    assert named <= set(schema.types) | set(schema.enums) | primitive | elsewhere
