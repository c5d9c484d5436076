# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report that declares by name: whatever names hold, converging its file changes nothing, and a name means one thing or is not written."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Assignment
from ansible_collections.idgov.entra.plugins.module_utils._fetch.lists import fetch_assignments
from ansible_collections.idgov.entra.plugins.plugin_utils import report_task
from ansible_collections.idgov.entra.plugins.plugin_utils.declared import declared_in
from ansible_collections.idgov.entra.plugins.plugin_utils.files import read_file
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.engine import ReportTask, administrator, assign_many, run_task
from tests.support.paths import ROOT

Json = dict[str, Any]
# Names that a filter, YAML, a template or a comment could take for something else.
ODD = (
    "yes",
    "1",
    "2030-01-01",
    ": x",
    "{{ x }}",
    "- x",
    "x # y",
    "' or displayName eq '",
    "!vault",
    "Größe 😀",
    "a  b" * 60,
)
# Names that are none: the id of something, and what a reader does not see all of.
UNFIT = (id_of("package", "VPN Access"), "abc\u202edef", "line\u2028break")
# An address that a spreadsheet would compute if it had no apostrophe, and that has one of its own.
FORMULA = "'=1+1@fabrikam.com"
GUEST, GUEST_MAIL = "pat_fabrikam.com#EXT#@contoso.onmicrosoft.com", "pat@fabrikam.com"


@pytest.fixture
def tenant(frozen: Running) -> Running:
    """A tenant whose people, packages, policies and catalogs have every kind of name."""
    world = yaml.safe_load((ROOT / "tests" / "simulator" / "worlds" / "contoso.yml").read_text(encoding="utf-8"))
    world["users"] += [
        {"upn": "twin1@contoso.com", "display_name": "Twin", "mail": "twin@contoso.com"},
        {"upn": "twin2@contoso.com", "display_name": "Twin", "mail": "twin@contoso.com"},
        {"upn": "renamed@contoso.com", "mail": "kim@contoso.com"},
    ]
    world["catalogs"] += [{"name": "Twice"}, {"name": "Twice", "key": "Twice again"}, {"name": "{{ 7 * 6 }}"}]
    people = ("o'brien@contoso.com", "jürgen@contoso.com", "twin1@contoso.com", GUEST, "kim@contoso.com")
    packages = [
        *({"name": name, "key": f"0/{name}", "catalog": "General"} for name in (*ODD, *UNFIT)),
        {"name": "Odd", "key": "1/Odd", "catalog": "{{ 7 * 6 }}"},
        {"name": "Odd", "key": "2/Odd", "catalog": "General"},
        {"name": "Same", "key": "1/Same", "catalog": "Twice"},
        {"name": "Same", "key": "2/Same", "catalog": "Twice again"},
    ]
    for index, package in enumerate(packages):
        names = dict.fromkeys([package["name"], "Everybody"])
        policies = [{"name": name, "scope": "allDirectoryUsers"} for name in names]
        world["packages"].append({**package, "policies": policies})
        held = {"package": package["key"], "start": "-P3D"}
        # The world takes the name for an id.
        held["policy"] = "Everybody" if package["name"] == UNFIT[0] else package["name"]
        world["assignments"].append({"user": people[index % len(people)], **held})
    for person in ("twin2@contoso.com", "renamed@contoso.com"):
        world["assignments"].append({"user": person, "package": "Test Devices", "start": "-P3D"})
    for person in ("sam@fabrikam.com", FORMULA):
        world["assignments"].append({"user": person, "package": "Partner Portal", "start": "-P3D"})
    world["assignments"].append(
        {"user": "rosa@contoso.com", "package": "Training", "start": "-P3D", "state": "deliveryFailed"}
    )
    frozen.load(world)
    return frozen


def declared(sim: Running, folder: Path, **options: Any) -> tuple[str, list[Json]]:
    """Write a report by name; give its YAML and what access as code reads from it."""
    path = folder / "today.yml"
    done = run_task(ReportTask(), sim, {"paths": {"yaml": str(path)}, "declare_by": "name", **options})
    assert not done["failed"], done["msg"]
    return path.read_text(encoding="utf-8"), declared_in([read_file(str(path))])["assignments"]


def test_converging_what_is_declared_by_name_changes_nothing(tenant: Running, tmp_path: Path) -> None:
    text, items = declared(tenant, tmp_path)
    assert len(items) > 25
    tenant.clear_calls()
    for options in ({"check": True}, {}, {"exclusive_scope": "package"}):
        result = assign_many(tenant, items, exclusive=True, **options)
        assert (result["failed"], result["changed"], writes(tenant)) == (False, False, []), result
        assert result["summary"]["unchanged"] == len(items)
    assert text == declared(tenant, tmp_path)[0]


