# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading assignments and requests: what is asked of Graph, how often, and what comes back."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._tasks import (
    access_package_assignment_info,
    access_package_assignment_request_info,
)
from tests.simulator.ids import id_of
from tests.simulator.running import Running
from tests.support.calls import round_trips, writes
from tests.support.engine import assign, run_task

Json = dict[str, Any]
LEE = id_of("user", "lee@contoso.com")
NOBODY = "00000000-0000-4000-8000-000000000000"
PAYROLL, VPN = id_of("package", "Payroll"), id_of("package", "VPN Access")
READER = ["EntitlementManagement.Read.All"]
LIST = "/identityGovernance/entitlementManagement/assignments"


def read(sim: Running, token: str | None = None, **options: Any) -> Json:
    sim.clear_calls()
    return run_task(access_package_assignment_info, sim, options, token=token)


def fetch_requests(sim: Running, token: str | None = None, **options: Any) -> Json:
    sim.clear_calls()
    return run_task(access_package_assignment_request_info, sim, options, token=token)


def held(result: Json) -> list[tuple[str, str, str]]:
    """Who holds what in which state, of assignments or requests."""
    assert not result["failed"], result["msg"]
    rows = result.get("assignments", result.get("requests"))
    assert rows is not None
    return [(r["access_package"]["display_name"], r["target"]["principal_name"], r["state"]) for r in rows]


def filters(sim: Running, end: str = LIST) -> list[str]:
    """The filters that were sent to the lists at this place, in order."""
    calls = [call for call in sim.calls() if call["path"].endswith(end)]
    return [dict(call["query"]).get("$filter", "") for call in calls]


def small_pages(sim: Running) -> None:
    """Have pages of two rows, whatever is asked for."""
    sim.settings(page_size=2)
    sim.switches(list_options="ignore")


def test_everything_is_read_page_by_page_in_one_order(frozen: Running) -> None:
    whole = read(frozen)
    assert held(whole) == sorted(held(whole))
    assert round_trips(frozen) == 1
    small_pages(frozen)
    assert read(frozen)["assignments"] == whole["assignments"]
    assert round_trips(frozen) == 5
    assert writes(frozen) == []


def test_a_row_has_the_shape_that_the_assignment_module_returns(frozen: Running) -> None:
    (row,) = read(frozen, user="lee@contoso.com", access_package="VPN Access")["assignments"]
    assert row == assign(frozen, access_package="VPN Access", user="lee@contoso.com")["assignment"]


def test_all_that_graph_filters_by_is_filtered_there(frozen: Running) -> None:
    policy = id_of("policy", "Source Code Read/Automatic")
    found = read(
        frozen,
        access_package="Source Code Read",
        policy="Automatic",
        user=["ada@contoso.com", LEE],
        states=["delivered", "delivering"],
    )
    assert held(found) == [("Source Code Read", "ada@contoso.com", "delivered")]
    assert round_trips(frozen) == 2
    package = id_of("package", "Source Code Read")
    ada = id_of("user", "ada@contoso.com")
    assert sorted(filters(frozen)) == sorted(
        f"accessPackage/id eq '{package}' and assignmentPolicy/id eq '{policy}'"
        f" and target/objectId eq '{person}' and state eq '{state}'"
        for person in (ada, LEE)
        for state in ("delivered", "delivering")
    )


def test_ids_of_people_and_policies_are_sent_as_they_are(frozen: Running) -> None:
    assert held(read(frozen, user=NOBODY)) == []
    assert round_trips(frozen) == 1
    found = read(frozen, policy=id_of("policy", "VPN Access/Members").upper())
    assert held(found) == [("VPN Access", "mira@contoso.com", "expired")]
    assert round_trips(frozen) == 1


def test_a_union_has_each_row_once(frozen: Running) -> None:
    found = read(frozen, user=["lee@contoso.com", LEE.upper()], access_package=["Payroll", PAYROLL])
    assert held(found) == [("Payroll", "lee@contoso.com", "delivered"), ("Payroll", "lee@contoso.com", "expired")]


def test_many_people_do_not_make_many_lists(frozen: Running) -> None:
    people = [LEE, *(f"{NOBODY[:-2]}{number:02}" for number in range(30))]
    found = read(frozen, access_package=["Payroll", "VPN Access"], user=people)
    assert {person for _dummy, person, _state in held(found)} == {"lee@contoso.com"}
    assert len(filters(frozen)) == 2
    assert held(read(frozen, user=people)) == held(read(frozen, user=LEE))


