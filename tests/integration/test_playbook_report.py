# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a tenant, through its playbook: what the files say, that names stay names, and that the YAML is what is there."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.conftest import Play
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.paths import ROOT
from tests.support.playbook import Played, run_playbook

Json = dict[str, Any]
ROLE = "idgov.entra.access_report"
# Names that would be markup, a template, a formula, or an item of a list, if anything took them for it.
EVE = "</td></script><script>alert(1)</script> {{ 7 * 6 }}"
MALLORY = "=1+1\n  - user: mallory {% raw %}"
MALLORY_SHOWN = r"=1+1\n  - user: mallory {% raw %}"


@pytest.fixture
def tenant(sim: Running) -> Running:
    """A tenant in which something is stuck, something has failed, something waits, and somebody has an evil name."""
    world = yaml.safe_load((ROOT / "tests" / "simulator" / "worlds" / "contoso.yml").read_text(encoding="utf-8"))
    world["users"] += [
        {"upn": "eve@contoso.com", "display_name": EVE},
        {"upn": "mallory@contoso.com", "display_name": MALLORY},
    ]
    world["assignments"] += [
        {"user": "eve@contoso.com", "package": "Training", "start": "-P3D"},
        {"user": "mallory@contoso.com", "package": "Training", "start": "-P3D", "state": "deliveryFailed"},
        {"user": "sam@fabrikam.com", "package": "Partner Portal", "start": "-P2D", "state": "partiallyDelivered"},
        {"user": "kim@contoso.com", "package": "Training", "start": "-P9D", "state": "delivering", "outcome": "limbo"},
    ]
    world["requests"] = [
        {"user": "mira@contoso.com", "package": "VPN Access", "policy": "Members"},
        {
            "user": "olga@contoso.com",
            "package": "Team Site",
            "state": "scheduled",
            "start": "+P20D",
            "type": "adminAdd",
        },
        {"user": "rosa@contoso.com", "package": "Training", "state": "deliveryFailed", "created": "-P3D"},
        {"user": "quinn@contoso.com", "package": "Training", "state": "deliveryFailed", "created": "-P30D"},
    ]
    sim.load(world)
    return sim


def report(sim: Running, directory: Path) -> Played:
    done = run_playbook("idgov.entra.report", directory, sim.environment, "-e", f"access_report_path={directory}/out")
    assert done.status == 0, done.output
    return done


def written(done: Played) -> list[str]:
    (task,) = (task for task in done.tasks if task.task.endswith("Write the report"))
    found: list[str] = task.result["written"]
    return found


