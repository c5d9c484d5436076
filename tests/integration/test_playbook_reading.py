# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading in real playbooks: both hosts alike, and the lookup wherever expressions stand."""

from __future__ import annotations

from typing import Any

from tests.integration.conftest import Play
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import sign_ins, writes
from tests.support.playbook import SHIPPED, Done

Json = dict[str, Any]
INFO = "idgov.entra.access_package_assignment_info"
REQUESTS = "idgov.entra.access_package_assignment_request_info"
PACKAGES = "idgov.entra.access_package_info"
LOOKUP = "idgov.entra.access_package_assignments"
# Arguments of the lookup, as expressions.
LEE_MAIL, DELIVERED, LOWERED = "'lee@contoso.com'", "states=['delivered']", "people | map('lower')"
PAYROLL, PORTAL = "access_package='Payroll'", "access_package='Partner Portal'"
LEE = id_of("user", "lee@contoso.com")
# name -> module, options
CASES: dict[str, tuple[str, Json]] = {
    "assignments": (INFO, {}),
    "assignments of two people": (INFO, {"user": ["lee@contoso.com", "ada@contoso.com"], "current": True}),
    "a single text as a list": (INFO, {"user": LEE, "states": "delivered", "access_package": "Payroll,VPN Access"}),
    "nobody": (INFO, {"user": []}),
    "what ends soon": (INFO, {"catalog": "General", "expiring_within": "P30D"}),
    "requests": (REQUESTS, {"created_after": "2020-01-01"}),
    "packages": (PACKAGES, {"access_package": "Payroll"}),
    "unknown person": (INFO, {"user": "nobody@contoso.com"}),
    "a state that is none": (INFO, {"states": "there"}),
    "a span that is none": (INFO, {"expiring_within": "a month"}),
    "a date that is none": (REQUESTS, {"created_after": "soon"}),
    "an application's own": (REQUESTS, {"mine": True}),
    "unknown catalog": (PACKAGES, {"catalog": "Nowhere"}),
    "unknown option": (PACKAGES, {"package": "Payroll"}),
}
FAILING = 7


def own(done: Done) -> Json:
    left_out = ("invocation", "exception", "error")
    return {k: v for k, v in done.result.items() if not k.startswith("_ansible") and k not in left_out}


def test_both_hosts_give_the_same_results(sim: Running, playing: Play) -> None:
    tasks = [
        {"name": name, module: options, "ignore_errors": True, **keywords}
        for name, (module, options) in CASES.items()
        for keywords in ({}, SHIPPED)
    ]
    done = playing(tasks, "--check", "--diff").tasks
    assert len(done) == 2 * len(CASES)
    for here, there in zip(done[::2], done[1::2], strict=True):
        assert own(here) == own(there), here.task
        assert (here.status, there.status) in (("ok", "ok"), ("failed", "failed"))
    assert [task.status for task in done[::2]] == ["ok"] * (len(CASES) - FAILING) + ["failed"] * FAILING
    assert [len(task.result["assignments"]) for task in done[:10:2]] == [9, 5, 2, 0, 1]
    assert writes(sim) == []


def q(*arguments: str) -> str:
    return f"q('{LOOKUP}', {', '.join(arguments)})"


def shows(name: str, expression: str, **keywords: Any) -> Json:
    return {"name": name, "ansible.builtin.debug": {"msg": f"{{{{ {expression} }}}}"}, **keywords}


def test_the_lookup_stands_wherever_expressions_stand(sim: Running, playing: Play) -> None:
    who = "map(attribute='target.principal_name') | unique"
    ada = id_of("user", "ada@contoso.com")
    tasks = [
        shows("q", f"{q(LEE_MAIL, DELIVERED)} | {who}"),
        shows("wantlist", f"lookup('{LOOKUP}', 'ada@contoso.com', wantlist=true) | length"),
        shows("lookup", f"lookup('{LOOKUP}', 'ada@contoso.com').state"),
        shows("several terms", f"{q(LEE_MAIL, repr(ada))} | {who}"),
        shows("a list and a filter", f"{q(LOWERED)} | {who}"),
        shows("an empty list", q("nobody")),
        shows("everybody", f"{q('current=true')} | {who}"),
        shows("loop", "item.access_package.display_name", loop=f"{{{{ {q(repr(LEE), 'current=true')} }}}}"),
        shows("when", "'yes'", when=f"{q(repr(LEE), PAYROLL)} | length == 2"),
        shows("when not", "'yes'", when=f"{q(repr(LEE), PORTAL)} | length > 0"),
        {**shows("with", "item.state"), f"with_{LOOKUP}": ["ada@contoso.com"]},
    ]
    done = playing(tasks, vars={"people": ["LEE@contoso.com", "ada@contoso.com"], "nobody": []})
    assert done.status == 0, done.output
    shown = {task.task: task for task in done.tasks}
    assert shown["q"].result["msg"] == ["lee@contoso.com"]
    assert (str(shown["wantlist"].result["msg"]), shown["lookup"].result["msg"]) == ("1", "delivered")
    both = ["lee@contoso.com", "ada@contoso.com"]
    assert (
        sorted(shown["several terms"].result["msg"])
        == sorted(shown["a list and a filter"].result["msg"])
        == sorted(both)
    )
    assert shown["an empty list"].result["msg"] == []
    assert len(shown["everybody"].result["msg"]) == 5
    looped = [item["msg"] for item in shown["loop"].result["results"]]
    assert looped == ["Engineering Laptop", "Payroll", "Source Code Read", "VPN Access"]
    assert (shown["when"].status, shown["when not"].status) == ("ok", "skipped")
    assert [item["msg"] for item in shown["with"].result["results"]] == ["delivered"]
    # Every call signs in once; the empty list needs none. A loop's expression is one call.
    assert sign_ins(sim) == len(tasks) - 1


