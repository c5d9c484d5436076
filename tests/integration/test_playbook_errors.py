# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong gives one clear sentence, names what to do, writes nothing and shows no traceback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Play
from tests.simulator.running import Running
from tests.support.calls import CREATE, writes
from tests.support.playbook import MODULE, SHIPPED, Done

Json = dict[str, Any]
# name of a host -> keywords of the task
HOSTS: dict[str, Json] = {"in process": {}, "shipped": SHIPPED}
LAPTOP = {"access_package": "Engineering Laptop", "user": "ada@contoso.com", "retries": 0}
NOWHERE = "https://localhost:1"


@dataclass(frozen=True)
class Row:
    """The environment of a task that has to fail, and what has to be in its sentence, its error, and the error's hint."""

    env: dict[str, str]
    words: tuple[str, ...] = ()
    error: Mapping[str, object] = field(default_factory=dict)
    hint: str = ""
    start: str = ""


def rows(sim: Running) -> dict[str, Row]:
    no_permission = {"kind": "graph", "status": 403, "code": "UnAuthorized"}
    no_directory = {"status": 403, "code": "Authorization_RequestDenied"}
    other_audience = sim.token(audience="https://elsewhere.example.com")
    return {
        "untrusted TLS": Row({"IDGOV_CA_PATH": ""}, ("certificate of localhost",), {"kind": "sign_in"}, hint="ca_path"),
        "a CA path that is not there": Row({"IDGOV_CA_PATH": "/nowhere/ca.pem"}, ("/nowhere/ca.pem",), hint="ca_path"),
        "an unreachable host": Row(
            {"IDGOV_GRAPH_URL": NOWHERE, "IDGOV_ACCESS_TOKEN": sim.token()},
            ("localhost:1 cannot be reached",),
            {"kind": "transport"},
        ),
        "an unreachable sign-in": Row(
            {"AZURE_AUTHORITY_HOST": NOWHERE}, ("localhost:1 cannot be reached",), start="Could not sign in"
        ),
        "an unknown tenant": Row(
            {"AZURE_TENANT_ID": "nobody.onmicrosoft.com"},
            ("nobody.onmicrosoft.com",),
            {"kind": "sign_in"},
            hint="tenant_id",
        ),
        "Graph refuses the caller": Row(
            {"IDGOV_ACCESS_TOKEN": sim.token(permissions=["User.ReadBasic.All"])},
            error=no_permission,
            hint="EntitlementManagement",
        ),
        "the directory refuses the caller": Row(
            {"IDGOV_ACCESS_TOKEN": sim.token(permissions=["EntitlementManagement.ReadWrite.All"])},
            error=no_directory,
            hint="User.ReadBasic.All",
        ),
        "a token that is not accepted": Row(
            {"IDGOV_ACCESS_TOKEN": other_audience}, error={"status": 401}, hint="expired"
        ),
    }


def on_both_hosts(tasks: Mapping[str, Mapping[str, Any]]) -> list[Json]:
    """Let each task run on each host, whatever came of those before."""
    return [
        {"name": f"{name}, {host}", MODULE: LAPTOP, "ignore_errors": True, **keywords, **more}
        for name, more in tasks.items()
        for host, keywords in HOSTS.items()
    ]


def check(done: Done, row: Row) -> None:
    result = done.result
    assert done.status == "failed", result
    assert [word for word in row.words if word not in result["msg"]] == [], result
    assert {name: result["error"][name] for name in row.error} == row.error, result
    assert row.hint in (result["error"]["hint"] or ""), result
    assert result["msg"].startswith(row.start), result
    if result["error"]["kind"] == "graph":
        assert result["error"]["request_id"] in result["msg"]


def test_each_error_says_what_to_change(playing: Play, sim: Running) -> None:
    expected = rows(sim)
    done = playing(on_both_hosts({name: {"environment": row.env} for name, row in expected.items()}))
    assert "Traceback" not in done.output
    assert writes(sim) == []
    assert [each.task for each in done.tasks] == [f"{name}, {host}" for name in expected for host in HOSTS]
    for each in done.tasks:
        check(each, expected[each.task.rpartition(", ")[0]])


def test_the_licence_is_missing(playing: Play, sim: Running) -> None:
    sim.switches(licence="absent")
    done = playing(on_both_hosts({"no licence": {}}))
    assert len(done.tasks) == len(HOSTS), done.output
    for each in done.tasks:
        check(each, Row({}, error={"code": "NoLicense"}, hint="licence"))
    assert "Traceback" not in done.output
    assert writes(sim) == []


@pytest.mark.parametrize("library", ["msal", "requests"])
def test_a_library_is_missing(playing: Play, sim: Running, library: str, tmp_path: Path) -> None:
    """A package of that name that cannot be imported stands in the way of the real one."""
    (tmp_path / "missing" / library).mkdir(parents=True)
    (tmp_path / "missing" / library / "__init__.py").write_text("raise ImportError", encoding="utf-8")
    done = playing(on_both_hosts({"no library": {}}), env={"PYTHONPATH": str(tmp_path / "missing")})
    assert [each.status for each in done.tasks] == ["failed"] * len(HOSTS), done.output
    for each in done.tasks:
        assert f"({library})" in each.result["msg"]
        assert "Python" in each.result["msg"]
    assert "Traceback" not in done.output
    assert writes(sim) == []


def test_graph_refuses_the_write(playing: Play, sim: Running) -> None:
    """A refused write changes nothing, and the sentence carries what Graph said."""
    words = "The grant is not possible today"
    refusal = {"status": 400, "code": "InvalidModel", "message": words}
    sim.faults({**CREATE, "effect": refusal})
    done = playing(on_both_hosts({"refused": {}}))
    start = "Could not give ada@contoso.com the access package 'Engineering Laptop'"
    for each in done.tasks:
        check(each, Row({}, (words, "InvalidModel"), start=start))
        assert not each.result["changed"]
    assert [call["status"] for call in writes(sim)] == [400] * len(HOSTS)
