# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of many assignments to declarations: what lies under an item, and where a mistake is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._decide.caps import Caps, Limit
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Declaration
from ansible_collections.idgov.entra.plugins.module_utils._declare.declaration import (
    concurrency_from_options,
    declarations_from_options,
    exact_set_from_options,
    read_caps,
)
from ansible_collections.idgov.entra.plugins.module_utils._options.argument_specs import ITEM_DEFAULTS
from ansible_collections.idgov.entra.plugins.module_utils._tasks.access_package_assignments import ARGUMENT_SPEC

Json = dict[str, Any]
ID = "aaaaaaaa-0000-4000-8000-000000000001"
ADA: Json = {"access_package": "VPN", "user": "ada@contoso.com"}


def validated(options: Json) -> Json:
    validation = ArgumentSpecValidator(ARGUMENT_SPEC).validate(json.loads(json.dumps({"assignments": [], **options})))
    assert not validation.error_messages
    parameters: Json = validation.validated_parameters
    return parameters


def read(item: Json, **options: Any) -> Declaration:
    (declaration,) = declarations_from_options(validated({"assignments": [item], **options}), ITEM_DEFAULTS)
    return declaration


def test_an_item_that_says_little_wants_what_the_single_module_does() -> None:
    assert read(ADA) == Declaration(state="present", **ADA)


def test_what_an_item_says_counts_before_what_the_defaults_say() -> None:
    defaults = {"state": "absent", "policy": "Old", "justification": "Ticket", "renew": True, "bypass_approval": True}
    read_so = read({**ADA, "state": "present", "renew": False, "policy": "New"}, defaults=defaults)
    assert (read_so.state, read_so.policy, read_so.justification) == ("present", "New", "Ticket")
    assert (read_so.handling.renew, read_so.bypass_approval) == (False, True)
    assert (read(ADA, defaults=defaults).state, read(ADA, defaults=defaults).handling.renew) == ("absent", True)


def test_a_schedule_is_taken_over_as_a_whole_or_not_at_all() -> None:
    defaults = {"schedule": {"start_date_time": "2027-01-01", "duration": "P30D"}}
    inherited = read(ADA, defaults=defaults).schedule
    assert inherited is not None
    assert inherited.duration == "P30D"
    own = read({**ADA, "schedule": {"end_date_time": "2027-06-01"}}, defaults=defaults).schedule
    assert own is not None
    assert (own.start, own.duration) == (None, None)


@pytest.mark.parametrize(
    "own", [{"user": "ada@contoso.com"}, {"email": "ada@fabrikam.com"}, {"members_of": "Engineers"}], ids=str
)
@pytest.mark.parametrize(
    "default", [{"user": "bo@contoso.com"}, {"email": "bo@fabrikam.com"}, {"members_of": "Sales"}], ids=str
)
def test_who_names_a_person_does_not_inherit_another(own: Json, default: Json) -> None:
    given = read({"access_package": "VPN", **own}, defaults=default)
    named = {name: getattr(given, name) for name in ("user", "email", "members_of")}
    assert {name: value for name, value in named.items() if value} == own


def test_an_assignment_named_by_its_id_inherits_neither_package_nor_person() -> None:
    given = read(
        {"assignment_id": ID}, defaults={"access_package": "VPN", "catalog": "General", "user": "bo@contoso.com"}
    )
    assert given == Declaration(state="present", assignment_id=ID)


def test_whether_to_wait_is_of_the_whole_task() -> None:
    assert read(ADA).handling.wait
    assert not read(ADA, wait=False).handling.wait


