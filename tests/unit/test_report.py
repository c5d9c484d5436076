# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report says, as tables: which assignments count, what is stuck or failed, what waits, and how much of each."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from ansible_collections.idgov.entra.plugins.plugin_utils import report_files
from ansible_collections.idgov.entra.plugins.plugin_utils.report import (
    ASSIGNMENT_STATES,
    make_report,
    parse_thresholds,
)
from ansible_collections.idgov.entra.plugins.plugin_utils.report_files import file_text, fingerprint_of, yaml_text
from tests.support.paths import ROOT

Json = dict[str, Any]
NOW = "2026-11-22T10:00:00Z"
LONG_AGO, JUST_NOW = "2026-11-20T10:00:00Z", "2026-11-22T09:00:00Z"
PACKAGES: list[Json] = [
    {
        "id": "P1",
        "display_name": "VPN",
        "catalog": {"id": "c", "display_name": "General"},
        "policies": [
            {"id": "by-hand", "display_name": "By hand", "is_automatic": False},
            {"id": "by-rule", "display_name": "By rule", "is_automatic": True},
        ],
    },
    {"id": "p2", "display_name": "Empty", "catalog": None, "policies": None},
]


def target(name: str) -> Json:
    mail = f"{name}@contoso.com"
    return {
        "object_id": name,
        "display_name": name.title(),
        "principal_name": mail,
        "email": mail,
        "subject_type": "user",
    }


def held(who: str = "ada", state: str = "delivered", **others: Any) -> Json:
    given: Json = {
        "id": f"{who}-{state}",
        "state": state,
        "status": state,
        "access_package": {"id": "p1", "display_name": "VPN"},
        "policy": {"id": "by-hand", "display_name": "By hand"},
        "target": target(who),
        "schedule": {"start_date_time": LONG_AGO, "end_date_time": None, "duration": None, "no_expiration": True},
        "expired_date_time": None,
    }
    return {**given, **others}


def until(end: str | None = None, duration: str | None = None, start: str = LONG_AGO) -> Json:
    return {"start_date_time": start, "end_date_time": end, "duration": duration, "no_expiration": False}


def asked(who: str = "ada", state: str = "delivering", kind: str = "adminAdd", **others: Any) -> Json:
    given: Json = {
        "id": f"request-{who}-{state}",
        "request_type": kind,
        "state": state,
        "status": state,
        "justification": None,
        "created_date_time": LONG_AGO,
        "access_package": {"id": "p1", "display_name": "VPN"},
        "target": target(who),
        "requestor": target("grace"),
        "schedule": until(),
        "assignment_id": None,
    }
    return {**given, **others}


def report(assignments: list[Json], requests: list[Json] | None = None) -> Json:
    thresholds = parse_thresholds(expiring_within="P30D", stuck_after="P1D", now=NOW)
    return make_report(assignments, requests or [], PACKAGES, thresholds)


def test_a_row_says_who_holds_what_by_which_policy() -> None:
    (row,) = report([held(policy={"id": "BY-RULE", "display_name": "By rule"}, schedule=until(duration="P10D"))])[
        "assignments"
    ]
    assert (row["person"], row["access_package"], row["catalog"], row["policy"]) == ("Ada", "VPN", "General", "By rule")
    assert (row["is_automatic"], row["end_date_time"], row["no_expiration"]) == (True, "2026-11-30T10:00:00Z", False)


@pytest.mark.parametrize(
    ("states", "counts"),
    [
        (["delivered"], ["delivered"]),
        (["deliveryFailed", "delivered"], ["delivered"]),
        (["expired"], []),
        (["expired", "delivering"], ["delivering"]),
    ],
)
def test_of_one_person_and_access_package_the_assignment_that_counts_is_shown(
    states: list[str], counts: list[str]
) -> None:
    assert [row["state"] for row in report([held(state=state) for state in states])["assignments"]] == counts


@pytest.mark.parametrize(
    ("schedule", "soon"),
    [
        (until("2026-12-22T10:00:00Z"), True),
        (until("2026-12-22T10:00:01Z"), False),
        (until("2026-11-01T00:00:00Z"), True),
        (until(duration="P32D"), True),
        (until(duration="P33D"), False),
        (until(), False),
        (until(duration="P9999999D"), False),
    ],
)
def test_what_ends_soon(schedule: Json, soon: bool) -> None:
    assert bool(report([held(schedule=schedule)])["expiring"]) is soon


