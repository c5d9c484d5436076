# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls to Graph on the pages about setting up are those that Graph has, and its ways make the same things."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.csdl import Metadata, Shape, read_metadata
from tests.simulator.metadata_check import MetadataChecker
from tests.simulator.schema_v1 import V1
from tests.support.guide import blocks, page

PAGES = ("setup.md", "setup-sandbox.md", "setup-federation.md")
GRAPH = "https://graph.microsoft.com/v1.0/"
ENTITLEMENT = "identityGovernance/entitlementManagement"
ID = "00000000-0000-0000-0000-0000000000ff"
# Neither is in the slice of the metadata: the roots that the pages name, with what their documentation pages have in a body
# ("Create unifiedRoleAssignment", "List appRoleAssignments granted to a service principal").
ELSEWHERE = {
    "roleManagement/entitlementManagement/roleAssignments": {"principalId", "roleDefinitionId", "appScopeId"},
    f"servicePrincipals/{ID}/appRoleAssignments": set[str](),
}
# What a cmdlet sends, and the parameter that takes the id. "Microsoft Graph PowerShell" has a page for each.
CMDLETS = {
    "New-MgEntitlementManagementCatalog": ("post", f"{ENTITLEMENT}/catalogs"),
    "New-MgEntitlementManagementAccessPackage": ("post", f"{ENTITLEMENT}/accessPackages"),
    "New-MgEntitlementManagementAssignmentPolicy": ("post", f"{ENTITLEMENT}/assignmentPolicies"),
    "New-MgRoleManagementEntitlementManagementRoleAssignment": (
        "post",
        "roleManagement/entitlementManagement/roleAssignments",
    ),
    "Remove-MgEntitlementManagementAssignmentPolicy": ("delete", f"{ENTITLEMENT}/assignmentPolicies/{ID}"),
    "Remove-MgEntitlementManagementAccessPackage": ("delete", f"{ENTITLEMENT}/accessPackages/{ID}"),
    "Remove-MgEntitlementManagementCatalog": ("delete", f"{ENTITLEMENT}/catalogs/{ID}"),
}
TRUSTED = {"name", "issuer", "subject", "audiences"}
_TOKEN = re.compile(r"""\s*(?:'([^']*)'|"([^"]*)"|(\$true|\$false)|(\$[\w.]+)|(@\{|@\(|[})=;,])|([\w.]+))""")


@dataclass(frozen=True)
class Asked:
    """One call to Graph that a page shows."""

    method: str
    path: str
    body: Any = None


def commands(name: str) -> Iterator[list[str]]:
    """Yield the words of every Azure CLI command of a page, variables of addresses put in, ids made alike."""
    known: dict[str, str] = {}
    for block in blocks(page(name), "shell"):
        known |= re.findall(r"^(\w+)=(https:\S+)$", block, re.MULTILINE)
        for start in re.finditer(r"\baz (?=[a-z])", block):
            command = _until_its_end(block[start.start() :])
            for variable, address in known.items():
                command = re.sub(rf"\${variable}\b", address, command)
            yield shlex.split(re.sub(r"\$\w+", ID, command))


def _until_its_end(text: str) -> str:
    """Return a command up to the end of its line, or of the parenthesis around it, whichever is outside of quotes."""
    quote, depth, escaped = "", 0, False
    for at, letter in enumerate(text):
        if escaped:
            escaped = False
        elif letter == "\\":
            escaped = quote != "'"
        elif quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        else:
            depth += (letter == "(") - (letter == ")")
            if letter == "\n" or depth < 0:
                return text[:at]
    return text


def option(command: list[str], name: str) -> str | None:
    return command[command.index(name) + 1] if name in command else None


def by_azure_cli(name: str) -> list[Asked]:
    found = []
    for command in commands(name):
        if command[:2] == ["az", "rest"]:
            url, body = str(option(command, "--url")), option(command, "--body")
            assert url.startswith(GRAPH), command
            found.append(
                Asked(str(option(command, "--method")), url.removeprefix(GRAPH), json.loads(body) if body else None)
            )
    return found


def value(text: str, at: int = 0) -> tuple[Any, int]:
    """Read a value as PowerShell writes it: a text, a switch, a variable (an id), a hash table or an array."""
    found = _TOKEN.match(text, at)
    assert found is not None, text[at : at + 60]
    plain, double, switch, variable, sign, _word = found.groups()
    at = found.end()
    if plain is not None or double is not None:
        return plain if plain is not None else re.sub(r"\$\([^)]*\)|\$\w+", ID, double), at
    if switch or variable:
        return (switch == "$true") if switch else ID, at
    return _table(text, at) if sign == "@{" else _array(text, at)


