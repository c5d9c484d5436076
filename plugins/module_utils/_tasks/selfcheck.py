# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task behind the module ``selfcheck``: what works in a tenant, and what its Graph really does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._apply.reconcile import reconcile
from ansible_collections.idgov.entra.plugins.module_utils._apply.run import Run
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    OptionError,
    Refused,
    SignInError,
    TransportError,
)
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import checked_text, same_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.desired import Declaration, Handling
from ansible_collections.idgov.entra.plugins.module_utils._declare.declaration import patience_from_options
from ansible_collections.idgov.entra.plugins.module_utils._options.argument_specs import SELFCHECK_SPEC
from ansible_collections.idgov.entra.plugins.module_utils._options.cloud_members import LACKING, check_members
from ansible_collections.idgov.entra.plugins.module_utils._options.clouds import CLOUDS
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import CONNECTION_SPEC, Connection
from ansible_collections.idgov.entra.plugins.module_utils._selfcheck.findings import (
    Finding,
    SelfcheckResult,
    look_around,
    permitted,
)
from ansible_collections.idgov.entra.plugins.module_utils._selfcheck.observe import observe
from ansible_collections.idgov.entra.plugins.module_utils._selfcheck.rehearse import JUSTIFICATION, Stage, rehearse
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import (
    Context,
    SignedIn,
    new_run,
    sign_in,
)

_LEAVE_OUT = "omit these options in this cloud; modules refuse them"
_LOOK_CLOSER = "run it with -vvv to see each call to Graph with its request id"
ARGUMENT_SPEC: dict[str, dict[str, Any]] = {**SELFCHECK_SPEC, **CONNECTION_SPEC}


def run(context: Context) -> SelfcheckResult:
    """Look around, and with ``write`` rehearse; gives findings and observations. Raises OptionError and MissingLibrary."""
    _check_shape(context.options)
    # Beta is for nobody to rely on, so nothing about it has to be found out.
    context = replace(context, options={**context.options, "api_version": "v1.0"})
    findings: list[Finding] = []
    observations: dict[str, str] = {}
    rehearsed: dict[str, str] = {}
    try:
        with sign_in(context) as signed_in:
            findings += [_kind_of_sign_in(signed_in), _cloud(signed_in.connection)]
            found, packages = look_around(signed_in.graph, context.clock)
            is_delegated = signed_in.tokens.is_delegated()
            findings += found + permitted(signed_in.tokens.permissions(), is_delegated)
            ids = [row["id"] for row in packages if isinstance(row.get("id"), str)]
            observations = observe(signed_in.graph, ids, is_delegated=is_delegated)
            if context.options["write"] and not context.check_mode:
                said, rehearsed = _rehearsal(context, signed_in)
                findings += said
    except (SignInError, TransportError) as error:
        findings.append(Finding("sign_in", "failed", error.message, error.hint))
    return {
        "changed": bool(rehearsed),
        "able": not any(finding.status == "failed" for finding in findings),
        "findings": [_with_hint(finding).as_result() for finding in findings],
        "observations": [{"fact": fact, "seen": word} for fact, word in {**observations, **rehearsed}.items()],
    }


def _with_hint(finding: Finding) -> Finding:
    """Return a finding that says what to do wherever something is not as it should be."""
    return finding if finding.status == "ok" or finding.hint else replace(finding, hint=_LOOK_CLOSER)


def _check_shape(options: Mapping[str, Any]) -> None:
    for name in ("access_package", "user") if options["write"] else ():
        if not options[name]:
            raise OptionError(
                name, "required when write is true", hint="use an access package and a user that exist for tests"
            )
    for name in ("access_package", "policy", "user"):
        if options[name] is not None:
            checked_text(name, options[name])


def _kind_of_sign_in(signed_in: SignedIn) -> Finding:
    """Sign in, and say as what; raises SignInError."""
    is_delegated = signed_in.tokens.is_delegated()
    who = {True: "a person", False: "an application", None: "a caller whose token cannot be decoded"}[is_delegated]
    application, tenant = signed_in.tokens.application_id(), signed_in.tokens.tenant_id()
    by = f" by the application {application}" if application else ""
    return Finding("sign_in", "ok", f"signed in as {who}{by}{f' to the tenant {tenant}' if tenant else ''}")


