# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which policy a new assignment is made under: the one that is named, or the only one that fits, never the first."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError, Refused
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import same_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Person
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Policy

# Scope and kind of person -> whether the scope is closed to that kind. What may fit is open: the members of groups
# and the people of organizations are not read. Source: Graph documentation, "accessPackageAssignmentPolicy",
# allowedTargetScope. A scope that is not listed is open, so that Graph itself decides about what is new.
CLOSED: dict[str, frozenset[str]] = {
    "notSpecified": frozenset(),
    "specificDirectoryUsers": frozenset({"outsider"}),
    "specificConnectedOrganizationUsers": frozenset({"member"}),
    "specificDirectoryServicePrincipals": frozenset({"member", "guest", "outsider"}),
    "allMemberUsers": frozenset({"guest", "outsider"}),
    "allDirectoryUsers": frozenset({"outsider"}),
    "allDirectoryServicePrincipals": frozenset({"member", "guest", "outsider"}),
    "allConfiguredConnectedOrganizationUsers": frozenset({"member"}),
    "allExternalUsers": frozenset({"member"}),
    "allDirectoryAgentIdentities": frozenset({"member", "guest", "outsider"}),
}


def closed_because(policy: Policy, person: Person) -> str | None:
    """Return in words why a new assignment cannot be made for this person under a policy, or null."""
    if policy.automatic:
        return "it is an automatic assignment policy"
    scope = policy.scope or "notSpecified"
    if person.kind in CLOSED.get(scope, frozenset()):
        return f"its scope {scope} does not include {_KINDS[person.kind]}"
    return None


def choose_policy(named: Policy | None, person: Person, policies: Sequence[Policy]) -> Policy:
    """Choose the policy for a new assignment of a person: the named one, or the only one that fits.

    Raises OptionError or Refused with every policy and its reason.
    """
    if named is not None:
        return _named_policy(named, person, policies)
    fitting = [policy for policy in policies if closed_because(policy, person) is None]
    if len(fitting) == 1:
        return fitting[0]
    listed = "; ".join(
        f"{policy.display_name} ({policy.id}): {closed_because(policy, person) or 'may apply'}" for policy in policies
    )
    found = f"{len(fitting)} of its policies may admit" if fitting else "none of its policies admits"
    raise Refused(
        f"{found} this person ({listed or 'the package has no policy'})",
        hint="choose one with the option policy" if fitting else "add a policy to the package that admits this person",
    )


def _named_policy(named: Policy, person: Person, policies: Sequence[Policy]) -> Policy:
    policy = next((p for p in policies if same_id(p.id, named.id)), None)
    if policy is None:
        raise OptionError(
            "policy",
            f"{named.display_name or named.id} does not belong to this access package",
            hint="its policies are: " + ("; ".join(f"{p.display_name} ({p.id})" for p in policies) or "none"),
        )
    why = closed_because(policy, person)
    if why:
        raise Refused(
            f"the policy {policy.display_name or policy.id} does not admit this person: {why}",
            hint="use another policy, or extend the scope of this one",
        )
    return policy


_KINDS = {
    "member": "members of the directory",
    "guest": "guests",
    "outsider": "external users",
}
