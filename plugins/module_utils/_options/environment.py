# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment as the options see it: given as a mapping, and an empty variable counts as unset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Environment = Mapping[str, str]


@dataclass(frozen=True)
class Family:
    """Variables that belong together, so that an id and a secret never come from different places."""

    name: str
    client_id: str
    tenant_id: str
    client_secret: str


# AWX's own Azure credential and azure.azcollection, the Azure SDKs, Terraform: in this order.
FAMILIES = (
    Family("AWX", "AZURE_CLIENT_ID", "AZURE_TENANT", "AZURE_SECRET"),
    Family("Azure SDK", "AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET"),
    Family("Terraform", "ARM_CLIENT_ID", "ARM_TENANT_ID", "ARM_CLIENT_SECRET"),
)


def first_set(environ: Environment, *names: str) -> str | None:
    """Give the value of the first of these variables that is set and not empty."""
    return next((environ[name] for name in names if environ.get(name)), None)