def test_what_ends_soon(frozen: Running) -> None:
    assert held(read(frozen, expiring_within="P11D")) == [("VPN Access", "lee@contoso.com", "delivered")]
    assert held(read(frozen, expiring_within="P9D")) == []
    both = read(frozen, expiring_within="P31D", user="lee@contoso.com", states="delivered")
    assert [package for package, _dummy, _state in held(both)] == ["Payroll", "VPN Access"]


def test_soon_cannot_be_beyond_what_calendars_count(frozen: Running) -> None:
    refused = read(frozen, expiring_within="P9999999D")
    assert refused["failed"]
    assert "expiring_within" in refused["msg"]


def test_current_gives_one_row_and_states_choose_among_those(frozen: Running) -> None:
    found = read(frozen, access_package=["Payroll", "VPN Access"], current=True)
    assert held(found) == [
        ("Payroll", "lee@contoso.com", "delivered"),
        ("VPN Access", "lee@contoso.com", "delivered"),
        ("VPN Access", "mira@contoso.com", "expired"),
    ]
    past = read(frozen, access_package=["Payroll", "VPN Access"], current=True, states="expired")
    assert held(past) == [("VPN Access", "mira@contoso.com", "expired")]
    assert "state" not in "".join(filters(frozen))


def test_a_catalog_stands_for_its_packages(frozen: Running) -> None:
    found = read(frozen, catalog="Finance", user="lee@contoso.com")
    assert {package for package, _dummy, _state in held(found)} == {"Payroll"}
    assert round_trips(frozen) == 2
    assert held(read(frozen, catalog=id_of("catalog", "Finance"), user="lee@contoso.com")) == held(found)


def test_a_caller_with_a_role_on_one_catalog_reads_there(frozen: Running) -> None:
    token = frozen.token(permissions=[], roles=[{"catalog": "Finance", "role": "Catalog reader"}])
    refused = read(frozen, token)
    assert refused["failed"]
    assert "set access_package or catalog" in refused["msg"]
    in_full = held(read(frozen, token, catalog="Finance"))
    assert in_full == [("Payroll", "lee@contoso.com", "delivered"), ("Payroll", "lee@contoso.com", "expired")]
    assert held(read(frozen, token, access_package="Payroll")) == in_full
    assert held(fetch_requests(frozen, token, catalog="Finance"))
    assert "set access_package or catalog" in fetch_requests(frozen, token)["error"]["hint"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"access_package": "Nope"}, "no access package has the display name 'Nope'"),
        ({"access_package": NOBODY}, f"no access package has the id {NOBODY}"),
        ({"access_package": "Shared Name"}, "2 access packages have the display name 'Shared Name'"),
        ({"access_package": "Payroll", "catalog": "General"}, "in the catalog 'General'"),
        ({"catalog": "Nowhere"}, "no access package is in a catalog 'Nowhere'"),
        ({"user": ["lee@contoso.com", "nobody@contoso.com"]}, "'nobody@contoso.com'"),
        ({"user": "sam@fabrikam.com"}, "; give a user of the directory by principal name, mail address or object id."),
        ({"user": "Lee Park"}, "; give a user of the directory by principal name, mail address or object id."),
        ({"catalog": "General", "policy": "Nope"}, "no policy 'Nope'"),
        ({"id": NOBODY}, f"no assignment has the id {NOBODY}"),
    ],
)
def test_a_name_that_stands_for_nothing_or_for_several_is_an_error(frozen: Running, options: Json, words: str) -> None:
    refused = read(frozen, **options)
    assert refused["failed"]
    assert refused["msg"].startswith("Could not read assignments: ")
    assert words in refused["msg"]


def test_a_policy_of_some_of_the_packages_leaves_the_others_out(frozen: Running) -> None:
    found = read(frozen, catalog="Engineering", policy=["Engineers", "Direct assignment"])
    assert held(found) == [
        ("Engineering Laptop", "lee@contoso.com", "delivered"),
        ("Source Code Read", "lee@contoso.com", "delivered"),
    ]
    assert len(filters(frozen)) == 2


def test_rows_are_read_by_their_ids_and_the_rest_is_applied_to_them(frozen: Running) -> None:
    ids = [row["id"] for row in read(frozen, access_package="Payroll")["assignments"]]
    assert [row["id"] for row in read(frozen, id=ids)["assignments"]] == ids
    assert round_trips(frozen) == 1
    assert held(read(frozen, id=ids, states="expired")) == [("Payroll", "lee@contoso.com", "expired")]
    assert held(read(frozen, id=ids, access_package="VPN Access")) == []


