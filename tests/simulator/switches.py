# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Switches: one for each fact about Graph that is not settled, with its readings and the default.

The table is the documentation. ``section`` is the section of graph-contract.md that leaves the matter open.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Switch:
    """An unsettled fact: the first reading is the default."""

    readings: tuple[str, ...]
    section: str
    meaning: str


SWITCHES: dict[str, Switch] = {
    "access_package_assignment_key": Switch(
        ("refuse", "accept"), "2 point 2, 18.7", "body key accessPackageAssignment on v1.0"
    ),
    "request_state_or": Switch(("refuse", "accept"), "7", "'or' of states in a filter on assignmentRequests"),
    "assignment_state_or": Switch(
        ("accept", "refuse"), "7", "'or' of states in a filter on assignments (used in the field)"
    ),
    "list_options": Switch(
        ("honour", "refuse", "ignore"),
        "7, 17.5, 18.5, 19",
        "$count, $orderby, $top, $skip, $search on entitlement management; honour: $top where public code uses it",
    ),
    "nested_list_expand": Switch(
        ("accept", "refuse"), "7", "assignment($expand=target) on the list of requests (documented for one request)"
    ),
    "nested_select": Switch(("refuse", "accept"), "7", "$select within $expand"),
    "open_request_assignment": Switch(
        ("stub", "null"),
        "7 (last field note), 16",
        "expanded assignment of a request whose assignment is not there yet: id and target only, or null",
    ),
    "removal_package": Switch(
        ("shown", "null"),
        "19",
        "accessPackage of requests that remove: the package, or null, so that no filter by package finds them either",
    ),
    "beta_request_names": Switch(
        ("beta", "v1.0"), "3", "names and words of a request in answers of beta: the create page's examples have both"
    ),
    "beta_target_id": Switch(
        ("subject", "object"), "3", "targetId of an assignment in beta: the id of the subject, or its objectId"
    ),
    "admin_add_approval": Switch(
        ("skip", "bypass_only"), "2 point 11, 18.6", "adminAdd skips approval always, or only with bypassApproval"
    ),
    "admin_justification": Switch(
        ("required", "free"), "4", "isRequestorJustificationRequired also binds administrators"
    ),
    "admin_custom_schedule": Switch(
        ("policy", "free"), "4", "allowCustomAssignmentSchedule false also binds administrators"
    ),
    "regex_match": Switch(("full", "search"), "4", "how much of an answer a question's regexPattern must match"),
    "update_start": Switch(
        ("past_moves", "always_moves", "kept"), "2 point 5", "what adminUpdate does to the start that was sent"
    ),
    "end_beyond_policy": Switch(
        ("refuse", "clamp", "keep"), "2 point 13, 17", "an end beyond what the policy's expiration allows"
    ),
    "stored_expiration": Switch(
        ("date", "duration"), "4", "an assignment asked for with a duration shows its end, or the duration"
    ),
    "unknown_entity": Switch(
        ("not_found", "bad_request", "by_kind"),
        "18.2, 19",
        "an unknown package, policy or subject in a request body: 404, 400, or 404 with a code of its kind and 400"
        " ResourceNotFoundInOriginSystem for a subject",
    ),
    "update_while_open": Switch(
        ("refuse", "accept"), "18.3", "an update while another request of the same person and package is open"
    ),
    "approval_timeout": Switch(("denied", "canceled"), "9, 18.4", "state after an approval ran out of time"),
    "delete_delivered": Switch(("refuse", "accept"), "11, 18.8", "DELETE of a request that has an assignment"),
    "remove_expired": Switch(("no_active_grant", "not_found"), "10", "adminRemove of an assignment id that is expired"),
    "cancel_delivery_failed": Switch(("refuse", "accept"), "11", "cancel of a request whose delivery failed"),
    "cancel_waiting": Switch(
        ("refuse", "accept"),
        "11",
        "cancel of a request that waits for a callback, a status that the page does not list",
    ),
    "create_status": Switch(("201", "200"), "1, 19", "status of an accepted create"),
    "create_answer": Switch(
        ("request", "empty"), "2 point 4", "an accepted create is answered with its request, or empty"
    ),
    "policy_questions": Switch(
        ("expand", "inline", "select", "hidden"),
        "7, 19",
        "the questions of one policy: expanded, always there, by $select, or not",
    ),
    "member_cast": Switch(
        ("plain", "advanced"), "7", "transitive members cast to users: as they are, or as an advanced query only"
    ),
    "cancel_status": Switch(("200", "204"), "1", "status of an accepted cancel"),
    "cancel_app": Switch(
        ("refuse", "accept"), "11, 12, 17.6, 19", "cancel with an app-only token: its page says no, the field says yes"
    ),
    "cancel_own": Switch(
        ("refuse", "accept"), "11, 12", "cancel of one's own request with EntitlementMgmt-SubjectAccess.ReadWrite only"
    ),
    "behalf_policy": Switch(
        ("required", "optional"), "2", "userAdd for a direct report names a policy, as its example does, or need not"
    ),
    "own_assignments": Switch(
        ("refuse", "accept"),
        "12",
        "assignments/filterByCurrentUser with EntitlementMgmt-SubjectAccess.ReadWrite only (pages differ by language)",
    ),
    "function_options": Switch(
        ("accept", "refuse"), "7", "$filter, $select, $expand on filterByCurrentUser, whose pages name none"
    ),
    "read_own": Switch(("refuse", "accept"), "12", "GET of one's own request by id with that permission only"),
    "additional_access_app": Switch(("refuse", "accept"), "11, 12", "additionalAccess with an app-only token"),
    "basic_profile": Switch(
        ("null", "full"), "12", "userType and accountEnabled for a caller with User.ReadBasic.All only"
    ),
    "batch_throttle_status": Switch(("200", "424"), "13", "status of a batch of which an item was throttled"),
    "licence": Switch(("present", "absent"), "10", "the tenant has the licence; absent answers 403 NoLicense"),
    "cloud": Switch(("global", "us_government", "china"), "14", "members and operations that a national cloud lacks"),
}


class Switches:
    """The reading in force of each switch."""

    def __init__(self) -> None:
        self._values = {name: switch.readings[0] for name, switch in SWITCHES.items()}

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def is_(self, name: str, reading: str) -> bool:
        """Return whether the switch stands at this reading."""
        if reading not in SWITCHES[name].readings:
            raise KeyError(f"switch {name} has no reading {reading!r}")
        return self._values[name] == reading

    def update(self, values: dict[str, object]) -> None:
        """Take new readings; ValueError names what is unknown."""
        for name, reading in values.items():
            if name not in SWITCHES:
                raise ValueError(f"unknown switch {name!r}; known: {', '.join(sorted(SWITCHES))}")
            if reading not in SWITCHES[name].readings:
                raise ValueError(f"switch {name} reads {' | '.join(SWITCHES[name].readings)}, not {reading!r}")
            self._values[name] = str(reading)

    def as_dict(self) -> dict[str, str]:
        """Return name and reading of every switch."""
        return dict(self._values)
