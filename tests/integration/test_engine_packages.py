# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading access packages: policies, questions with choices and languages, what they exclude, and their catalog."""

from __future__ import annotations

from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._tasks import access_package_info
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import round_trips, writes
from tests.support.engine import assign, run_task

Json = dict[str, Any]


def read(sim: Running, token: str | None = None, **options: Any) -> list[Json]:
    sim.clear_calls()
    result = run_task(access_package_info, sim, options, token=token)
    assert not result["failed"], result["msg"]
    packages: list[Json] = result["access_packages"]
    return packages


def names(packages: list[Json]) -> list[str]:
    return [package["display_name"] for package in packages]


def test_a_package_in_full(frozen: Running) -> None:
    (payroll,) = read(frozen, access_package="Payroll")
    assert round_trips(frozen) == 2
    assert payroll["catalog"] == {"id": id_of("catalog", "Finance"), "display_name": "Finance"}
    assert (payroll["description"], payroll["is_hidden"]) == ("Payroll system", False)
    assert [found["display_name"] for found in payroll["incompatible_access_packages"]] == ["Source Code Read"]
    assert [found["display_name"] for found in payroll["access_packages_incompatible_with"]] == ["Payroll Approver"]
    assert payroll["incompatible_groups"] == []
    (policy,) = payroll["policies"]
    assert policy["allowed_target_scope"] == "allMemberUsers"
    assert policy["expiration"] == {"end_date_time": None, "duration": "P90D", "no_expiration": False}
    cost, reason, region, badge = policy["questions"]
    assert (cost["text"], cost["is_required"], cost["regex_pattern"]) == ("Cost centre", True, "[0-9]{4}")
    assert {each["language_code"]: each["text"] for each in cost["localizations"]} == {
        "de-de": "Kostenstelle",
        "fr-fr": "Centre de coûts",
    }
    assert (reason["is_required"], reason["is_multiple_choice"], reason["choices"]) == (False, False, [])
    assert region["is_multiple_choice"]
    assert region["choices"][0] == {
        "value": "emea",
        "text": "Europe and Africa",
        "localizations": [{"language_code": "de-de", "text": "Europa und Afrika"}],
    }
    assert not badge["is_answer_editable"]
    assert writes(frozen) == []


def test_policies_tell_approval_and_whether_they_assign_by_themselves(frozen: Running) -> None:
    (vpn,) = read(frozen, access_package="VPN Access")
    approval = {policy["display_name"]: policy["is_approval_required_for_add"] for policy in vpn["policies"]}
    assert approval == {"Members": True, "Everybody": False}
    (code,) = read(frozen, access_package="Source Code Read")
    assert {p["display_name"]: p["is_automatic"] for p in code["policies"]} == {"Engineers": False, "Automatic": True}
    (approver,) = read(frozen, access_package="Payroll Approver")
    assert [group["display_name"] for group in approver["incompatible_groups"]] == ["Payroll Clerks"]


def test_questions_can_be_answered_with_what_was_read(frozen: Running) -> None:
    (payroll,) = read(frozen, access_package="Payroll")
    values = {"Cost centre": "1234", "Reason": "New here", "Badge number": "5"}
    answers = [
        {"question_id": q["id"], "value": q["choices"][1]["text"] if q["choices"] else values[q["text"]]}
        for q in payroll["policies"][0]["questions"]
    ]
    added = assign(frozen, access_package=payroll["id"], user="mira@contoso.com", answers=answers)
    assert added["action"] == "add", added


def test_all_packages_on_all_pages_and_those_of_a_catalog(frozen: Running) -> None:
    everything = read(frozen)
    assert names(everything) == sorted(names(everything))
    assert len(everything) == len(frozen.dump()["packages"])
    frozen.settings(page_size=3)
    assert read(frozen) == everything
    assert names(read(frozen, catalog="Finance")) == ["Payroll", "Payroll Approver"]
    assert len(read(frozen, access_package="Shared Name", catalog="General")) == 1
    assert names(read(frozen, access_package=["VPN Access", "Payroll", id_of("package", "Payroll")])) == [
        "Payroll",
        "VPN Access",
    ]
    assert read(frozen, access_package=[]) == []


def test_mine_is_what_the_signed_in_user_may_request(frozen: Running) -> None:
    """A person without a role may not read the rest: that is null, not empty."""
    token = frozen.token("delegated", user="ada@contoso.com", permissions=["EntitlementManagement.Read.All"])
    found = read(frozen, token, mine=True)
    assert "VPN Access" in names(found)
    assert "Partner Portal" not in names(found)
    assert {package["incompatible_groups"] for package in found} == {None}
    assert {policy["questions"] for package in found for policy in package["policies"]} == {None}
    assert names(read(frozen, token, mine=True, catalog="General", access_package="VPN Access")) == ["VPN Access"]
    administrator = frozen.token("delegated", user="grace@contoso.com", permissions=["EntitlementManagement.Read.All"])
    (payroll,) = read(frozen, administrator, mine=True, access_package="Payroll")
    assert len(payroll["policies"][0]["questions"]) == 4
