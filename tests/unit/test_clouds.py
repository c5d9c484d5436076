# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clouds: their names, their addresses, and which login hosts are known."""

from __future__ import annotations

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._options.clouds import CLOUDS, find_cloud, is_known_authority

GLOBAL = ("https://login.microsoftonline.com", "https://graph.microsoft.com")
L4 = ("https://login.microsoftonline.us", "https://graph.microsoft.us")
L5 = ("https://login.microsoftonline.us", "https://dod-graph.microsoft.us")
CHINA = ("https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn")


@pytest.mark.parametrize(
    ("name", "roots"),
    [
        *((name, GLOBAL) for name in ("AzureCloud", "azurecloud", "AzurePublicCloud", "global", "public", "PUBLIC")),
        *((name, L4) for name in ("AzureUSGovernment", "usgovernment", "USGovernmentL4", "usgov")),
        *((name, L5) for name in ("AzureUSGovernmentDoD", "usgovernmentl5", "DoD", "usgovdod")),
        *((name, CHINA) for name in ("AzureChinaCloud", "china", "China")),
    ],
)
def test_a_cloud_is_found_by_each_of_its_names(name: str, roots: tuple[str, str]) -> None:
    cloud = find_cloud(name)
    assert (cloud.authority_host, cloud.graph_url) == roots


@pytest.mark.parametrize(
    ("name", "why"),
    [
        pytest.param("AzureGermanCloud", "closed", id="retired"),
        pytest.param("germany", "closed", id="retired, short"),
        pytest.param("AzureCloud2", "not a cloud", id="unknown"),
        pytest.param("https://management.local.azurestack.external", "not a cloud", id="Azure Stack"),
        pytest.param(" AzureCloud", "not a cloud", id="blank in front"),
    ],
)
def test_another_cloud_is_refused_with_the_names_that_there_are(name: str, why: str) -> None:
    with pytest.raises(OptionError, match=why) as raised:
        find_cloud(name)
    assert raised.value.option == "cloud_environment"
    assert all(cloud.name in str(raised.value.hint) for cloud in CLOUDS)


def test_no_name_stands_for_two_clouds() -> None:
    names = [name for cloud in CLOUDS for name in {cloud.name.lower(), *cloud.other_names}]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("host", "known"),
    [
        *((host, True) for host in (GLOBAL[0], L4[0], CHINA[0])),
        ("https://login.example.org", False),
        ("https://login.microsoftonline.com.example.org", False),
        ("https://localhost:8443", False),
    ],
)
def test_login_hosts_of_the_clouds_are_known(host: str, known: bool) -> None:
    assert is_known_authority(host) is known
