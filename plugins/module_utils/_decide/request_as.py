# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In whose name a request is made: what each value of ``request_as`` may send. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import Refused
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Person
from ansible_collections.idgov.entra.plugins.module_utils._decide.table import Step
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.request_bodies import (
    Body,
    direct_add_body,
    own_add_body,
    report_add_body,
)

# from the id of the package, the person, the id of the policy, and whether the policy was named
AddBody: TypeAlias = Callable[[str, Person, str, bool], Body]


@dataclass(frozen=True)
class RequestAs:
    """One way of asking: its name in words, its request types by step, and the body of its add.

    A step without a request type here, and a reprocess where ``reprocesses`` is false, is not for such a caller.
    Where ``needs_approval`` is true a request waits for the approval that its policy asks for.
    """

    name: str
    types: dict[Step, str]
    add_body: AddBody
    reprocesses: bool = False
    needs_approval: bool = True

    def type_for(self, step: Step) -> str:
        """Return the request type for a step; raises Refused where such a caller has none."""
        if step not in self.types:
            raise self.refusal(step)
        return self.types[step]

    def check_reprocess(self) -> None:
        """Raise Refused where such a caller cannot have a delivery repeated."""
        if not self.reprocesses:
            raise self.refusal(Step.REPROCESS)

    def refusal(self, step: Step) -> Refused:
        """Make the error for a step that is not for such a caller."""
        return Refused(
            f"this needs the step {step.value}, which is not available to {self.name}",
            hint="use request_as: admin with the token of an administrator, or change what is declared",
        )


def _direct(package_id: str, person: Person, policy_id: str, _is_named: bool) -> Body:
    return direct_add_body(package_id, policy_id, object_id=person.object_id, email=person.email)


def _own(package_id: str, _person: Person, policy_id: str, is_named: bool) -> Body:
    # The only policy that fits needs no name: Graph takes the same one.
    return own_add_body(package_id, policy_id if is_named else None)


def _for_report(package_id: str, person: Person, policy_id: str, _is_named: bool) -> Body:
    return report_add_body(package_id, policy_id, person.object_id)


# Graph documentation, "Create accessPackageAssignmentRequest"; to reprocess needs an administrator's role
# ("accessPackageAssignmentRequest: reprocess").
REQUEST_AS = {
    "admin": RequestAs(
        "an administrator",
        {Step.ADD: "adminAdd", Step.UPDATE: "adminUpdate", Step.REMOVE: "adminRemove"},
        _direct,
        reprocesses=True,
        # By public reports; Microsoft's pages do not say.
        needs_approval=False,
    ),
    "self": RequestAs(
        "a user who asks for themselves",
        {Step.ADD: "userAdd", Step.UPDATE: "userUpdate", Step.REMOVE: "userRemove"},
        _own,
    ),
    "manager": RequestAs("a manager who asks for a direct report", {Step.ADD: "userAdd"}, _for_report),
}