def test_converging_the_csv_of_a_report_changes_nothing(tenant: Running, tmp_path: Path) -> None:
    yaml_path, csv_path = tmp_path / "today.yml", tmp_path / "today.csv"
    assign_many(
        tenant,
        [{"access_package": "Training", "user": "ada@contoso.com", "schedule": {"duration": "P9D"}}],
        wait=False,
    )
    done = run_task(ReportTask(), tenant, {"paths": {"yaml": str(yaml_path), "csv": str(csv_path)}})
    assert not done["failed"], done["msg"]
    by_yaml, by_csv = (declared_in([read_file(str(path))])["assignments"] for path in (yaml_path, csv_path))
    named = [
        [(item["access_package"], item.get("user"), item.get("email")) for item in each] for each in (by_yaml, by_csv)
    ]
    assert named[0] == named[1]
    assert {"sam@fabrikam.com", FORMULA} <= {email for _package, _user, email in named[1]}
    tenant.clear_calls()
    for check in (True, False):
        result = assign_many(tenant, by_csv, check=check, exclusive=True, wait=False)
        assert (result["failed"], result["changed"], writes(tenant)) == (False, False, []), result


@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_what_is_named_is_named_and_what_is_not_alone_has_its_id(tenant: Running, tmp_path: Path, version: str) -> None:
    text, items = declared(tenant, tmp_path, api_version=version)
    packages = {(item["access_package"], item.get("catalog")) for item in items}
    assert packages >= {(name, None) for name in ODD}
    assert packages >= {("Odd", "{{ 7 * 6 }}"), ("Odd", "General")}
    # Neither name nor catalog tells these apart, and the others cannot be read by who reviews them.
    by_id = {id_of("package", key) for key in ("1/Same", "2/Same", *(f"0/{name}" for name in UNFIT))}
    assert {package for package, _catalog in packages if re.fullmatch(r"[0-9a-f-]{36}", package)} == by_id
    people = {item.get("user", item.get("email")) for item in items}
    assert people >= {"o'brien@contoso.com", "jürgen@contoso.com", "twin1@contoso.com", "twin2@contoso.com"}
    assert people >= {GUEST_MAIL, "sam@fabrikam.com", "kim@contoso.com", "renamed@contoso.com"}
    assert GUEST not in people
    package, policy, person = (
        id_of("package", "0/yes"),
        id_of("policy", "0/yes/yes"),
        id_of("user", "o'brien@contoso.com"),
    )
    assert (
        f"""
  # Nora O'Brien
  - access_package: 'yes'  # {package}
    policy: 'yes'  # {policy}
    user: o'brien@contoso.com  # {person}
"""
        in text
    )
    assert f"    user: jürgen@contoso.com  # {id_of('user', 'jürgen@contoso.com')}\n" in text
    assert f"  - access_package: '{{{{ x }}}}'  # {id_of('package', '0/{{ x }}')}\n" in text
    assert all(line.isprintable() for line in text.splitlines())


def test_a_name_that_is_another_persons_by_now_is_not_written(
    tenant: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an assignment calls its holder may be older than the directory."""
    old, new = "twin2@contoso.com", "mira@contoso.com"

    def out_of_date(*arguments: Any, **options: Any) -> list[Assignment]:
        found = fetch_assignments(*arguments, **options)
        targets = [a.target and replace(a.target, email=None) for a in found]
        return [
            replace(
                a, target=replace(target, principal_name=new) if target and target.principal_name == old else target
            )
            for a, target in zip(found, targets, strict=True)
        ]

    monkeypatch.setattr(report_task, "fetch_assignments", out_of_date)
    _text, items = declared(tenant, tmp_path, access_package=["Test Devices"])
    assert [item["user"] for item in items] == ["renamed@contoso.com", id_of("user", old)]


def test_what_is_declared_by_id_names_nobody(tenant: Running, tmp_path: Path) -> None:
    tenant.clear_calls()
    _text, items = declared(tenant, tmp_path, declare_by="id")
    assert not any("catalog" in item or "@" in item.get("user", "") for item in items)
    assert not [call for call in tenant.calls() if "/users" in call["path"]]


def test_names_are_looked_up_only_for_a_file_that_declares(tenant: Running, tmp_path: Path) -> None:
    tenant.clear_calls()
    done = run_task(ReportTask(), tenant, {"paths": {"csv": str(tmp_path / "a.csv")}, "declare_by": "name"})
    assert not done["failed"]
    assert not [call for call in tenant.calls() if "/users" in call["path"]]


def test_who_may_not_read_people_is_told_so(tenant: Running, tmp_path: Path) -> None:
    path = tmp_path / "today.yml"
    token = administrator(tenant, "EntitlementManagement.Read.All")
    options = {"paths": {"yaml": str(path)}, "declare_by": "name"}
    done = run_task(ReportTask(), tenant, options, token=token)
    assert done["failed"]
    assert "User.ReadBasic.All" in str(done["error"]["hint"])
    assert not path.exists()
