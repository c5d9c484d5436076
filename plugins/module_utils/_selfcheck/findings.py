# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a credential can do in a tenant, found out by reading alone."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TypedDict

from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, GraphError
from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    find_groups,
    find_users,
    list_packages,
    search_assignments,
    search_requests,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.batch import Reply
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call, Response
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._graph.errors import lacks_licence
from ansible_collections.idgov.entra.plugins.module_utils._graph.page import Page

# Nobody can have this name: the domain is reserved (RFC 2606).
_NOBODY = "selfcheck@idgov-entra.invalid"
_WRITING = "EntitlementManagement.ReadWrite.All"
# Schedules are compared with a tolerance of a minute; Entra takes assertions that are five minutes off.
_TOLERABLE_SKEW, _USABLE_SKEW = 60, 300
_COMPARE_CLOCK = "compare the clock of this machine with a time server"
_ONE_BY_ONE = "tasks that give and take access read each open request by its id; to list requests, name them with ids"
_FIRST_READ = "see the checks packages, assignments and requests; this is known once they can be read"
_TRY = "try it on a test person: write: true, with access_package and user"
_LISTS = ("packages", "assignments", "requests")
_OUTSIDE = {
    "users": "use object ids for people, or grant the permission User.ReadBasic.All",
    "groups": "do not use members_of and check_conflicts for groups, or grant the permission GroupMember.Read.All",
}


class FindingResult(TypedDict):
    """One thing that the self-check looked at."""

    check: str
    status: str
    message: str
    hint: str | None


class ObservationResult(TypedDict):
    """What Graph did where its documentation leaves a question open."""

    fact: str
    seen: str


