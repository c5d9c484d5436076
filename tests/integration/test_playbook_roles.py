# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles through their playbooks, by the names that users type: foreseen, done, and done again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.simulator.running import Running
from tests.support.calls import sent, sign_ins, writes
from tests.support.engine import administrator, assign
from tests.support.paths import ROOT
from tests.support.playbook import Played, play, run_playbook

Json = dict[str, Any]
Run = Callable[..., Played]
WORLD = ROOT / "tests" / "simulator" / "worlds" / "contoso.yml"
PLAY_HEAD = "  gather_facts: false\n"
QUICKLY = f"{PLAY_HEAD}  module_defaults: {{idgov.entra.access_package_assignments: {{wait_interval: 1}}}}\n"
PEOPLE = """\
E-Mail;Stelle;Pakete;Eintritt;KST;Region;Name
kim@contoso.com;engineer;;;;;Kim
olga@contoso.com;;Payroll | Training;2030-12-01;4711;emea;Olga
rosa@contoso.com;engineer;;12.12.2026;;;Rosa
bo@contoso.com;;VPN {{ 6 * 7 }};;;;Bo
"""
ONBOARDING: Json = {
    "onboarding_people": [{"user": "ada@contoso.com", "profile": "engineer", "end_date_time": "2026-12-31"}],
    "onboarding_people_file": "people.csv",
    "onboarding_columns": {
        "user": "E-Mail",
        "profile": "Stelle",
        "access_packages": "Pakete",
        "start_date_time": "Eintritt",
        "answers.Cost centre": "KST",
        "answers.Region": "Region",
    },
    "onboarding_profiles": {
        "engineer": [
            "Engineering Laptop",
            {"access_package": "VPN Access", "policy": "Everybody", "schedule": {"duration": "P14D"}},
        ]
    },
    "onboarding_wait": False,
    "onboarding_audit_path": "audit.jsonl",
    "onboarding_report_path": "report.json",
}


@pytest.fixture
def running(sim: Running, tmp_path: Path) -> Run:
    """Run a playbook of the collection with variables, in a directory of its own."""

    def run(name: str, variables: Json, *arguments: str, quickly: bool = False, **env: str) -> Played:
        (tmp_path / "vars.json").write_text(json.dumps(variables), encoding="utf-8")
        playbook = quick_copy(name, tmp_path) if quickly else f"idgov.entra.{name}"
        sim.clear_calls()
        return run_playbook(playbook, tmp_path, {**sim.environment, **env}, "-e", "@vars.json", *arguments)

    return run


def quick_copy(name: str, directory: Path) -> str:
    """Copy a playbook for a run that waits: the simulated tenant delivers at once, and needs not be looked at slowly."""
    text = (ROOT / "playbooks" / f"{name}.yml").read_text(encoding="utf-8")
    assert text.count(PLAY_HEAD) == 1
    (directory / f"{name}.yml").write_text(text.replace(PLAY_HEAD, QUICKLY), encoding="utf-8")
    return f"{name}.yml"


def task(done: Played, name: str) -> Any:
    """Return the one task of that name in a role."""
    (found,) = (each for each in done.tasks if each.task.endswith(f": {name}"))
    return found


def lines(done: Played) -> list[str]:
    """Return the summary that a person reads."""
    found: list[str] = task(done, "Say what came of it").result["msg"]
    return found


def failure(done: Played) -> str:
    """Return the sentence with which the role failed at its end."""
    assert (done.status, done.tasks[-1].status) == (2, "failed"), done.output
    assert "Traceback" not in done.output
    return str(done.tasks[-1].result["msg"])


