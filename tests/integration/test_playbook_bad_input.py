# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input: one playbook holds every row; each gives one sentence that names what to change, and nothing is sent."""

from __future__ import annotations

from typing import Any

from tests.integration.conftest import Play
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import writes
from tests.support.playbook import MODULE, SHIPPED, faults_of

Json = dict[str, Any]
NOBODY = "00000000-0000-4000-8000-000000000000"
ADA = {"access_package": "Engineering Laptop", "user": "ada@contoso.com"}
PAYROLL = {"access_package": "Payroll", "user": "mira@contoso.com"}
GUEST = "pat_fabrikam.com#EXT#@contoso.onmicrosoft.com"
COST = {"question": "Cost centre", "value": "1234"}
REGION = {"question": "Region", "value": "emea"}


def scheduled(**schedule: Any) -> Json:
    return {**ADA, "schedule": schedule}


def answered(*answers: Json) -> Json:
    return {**PAYROLL, "answers": list(answers)}


# name -> options, words that the sentence must hold
ROWS: dict[str, tuple[Json, tuple[str, ...]]] = {
    "unknown package": ({**ADA, "access_package": "Nope"}, ("'Nope'", "access_package")),
    "unknown package id": ({**ADA, "access_package": NOBODY}, (NOBODY, "access package")),
    "package in another catalog": ({**ADA, "catalog": "Finance"}, ("'Finance'", "catalog")),
    "unknown catalog": ({**ADA, "catalog": "Nowhere"}, ("'Nowhere'",)),
    "ambiguous package": (
        {**ADA, "access_package": "Shared Name"},
        (id_of("package", "General/Shared Name"), "catalog"),
    ),
    "package in the wrong case": ({**ADA, "access_package": " Engineering Laptop"}, ("access_package", "whitespace")),
    "empty package": ({**ADA, "access_package": ""}, ("access_package",)),
    "no package": ({"user": "ada@contoso.com"}, ("access_package", "assignment_id")),
    "unknown policy": ({**ADA, "policy": "Nope"}, ("'Nope'", "Direct assignment")),
    "policy of another package": ({**ADA, "policy": "Payroll staff"}, ("Payroll staff", "Direct assignment")),
    "policy id of another package": (
        {**ADA, "policy": id_of("policy", "Payroll/Payroll staff")},
        (id_of("policy", "Payroll/Payroll staff"), "Direct assignment"),
    ),
    "policy closed to a guest": (
        {"access_package": "VPN Access", "policy": "Members", "user": GUEST},
        ("allMemberUsers",),
    ),
    "no policy for an outsider": (
        {**ADA, "user": None, "email": "x@fabrikam.com"},
        ("allMemberUsers", "external users"),
    ),
    "automatic policy": (
        {"access_package": "Source Code Read", "policy": "Automatic", "user": "mira@contoso.com"},
        ("automatic assignment policy",),
    ),
    "several policies": ({**ADA, "access_package": "VPN Access"}, ("Members", "Everybody", "policy")),
    "unknown user": ({**ADA, "user": "nobody@contoso.com"}, ("nobody@contoso.com", "email")),
    "a display name instead of a user": ({**ADA, "user": "Kim Meyer"}, ("'Kim Meyer'", "display name")),
    "user with a quote": ({**ADA, "user": "o'nobody@contoso.com"}, ("o'nobody@contoso.com",)),
    "user with #EXT#": ({**ADA, "user": "x_y.com#EXT#@contoso.onmicrosoft.com"}, ("#EXT#",)),
    "user with umlauts": ({**ADA, "user": "jürgen@fabrikam.com"}, ("jürgen@fabrikam.com",)),
    "user that looks like a filter": ({**ADA, "user": "' or displayName ne '"}, ("no user",)),
    "package that looks like a filter": ({**ADA, "access_package": "') or ('a' eq 'a"}, ("no access package",)),
    "almost a GUID, too short": ({**ADA, "user": NOBODY[:-1]}, (NOBODY[:-1],)),
    "almost a GUID, braces": ({**ADA, "user": "{" + NOBODY + "}"}, (NOBODY,)),
    "almost a GUID, a wrong digit": ({**ADA, "access_package": NOBODY[:-1] + "g"}, (NOBODY[:-1] + "g",)),
    "user and email": ({**ADA, "email": "ada@contoso.com"}, ("email", "user")),
    "neither user nor email": ({"access_package": "Payroll"}, ("user", "email")),
    "e-mail without @": ({**ADA, "user": None, "email": "ada.contoso.com"}, ("email", "'ada.contoso.com'")),
    "e-mail with nothing before @": ({**ADA, "user": None, "email": "@contoso.com"}, ("email",)),
    "unknown assignment": ({"assignment_id": NOBODY}, (NOBODY, "assignment")),
    "assignment that is no id": ({"assignment_id": "Payroll"}, ("assignment_id", "'Payroll'")),
    "assignment and user": ({"assignment_id": NOBODY, "user": "ada@contoso.com"}, ("assignment_id", "user")),
    "expired assignment": (
        {"assignment_id": id_of("assignment", "lee@contoso.com/Payroll#2")},
        ("expired", id_of("assignment", "lee@contoso.com/Payroll#2")),
    ),
    "a date that is none": (scheduled(end_date_time="tomorrow"), ("end_date_time", "'tomorrow'")),
    "a day that is none": (scheduled(end_date_time="2027-02-30"), ("end_date_time", "2027-02-30")),
    "a date of another land": (scheduled(start_date_time="31.12.2027"), ("start_date_time", "31.12.2027")),
    "a number as a date": (scheduled(end_date_time=20271231), ("end_date_time", "20271231")),
    "end before start": (
        scheduled(start_date_time="2027-02-01", end_date_time="2027-01-01"),
        ("end_date_time", "start_date_time"),
    ),
    "end at start": (scheduled(start_date_time="2027-02-01", end_date_time="2027-02-01"), ("start_date_time",)),
    "a duration of nothing": (scheduled(duration="P0D"), ("duration", "'P0D'")),
    "a duration in words": (scheduled(duration="30 days"), ("duration", "P90D")),
    "a duration in years": (scheduled(duration="P1Y"), ("duration", "years")),
    "a duration without end": (scheduled(duration="P99999999D"), ("duration",)),
    "two ends": (scheduled(duration="P30D", end_date_time="2027-01-01"), ("duration", "end_date_time")),
    "an end and no end": (scheduled(no_expiration=True, end_date_time="2027-01-01"), ("no_expiration",)),
    "an end beyond the policy": (scheduled(end_date_time="2039-01-01"), ("P365D",)),
    "no end against the policy": (scheduled(no_expiration=True), ("P365D",)),
    "an unknown member of schedule": (scheduled(end="2027-01-01"), ("end",)),
    "unknown question": (answered(COST, REGION, {"question": "Shoe size", "value": "43"}), ("'Shoe size'", "Region")),
    "unknown question id": (answered({"question_id": NOBODY, "value": "1"}, REGION), (NOBODY,)),
    "unanswered required question": (answered(COST), ("'Region'", "emea")),
    "no answers at all": (PAYROLL, ("'Cost centre'", "answers")),
    "wrong choice": (answered(COST, {"question": "Region", "value": "mars"}), ("'mars'", "emea")),
    "a number as a schedule": ({**ADA, "schedule": 7}, ("schedule: this is not a dictionary",)),
    "nothing as an answer": ({**PAYROLL, "answers": [None]}, ("answers[0]: this is not a dictionary",)),
    "several choices": (answered(COST, {"question": "Region", "value": ["emea", "amer"]}), ("'Region'", "several")),
    "pattern not met": (answered({"question": "Cost centre", "value": "12"}, REGION), ("[0-9]{4}", "'12'")),
    "unquoted number": (answered({"question": "Cost centre", "value": 1234}, REGION), ("quote it", "1234")),
    "unquoted boolean": (answered({"question": "Cost centre", "value": True}, REGION), ("quote it", "True")),
    "answer to nothing": (answered({"value": "1"}), ("question",)),
    "answered twice": (answered(COST, COST, REGION), ("more than once",)),
    "answer that may not change": (
        {**PAYROLL, "user": "lee@contoso.com", "answers": [{"question": "Badge number", "value": "1"}]},
        ("Badge number",),
    ),
    "an option of the bulk module": ({**ADA, "exclusive": True}, ("exclusive",)),
    "a misspelt option": ({**ADA, "acess_package": "x"}, ("acess_package",)),
    "a state that is none": ({**ADA, "state": "enabled"}, ("state", "absent")),
    "self and a user": ({**ADA, "request_as": "self"}, ("user", "signed-in user")),
    "self of an application": (
        {"access_package": "Payroll", "request_as": "self"},
        ("request_as", "delegated", "access_token"),
    ),
    "manager of an application": (
        {**ADA, "request_as": "manager", "policy": "Direct assignment"},
        ("request_as", "delegated"),
    ),
    "manager without a policy": ({**ADA, "request_as": "manager"}, ("policy", "id")),
    "manager without a report": (
        {"access_package": "Payroll", "request_as": "manager", "policy": "Payroll staff"},
        ("user", "direct report"),
    ),
    "manager takes away": (
        {**ADA, "request_as": "manager", "policy": "Direct assignment", "state": "absent"},
        ("state", "admin"),
    ),
    "self and an outsider": (
        {"access_package": "Payroll", "request_as": "self", "email": "x@fabrikam.com"},
        ("email", "administrators"),
    ),
    "self skips the approval": (
        {"access_package": "Payroll", "request_as": "self", "bypass_approval": True},
        ("bypass_approval", "administrators"),
    ),
    "self replaces": (
        {"access_package": "Payroll", "request_as": "self", "on_policy_mismatch": "replace"},
        ("on_policy_mismatch", "keep"),
    ),
    "somebody else's name": ({"access_package": "Payroll", "request_as": "somebody"}, ("request_as", "manager")),
    "a version that is none": ({**ADA, "api_version": "v2.0"}, ("api_version", "v1.0", "beta")),
    "no end against the policy, in beta": (
        {**scheduled(no_expiration=True), "api_version": "beta"},
        ("P365D",),
    ),
    "unanswered required question, in beta": (
        {**answered(COST), "api_version": "beta"},
        ("'Region'", "emea"),
    ),
    "no time to wait": ({**ADA, "wait_timeout": 0}, ("wait_timeout", "wait: false")),
    "no pause": ({**ADA, "wait_interval": 0}, ("wait_interval",)),
    "retries below nothing": ({**ADA, "retries": -1}, ("retries",)),
    "a reason in a cloud that takes none": (
        {**ADA, "justification": "x", "cloud_environment": "usgovernment"},
        ("justification", "AzureUSGovernment", "omit it"),
    ),
    "a reason in another such cloud": (
        {**ADA, "justification": "x", "cloud_environment": "AzureChinaCloud"},
        ("justification", "AzureChinaCloud"),
    ),
    "a retired cloud": (
        {**ADA, "cloud_environment": "AzureGermanCloud"},
        ("cloud_environment", "AzureUSGovernmentDoD"),
    ),
    "an unknown cloud": ({**ADA, "cloud_environment": "mars"}, ("cloud_environment", "AzureChinaCloud")),
    "no TLS": ({**ADA, "graph_url": "http://graph.microsoft.com"}, ("graph_url", "https")),
    "graph_url with a version": ({**ADA, "graph_url": "https://graph.microsoft.com/v1.0"}, ("graph_url", "path")),
    "a tenant that is none": (
        {**ADA, "tenant_id": "common", "client_secret": "x", "client_id": "y"},
        ("tenant_id", "'common'"),
    ),
    "a wrong secret": ({**ADA, "client_secret": "canary"}, ("AADSTS7000215", "value of the secret")),
    "an unknown application": ({**ADA, "client_id": NOBODY, "client_secret": "x"}, ("AADSTS700016", "client_id")),
}
# name -> what the token lacks, words
TOKENS: dict[str, tuple[Json, tuple[str, ...]]] = {
    "401": ({"audience": "https://graph.elsewhere.example"}, ("401", "expired")),
    "expired token": ({"seconds": -60}, ("401", "expired")),
    "403 without permission": ({"permissions": ["User.ReadBasic.All"]}, ("403", "EntitlementManagement")),
    "403 without directory permission": (
        {"permissions": ["EntitlementManagement.ReadWrite.All"]},
        ("403", "User.ReadBasic.All"),
    ),
    "403 to write": (
        {"permissions": ["EntitlementManagement.Read.All", "User.ReadBasic.All"]},
        ("403", "EntitlementManagement.ReadWrite.All"),
    ),
    "403 of a delegated caller without a role": (
        {
            "kind": "delegated",
            "user": "bo@contoso.com",
            "permissions": ["EntitlementManagement.ReadWrite.All", "User.ReadBasic.All"],
        },
        ("403", "role"),
    ),
}