def test_the_lookup_signs_in_from_options_variables_and_environment(sim: Running, playing: Play) -> None:
    credential = {name: sim.environment[name] for name in ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET")}
    tenant, client, secret = credential.values()
    names = {"idgov_entra_tenant_id": tenant, "idgov_entra_client_id": "{{ the_client }}"}
    direct = f"tenant='{tenant}', client_id='{client}', secret=the_secret"
    count = f"{q(repr(LEE))} | length"
    tasks = [
        shows("variables", count, vars={**names, "idgov_entra_client_secret": "{{ the_secret }}"}),
        shows("token", count, vars={"idgov_entra_access_token": "{{ the_token }}"}),
        shows("options", f"{q(repr(LEE), direct)} | length"),
        shows(
            "options before variables",
            f"{q(repr(LEE), direct)} | length",
            vars={**names, "idgov_entra_client_secret": "wrong"},
        ),
        shows("environment", count, environment=credential, ignore_errors=True),
    ]
    variables = {"the_client": client, "the_secret": secret, "the_token": sim.token()}
    done = playing(tasks, "-vvvv", env=dict.fromkeys(credential, ""), vars=variables)
    assert [task.status for task in done.tasks] == ["ok"] * 4 + ["failed"]
    assert {str(task.result["msg"]) for task in done.tasks[:4]} == {"5"}
    # What a task sets in its environment is for its module; lookups see the controller's own.
    assert "No credential is configured" in done.tasks[4].result["msg"]
    assert sign_ins(sim) == 3
    assert playing([shows("environment", count)]).only.result["msg"] in (5, "5")


def test_the_lookup_fails_with_the_sentence_of_the_module(playing: Play) -> None:
    rows: dict[str, tuple[Json, str]] = {
        "unknown person": ({"user": "nobody@contoso.com"}, "'nobody@contoso.com'"),
        "unknown package": ({"user": LEE, "access_package": "Nope"}, f"'{LEE}', access_package='Nope'"),
        "wrong state": ({"user": LEE, "states": ["there"]}, f"'{LEE}', states=['there']"),
        "wrong span": ({"user": LEE, "expiring_within": "soon"}, f"'{LEE}', expiring_within='soon'"),
        "wrong tenant": ({"user": LEE, "tenant_id": "common"}, f"'{LEE}', tenant_id='common'"),
        "mine": ({"mine": True}, "mine=true"),
    }
    tasks: list[Json] = []
    for name, (options, arguments) in rows.items():
        tasks.append({"name": name, INFO: options, "ignore_errors": True})
        tasks.append(shows(name, q(arguments), ignore_errors=True))
    tasks += [
        shows("unknown option", q(f"'{LEE}'", "usr='x'"), ignore_errors=True),
        shows("user", q("user='lee@contoso.com'"), ignore_errors=True),
        shows("nothing", f"q('{LOOKUP}')", ignore_errors=True),
        shows("ignored", q("'nobody@contoso.com'", "errors='ignore'")),
    ]
    done = playing(tasks).tasks
    assert {task.status for task in done[:-1]} == {"failed"}
    for module, lookup in zip(done[: 2 * len(rows) : 2], done[1 : 2 * len(rows) : 2], strict=True):
        assert module.result["msg"] in lookup.result["msg"], module.task
        assert "Traceback" not in lookup.result["msg"]
    option, user, nothing, ignored = done[2 * len(rows) :]
    assert "usr" in option.result["msg"]
    assert "access_package" in option.result["msg"]
    assert "users are given as terms" in user.result["msg"]
    assert "give users as terms" in nothing.result["msg"]
    assert ignored.result["msg"] == []


def test_names_that_look_like_templates_stay_names(sim: Running, playing: Play) -> None:
    """What Graph says is data: neither the lookup nor the modules have it rendered."""
    name = "{{ 7 * 6 }} {% raw %}"
    world: Json = {
        "tenant": {"domain": "contoso.onmicrosoft.com"},
        "apps": [
            {
                "name": "automation",
                "secret": sim.environment["AZURE_CLIENT_SECRET"],
                "permissions": ["EntitlementManagement.Read.All"],
            }
        ],
        "users": [{"upn": "ada@contoso.com"}],
        "catalogs": [{"name": "General"}],
        "packages": [{"name": name, "catalog": "General", "policies": [{"name": "All", "scope": "allMemberUsers"}]}],
        "assignments": [{"user": "ada@contoso.com", "package": name}],
    }
    sim.load(world)
    tasks = [
        shows("lookup", f"{q('current=true')} | map(attribute='access_package.display_name')"),
        shows("loop", "item.access_package.display_name", loop=f"{{{{ {q('current=true')} }}}}"),
        {"name": "module", INFO: {}, "register": "found"},
        shows("registered", "found.assignments[0].access_package.display_name"),
    ]
    done = playing(tasks)
    assert done.status == 0, done.output
    lookup, looped, _dummy, registered = done.tasks
    assert lookup.result["msg"] == [name]
    assert [item["msg"] for item in looped.result["results"]] == [name]
    assert registered.result["msg"] == name