class Page(HTMLParser):
    """The elements of a page, and the text of its cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [name for name, _dummy in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_report_and_the_same_report_again(tenant: Running, tmp_path: Path, playing: Play) -> None:
    first = report(tenant, tmp_path)
    assert written(first) == ["html", "csv", "json", "yaml"]
    out = tmp_path / "out"
    assert out.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    check_json(first, json.loads((out / "access_report.json").read_text(encoding="utf-8")))
    check_csv(out / "access_report.csv")
    check_html((out / "access_report.html").read_text(encoding="utf-8"))
    # Page and JSON say when they were made, which is no reason to write them again.
    made = {path.name: path.read_bytes() for path in out.iterdir()}
    (out / "access_report.html").chmod(0o644)
    again = report(tenant, tmp_path)
    assert written(again) == []
    assert {path.name: path.read_bytes() for path in out.iterdir()} == made
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    check_declaration(tenant, playing, out / "access_report.yaml")
    assert writes(tenant) == []


def test_todays_access_is_what_access_as_code_finds(tenant: Running, tmp_path: Path, playing: Play) -> None:
    """Foreseen and done, by names in YAML and from the table, nothing is sent."""
    out = tmp_path / "out"
    variables = {
        "access_report_path": str(out),
        "access_report_formats": ["yaml", "csv"],
        "access_report_declare_by": "name",
        "access_as_code_files": [str(out / "access_report.yaml")],
        "access_as_code_wait": False,
    }
    runs: list[tuple[str, Json]] = [
        (ROLE, {}),
        ("idgov.entra.access_as_code", {"access_as_code_plan_only": True}),
        ("idgov.entra.access_as_code", {}),
        ("idgov.entra.access_as_code", {"access_as_code_files": str(out / "access_report.csv")}),
    ]
    done = playing(
        [
            {"name": role, "ansible.builtin.include_role": {"name": role}, "vars": {**variables, **more}}
            for role, more in runs
        ]
    )
    assert done.status == 0, done.output
    assert "user: eve@contoso.com" in (out / "access_report.yaml").read_text(encoding="utf-8")
    named = ("Make it so", "Find out what would change")
    results = [task.result for task in done.tasks if task.task.endswith(named)]
    assert [(result["changed"], result["summary"]["unchanged"]) for result in results] == [(False, 8)] * 3
    assert writes(tenant) == []


def check_json(done: Played, found: Json) -> None:
    assert found["totals"] == {
        "assignments": 11,
        "people": 8,
        "access_packages": 11,
        "automatic": 3,
        "without_end": 4,
        "expiring": 2,
        "troubled": 4,
        "waiting": 2,
    }
    (stats,) = (task.result["ansible_stats"]["data"] for task in done.tasks if "ansible_stats" in task.result)
    assert stats["access_report_totals"] == found["totals"]
    assert sorted(stats["access_report_paths"]) == ["csv", "html", "json", "yaml"]
    assert {(row["person"], row["problem"]) for row in found["troubled"]} == {
        (MALLORY_SHOWN, "delivery failed"),
        ("sam@fabrikam.com", "delivered in part"),
        ("Kim Meyer", "stuck in delivery"),
        ("Rosa Alvarez", "request failed"),
    }
    assert {(row["person"], row["waits_for"]) for row in found["waiting"]} == {
        ("Mira Sol", "approval"),
        ("Olga Petrova", "start date"),
    }


def check_csv(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert text.count("\r\n") == 12
    rows = list(csv.DictReader(text.splitlines(keepends=True), strict=True))
    names = {row["principal_name"]: row["person"] for row in rows}
    assert (names["eve@contoso.com"], names["mallory@contoso.com"]) == (EVE, f"'{MALLORY_SHOWN}")


def check_html(text: str) -> None:
    page = Page(text)
    assert page.elements.count("script") == 1
    assert EVE in page.text.replace("\n", " ")
    assert MALLORY_SHOWN in page.text
    assert not [name for name in page.attributes if name in ("src", "style") or name.startswith("on")]
    assert re.search(r'"Content-Security-Policy" content="default-src \'none\'; script-src \'sha256-', text)


def check_declaration(sim: Running, playing: Play, path: Path) -> None:
    """What is there, declared as the exact set, changes nothing, and neither does it one by one."""
    declared = yaml.safe_load(path.read_text(encoding="utf-8"))["assignments"]
    assert len(declared) == 8
    automatic = id_of("policy", "Source Code Read/Automatic")
    assert automatic not in {item["policy"] for item in declared}
    assert {item["email"] for item in declared if "email" in item} == {"sam@fabrikam.com"}
    options = {"assignments": declared, "wait": False}
    tasks = [
        {"name": name, "idgov.entra.access_package_assignments": {**options, **more}}
        for name, more in {"listed": {}, "exact": {"exclusive": True}}.items()
    ]
    done = playing(tasks)
    assert [task.status for task in done.tasks] == ["ok", "ok"], done.output
    assert {outcome["action"] for task in done.tasks for outcome in task.result["outcomes"]} == {"none"}


def attempt(name: str, **variables: Any) -> Json:
    return {
        "name": name,
        "block": [{"name": f"{name}: run", "ansible.builtin.include_role": {"name": ROLE}, "vars": variables}],
        "rescue": [{"name": name, "ansible.builtin.debug": {"msg": "{{ ansible_failed_result }}"}}],
    }


def test_wrong_input_is_refused_by_name_and_check_mode_writes_nothing(
    sim: Running, tmp_path: Path, playing: Play
) -> None:
    out = str(tmp_path / "out")
    foreseen = {**attempt("check", access_report_path=out, access_report_catalog="Finance"), "check_mode": True}
    wrong: dict[str, Json] = {
        "access_report_path is required": {},
        "access_report_formats": {"access_report_path": out, "access_report_formats": ["pdf"]},
        "access_report_path: out is not an absolute path": {"access_report_path": "out"},
        "expiring_within: a duration must be in ISO 8601 format such as P90D": {
            "access_report_path": out,
            "access_report_access_packages": [],
            "access_report_expiring_within": "a month",
        },
    }
    refused = [attempt(name, **variables) for name, variables in wrong.items()]
    done = playing([*refused, foreseen])
    assert done.status == 0, done.output
    shown = {task.task: str(task.result["msg"]) for task in done.tasks if task.task in wrong}
    for name in wrong:
        words = name.split(" is required")[0]
        assert words in shown[name], shown
    said = done.tasks[-1].result["msg"]
    assert said[0].startswith("1 people hold 1 assignments of 2 access packages")
    assert not (tmp_path / "out").exists()