class SelfcheckResult(TypedDict):
    """What the self-check returns."""

    changed: bool
    able: bool
    findings: list[FindingResult]
    observations: list[ObservationResult]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: ``status`` is ``ok``, ``note``, ``warning``, ``failed`` or ``unknown``."""

    check: str
    status: str
    message: str
    hint: str | None = None

    def as_result(self) -> FindingResult:
        """Return the finding as results show it."""
        return {
            "check": printable(self.check),
            "status": printable(self.status),
            "message": printable(self.message),
            "hint": printable(self.hint) if self.hint else self.hint,
        }


def look_around(graph: GraphClient, clock: Clock) -> tuple[list[Finding], Page]:
    """Read the first page of everything; gives what was found, and the access packages that were seen.

    Raises what signing in raises.
    """
    calls: dict[str, Call] = {
        "packages": list_packages("catalog"),
        "assignments": search_assignments(),
        "requests": _requests(None),
        "users": find_users([_NOBODY]),
        "groups": find_groups(_NOBODY),
    }
    replies = dict(zip(calls, graph.send_all(list(calls.values())), strict=True))
    skew = _skew(graph.date, clock.now())
    packages = _rows(replies["packages"])
    replies, is_scoped = _narrowed(graph, replies, packages)
    findings = [
        skew,
        _licence(replies),
        *(_list_finding(name, replies[name], len(packages)) for name in _LISTS),
        _scope(replies, is_scoped),
        *(_directory(name, replies[name]) for name in _OUTSIDE),
    ]
    return findings, packages


def permitted(permissions: Set[str] | None, is_delegated: bool | None) -> list[Finding]:
    """Return what a token can never do, by its permissions; null is what could not be read of it."""
    return [_writes(permissions), *_of_callers(is_delegated), _automatic()]


def _skew(date: str | None, now: datetime) -> Finding:
    try:
        seconds = round((now - parsedate_to_datetime(date or "")).total_seconds())
    except (ValueError, TypeError):
        return Finding("clock", "unknown", "Graph did not send its time", _COMPARE_CLOCK)
    message = f"this machine's clock is {abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} Graph's"
    hint = "synchronize the clock of this machine, for example with NTP"
    if abs(seconds) <= _TOLERABLE_SKEW:
        return Finding("clock", "ok", "this machine's clock agrees with Graph's to within a minute")
    return Finding("clock", "warning" if abs(seconds) <= _USABLE_SKEW else "failed", message, hint)


def _requests(package_id: str | None) -> Call:
    """Return the list of requests, with a second way for where Graph takes no expansion within another."""
    call = search_requests(package_id=package_id)
    return replace(call, otherwise=replace(call, query={**call.query, "$expand": "accessPackage,requestor"}))


def _rows(reply: Reply) -> Page:
    rows = reply.body.get("value") if isinstance(reply, Response) and isinstance(reply.body, dict) else None
    return Page(row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else Page()


def _narrowed(graph: GraphClient, replies: Mapping[str, Reply], packages: Page) -> tuple[dict[str, Reply], bool]:
    """Ask again for one package alone where whole lists are refused: roles on some catalogs reach no further."""
    package_id = str(packages[0].get("id")) if packages else None
    refused = any(isinstance(each := replies[name], GraphError) and each.status == 403 for name in _LISTS[1:])
    if not refused or package_id is None:
        return dict(replies), False
    calls = [search_assignments(package_id=package_id), _requests(package_id)]
    again = dict(zip(_LISTS[1:], graph.send_all(calls), strict=True))
    return {**replies, **again}, all(isinstance(each, Response) for each in again.values())


def _licence(replies: Mapping[str, Reply]) -> Finding:
    refusal = next((o for o in replies.values() if isinstance(o, GraphError) and lacks_licence(o)), None)
    if refusal:
        return Finding("licence", "failed", refusal.message, refusal.hint)
    if isinstance(replies["assignments"], Response):
        return Finding("licence", "ok", "Graph answers for entitlement management")
    return Finding("licence", "unknown", "nothing that requires a licence could be read", _FIRST_READ)


def _list_finding(name: str, reply: Reply, packages: int) -> Finding:
    if isinstance(reply, EntraError):
        return Finding(name, "failed", _said(reply), reply.hint)
    if name == "requests" and reply.asked is not None:
        return Finding(name, "warning", "can be read, but lists do not tell whom requests are for", _ONE_BY_ONE)
    if name != "packages":
        return Finding(name, "ok", "can be read")
    if not packages:
        return Finding(
            name,
            "warning",
            "can be read, but no access package is visible",
            "create an access package, or give the caller a role on a catalog",
        )
    return Finding(name, "ok", f"can be read; {packages} on the first page")


def _scope(replies: Mapping[str, Reply], is_scoped: bool) -> Finding:
    if is_scoped:
        return Finding(
            "scope",
            "note",
            "this caller has roles on some catalogs only, and must read one access package at a time",
            "set access_package or catalog in tasks that read; tasks that give or remove access need no change",
        )
    if all(isinstance(replies[name], Response) for name in _LISTS):
        return Finding("scope", "ok", "this caller can read all catalogs")
    return Finding("scope", "unknown", "what this caller can read could not be determined", _FIRST_READ)


def _directory(name: str, reply: Reply) -> Finding:
    if isinstance(reply, Response):
        return Finding(name, "ok", "can be looked up by name")
    return Finding(name, "warning", _said(reply), _OUTSIDE[name])


def _writes(permissions: Set[str] | None) -> Finding:
    if permissions is None:
        return Finding("writing", "unknown", "the permissions of the token are unknown; only a write shows them", _TRY)
    if _WRITING in permissions:
        return Finding("writing", "ok", f"the token carries {_WRITING}; a user also needs a role")
    return Finding(
        "writing",
        "warning",
        f"the token does not carry {_WRITING}",
        "grant it, or give the application an entitlement management role on the catalog; only a write shows that",
    )


def _of_callers(is_delegated: bool | None) -> list[Finding]:
    if is_delegated is None:
        return [
            Finding("caller", "unknown", "whether a user or an application is signed in could not be determined", _TRY)
        ]
    if is_delegated:
        return [
            Finding("cancel", "ok", "a user is signed in, and may cancel open requests"),
            Finding("own_requests", "ok", "request_as: self and manager, and mine, can be used"),
        ]
    hint = "use a delegated token, for example from access_token_info with auth_source: device_code"
    return [
        Finding("cancel", "note", "an application is signed in; Graph may not allow it to cancel open requests", hint),
        Finding("own_requests", "note", "request_as: self and manager, and mine, require a delegated token", hint),
    ]


def _automatic() -> Finding:
    return Finding(
        "automatic_policies",
        "note",
        "assignments of an automatic policy follow its rule; no caller can change them by requests",
        "to remove such access, change the rule of the policy, or the attributes that it evaluates",
    )


def _said(error: EntraError) -> str:
    if isinstance(error, GraphError):
        return f"{error.message} ({error.status} {error.code})"
    return error.message
