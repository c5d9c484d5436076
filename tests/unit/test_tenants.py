# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host of the inventory is a tenant: in every playbook, in the same words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.idgov.entra.plugins.module_utils._options.connection import CONNECTION_SPEC
from ansible_collections.idgov.entra.plugins.plugin_utils.file_paths import FileError
from ansible_collections.idgov.entra.plugins.plugin_utils.host_path import host_path
from ansible_collections.idgov.entra.plugins.plugin_utils.host_variables import PREFIX, host_sign_in
from ansible_collections.idgov.entra.plugins.plugin_utils.plan_texts import read_plan
from tests.support.paths import ROOT
from tests.support.roles import options_of

Json = dict[str, Any]
PLAYBOOKS = sorted((ROOT / "playbooks").glob("*.yml"))
HOSTS = "{{ idgov_hosts | default('localhost') }}"
# What these are told comes from one tenant: a survey, a callback, or an event.
OF_ONE_TENANT = {"expiring", "failed", "joiner", "resume"}


def plays(name: str) -> list[Json]:
    found: list[Json] = yaml.safe_load((ROOT / "playbooks" / f"{name}.yml").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", [path.stem for path in PLAYBOOKS])
def test_every_playbook_takes_hosts_and_signs_in_at_no_other_than_theirs(name: str) -> None:
    """A rulebook copies the one file of a playbook away, so that each has the checks in itself."""
    play = plays(name)[-1]
    assert (play["hosts"], play["connection"]) == (HOSTS, "local")
    known = plays("joiner")[-1]["pre_tasks"]
    assert play["pre_tasks"] == (known if name in OF_ONE_TENANT else known[1:])


@pytest.mark.parametrize("name", sorted(OF_ONE_TENANT))
def test_a_pattern_without_hosts_is_looked_for_first(name: str) -> None:
    assert plays(name)[0] == plays("joiner")[0]
    assert plays(name)[0]["hosts"] == "localhost"


@pytest.mark.parametrize(
    ("path", "host", "file"),
    [
        ("/var/log/access.jsonl", "contoso", "/var/log/access.contoso.jsonl"),
        ("access", "contoso", "access.contoso"),
        ("/a.b/access", "contoso", "/a.b/access.contoso"),
        ("access.csv", "eu/contoso", "access.eu%2Fcontoso.csv"),
        ("access.csv", "eu%2Fcontoso", "access.eu%252Fcontoso.csv"),
        ("access.csv", "..", "access....csv"),
        ("access.csv", "a b\nc'*", "access.a%20b%0Ac%27%2A.csv"),
        ("access.csv", "münchen", "access.m%C3%BCnchen.csv"),
        ("access.csv", "localhost", "access.csv"),
        ("access.csv", "127.0.0.1", "access.127.0.0.1.csv"),
        ("", "contoso", ""),
    ],
)
def test_a_file_has_the_name_of_its_host(path: str, host: str, file: str) -> None:
    assert host_path(path, host) == file


def test_whatever_a_role_or_playbook_writes_has_the_name_of_its_host() -> None:
    written = [
        *(ROOT / "roles").glob("*/tasks/*.yml"),
        *(ROOT / "roles").glob("*/vars/*.yml"),
        *(ROOT / "playbooks").glob("*.yml"),
    ]
    lines = [line for path in written for line in path.read_text(encoding="utf-8").splitlines()]
    named = [line for line in lines if re.search(r"^ *(cmd|path|dest): .*_path\b|^  (html|csv|json|yaml): ", line)]
    directory = '    path: "{{ access_report_path }}"'
    assert [line for line in named if line != directory and "host_path(inventory_hostname)" not in line] == []
    # Audit files, reports, records: the rule finds them.
    assert len(named) > 10


def test_a_plan_is_read_where_it_was_written_for_its_host(tmp_path: Path) -> None:
    (tmp_path / "plan.contoso.json").write_text('{"format": 1}', encoding="utf-8")
    text = read_plan(str(tmp_path / "plan.json"), "contoso")["text"]
    assert read_plan(text, "contoso") == {"text": text, "path": None}
    with pytest.raises(FileError, match=r"plan\.fabrikam\.json"):
        read_plan(str(tmp_path / "plan.json"), "fabrikam")


class AsTheyAre:
    """Leaves templates as they are: what a vault or the environment would give is a text, too."""

    def template(self, value: Json) -> Json:
        return value


def test_the_example_inventory_signs_in_to_every_tenant() -> None:
    folder = ROOT / "examples" / "tenants"
    (group,) = yaml.safe_load((folder / "hosts.yml").read_text(encoding="utf-8")).values()
    customers = group["children"]["customers"]
    hosts = dict(group["hosts"])
    hosts |= {name: {**customers["vars"], **variables} for name, variables in customers["hosts"].items()}
    assert len(hosts) == 5
    for variables in hosts.values():
        assert {name.removeprefix(PREFIX) for name in variables} <= set(CONNECTION_SPEC)
        host = host_sign_in(CONNECTION_SPEC, {}, variables, AsTheyAre())
        assert host.is_whole
        assert host.fault({"timeout": 60, "retries": 5, **host.options}, {}) is None
    shared = yaml.safe_load((folder / "group_vars" / "tenants.yml").read_text(encoding="utf-8"))
    ours = {name for name in shared if not name.startswith("ansible_")}
    assert ours <= {name for role in (ROOT / "roles").iterdir() for name in options_of(f"idgov.entra.{role.name}")}