def _cloud(connection: Connection) -> Finding:
    cloud = next((each for each in CLOUDS if each.graph_url == connection.graph_url), None)
    if cloud is None:
        hint = "omit graph_url and authority_host in Microsoft's clouds"
        return Finding("cloud", "note", f"{connection.graph_url} is not one of Microsoft's four clouds", hint)
    lacking = ", ".join(sorted(LACKING.get(cloud.name, ())))
    if lacking:
        return Finding("cloud", "note", f"{cloud.name}, whose Graph v1.0 does not support {lacking}", _LEAVE_OUT)
    return Finding("cloud", "ok", f"{cloud.name}, {cloud.graph_url}")


def _rehearsal(context: Context, signed_in: SignedIn) -> tuple[list[Finding], dict[str, str]]:
    """Try on the test person what reading cannot tell, and leave nothing behind; gives findings and what was seen."""
    run = new_run(context, signed_in, patience_from_options(context.options))
    findings: list[Finding] = []
    observed: dict[str, str] = {}
    try:
        stage = _set(context, signed_in, run)
    except EntraError as error:
        return [Finding("rehearsal", "failed", error.message, error.hint)], {}
    try:
        for fact, word in rehearse(stage):
            observed[fact] = word
        findings.append(Finding("rehearsal", "ok", "completed"))
    except EntraError as error:
        findings.append(Finding("rehearsal", "warning", f"ended early: {error.message}", error.hint))
    finally:
        findings.append(_clean_up(context, run))
    return findings, observed


def _set(context: Context, signed_in: SignedIn, run: Run) -> Stage:
    """Find out by check mode whether the test can be held; raises EntraError where it cannot."""
    try:
        check_members({"justification": JUSTIFICATION}, signed_in.connection, context.options)
        justification = JUSTIFICATION
    except OptionError:
        justification = None
    declaration = _declaration(context, "present", justification=justification)
    (item,) = reconcile([declaration], replace(run, check_mode=True))
    if item.error:
        raise item.error
    if item.desired is None or item.action != "add" or item.desired.person.object_id is None:
        raise Refused(
            f"{declaration.person} holds the access package or has requested it",
            hint="use a user of the directory who does not, because this test removes what it finds",
        )
    policy_id = item.writes[0].request.policy_id
    policy = next(each for each in item.observed.policies if same_id(each.id, policy_id))
    if policy.approval_for_add and not run.is_delegated():
        raise Refused(
            f"the policy {policy.display_name!r} requires approval, and Graph may not allow an application to cancel a request that waits for it",
            hint="use a policy without approval, or a delegated token",
        )
    return Stage(
        graph=run.graph,
        clock=run.clock,
        patience=run.patience,
        package_id=item.desired.package.id,
        policy=policy,
        object_id=item.desired.person.object_id,
        is_delegated=run.is_delegated(),
        justification=justification,
    )


def _clean_up(context: Context, run: Run) -> Finding:
    """Take away whatever the test person holds of the test package or is about to get."""
    declaration = _declaration(context, "absent", handling=Handling(on_open_request="cancel"))
    try:
        (item,) = reconcile([declaration], run)
        error = item.error
    except EntraError as failed:
        error = failed
    if error is None:
        return Finding(
            "cleaned_up", "ok", f"{declaration.person} holds nothing of {declaration.access_package!r} any more"
        )
    return Finding(
        "cleaned_up",
        "failed",
        error.message,
        f"remove {declaration.access_package!r} from {declaration.person} with state: absent",
    )


def _declaration(context: Context, state: str, **terms: Any) -> Declaration:
    options = context.options
    policy = options["policy"] if state == "present" else None
    return Declaration(
        state=state, access_package=options["access_package"], policy=policy, user=options["user"], **terms
    )
