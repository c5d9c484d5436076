# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong gives one clear sentence, names what to do, writes nothing and shows no traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Play
from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.playbook import MODULE, SHIPPED

HOSTS = pytest.mark.parametrize("keywords", [{}, SHIPPED], ids=["in process", "shipped"])
LAPTOP = {"access_package": "Engineering Laptop", "user": "ada@contoso.com", "retries": 0}


def failed(playing: Play, sim: Running, keywords: dict[str, Any], **env: str) -> dict[str, Any]:
    """Run one task that has to fail without a traceback and without a write, and give its result."""
    done = playing([{"name": "add", MODULE: LAPTOP, **keywords}], env=env)
    assert done.only.status == "failed", done.output
    assert "Traceback" not in done.output
    assert writes(sim) == []
    return done.only.result


@HOSTS
def test_untrusted_tls(playing: Play, sim: Running, keywords: dict[str, Any]) -> None:
    result = failed(playing, sim, keywords, IDGOV_CA_PATH="")
    assert "certificate of localhost" in result["msg"]
    assert result["error"]["kind"] == "sign_in"
    assert "ca_path" in result["error"]["hint"]


@HOSTS
def test_a_ca_path_that_is_not_there(playing: Play, sim: Running, keywords: dict[str, Any]) -> None:
    result = failed(playing, sim, keywords, IDGOV_CA_PATH="/nowhere/ca.pem")
    assert "/nowhere/ca.pem" in result["msg"]
    assert "ca_path" in result["error"]["hint"]


@HOSTS
def test_an_unreachable_host(playing: Play, sim: Running, keywords: dict[str, Any]) -> None:
    result = failed(playing, sim, keywords, IDGOV_GRAPH_URL="https://localhost:1", IDGOV_ACCESS_TOKEN=sim.token())
    assert "localhost:1 cannot be reached" in result["msg"]
    assert result["error"]["kind"] == "transport"


@HOSTS
def test_an_unreachable_sign_in(playing: Play, sim: Running, keywords: dict[str, Any]) -> None:
    result = failed(playing, sim, keywords, AZURE_AUTHORITY_HOST="https://localhost:1")
    assert "localhost:1 cannot be reached" in result["msg"]
    assert result["msg"].startswith("Could not sign in")


@HOSTS
def test_an_unknown_tenant(playing: Play, sim: Running, keywords: dict[str, Any]) -> None:
    result = failed(playing, sim, keywords, AZURE_TENANT_ID="nobody.onmicrosoft.com")
    assert "nobody.onmicrosoft.com" in result["msg"]
    assert result["error"]["kind"] == "sign_in"
    assert "tenant_id" in result["error"]["hint"]


@HOSTS
def test_graph_refuses_the_caller(playing: Play, sim: Running, keywords: dict[str, Any]) -> None:
    token = sim.token(permissions=["User.ReadBasic.All"])
    result = failed(playing, sim, keywords, IDGOV_ACCESS_TOKEN=token)
    assert (result["error"]["kind"], result["error"]["status"]) == ("graph", 403)
    assert result["error"]["code"] == "UnAuthorized"
    assert result["error"]["request_id"] in result["msg"]
    assert "EntitlementManagement" in result["error"]["hint"]


@HOSTS
def test_the_directory_refuses_the_caller(playing: Play, sim: Running, keywords: dict[str, Any]) -> None:
    token = sim.token(permissions=["EntitlementManagement.ReadWrite.All"])
    result = failed(playing, sim, keywords, IDGOV_ACCESS_TOKEN=token)
    assert (result["error"]["status"], result["error"]["code"]) == (403, "Authorization_RequestDenied")
    assert "User.ReadBasic.All" in result["error"]["hint"]


@HOSTS
def test_a_token_that_is_not_accepted(playing: Play, sim: Running, keywords: dict[str, Any]) -> None:
    result = failed(playing, sim, keywords, IDGOV_ACCESS_TOKEN=sim.token(audience="https://elsewhere.example.com"))
    assert result["error"]["status"] == 401
    assert "expired" in result["error"]["hint"]


@HOSTS
def test_the_licence_is_missing(playing: Play, sim: Running, keywords: dict[str, Any]) -> None:
    sim.switches(licence="absent")
    result = failed(playing, sim, keywords)
    assert result["error"]["code"] == "NoLicense"
    assert "licence" in result["error"]["hint"]


@HOSTS
@pytest.mark.parametrize("library", ["msal", "requests"])
def test_a_library_is_missing(
    playing: Play, sim: Running, keywords: dict[str, Any], library: str, tmp_path: Path
) -> None:
    """A package of that name that cannot be imported stands in the way of the real one."""
    (tmp_path / "missing" / library).mkdir(parents=True)
    (tmp_path / "missing" / library / "__init__.py").write_text("raise ImportError", encoding="utf-8")
    result = failed(playing, sim, keywords, PYTHONPATH=str(tmp_path / "missing"))
    assert f"({library})" in result["msg"]
    assert "Python" in result["msg"]


@HOSTS
def test_graph_refuses_the_write(playing: Play, sim: Running, keywords: dict[str, Any]) -> None:
    """A refused write changes nothing, and the sentence carries what Graph said."""
    words = "The grant is not possible today"
    refusal = {"status": 400, "code": "InvalidModel", "message": words}
    sim.faults({"method": "POST", "path": "assignmentRequests$", "effect": refusal})
    done = playing([{"name": "add", MODULE: LAPTOP, **keywords}])
    result = done.only.result
    assert (done.only.status, result["changed"]) == ("failed", False)
    assert words in result["msg"]
    assert "InvalidModel" in result["msg"]
    assert result["msg"].startswith("Could not give ada@contoso.com the access package 'Engineering Laptop'")
    assert len(writes(sim)) == 1