# What YAML and the way to a shipped module may make of a value before anybody has checked it.
SCALARS = (
    "a date that is none",
    "a day that is none",
    "a number as a date",
    "a duration of nothing",
    "unquoted number",
    "unquoted boolean",
    "several choices",
    "empty package",
)


def test_every_row_says_what_to_change_and_sends_nothing(sim: Running, playing: Play) -> None:
    tokens = {name: sim.token(**claims) for name, (claims, _dummy) in TOKENS.items()}
    tasks = [task(name, options) for name, (options, _dummy) in ROWS.items()]
    tasks += [task(name, {**ADA, "access_token": token}) for name, token in tokens.items()]
    done = playing(tasks)
    words = {name: row[1] for name, row in (ROWS | TOKENS).items()}
    assert [row.task for row in done.tasks] == list(words)
    faults = [fault for row in done.tasks for fault in faults_of(row, words[row.task])]
    assert not faults, "\n".join(faults)
    assert "Traceback" not in done.output
    accepted = [call for call in writes(sim) if call["status"] < 300]
    assert accepted == []
    assert {call["status"] for call in writes(sim)} <= {403}


def test_a_shipped_module_says_the_same_of_what_yaml_makes_of_values(sim: Running, playing: Play) -> None:
    tasks = [task(name, ROWS[name][0]) for name in SCALARS]
    done = playing([*tasks, *({**each, **SHIPPED} for each in tasks)]).tasks
    here, there = done[: len(tasks)], done[len(tasks) :]
    assert [row.result["msg"] for row in here] == [row.result["msg"] for row in there]
    assert {row.status for row in there} == {"failed"}
    assert writes(sim) == []


def task(name: str, options: Json) -> Json:
    return {"name": name, MODULE: {"retries": 0, **options}, "ignore_errors": True}


def test_the_licence_is_missing(sim: Running, playing: Play) -> None:
    sim.switches(licence="absent")
    done = playing([task("no licence", ADA)])
    assert faults_of(done.only, ("NoLicense", "P2")) == []
    assert writes(sim) == []
