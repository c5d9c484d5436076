# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clouds of Microsoft Graph and where each of them lives."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError


@dataclass(frozen=True)
class Cloud:
    """One national cloud: its names and its two roots (Graph documentation, "National cloud deployments")."""

    name: str
    other_names: tuple[str, ...]
    authority_host: str
    graph_url: str


GLOBAL = Cloud(
    "AzureCloud",
    ("azurepubliccloud", "global", "public"),
    "https://login.microsoftonline.com",
    "https://graph.microsoft.com",
)
CLOUDS = (
    GLOBAL,
    Cloud(
        "AzureUSGovernment",
        ("usgovernment", "usgovernmentl4", "usgov"),
        "https://login.microsoftonline.us",
        "https://graph.microsoft.us",
    ),
    Cloud(
        "AzureUSGovernmentDoD",
        ("usgovernmentl5", "dod", "usgovdod"),
        "https://login.microsoftonline.us",
        "https://dod-graph.microsoft.us",
    ),
    Cloud(
        "AzureChinaCloud",
        ("china",),
        "https://login.chinacloudapi.cn",
        "https://microsoftgraph.chinacloudapi.cn",
    ),
)
_RETIRED = frozenset({"azuregermancloud", "germany"})


def find_cloud(name: str) -> Cloud:
    """Return the cloud of that name, in any letter case; raises OptionError with the list of names."""
    desired = name.lower()
    for cloud in CLOUDS:
        if desired == cloud.name.lower() or desired in cloud.other_names:
            return cloud
    names = ", ".join(cloud.name for cloud in CLOUDS)
    why = "was closed in 2021" if desired in _RETIRED else "is not a cloud that this collection supports"
    raise OptionError(
        "cloud_environment", f"{name!r} {why}", hint=f"use one of {names}, or set graph_url and authority_host"
    )


def is_known_authority(host: str) -> bool:
    """Return whether a login root belongs to one of the known clouds, so that nobody needs to be asked about it."""
    return any(host == cloud.authority_host for cloud in CLOUDS)
