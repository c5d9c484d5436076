# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access packages, assignment policies and catalogs."""

from __future__ import annotations

from dataclasses import replace

from .access import READ, WRITE, Reach, reading, require_covers, require_user
from .errors import GraphError, refusal
from .filters import Filterable, field
from .graph import Answer, Call
from .listing import (
    ITEM,
    answer_item,
    answer_page,
    context_of,
    numbered,
    read_function_query,
    read_query,
    view_of,
    writer,
)
from .model import Answer as GivenAnswer
from .model import Package, Policy
from .odata_query import Allowed, Options, read_options
from .policy_fit import may_request
from .views import Applicable, show

PACKAGES = Filterable({"displayname": field(lambda item: item.display_name, "exact", "eq", "contains")})
CATALOGS = PACKAGES
POLICIES = Filterable(
    {
        "displayname": field(lambda item: item.display_name, "exact", "eq"),
        "accesspackage/id": field(lambda item: item.package_id, "guid", "eq"),
    }
)
_CONTEXT = "identityGovernance/entitlementManagement"


def not_found(what: str, entity_id: str) -> Exception:
    """Build the answer for an id of the path that is not there."""
    return refusal(404, "ResourceNotFound", f"The {what} '{entity_id}' was not found.")


def package_of(call: Call, reach: Reach) -> Package:
    """Return the package that the path names, where the caller's reach covers it."""
    package = call.store.packages.get(call.params["package_id"])
    if package is None:
        raise not_found("access package", call.params["package_id"])
    require_covers(reach, package)
    return package


def list_packages(call: Call) -> Answer:
    """GET /accessPackages: for a catalog-scoped caller those of its catalogs."""
    reach = reading(call.caller)
    query = read_query(call, "accessPackage", PACKAGES)
    items = numbered(package for package in call.store.packages.values() if reach.covers(package))
    context = f"{_CONTEXT}/accessPackages"
    return answer_page(call, query, items, writer(call, "accessPackage", query.options, context), context)


def get_package(call: Call) -> Answer:
    """GET /accessPackages/{id}."""
    package = package_of(call, reading(call.caller))
    return answer_item(call, "accessPackage", package, f"{_CONTEXT}/accessPackages")


def packages_of_caller(call: Call) -> Answer:
    """GET /accessPackages/filterByCurrentUser(on='allowedRequestor')."""
    user_id = require_user(call.caller, READ)
    if call.params["on"] != "allowedRequestor":
        raise refusal(400, "InvalidRequest", f"The value '{call.params['on']}' of parameter 'on' is not supported.")
    query = read_function_query(call, "accessPackage", PACKAGES)
    items = numbered(
        package
        for package in call.store.packages.values()
        if not package.hidden
        and any(may_request(call.store, each, user_id) for each in call.store.policies_of(package.id))
    )
    return answer_page(call, query, items, writer(call, "accessPackage", query.options), f"{_CONTEXT}/accessPackages")


def policy_requirements(call: Call) -> Answer:
    """POST /accessPackages/{id}/getApplicablePolicyRequirements: what the signed-in user would have to give."""
    user_id = require_user(call.caller, READ | WRITE)
    call.operation.expect_no_body()
    package = call.store.packages.get(call.params["package_id"])
    if package is None:
        raise not_found("access package", call.params["package_id"])
    fitting = [each for each in call.store.policies_of(package.id) if may_request(call.store, each, user_id)]
    kind = "accessPackageAssignmentRequestRequirements"
    before = [Applicable(policy, _answered(call, policy, user_id)) for policy in fitting]
    return Answer(200, {"value": [show(view_of(call), kind, each) for each in before]})


def _answered(call: Call, policy: Policy, user_id: str) -> tuple[GivenAnswer, ...]:
    """Return what the signed-in user answered last under a policy."""
    subject = call.store.subject_of(call.store.principals[user_id])
    made = call.store.requests_of(policy.package_id, subject.id)
    answers = (item.answers for item in reversed(made) if item.policy_id == policy.id and item.answers)
    return next(answers, ())


def list_policies(call: Call) -> Answer:
    """GET /assignmentPolicies; in v1.0 their questions come without being asked for (recorded)."""
    kind, context = "accessPackageAssignmentPolicy", f"{_CONTEXT}/assignmentPolicies"
    reach = reading(call.caller)
    query = read_query(call, kind, POLICIES)
    options = query.options
    if "questions" in call.dialect.expand[kind] and options.select is None:
        options = replace(options, expand={"questions": Options(), **options.expand})
    seen = (each for each in call.store.policies.values() if reach.covers(call.store.packages[each.package_id]))
    return answer_page(call, query, numbered(seen), writer(call, kind, options, context), context)


def policies_of_package(call: Call) -> Answer:
    """GET /accessPackages/{id}/assignmentPolicies: a path that pages name and the back end does not have (reports)."""
    raise GraphError(404, "", "No HTTP resource was found that matches the request URI.")


def get_policy(call: Call) -> Answer:
    """GET /assignmentPolicies/{id}."""
    reach = reading(call.caller)
    policy = call.store.policies.get(call.params["policy_id"])
    if policy is None:
        raise not_found("assignment policy", call.params["policy_id"])
    require_covers(reach, call.store.packages[policy.package_id])
    kind, context = "accessPackageAssignmentPolicy", f"{_CONTEXT}/assignmentPolicies"
    expand = call.dialect.expand.get(kind, {})
    if call.sim.switches.is_("policy_questions", "expand") or "questions" not in expand:
        return answer_item(call, kind, policy, context)
    return _with_questions(call, kind, policy, context)


def _with_questions(call: Call, kind: str, policy: Policy, context: str) -> Answer:
    """Answer a policy whose questions cannot be expanded: they are always there, or come by $select."""
    inline = call.sim.switches.is_("policy_questions", "inline")
    by_select = call.sim.switches.is_("policy_questions", "select")
    expand = {name: known for name, known in call.dialect.expand[kind].items() if name != "questions"}
    members = {name for name, member in call.schema.members_of(kind).items() if not member.navigation}
    names = frozenset(members | {"questions"} if by_select else members)
    options = read_options(call.operation.query, Allowed(kind, ITEM, expand, names, call.schema), call.sim.switches)
    if inline or "questions" in (options.select or ()):
        options.expand["questions"] = Options()
    body = show(view_of(call), kind, policy, options)
    return Answer(200, {"@odata.context": context_of(call, f"{context}/$entity"), **body})


def list_catalogs(call: Call) -> Answer:
    """GET /catalogs."""
    kind = "accessPackageCatalog"
    reach = reading(call.caller)
    query = read_query(call, kind, CATALOGS)
    seen = (item for item in call.store.catalogs.values() if reach.everywhere or item.id in reach.catalogs)
    context = f"{_CONTEXT}/catalogs"
    return answer_page(call, query, numbered(seen), writer(call, kind, query.options, context), context)


def get_catalog(call: Call) -> Answer:
    """GET /catalogs/{id}."""
    reach = reading(call.caller)
    catalog = call.store.catalogs.get(call.params["catalog_id"])
    if catalog is None or not (reach.everywhere or catalog.id in reach.catalogs):
        raise not_found("catalog", call.params["catalog_id"])
    return answer_item(call, "accessPackageCatalog", catalog, f"{_CONTEXT}/catalogs")
