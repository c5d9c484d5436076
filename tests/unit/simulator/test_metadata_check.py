# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checker of answers finds what is wrong with them, and nothing where nothing is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.simulator.csdl import read_metadata
from tests.simulator.errors import envelope, refusal
from tests.simulator.graph import Answer, Operation
from tests.simulator.metadata_check import MetadataChecker
from tests.simulator.schema_v1 import V1
from tests.simulator.times import parse_instant

DOCUMENT = """<?xml version="1.0"?>
<Edmx><Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="microsoft.graph" Alias="graph">
  <EnumType Name="state"><Member Name="open" Value="0"/><Member Name="closed" Value="1"/></EnumType>
  <EntityType Name="entity" Abstract="true"><Property Name="id" Type="Edm.String" Nullable="false"/></EntityType>
  <EntityType Name="accessPackage" BaseType="graph.entity">
    <Property Name="state" Type="graph.state"/>
    <Property Name="when" Type="Edm.DateTimeOffset"/>
    <Property Name="span" Type="Edm.Duration"/>
    <Property Name="count" Type="Edm.Int32" Nullable="false"/>
    <Property Name="parts" Type="Collection(graph.part)"/>
    <NavigationProperty Name="owner" Type="graph.accessPackage"/>
  </EntityType>
  <ComplexType Name="part" Abstract="true"><Property Name="text" Type="Edm.String"/></ComplexType>
  <ComplexType Name="goodPart" BaseType="graph.part"/>
  <EntityType Name="stub" BaseType="graph.entity" OpenType="true"/>
  <Action Name="close" IsBound="true"><Parameter Name="this" Type="graph.accessPackage"/></Action>
  <Function Name="mine" IsBound="true">
    <Parameter Name="this" Type="Collection(graph.accessPackage)"/>
    <ReturnType Type="Collection(graph.accessPackage)"/>
  </Function>
  <EntityContainer Name="all">
    <EntitySet Name="packages" EntityType="graph.accessPackage"/>
    <EntitySet Name="stubs" EntityType="graph.stub"/>
  </EntityContainer>
</Schema></Edmx>"""
GOOD: dict[str, Any] = {"id": "1", "count": 0}


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> MetadataChecker:
    path: Path = tmp_path_factory.mktemp("metadata") / "metadata.xml"
    path.write_text(DOCUMENT, encoding="utf-8")
    return MetadataChecker(read_metadata(path), V1, {"shut": "close"})


def problems(
    checker: MetadataChecker,
    body: Any,
    path: str = "/packages/1",
    query: Any = (),
    status: int = 200,
    method: str = "GET",
) -> list[str]:
    operation = Operation(method, "v1.0", path, tuple(query), {}, b"", "https://localhost")
    return checker.check(operation, Answer(status, body))


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({}, None),
        ({"state": "open", "when": "2030-01-01T00:00:00.5Z", "span": "P1DT2H", "parts": []}, None),
        ({"parts": [{"@odata.type": "#microsoft.graph.goodPart", "text": None}]}, None),
        ({"colour": "red"}, "no member"),
        ({"state": "Open"}, "no microsoft.graph.state"),
        ({"count": None}, "null is not allowed"),
        ({"count": "1"}, "no Edm.Int32"),
        ({"count": True}, "no Edm.Int32"),
        ({"when": "2030-01-01"}, "no Edm.DateTimeOffset"),
        ({"span": "P1Y"}, "no Edm.Duration"),
        ({"parts": {}}, "not a list"),
        ({"parts": [{"text": "x"}]}, "abstract"),
        ({"parts": [{"@odata.type": "#microsoft.graph.accessPackage"}]}, "is no microsoft.graph.part"),
        ({"owner": GOOD}, "was not expanded"),
    ],
)
def test_members_are_checked(checker: MetadataChecker, more: dict[str, Any], word: str | None) -> None:
    found = problems(checker, {**GOOD, **more})
    assert (word is None and found == []) or (word is not None and len(found) == 1 and word in found[0])


def test_what_was_asked_for_is_checked(checker: MetadataChecker) -> None:
    assert problems(checker, {**GOOD, "owner": GOOD}, query=[("$expand", "owner($select=id)")]) == []
    assert problems(checker, GOOD, query=[("$expand", "owner")]) == ["owner was asked for and is missing"]
    assert problems(checker, GOOD, query=[("$select", "id")]) == ["count was not selected"]
    assert problems(checker, {"id": "1"}, query=[("$select", "id,when")]) == ["when was asked for and is missing"]


def test_paths_lead_to_types(checker: MetadataChecker) -> None:
    page = {"@odata.context": "c", "@odata.nextLink": "n", "value": [GOOD, {**GOOD, "count": "x"}]}
    assert len(problems(checker, page, "/packages")) == 1
    assert len(problems(checker, page, "/packages/mine()")) == 1
    assert problems(checker, {"value": [], "count": 0}, "/packages") == ["unexpected count"]
    assert problems(checker, GOOD, "/packages", status=201, method="POST") == []
    assert problems(checker, GOOD, "/packages/1/close", method="POST") == ["a body, although nothing is returned"]
    assert problems(checker, None, "/packages/1/close", status=202, method="POST") == []
    assert problems(checker, None, "/packages/1/shut", status=202, method="POST") == []
    assert "not in the metadata" in problems(checker, GOOD, "/packages/1/parent")[0]
    assert "not in the metadata" in problems(checker, GOOD, "/people")[0]
    assert problems(checker, GOOD, "/stubs/1/anything") == []


def test_errors_have_their_envelope(checker: MetadataChecker) -> None:
    now = parse_instant("2030-01-01T00:00:00Z")
    good = envelope(refusal(400, "Code", "Text."), now, "a", "b")
    assert problems(checker, good, status=400) == []
    assert problems(checker, {"error": "x"}, status=400) == ["an error without an envelope"]
    # A recorded answer has an empty code.
    assert problems(checker, {"error": {**good["error"], "code": ""}}, status=400) == []
    bare = {name: value for name, value in good["error"].items() if name != "code"}
    assert problems(checker, {"error": bare}, status=400) == ["code missing in the error"]
    assert problems(checker, {"error": {**good["error"], "hint": "x"}}, status=400) == ["unexpected hint in the error"]
    assert problems(checker, {"error": {"code": "c", "message": "m"}}, status=400) == [
        "innerError is not as documented"
    ]