@pytest.mark.parametrize(
    ("assignments", "requests", "problems"),
    [
        ([held(state="deliveryFailed")], [], ["delivery failed"]),
        ([held(state="deliveryFailed")], [asked(state="deliveryFailed")], ["delivery failed"]),
        ([held(state="partiallyDelivered")], [], ["delivered in part"]),
        ([held(state="delivering")], [asked()], ["stuck in delivery"]),
        ([held(state="delivering")], [asked(created_date_time=JUST_NOW)], []),
        ([held(state="delivering", schedule=until(start=JUST_NOW))], [], []),
        ([], [asked(state="submitted")], ["request does not move"]),
        ([], [asked(state="submitted", created_date_time=JUST_NOW)], []),
        ([], [asked(state="pendingApproval")], []),
        ([], [asked(state="submitted", status="WaitingForCallback")], []),
        # What failed once and is the case now is no trouble any more.
        ([held()], [asked(state="deliveryFailed")], []),
        ([], [asked(state="deliveryFailed", kind="adminRemove")], []),
        ([held()], [asked(state="deliveryFailed", kind="adminRemove")], ["request failed"]),
        ([held()], [asked(state="deliveryFailed", kind="userUpdate")], ["request failed"]),
        ([], [asked(state="deliveryFailed", kind="UserAdd")], ["request failed"]),
        # A newer request about the same thing takes its place.
        ([], [asked(state="deliveryFailed"), asked(state="submitted", created_date_time=JUST_NOW)], []),
        ([held("bo")], [asked(state="deliveryFailed")], ["request failed"]),
    ],
)
def test_what_is_stuck_or_failed(assignments: list[Json], requests: list[Json], problems: list[str]) -> None:
    assert [row["problem"] for row in report(assignments, requests)["troubled"]] == problems


@pytest.mark.parametrize(
    ("request_", "waits_for"),
    [
        (asked(state="pendingApproval"), ["approval"]),
        (asked(state="scheduled"), ["start date"]),
        (asked(state="submitted", status="WaitingForCallback"), ["custom extension"]),
        (asked(state="submitted"), []),
        (asked(state="deliveryFailed"), []),
    ],
)
def test_what_waits(request_: Json, waits_for: list[str]) -> None:
    waiting = report([], [request_])["waiting"]
    assert [row["waits_for"] for row in waiting] == waits_for
    assert {row["requestor"] for row in waiting} <= {"Grace"}


def test_totals_and_counts_per_access_package() -> None:
    rule = {"id": "by-rule", "display_name": "By rule"}
    unread = {"id": "p3", "display_name": "Unread"}
    made = report(
        [held(), held("bo", policy=rule), held("chen", "deliveryFailed"), held(id="another", access_package=unread)],
        [asked("dara", "pendingApproval")],
    )
    assert made["totals"] == {
        "assignments": 4,
        "people": 3,
        "access_packages": 3,
        "automatic": 1,
        "without_end": 4,
        "expiring": 0,
        "troubled": 1,
        "waiting": 1,
    }
    names = ("access_package", "policies", "assignments", "automatic", "troubled", "waiting")
    assert [tuple(row[name] for name in names) for row in made["access_packages"]] == [
        ("Empty", None, 0, 0, 0, 0),
        ("Unread", None, 1, 0, 0, 0),
        ("VPN", 2, 3, 1, 1, 1),
    ]
    assert made["figures"]["packages"] == [{"label": "VPN", "count": 3}, {"label": "Unread", "count": 1}]
    assert made["figures"]["states"] == [
        {"label": "Delivered", "tone": "good", "count": 3},
        {"label": "Delivery failed", "tone": "failed", "count": 1},
    ]


def test_ends_are_counted_per_month() -> None:
    ends = ["2026-10-01", "2026-11-30", "2027-01-01", "2027-10-31", "2027-11-01", "2035-01-01"]
    given = [held(f"user{number}", schedule=until(f"{end}T00:00:00Z")) for number, end in enumerate(ends)]
    endings = report([*given, held()])["figures"]["endings"]
    assert [line["label"] for line in endings[:3]] == ["2026-11", "2026-12", "2027-01"]
    assert [line["count"] for line in endings] == [2, 0, 1, *[0] * 8, 1, 2]
    assert (len(endings), endings[-2]["label"], endings[-1]["label"]) == (13, "2027-10", "later")


@pytest.mark.parametrize(
    ("given", "item"),
    [
        (held(), {"user": "ada", "schedule": {"start_date_time": LONG_AGO, "no_expiration": True}}),
        (
            held(schedule=until(duration="P90D")),
            {"user": "ada", "schedule": {"start_date_time": LONG_AGO, "duration": "P90D"}},
        ),
        (held(schedule={}), {"user": "ada"}),
        (held(state="delivering"), {"user": "ada"}),
        (held(target={**target("sam"), "object_id": None}, schedule={}), {"email": "sam@contoso.com"}),
        (
            held(target={"email": 'a"\u2028\\ \x00😀\U000e0001: #'}, schedule={}),
            {"email": 'a"\u2028\\ \x00😀\U000e0001: #'},
        ),
        (held(state="deliveryFailed", schedule={}), {"user": "ada", "on_delivery_failed": "keep"}),
    ],
)
def test_an_assignment_becomes_an_item_of_the_bulk_module(given: Json, item: Json) -> None:
    declared = report([given])["declared"]
    text = yaml_text(declared)
    assert yaml.safe_load(text) == {"assignments": [{"access_package": "p1", "policy": "by-hand", **item}]}
    assert all(line.isascii() for line in text.splitlines() if not line.lstrip().startswith("#"))