def test_a_list_whose_second_page_is_lost_is_an_error_and_no_shorter_list(frozen: Running) -> None:
    small_pages(frozen)
    frozen.faults({"path": "assignments$", "nth": 2, "effect": {"status": 403, "code": "UnAuthorized"}})
    refused = read(frozen, retries=0)
    assert refused["failed"]
    assert "assignments" not in refused


def test_throttled_pages_are_read_again(frozen: Running) -> None:
    small_pages(frozen)
    throttled = {"status": 429, "code": "TooManyRequests", "retry_after": 0.01}
    frozen.faults({"path": "assignments$", "nth": 3, "effect": throttled})
    assert len(read(frozen)["assignments"]) == 9


def test_mine_is_what_graph_says_of_the_signed_in_user(frozen: Running) -> None:
    token = frozen.token("delegated", user="lee@contoso.com", permissions=READER)
    assert held(read(frozen, token, mine=True)) == held(read(frozen, user="lee@contoso.com"))
    found = read(frozen, token, mine=True, access_package="Payroll", states="delivered")
    assert held(found) == [("Payroll", "lee@contoso.com", "delivered")]
    assert round_trips(frozen) == 1
    refused = read(frozen, mine=True)
    assert "belongs to an application" in refused["msg"]
    assert round_trips(frozen) == 0


def test_requests_are_filtered_where_graph_can_and_here_where_not(frozen: Running) -> None:
    found = fetch_requests(
        frozen,
        access_package=["Payroll", "VPN Access"],
        states=["delivered", "denied"],
        created_after="2020-01-01",
        user="lee@contoso.com",
        request_types="adminAdd",
    )
    assert {package for package, _dummy, _state in held(found)} == {"Payroll", "VPN Access"}
    assert {person for _dummy, person, _state in held(found)} == {"lee@contoso.com"}
    # All lists in one batch, and once more because Graph gives no larger pages of requests.
    assert round_trips(frozen) == 3
    assert sorted(filters(frozen, "assignmentRequests")) == sorted(
        [
            f"accessPackage/id eq '{package}' and state eq '{state}' and createdDateTime gt 2020-01-01T00:00:00Z"
            for package in (PAYROLL, VPN)
            for state in ("delivered", "denied")
        ]
        * 2
    )


def test_what_waits_is_told_with_whom_and_what_it_is_about(frozen: Running) -> None:
    made = assign(
        frozen,
        access_package="VPN Access",
        policy="Everybody",
        user="ada@contoso.com",
        schedule={"start_date_time": "2999-01-01"},
    )
    (row,) = fetch_requests(frozen, states="scheduled")["requests"]
    assert {name: row[name] for name in made["request"]} == made["request"]
    assert row["access_package"]["display_name"] == "VPN Access"
    assert row["target"]["principal_name"] == "ada@contoso.com"
    assert row["schedule"]["start_date_time"] == "2999-01-01T00:00:00Z"
    assert fetch_requests(frozen, id=row["id"])["requests"] == [row]
    assert fetch_requests(frozen, request_types="userAdd")["requests"] == []


def test_requests_of_the_signed_in_user(frozen: Running) -> None:
    world: Json = {
        "tenant": {"domain": "contoso.onmicrosoft.com"},
        "apps": [{"name": "automation", "secret": "not-a-real-secret", "permissions": READER}],
        "users": [{"upn": "ada@contoso.com"}, {"upn": "bo@contoso.com"}],
        "catalogs": [{"name": "General"}],
        "packages": [
            {
                "name": "VPN",
                "catalog": "General",
                "policies": [
                    {
                        "name": "Members",
                        "scope": "allMemberUsers",
                        "approval": {"add": True, "approvers": [{"user": "bo@contoso.com"}]},
                    }
                ],
            }
        ],
        "requests": [{"user": "ada@contoso.com", "package": "VPN", "state": "pendingApproval"}],
    }
    frozen.load(world)
    ada, bo = (frozen.token("delegated", user=f"{who}@contoso.com", permissions=READER) for who in ("ada", "bo"))
    asked = [("VPN", "ada@contoso.com", "pendingApproval")]
    assert held(fetch_requests(frozen, ada, mine=True)) == asked
    assert held(fetch_requests(frozen, ada, mine=True, mine_as="createdBy")) == asked
    assert held(fetch_requests(frozen, ada, mine=True, mine_as="approver")) == []
    assert held(fetch_requests(frozen, bo, mine=True, mine_as="approver")) == asked
    assert held(fetch_requests(frozen, bo, mine=True)) == []


def test_nothing_is_sent_where_nothing_is_asked_for(frozen: Running) -> None:
    assert read(frozen, user=[])["assignments"] == []
    assert fetch_requests(frozen, states=[])["requests"] == []
    assert frozen.calls() == []
