# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Graph of a national cloud does not have (Microsoft's published v1.0 metadata of each cloud, 2026-08)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._options.clouds import CLOUDS, GLOBAL, Cloud, find_cloud
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import Connection

# cloud -> options whose members its v1.0 does not have
LACKING: dict[str, frozenset[str]] = {
    "AzureUSGovernment": frozenset({"justification"}),
    "AzureUSGovernmentDoD": frozenset({"justification"}),
    "AzureChinaCloud": frozenset({"justification"}),
}


def check_members(desired: Mapping[str, Any], connection: Connection, options: Mapping[str, Any]) -> None:
    """Raise OptionError where an option is given whose member the cloud does not have.

    ``desired`` are the options that describe what is desired, ``options`` those of the whole task.
    """
    cloud = _cloud_of(connection, options)
    if options.get("api_version", "v1.0") != "v1.0":
        return
    for option in sorted(LACKING.get(cloud.name, ())):
        if desired.get(option) is not None:
            raise OptionError(
                option,
                f"Microsoft Graph v1.0 of {cloud.name} does not support it",
                hint="omit it in this cloud",
            )


def _cloud_of(connection: Connection, options: Mapping[str, Any]) -> Cloud:
    named = options.get("cloud_environment")
    if named:
        return find_cloud(named)
    return next((cloud for cloud in CLOUDS if cloud.graph_url == connection.graph_url), GLOBAL)
