# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many simulated tenants in which nobody and nothing has the same name, and an inventory of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.simulator.world import read_world
from tests.support.runner import LOCAL, NeverRendered, as_inventory

Json = dict[str, Any]


def secret_of(name: str) -> str:
    """Return the secret of a tenant's application; no shell, template or log reads it as anything but a text."""
    return f"of-{name}-{{{{ 6 * 7 }}}}"


def load(tenants: Mapping[str, Running]) -> None:
    """Give each simulator the world of the demo with the tenant's name wherever that of Contoso stands, and its own secret."""
    world = json.dumps(read_world("contoso"))
    for name, sim in tenants.items():
        own = json.loads(world.replace("contoso", name).replace("Contoso", name))
        own["apps"][0]["secret"] = secret_of(name)
        sim.load(own)


def variables_of(name: str, sim: Running) -> Json:
    """Return the variables of a tenant's host: its whole sign-in, and where the simulator stands in for Microsoft."""
    return {
        "idgov_entra_tenant_id": f"{name}.onmicrosoft.com",
        "idgov_entra_client_id": id_of("app", "automation"),
        "idgov_entra_client_secret": NeverRendered(secret_of(name)),
        "idgov_entra_graph_url": sim.url,
        "idgov_entra_authority_host": sim.url,
    }


def write_inventory(directory: Path, hosts: Mapping[str, Json], variables: Json) -> str:
    """Write an inventory with the group ``tenants``, and give its path."""
    path = directory / "tenants.yml"
    content = {"tenants": {"hosts": dict(hosts), "vars": {**LOCAL, **variables}}}
    path.write_text(as_inventory(content), encoding="utf-8")
    return str(path)


def common_environment(sim: Running) -> dict[str, str]:
    """Return what all tenants share: the certificates of the simulator, and a credential that works in one tenant only."""
    return {**sim.environment, "AZURE_TENANT_ID": "another.onmicrosoft.com", "IDGOV_ACCESS_TOKEN": sim.token()}
