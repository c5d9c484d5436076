# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated tenant with an application that may prove itself in every way that there is."""

from __future__ import annotations

from typing import Any

from tests.simulator.foreign_issuer import AUDIENCE, ISSUER, SUBJECT
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.simulator.world import read_world
from tests.support.certificates import pair

Json = dict[str, Any]
APP = id_of("app", "automation")
# A user-assigned managed identity, beside the machine's own.
ASSIGNED = id_of("app", "assigned")
CLUSTER = "https://oidc.cluster.example.com"
POD = "system:serviceaccount:awx:job"


def open_every_door(sim: Running, *, certificates: tuple[str, ...] | None = None, **app: Any) -> None:
    """Give the application of the simulated tenant certificates, federated credentials and managed identities.

    C(app) replaces members of its entry in the world.
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
