# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated tenant with an application that may prove itself in every way that there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import Context, sign_in
from tests.simulator.foreign_issuer import AUDIENCE, ISSUER, SUBJECT
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.simulator.world import read_world
from tests.support.certificates import pair
from tests.support.engine import SimulatedClock

Json = dict[str, Any]
APP = id_of("app", "automation")
# A user-assigned managed identity, beside the machine's own.
ASSIGNED = id_of("app", "assigned")
CLUSTER = "https://oidc.cluster.example.com"
POD = "system:serviceaccount:awx:job"
IDS: Json = {"tenant_id": "contoso.onmicrosoft.com", "client_id": APP}
PASSWORD = "hunter2-certificate"
PACKAGES = "/identityGovernance/entitlementManagement/accessPackages"


def open_every_door(sim: Running, *, certificates: tuple[str, ...] | None = None, **app: Any) -> None:
    """Return the application of the simulated tenant certificates, federated credentials and managed identities.

    ``app`` replaces members of its entry in the world.
    """
    world = read_world("contoso")
    automation = world["apps"][0]
    automation |= {
        "certificates": [pair().pem] if certificates is None else list(certificates),
        "federated": [
            {"issuer": ISSUER, "subject": SUBJECT, "audience": AUDIENCE},
            {"issuer": CLUSTER, "subject": POD, "audience": AUDIENCE},
        ],
        "managed_identity": "system",
        "public_client": True,
        **app,
    }
    assigned = {"name": "assigned", "managed_identity": "user", "permissions": automation["permissions"]}
    world["apps"].append(assigned)
    sim.load(world)


# Where a credential lies in the environment that the simulator announces.
_CREDENTIAL = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET")


def place(sim: Running) -> dict[str, str]:
    """Return the environment that leads to the simulator and holds no credential."""
    return {name: value for name, value in sim.environment.items() if name not in _CREDENTIAL}


@dataclass
class Attempt:
    """A task on its way: what it was told to hide, and what it would warn of."""

    context: Context
    secrets: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)


def attempt(sim: Running, environ: Mapping[str, str] | None = None, **options: Any) -> Attempt:
    """Make a task with these options and this environment, at the place of the simulator and on its clock."""
    secrets: set[str] = set()
    warnings: list[str] = []
    given = {"api_version": "v1.0", "timeout": 10, "retries": 0, **options}
    environment = {**place(sim), **(environ or {})}
    context = Context(given, environment, False, SimulatedClock(sim), secrets.add, warnings.append, lambda _: None)
    return Attempt(context, secrets, warnings)


def list_packages(tried: Attempt) -> str:
    """Sign in, read the access packages, and give the token with which that went well."""
    with sign_in(tried.context) as signed_in:
        assert signed_in.graph.send(Call("GET", PACKAGES)).status == 200
        return signed_in.tokens.token()


def claims_of(token: str) -> Json:
    """Read a token of the simulator."""
    claims: Json = jwt.decode(token, options={"verify_signature": False})
    return claims


def refused(sim: Running, environ: Mapping[str, str] | None = None, **options: Any) -> EntraError:
    """Make an attempt that has to fail, and give its error, which must not tell the password."""
    with pytest.raises(EntraError) as raised:
        list_packages(attempt(sim, environ, **options))
    assert PASSWORD not in f"{raised.value} {raised.value.hint} {raised.value.as_result()}"
    return raised.value


def credential_file(folder: Path, content: str | bytes) -> str:
    """Write a file that holds a credential, and give its path."""
    path = folder / "credential"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)