# name -> an item, options of the task, the place that is named
MISTAKES: dict[str, tuple[Json, Json, str]] = {
    "nobody": ({"access_package": "VPN"}, {}, "assignments[1].user"),
    "no package": ({"user": "ada@contoso.com"}, {}, "assignments[1].access_package"),
    "an empty name": ({**ADA, "user": " "}, {}, "assignments[1].user"),
    "an empty default": (ADA, {"defaults": {"policy": ""}}, "assignments[0].policy"),
    "two people": ({**ADA, "email": "bo@fabrikam.com"}, {}, "assignments[1].email"),
    "a person and a group": ({**ADA, "members_of": "Engineers"}, {}, "assignments[1].members_of"),
    "a mail and a group": (
        {"access_package": "VPN", "email": "bo@fabrikam.com", "members_of": "Engineers"},
        {},
        "assignments[1].members_of",
    ),
    "an assignment and a person": (
        {"assignment_id": ID, "user": "ada@contoso.com"},
        {},
        "assignments[1].assignment_id",
    ),
    "an assignment and a group": ({"assignment_id": ID, "members_of": "Engineers"}, {}, "assignments[1].assignment_id"),
    "no date": ({**ADA, "schedule": {"end_date_time": "soon"}}, {}, "assignments[1].schedule.end_date_time"),
    "an end before the start": (
        {**ADA, "schedule": {"start_date_time": "2027-02-01", "end_date_time": "2027-01-01"}},
        {},
        "assignments[1].schedule.end_date_time",
    ),
    "no duration": ({**ADA, "schedule": {"duration": "90 days"}}, {}, "assignments[1].schedule.duration"),
    "two ends": ({**ADA, "schedule": {"duration": "P9D", "no_expiration": True}}, {}, "assignments[1].schedule"),
    "a number for an answer": (
        {**ADA, "answers": [{"question": "Cost centre", "value": 4711}]},
        {},
        "assignments[1].answers",
    ),
    "an answer to nothing": ({**ADA, "answers": [{"value": "x"}]}, {}, "assignments[1].answers"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_names_its_item_and_option(name: str) -> None:
    item, options, place = MISTAKES[name]
    with pytest.raises(OptionError) as raised:
        declarations_from_options(validated({"assignments": [ADA, item], **options}), ITEM_DEFAULTS)
    assert raised.value.option == place
    assert raised.value.message.startswith(f"{place}: ")


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        (None, None),
        ("0", Limit(0)),
        (20, Limit(20)),
        (" 20 ", Limit(20)),
        ("5%", Limit(5, share=True)),
        ("100%", Limit(100, share=True)),
    ],
)
def test_a_limit_is_a_number_or_a_share(text: str | int | None, limit: Limit | None) -> None:
    assert read_caps(validated({"max_removals": text}), []).removals == limit
    assert read_caps(validated({"max_additions": text}), []).additions == limit


@pytest.mark.parametrize("text", ["", "-1", "some", "5 %", "101%", "2.5", "5%%", "\u0661", "1e3"])
def test_anything_else_is_no_limit(text: str) -> None:
    for option in ("max_removals", "max_additions"):
        with pytest.raises(OptionError, match=option):
            read_caps(validated({option: text}), [])


def test_an_exact_set_is_bounded_where_nothing_is_said() -> None:
    assert read_caps(validated({}), []) == Caps()
    assert read_caps(validated({}), []).are_none
    exact = read_caps(validated({"exclusive": True}), [])
    assert exact == Caps(Limit(10), None, allow_empty=False)
    assert read_caps(validated({"exclusive": True, "allow_empty": True}), []).allow_empty


@pytest.mark.parametrize("option", ["max_removals", "max_additions"])
def test_a_share_needs_somebody_who_sees_all(option: str) -> None:
    own = declarations_from_options(
        validated({"assignments": [{"access_package": "VPN", "request_as": "self"}]}), ITEM_DEFAULTS
    )
    with pytest.raises(OptionError, match=f"{option}: only administrators"):
        read_caps(validated({option: "5%"}), own)
    assert not read_caps(validated({option: "5"}), own).are_none
    with pytest.raises(OptionError, match=f"{option}: beta"):
        read_caps(validated({option: "5%", "api_version": "beta"}), [])
    assert not read_caps(validated({option: "5", "api_version": "beta"}), []).are_none


@pytest.mark.parametrize(
    "option", [{"allow_empty": True}, {"access_packages": ["VPN"]}, {"exclusive_scope": "package"}], ids=str
)
def test_options_of_the_exact_set_need_it(option: Json) -> None:
    with pytest.raises(OptionError, match="exclusive is true") as raised:
        exact_set_from_options(validated(option))
    assert raised.value.option == next(iter(option))
    assert exact_set_from_options(validated({})) is None


def test_beta_makes_no_exact_set() -> None:
    with pytest.raises(OptionError, match="automatic policy") as raised:
        exact_set_from_options(validated({"exclusive": True, "api_version": "beta"}))
    assert raised.value.option == "exclusive"
    assert exact_set_from_options(validated({"api_version": "beta"})) is None


@pytest.mark.parametrize("name", ["", " ", " VPN", "V\nPN"])
def test_a_package_that_must_be_exact_has_a_name(name: str) -> None:
    with pytest.raises(OptionError, match="access_packages"):
        exact_set_from_options(validated({"exclusive": True, "access_packages": ["VPN", name]}))


@pytest.mark.parametrize("calls", [0, -1, 11, 1000])
def test_concurrency_has_its_bounds(calls: int) -> None:
    with pytest.raises(OptionError, match="between 1 and 10"):
        concurrency_from_options(validated({"concurrency": calls}))
    assert [concurrency_from_options(validated({"concurrency": fine})) for fine in (1, 10)] == [1, 10]
