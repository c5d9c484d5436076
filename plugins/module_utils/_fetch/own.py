# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what a user may read: their own assignments and requests, and what policies require of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, Refused
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import same_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Identity
from ansible_collections.idgov.entra.plugins.module_utils._decide.observed import Observed
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Policy
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.own_lists import fetch_own_lists
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.parse import parse_requirements
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import (
    assignments_of_caller,
    policy_requirements,
    requests_of_caller,
)
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.rows import (
    AssignmentRow,
    RequestRow,
    assignment_row_reader,
    read_request_row,
)
from ansible_collections.idgov.entra.plugins.module_utils._fetch.holdings import read_holdings
from ansible_collections.idgov.entra.plugins.module_utils._fetch.observed import Missing, newest_first
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._graph.page import parse_page


class OwnReader:
    """Reads the observed states of a signed-in user; what policies require is read once in a task."""

    def __init__(self, graph: GraphClient, on: str) -> None:
        """Read by ``filterByCurrentUser(on=...)``, which is all that a caller without a role may read."""
        self._graph = graph
        self._on = on
        self._policies: dict[str, tuple[Policy, ...]] = {}

    def fetch(self, identities: Sequence[Identity], in_full: Sequence[str] = ()) -> list[Observed | EntraError]:
        """Read what is there for each person and package: the past comes along. Raises what signing in raises.

        A user may read no package as a whole, so ``in_full`` changes nothing.
        """
        lists = fetch_own_lists(self._graph, [assignments_of_caller(self._on), requests_of_caller(self._on)])
        # What is shown to users as their own need not say whose it is.
        read = assignment_row_reader(of_caller=self._on == "target")
        held, asked = parse_page(lists[0], read), parse_page(lists[1], read_request_row)
        if isinstance(held, EntraError):
            return [held for _dummy in identities]
        if isinstance(asked, EntraError):
            return [asked for _dummy in identities]
        return [self._observed(item, held, asked) for item in identities]

    def more(self, missing: Sequence[Missing]) -> list[Observed | EntraError]:
        """Read what the policies of packages require of the caller; raises what signing in raises."""
        return [self._with_requirements(each) for each in missing]

    def _with_requirements(self, each: Missing) -> Observed | EntraError:
        try:
            return self._with_policies(each)
        except EntraError as error:
            return error

    def _with_policies(self, missing: Missing) -> Observed:
        identity, observed = missing.identity, missing.observed
        listed = self._requirements(identity.package.id)
        extra = [missing.what.policy_id] if missing.what.what == "questions" else []
        if identity.policy:
            extra.append(identity.policy.id)
        hidden = [policy_id for policy_id in extra if not any(same_id(policy_id, p.id) for p in listed)]
        known = {policy_id.lower(): _as_known(policy_id, missing, listed) for policy_id in hidden}
        return replace(observed, policies=(*listed, *known.values()), policies_read=True)

    def _requirements(self, package_id: str) -> tuple[Policy, ...]:
        if package_id not in self._policies:
            (rows,) = self._graph.fetch_lists([policy_requirements(package_id)])
            found = parse_page(rows, parse_requirements)
            if isinstance(found, EntraError):
                raise found
            self._policies[package_id] = tuple(found)
        return self._policies[package_id]

    def _observed(
        self, identity: Identity, held: Sequence[AssignmentRow], asked: Sequence[RequestRow]
    ) -> Observed | EntraError:
        package_id, mine = identity.package.id, identity.request_as == "self"
        found = read_holdings(package_id, held, asked, of_caller=mine)
        # What lists show to users as their own is about them.
        assignments = tuple(found.assignments) if mine else found.assignments_of(identity.person)
        requests = found.requests if mine else found.requests_of(identity.person, assignments)
        doubt = found.doubt_about(identity, assignments)
        if doubt is not None:
            return doubt
        return Observed(
            tuple(a for a in assignments if identity.assignment_id is None or same_id(identity.assignment_id, a.id)),
            open_requests=tuple(r for r in requests if r.is_open),
            history=newest_first(r for r in requests if not r.is_open),
            policies=self._policies.get(package_id, ()),
            policies_read=package_id in self._policies,
        )


def _as_known(policy_id: str, missing: Missing, listed: Sequence[Policy]) -> Policy:
    """Return what is known of a policy that is not listed among those under which the caller may ask for themselves.

    One under which a manager may ask for a report need not be, and neither one of an assignment that exists.
    """
    held = next((a.policy for a in missing.observed.assignments if a.policy and same_id(a.policy.id, policy_id)), None)
    names = "; ".join(f"{p.display_name} ({p.id})" for p in listed) or "none"
    if held is None and missing.identity.request_as == "self":
        raise Refused(
            f"the policy {policy_id} does not allow the signed-in user to request this access package",
            hint=f"the policies that do are: {names}",
        )
    if missing.has_answers:
        raise Refused(
            f"the questions of the policy {policy_id} cannot be read by this caller, so the answers cannot be matched",
            hint=f"policies whose questions can be read: {names}",
        )
    return replace(held or Policy(policy_id, None), questions=())