@pytest.mark.parametrize(
    "given",
    [
        held(policy={"id": "by-rule", "display_name": "By rule"}),
        held(state="expired"),
        held(target={**target("x"), "object_id": None, "email": None}),
    ],
)
def test_what_a_rule_gave_what_has_ended_and_who_has_no_name_is_not_declared(given: Json) -> None:
    assert report([given])["declared"] == []


@pytest.mark.parametrize("broken", ["\n", "\r", "\x85", "\u2028", "\u2029", "\x00", "\x0b", "\ufeff", "\ud800"])
def test_a_name_cannot_leave_its_comment(broken: str) -> None:
    (declared,) = report([held(target={**target("ada"), "display_name": f"Ada{broken}- user: eve"})])["declared"]
    shown = broken.encode("unicode_escape").decode()
    assert declared["comment"] == f"VPN / By hand / Ada{shown}- user: eve / ada@contoso.com"
    assert declared["comment"].isprintable()


def test_a_span_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match=r"^stuck_after: .*'a day'"):
        parse_thresholds(expiring_within="P30D", stuck_after="a day", now=None)


def test_every_item_stands_below_its_own_comment() -> None:
    given = [
        held("ada", schedule={}),
        held("bo", target={"display_name": "Bo", "email": "- user: eve\n- x"}, schedule={}),
    ]
    lines = yaml_text(report(given)["declared"]).splitlines()
    shown = [line for line in lines if line.startswith(("  #", "  - "))]
    assert shown == [
        "  # VPN / By hand / Ada / ada@contoso.com",
        "  - access_package: p1",
        "  # VPN / By hand / Bo / - user: eve\\n- x",
        "  - access_package: p1",
    ]


def test_every_state_has_a_name_and_a_colour_on_the_page() -> None:
    style = (ROOT / "roles/access_report/files/report.css").read_text(encoding="utf-8")
    for state, known in ASSIGNMENT_STATES.items():
        page = file_text(report([held(state=state)]), "html", "")
        assert f'<i class="{known.tone}"></i>{known.label}</span>' in page
        assert f".{known.tone} {{ fill: " in style


@pytest.mark.parametrize(
    ("request_", "section"),
    [
        (asked(state="pendingApproval"), "approvals"),
        (asked(state="scheduled"), "starts"),
        (asked(state="submitted", status="WaitingForCallback"), "extensions"),
    ],
)
def test_a_request_stands_below_the_heading_that_says_what_it_waits_for(request_: Json, section: str) -> None:
    page = file_text(report([], [request_]), "html", "")
    start = page.index(f'<section id="{section}">')
    rows = page[start : page.index("</section>", start)]
    assert 'scope="row">Ada<' in rows
    assert "<td>Grace</td>" in rows
    assert page.count('scope="row">Ada<') == 1


def test_the_fingerprint_tells_what_is_said_and_not_when() -> None:
    def made(now: str, *assignments: Json) -> Json:
        thresholds = parse_thresholds(expiring_within="P30D", stuck_after="P1D", now=now)
        return make_report(assignments, [], PACKAGES, thresholds)

    first, later = (made(now, held()) for now in (NOW, "2026-11-23T11:00:00Z"))
    told = fingerprint_of(first)
    assert told == fingerprint_of(later)
    assert file_text(first, "html", told) != file_text(later, "html", told)
    assert all(told in file_text(first, kind, told) for kind in ("html", "json"))
    assert fingerprint_of(made(NOW, held(), held("bo"))) != told


def test_another_version_of_the_collection_writes_its_own_page(monkeypatch: pytest.MonkeyPatch) -> None:
    told = fingerprint_of(report([held()]))
    monkeypatch.setattr(report_files, "VERSION", "99.0.0")
    assert fingerprint_of(report([held()])) != told


def test_a_long_table_shows_its_first_rows_and_has_all_of_them_for_the_script() -> None:
    people = [
        held(f"user{number}", target={**target(f"user{number}"), "display_name": f"</script> {number}"})
        for number in range(1001)
    ]
    page = file_text(report(people), "html", "")
    start = page.index('<section id="assignments">')
    section = page[start : page.index("</section>", start)]
    assert section.count('scope="row">') == 1000
    assert "These are the first 1,000 of 1,001 rows." in section
    (data,) = re.findall(r'<script type="application/json">(.*?)</script>', section)
    rows = json.loads(data)
    assert (len(rows), {len(row) for row in rows}) == (1001, {6})
    assert {row[0][0] for row in rows} == {f"</script> {number}" for number in range(1001)}
    assert page.count("</script>") == 2