def _table(text: str, at: int) -> tuple[dict[str, Any], int]:
    table: dict[str, Any] = {}
    while (found := re.compile(r"[\s;]*(?:(\})|([\w.]+)\s*=)").match(text, at)) is not None:
        at = found.end()
        if found.group(1):
            return table, at
        table[found.group(2)], at = value(text, at)
    raise AssertionError(text[at : at + 60])


def _array(text: str, at: int) -> tuple[list[Any], int]:
    items: list[Any] = []
    while (found := re.compile(r"[\s,]*(\))?").match(text, at)) is not None:
        at = found.end()
        if found.group(1):
            return items, at
        item, at = value(text, at)
        items.append(item)
    raise AssertionError(text[at : at + 60])


def by_powershell(name: str) -> list[Asked]:
    found = []
    for block in blocks(page(name), "powershell"):
        for call in re.finditer(r"\b((?:New|Remove)-Mg\w*EntitlementManagement\w+)(?: -BodyParameter (?=@\{))?", block):
            method, path = CMDLETS[call.group(1)]
            found.append(Asked(method, path, value(block, call.end())[0] if method == "post" else None))
    return found


@pytest.fixture(scope="module")
def metadata(reference_data: Path) -> Metadata:
    return read_metadata(reference_data / "graph" / "csdl-v1.0-entitlement.xml")


def problems(asked: Asked, metadata: Metadata) -> list[str]:
    """Return what Graph would not understand of a call."""
    if not asked.path.startswith(f"{ENTITLEMENT}/"):
        path = asked.path.removesuffix(f"/{ID}") if asked.method == "delete" else asked.path
        fits = path in ELSEWHERE and set(asked.body or ELSEWHERE[path]) == ELSEWHERE[path]
        return [] if fits else [f"{asked} is nowhere documented"]
    shape = metadata.resolve(asked.path)
    assert shape is not None
    if asked.method == "delete":
        return [] if not shape.collection else [f"{asked.path} is a list"]
    return MetadataChecker(metadata, V1, {}).check_value(asked.body, Shape(shape.type), "")


@pytest.mark.parametrize("name", PAGES)
def test_graph_has_what_the_pages_call(metadata: Metadata, name: str) -> None:
    asked = [*by_azure_cli(name), *by_powershell(name)]
    assert [text for call in asked for text in problems(call, metadata)] == []


def test_both_ways_make_and_unmake_the_same_sandbox() -> None:
    by_cli, by_shell = by_azure_cli("setup-sandbox.md"), by_powershell("setup-sandbox.md")
    assert [(call.method, call.path) for call in by_shell] == [CMDLETS[name] for name in CMDLETS]
    for call in by_shell:
        assert call in by_cli
    assert [call.path for call in by_cli if call not in by_shell and call.method == "post"] == []


def test_both_ways_trust_the_same_tokens() -> None:
    name = "setup-federation.md"
    by_cli = [
        json.loads(str(option(command, "--parameters"))) for command in commands(name) if "--parameters" in command
    ]
    by_shell = [
        value(block, block.index("@{"))[0] for block in blocks(page(name), "powershell") if "-BodyParameter @{" in block
    ]
    assert by_cli == by_shell
    assert {tuple(sorted(trusted)) for trusted in by_cli} == {tuple(sorted(TRUSTED))}
    assert [trusted["audiences"] for trusted in by_cli] == [["api://AzureADTokenExchange"]] * 3


def test_both_ways_grant_the_same_permissions() -> None:
    permission = re.compile(r"\b[A-Z]\w+\.Read\w*\.All\b")
    text = page("setup.md")
    (cli,) = (block for block in blocks(text, "shell") if "permission add" in block)
    (shell,) = (block for block in blocks(text, "powershell") if "foreach" in block)
    assert permission.findall(cli) == permission.findall(shell)
    assert len(permission.findall(cli)) == 3


@pytest.mark.parametrize(
    "asked",
    [
        Asked("post", f"{ENTITLEMENT}/catalogs", {"displayNam": "Sandbox"}),
        Asked("post", f"{ENTITLEMENT}/assignmentPolicies", {"allowedTargetScope": "nobody"}),
        Asked("post", f"{ENTITLEMENT}/accessPackages", {"isHidden": "yes"}),
        Asked("post", "roleManagement/entitlementManagement/roleAssignments", {"principalId": ID}),
        Asked("delete", f"{ENTITLEMENT}/catalogs"),
    ],
)
def test_what_graph_would_not_understand_is_found(metadata: Metadata, asked: Asked) -> None:
    assert problems(asked, metadata) != []