def test_onboarding(sim: Running, tmp_path: Path, running: Run) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    foreseen = running("onboard", ONBOARDING, "--check", "--diff")
    assert writes(sim) == []
    assert "VPN Access: kim@contoso.com" in foreseen.output
    assert not (tmp_path / "audit.jsonl").exists()
    assert not (tmp_path / "report.json").exists()

    done = running("onboard", ONBOARDING)
    assert len(writes(sim)) == 6
    assert sign_ins(sim) == 1
    assert [line.partition(" (")[0] for line in lines(done)] == [
        "ada@contoso.com: gets: Engineering Laptop",
        "kim@contoso.com: gets: Engineering Laptop",
        "olga@contoso.com: gets: Payroll",
        "bo@contoso.com: FAILED: no access package has the display name 'VPN {{ 6 * 7 }}'",
        "rosa@contoso.com: refused, people.csv, line 4: schedule.start_date_time: '12.12.2026' is not an ISO 8601 date or time; write it as"
        " 2026-12-31T17:00:00Z",
    ]
    assert failure(done) == failure(foreseen)
    assert "bo@contoso.com" in failure(done)
    assert "rosa@contoso.com was refused" in failure(done)

    (payroll,) = (body for body in sent(sim) if body.get("answers"))
    assert len(payroll["answers"]) == 2
    assert payroll["schedule"]["startDateTime"] == "2030-12-01T00:00:00Z"

    stats = task(done, "Hand counts and ids on to later jobs").result["ansible_stats"]["data"]["onboarding_result"]
    assert (stats["summary"]["added"], stats["summary"]["failed"], stats["summary"]["refused"]) == (6, 1, 1)
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8")) == stats
    audit = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {each["request_id"] for each in audit} == {each["request_id"] for each in stats["assignments"]}
    assert {each["role"] for each in audit} == {"idgov.entra.onboarding"}
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("audit.jsonl", "report.json")] == [0o600, 0o600]

    sim.advance(60)
    again = running("onboard", ONBOARDING)
    assert writes(sim) == []
    assert lines(again)[0] == "ada@contoso.com: unchanged: Engineering Laptop, VPN Access"
    assert len((tmp_path / "audit.jsonl").read_text(encoding="utf-8").splitlines()) == 6


@pytest.mark.parametrize("name", ["survey", "event"])
def test_one_joiner(sim: Running, running: Run, name: str) -> None:
    person: Json = {"user": "kim@contoso.com", "profile": "engineer", "end_date_time": ""}
    said: dict[str, Json] = {
        "survey": {f"joiner_{key}": value for key, value in person.items()},
        "event": {"ansible_eda": {"event": {"payload": {**person, "cost": 7}, "meta": {"endpoint": "hr"}}}},
    }
    variables = {**said[name], "onboarding_profiles": ONBOARDING["onboarding_profiles"], "onboarding_wait": False}
    done = running("joiner", variables)
    assert done.status == 0, done.output
    assert len(writes(sim)) == 2


def test_offboarding(sim: Running, tmp_path: Path, running: Run) -> None:
    world = yaml.safe_load(WORLD.read_text(encoding="utf-8"))
    partner = {"user": "sam@fabrikam.com", "package": "Partner Portal", "start": "-P9D"}
    sim.load({**world, "assignments": [*world["assignments"], partner]})
    vpn: Json = {"access_package": "VPN Access", "policy": "Everybody", "user": "kim@contoso.com", "wait": False}
    assign(sim, **vpn, schedule={"start_date_time": "2030-01-01"})
    people = ["lee@contoso.com", "ada@contoso.com", "sam@fabrikam.com", "kim@contoso.com", "nix@contoso.com"]
    variables: Json = {
        "offboarding_users": people,
        "offboarding_keep": ["Payroll"],
        "offboarding_audit_path": "a.jsonl",
    }

    stopped = running("offboard", {**variables, "offboarding_max_people": 4}, "--check")
    assert "names 5 people, and offboarding_max_people allows 4" in failure(stopped)
    assert sim.calls() == []

    foreseen = running("offboard", variables, "--check")
    assert writes(sim) == []
    done = running("offboard", variables, quickly=True)
    assert [body["requestType"] for body in sent(sim) if body] == ["adminRemove"] * 4
    assert sign_ins(sim) == 1
    # Only Graph can tell whether it lets an application cancel.
    assert "kim@contoso.com: request taken back: VPN Access" in lines(foreseen)
    assert {*lines(done)} ^ {*lines(foreseen)} == {line for line in (*lines(done), *lines(foreseen)) if "kim" in line}
    found = {line.partition(":")[0]: line for line in lines(done)}
    assert "Payroll" not in next(line for line in lines(done) if "loses" in line)
    assert "lee@contoso.com: keeps: Payroll" in lines(done)
    assert "governed by the rule of the automatic policy" in found["ada@contoso.com"]
    assert found["sam@fabrikam.com"] == "sam@fabrikam.com: loses: Partner Portal"
    assert "Graph does not allow this caller to cancel it" in found["kim@contoso.com"]
    assert "no user of the directory and nobody" in found["nix@contoso.com"]
    assert all(name in failure(done) for name in ("ada@contoso.com", "kim@contoso.com", "nix@contoso.com"))
    assert len((tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()) == 4

    variables["offboarding_users"] = ["lee@contoso.com", "sam@fabrikam.com", "kim@contoso.com"]
    again = running("offboard", variables, quickly=True, IDGOV_ACCESS_TOKEN=administrator(sim))
    assert again.status == 0, again.output
    (cancel,) = writes(sim)
    assert cancel["path"].endswith("/cancel")
    assert lines(again) == ["kim@contoso.com: request taken back: VPN Access", "lee@contoso.com: keeps: Payroll"]


def test_offboarding_with_a_role_on_one_catalog(sim: Running, running: Run) -> None:
    role = {"catalog": "Finance", "role": "Access package assignment manager"}
    scoped = sim.token(permissions=["User.ReadBasic.All"], roles=[role])
    finance: Json = {"offboarding_users": ["lee@contoso.com"], "offboarding_access_packages": ["Payroll"]}
    done = running("offboard", finance, "--check", IDGOV_ACCESS_TOKEN=scoped)
    assert (done.status, lines(done)) == (0, ["lee@contoso.com: loses: Payroll"]), done.output


def test_access_as_code(sim: Running, tmp_path: Path, running: Run) -> None:
    folder = tmp_path / "access"
    folder.mkdir()
    vpn = {"access_package": "VPN Access", "policy": "Everybody"}
    declared: Json = {"assignments": [{**vpn, "user": "kim@contoso.com"}, {**vpn, "user": "ada@contoso.com"}]}
    (folder / "vpn.yml").write_text(yaml.safe_dump(declared), encoding="utf-8")
    (folder / "payroll.yml").write_text(yaml.safe_dump({"access_packages": ["Payroll"]}), encoding="utf-8")
    variables: Json = {"access_as_code_files": ["access/*.yml"], "access_as_code_audit_path": "a.jsonl"}

    stopped = running("converge", variables, "--check")
    assert "'Payroll' away from its last holder" in failure(stopped)
    assert failure(stopped).endswith("if it is right, set access_as_code_allow_empty to true.")
    variables["access_as_code_allow_empty"] = True
    over = running("converge", {**variables, "access_as_code_max_removals": 1, "access_as_code_max_additions": "0"})
    assert re.search(
        r"take away 2 assignments, and the limit is 1: .* make 2 assignments, and the limit is 0: ", failure(over)
    )
    assert failure(over).endswith("raise access_as_code_max_removals and raise access_as_code_max_additions.")
    assert writes(sim) == []
    assert not (tmp_path / "a.jsonl").exists()
    drift = running("converge", variables, "--check", "--diff")
    assert (drift.status, writes(sim)) == (0, []), drift.output
    assert "--- before: Payroll: lee@contoso.com" in drift.output
    done = running("converge", variables, quickly=True)
    assert [body["requestType"] for body in sent(sim)] == ["adminAdd", "adminAdd", "adminRemove", "adminRemove"]
    assert lines(drift) == ["Planned, nothing was sent:", *lines(done)]
    assert len((tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()) == 4
    again = running("converge", variables, "--check", "--diff")
    assert (again.status, writes(sim)) == (0, [])
    assert not any(each.status == "changed" for each in again.tasks)

    # Under another policy nobody is declared, and whoever holds it keeps it unless the whole package is meant.
    (folder / "vpn.yml").write_text(
        yaml.safe_dump({"assignments": [{**vpn, "policy": "Members", "user": "mira@contoso.com"}]}), encoding="utf-8"
    )
    assert lines(running("converge", variables, "--check"))[1:] == ["mira@contoso.com: gets: VPN Access"]
    whole = lines(running("converge", {**variables, "access_as_code_exclusive_scope": "package"}, "--check"))
    only_given = {**variables, "access_as_code_exclusive_scope": "package", "access_as_code_exclusive": False}
    assert lines(running("converge", only_given, "--check"))[1:] == ["mira@contoso.com: gets: VPN Access"]
    assert sorted(whole[2:]) == ["ada@contoso.com: loses: VPN Access", "kim@contoso.com: loses: VPN Access"]

    (folder / "vpn.yml").write_text(yaml.safe_dump({"assignments": [vpn]}), encoding="utf-8")
    wrong = running("converge", variables)
    assert (wrong.status, sim.calls()) == (2, [])
    assert failure(wrong).startswith(
        "access/vpn.yml, line 2: assignments[0]: user: one of the following is required: user"
    )


def test_a_package_that_hangs_holds_a_role_no_longer_than_it_is_told(frozen: Running, running: Run) -> None:
    leaver: Json = {"offboarding_users": ["lee@contoso.com"], "offboarding_access_packages": ["Payroll"]}
    stuck = running("offboard", {**leaver, "offboarding_wait_timeout": 1, "offboarding_wait_interval": 1})
    assert "wait_timeout has elapsed" in failure(stuck)
    assert [body["requestType"] for body in sent(frozen)] == ["adminRemove"]
    left = running("offboard", {**leaver, "offboarding_wait": False})
    assert (left.status, writes(frozen)) == (0, []), left.output


@pytest.mark.parametrize(
    ("name", "variables", "fault"),
    [
        ("onboard", {"onboarding_profiles": "x"}, "onboarding_profiles"),
        ("offboard", {"offboarding_max_people": "many"}, "offboarding_users"),
        ("converge", {"access_as_code_exclusive": "perhaps"}, "access_as_code_exclusive"),
    ],
)
def test_a_wrong_variable_is_refused_by_its_name(
    sim: Running, running: Run, name: str, variables: Json, fault: str
) -> None:
    done = running(name, variables)
    assert fault in failure(done)
    assert sim.calls() == []


VPN_FILE = """\
assignments:
  - access_package: VPN Access
    policy: Everybody
    user: lee@contoso.com
"""
SOMEBODY_TWICE = """\
assignments:
  - {access_package: VPN Access, catalog: General, policy: Everybody, user: Lee@Contoso.com}
"""
HOSTILE = "{{ lookup('pipe', 'touch rendered') }}"
MESSY = {
    "a.yml": VPN_FILE,
    "twice.yml": f"{VPN_FILE}assignments: []\n",
    "folder/b.yml/c.yml": VPN_FILE,
    "team/x/lee.yml": SOMEBODY_TWICE,
    "mail.yml": VPN_FILE.replace("lee@", "juergen@"),
    "upn.yml": VPN_FILE.replace("lee@", "jürgen@"),
    "export.csv": "<html>Sign in</html>\n",
    "people.yml": "- user: kim@contoso.com\n  profile: a\n  user: lee@contoso.com\n",
    "typo.yml": "- {user: kim@contoso.com, profil: a}\n",
    "hostile.yml": f'"{HOSTILE}": []\n',
    "hostile.csv": f"user,{HOSTILE.replace(',', '~')}\n",
    "people-hostile.yml": f'- {{user: "{HOSTILE}", profile: a}}\n',
}
REFUSED: list[tuple[str, Json, str]] = [
    (
        "access_as_code",
        {"access_as_code_files": "twice.yml"},
        "twice.yml, line 5: the key 'assignments' occurs twice, first in line 1",
    ),
    ("access_as_code", {"access_as_code_files": ["link/*.yml"]}, "link/b.yml: it is a broken symbolic link"),
    (
        "access_as_code",
        {"access_as_code_files": ["folder/*.yml"]},
        "folder/b.yml: it is a directory, and folder/*.yml matches it",
    ),
    (
        "access_as_code",
        {"access_as_code_files": ["a.yml", "team/**/*.yml"]},
        "team/x/lee.yml, line 2: assignments[0]: Lee@Contoso.com and the access package 'VPN Access' are also"
        " in a.yml, line 2: assignments[0]; remove one of them",
    ),
    # By two names, which only the directory can tell.
    (
        "access_as_code",
        {"access_as_code_files": ["upn.yml", "mail.yml"]},
        "mail.yml, line 2: assignments[0]: juergen@contoso.com and the access package 'VPN Access' are in"
        " upn.yml, line 2: assignments[0] already; remove one of them.",
    ),
    (
        "onboarding",
        {"onboarding_peple": [{"user": "kim@contoso.com"}]},
        "one of the following is required: onboarding_people, onboarding_people_file",
    ),
    ("offboarding", {"offboarding_users": []}, "offboarding_users is required"),
    (
        "onboarding",
        {"onboarding_people_file": "export.csv"},
        "export.csv: unknown columns <html>Sign in</html>; select columns with onboarding_columns, or name them user,"
        " email, profile, access_packages, start_date_time, end_date_time, answers, justification or answers.QUESTION",
    ),
    ("onboarding", {"onboarding_people_file": "gone.csv"}, "gone.csv: no such file"),
    (
        "onboarding",
        {"onboarding_people_file": "people.yml"},
        "people.yml, line 3: the key 'user' occurs twice, first in line 1",
    ),
    (
        "onboarding",
        {"onboarding_people_file": "typo.yml"},
        "kim@contoso.com was refused: typo.yml, line 1: unknown key profil; supported are user, email, profile, access_packages,"
        " start_date_time, end_date_time, answers, justification.",
    ),
    # What files say is shown and never rendered.
    (
        "access_as_code",
        {"access_as_code_files": "hostile.yml"},
        f"hostile.yml, line 1: unknown key {HOSTILE!r}; supported are assignments, access_packages",
    ),
    (
        "onboarding",
        {"onboarding_people_file": "hostile.csv"},
        f"hostile.csv: unknown columns {HOSTILE.replace(',', '~')}; select columns with onboarding_columns, or name"
        " them user, email, profile, access_packages, start_date_time, end_date_time, answers, justification or"
        " answers.QUESTION",
    ),
    (
        "onboarding",
        {"onboarding_people_file": "people-hostile.yml"},
        f"{HOSTILE} was refused: people-hostile.yml, line 1: there is no profile 'a'; the profiles are none.",
    ),
    (
        "onboarding",
        {"onboarding_people": "kim@contoso.com"},
        "onboarding_people[0] was refused: 'kim@contoso.com' is not a dictionary.",
    ),
]


@pytest.mark.parametrize("roles", [("access_as_code", "offboarding"), ("onboarding",)], ids="+".join)
def test_what_is_not_whole_or_not_plain_is_refused_in_one_sentence(
    sim: Running, tmp_path: Path, roles: tuple[str, ...]
) -> None:
    cases = [case for case in REFUSED if case[0] in roles]
    for name, text in MESSY.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / "a.yml").write_text(VPN_FILE, encoding="utf-8")
    (tmp_path / "link" / "b.yml").symlink_to("gone.yml")
    tasks = [
        {
            "block": [{"ansible.builtin.include_role": {"name": f"idgov.entra.{role}"}, "vars": variables}],
            "rescue": [{"ansible.builtin.meta": "noop"}],
        }
        for role, variables, _sentence in cases
    ]
    done = play(tasks, tmp_path, sim.environment, vars={"access_as_code_max_removals": "100%"})
    # The sentence alone, and not what Ansible says of plugins around it.
    failed = [str(each.result["msg"]) for each in done.tasks if each.status == "failed"]
    assert [each for each in failed if "idgov" in each] == []
    assert failed == [sentence for _role, _variables, sentence in cases], done.output
    assert writes(sim) == []
    assert not (tmp_path / "rendered").exists()


def test_a_text_is_a_list_of_one_and_a_table_of_nobody_is_nobody(sim: Running, tmp_path: Path) -> None:
    (tmp_path / "nobody.csv").write_text("user,profile\n", encoding="utf-8")
    leaver = {"offboarding_users": "lee@contoso.com", "offboarding_keep": "Payroll", "offboarding_max_people": 1}
    report = {"access_report_formats": "csv", "access_report_path": str(tmp_path / "report")}
    roles: list[tuple[str, Json]] = [
        ("onboarding", {"onboarding_people_file": "nobody.csv"}),
        ("offboarding", {**leaver, "offboarding_access_packages": "VPN Access"}),
        ("offboarding", {**leaver, "offboarding_access_packages": "Payroll"}),
        ("access_report", {**report, "access_report_access_packages": "Payroll"}),
        ("offboarding", {"offboarding_users": "lee@contoso.com,kim@contoso.com"}),
    ]
    tasks = [
        {"ansible.builtin.include_role": {"name": f"idgov.entra.{name}"}, "vars": variables}
        for name, variables in roles
    ]
    done = play(tasks, tmp_path, sim.environment, "--check")
    said = [each.result["msg"] for each in done.tasks if each.task.endswith(": Say what came of it")]
    assert said[:3] == [
        ["Nothing to change"],
        ["lee@contoso.com: loses: VPN Access"],
        ["lee@contoso.com: keeps: Payroll"],
    ]
    # A comma is part of a text: nobody is called so.
    assert failure(done).startswith("lee@contoso.com,kim@contoso.com was refused: ")
    (written,) = (each for each in done.tasks if "written" in each.result)
    assert written.result["written"] == ["csv"]
    assert writes(sim) == []
