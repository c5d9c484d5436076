# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Graph's error envelope as an error of ours, with a hint that names what is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError, GraphError
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call
from ansible_collections.idgov.entra.plugins.module_utils._http.throttling import THROTTLED, retry_after

LICENCE_CODES = ("NoLicense", "NoGovernanceSku")
# The words in which Graph says ExistingOpenRequest (a public client compares with them).
_OPEN_REQUEST = "already an existing open request"


def names(error: EntraError | None, *codes: str) -> bool:
    """Return whether an answer has one of these codes in its code, its details or its message."""
    if not isinstance(error, GraphError):
        return False
    texts = [error.code, error.message, *(text for each in error.details for text in map(str, each.values()))]
    words = {word.lower() for text in texts for word in re.findall(r"\w+", text)}
    return any(code.lower() in words for code in codes)


def open_request_exists(error: EntraError | None) -> bool:
    """Return whether Graph refused because another request of this person and package is open."""
    return names(error, "ExistingOpenRequest") or (
        isinstance(error, GraphError) and _OPEN_REQUEST in error.message.lower()
    )


def is_held(error: EntraError | None) -> bool:
    """Return whether Graph refused an add because the person has the package."""
    return names(error, "InvalidRequestExistingGrant")


def is_gone(error: EntraError | None) -> bool:
    """Return whether Graph refused because the assignment is not there, or not any more."""
    return names(error, "InvalidRequestNoActiveGrant") or (isinstance(error, GraphError) and error.status == 404)


def is_unknown_object(error: EntraError | None) -> bool:
    """Return whether Graph may refuse an add because it does not know the person, perhaps not yet.

    An object that was just created is a 400 with a code of its own where it is named in a body (a transcript of a live run).
    """
    if names(error, "PolicyNotFound", "AccessPackageNotFound"):
        return False
    return names(error, "ResourceNotFoundInOriginSystem") or (isinstance(error, GraphError) and error.status == 404)


def lacks_licence(error: EntraError | None) -> bool:
    """Return whether Graph refused because the tenant has not the licence."""
    return names(error, *LICENCE_CODES)


_ROLES = (
    "Access package assignment manager, Access package manager or Catalog owner of the catalog,"
    " or Identity Governance Administrator"
)

_READING_ROLES = (
    "Catalog reader or Access package manager of the catalog, Security Reader, Global Reader,"
    " or Identity Governance Administrator"
)

# What a caller with a role on some catalogs only may list package by package (Graph documentation,
# "List assignments" and "List assignmentRequests"), by the ends of the paths of both versions in small letters.
_LISTS = ("assignments", "assignmentrequests")

# The two licence codes (public reports), and what each asks for.
_LICENCES = {
    "NoLicense": "Microsoft Entra ID P2, Entra ID Governance or Entra Suite",
    "NoGovernanceSku": "Microsoft Entra ID Governance or Entra Suite for this",
}
# How a 403 says that the token has no permission for entitlement management; "Unauthorized" means a role, or an object
# that is not there (public reports with the bodies).
_NO_SCOPE = "The caller is not authorized"
_BY_CODE = {
    "PolicyNotFound": "check the option policy: no policy has this id, or it was deleted",
    "AccessPackageNotFound": "check the option access_package: no access package has this id, or it was deleted",
    "ResourceNotFoundInOriginSystem": "the directory object is unknown to entitlement management, or not synchronized yet",
    "InvalidFilter": "this is a bug in the collection or a change in Graph; report it with the request id",
}

# When Graph takes what is done to a request (Graph documentation, "accessPackageAssignmentRequest: cancel",
# "... reprocess", "... resume" and "Delete accessPackageAssignmentRequest").
_WHEN = {
    "/cancel": "Graph cancels requests that are submitted, pendingApproval or scheduled; one that waits for the callback"
    " of a custom extension may have to be resumed with the decision canceled",
    "/reprocess": "Graph reprocesses requests that are deliveryFailed or partiallyDelivered, for 14 days",
    "/resume": "Graph resumes a request only while it waits for this callback, and in the global cloud only",
}
_WHEN_DELETED = (
    "Graph deletes requests that are denied or completed, and may refuse to delete those that have an assignment"
)


def hint_for(error: GraphError, call: Call) -> str | None:
    """Return the hint for one refusal, or null.

    Codes as recorded in public reports of this service; permissions and roles as on the pages of the operations
    (Graph documentation, "Create accessPackageAssignmentRequest", "Permissions").
    """
    status = error.status
    if status == 401:
        return "the token was rejected: it has expired, was revoked, or is for another cloud or service"
    if lacks_licence(error):
        return (
            f"the tenant needs {_LICENCES['NoGovernanceSku' if names(error, 'NoGovernanceSku') else 'NoLicense']}; "
            "a new licence may take 8 hours to take effect"
        )
    if status == 403:
        return _no_scope(call) if _NO_SCOPE in error.message else _forbidden(call)
    by_code = next((hint for code, hint in _BY_CODE.items() if names(error, code)), None)
    if by_code:
        return by_code
    if 300 <= status < 400:
        return "redirects are not followed, to protect the token; check graph_url and proxy"
    if status == THROTTLED:
        return "Graph throttles this application; run the task again later, or raise retries"
    if status == 400 and str((call.body or {}).get("requestType")).endswith("Add"):
        return (
            "only Graph knows who belongs to the groups and connected organizations of a policy;"
            " check that the policy admits this person"
        )
    if status == 400:
        hint = next((hint for end, hint in _WHEN.items() if call.path.endswith(end)), None)
        if hint or call.method == "DELETE":
            return hint or _WHEN_DELETED
    return None


def _no_scope(call: Call) -> str:
    permission = "EntitlementManagement.Read.All" if call.is_read else "EntitlementManagement.ReadWrite.All"
    return f"the token has no permission for entitlement management: grant {permission}, with admin consent"


def _forbidden(call: Call) -> str:
    if call.path.startswith("/users"):
        return "looking up a user by name or mail address requires the permission User.ReadBasic.All; an object id requires none"
    if call.path.startswith("/groups"):
        return "looking up a group and its members requires the permission GroupMember.Read.All"
    if "filterByCurrentUser" in call.path or call.path.endswith("getApplicablePolicyRequirements"):
        return (
            "a request as a user requires a delegated token with EntitlementMgmt-SubjectAccess.ReadWrite, or with"
            " EntitlementManagement.Read.All where Graph does not accept that one for reading"
        )
    if str((call.body or {}).get("requestType")).startswith("user"):
        return "a request as a user requires a delegated token with EntitlementMgmt-SubjectAccess.ReadWrite; no role is required"
    if call.is_read:
        is_unfiltered = call.path.lower().endswith(_LISTS) and "accessPackage/id" not in call.query.get("$filter", "")
        scoped = "must set access_package or catalog" if is_unfiltered else "the package is in another one"
        return (
            "possible causes, in this order: the permission EntitlementManagement.Read.All is missing;"
            f" a delegated caller has no role that can read, such as {_READING_ROLES};"
            f" the caller has a role on some catalogs only and {scoped}; the id does not exist;"
            " the tenant has no licence"
        )
    if call.path.endswith("/cancel"):
        return "Graph documents cancel for delegated callers only, with a role on the catalog of the package"
    return (
        "possible causes, in this order: the permission EntitlementManagement.ReadWrite.All is missing;"
        f" a delegated caller has none of the roles {_ROLES}; the caller has no role on the catalog of the package;"
        " the policy does not exist; the tenant has no licence"
    )


def error_from(call: Call, status: int, headers: Mapping[str, str], body: Any, *, base: str) -> GraphError:
    """Turn an answer of 300 and more into an error that carries all that it says.

    ``base`` is Graph's root with the version. The address in the error has no query, whose values may name people.
    Any body is accepted, also none.
    """
    low = {name.lower(): str(value) for name, value in headers.items()}
    error = _mapping(_mapping(body).get("error"))
    inner = _mapping(error.get("innerError") or error.get("innererror"))
    code = str(error.get("code") or _plain_code(status))
    listed = error.get("details")
    details = [dict(d) for d in listed if isinstance(d, Mapping)] if isinstance(listed, list) else []
    refused = GraphError(
        " ".join(str(error.get("message") or f"Graph answered {status} without an error message").split()).rstrip(". "),
        status=status,
        code=code,
        details=details,
        request_id=low.get("request-id") or _text(inner, "request-id") or _text(inner, "requestId"),
        client_request_id=low.get("client-request-id") or _text(inner, "client-request-id"),
        method=call.method,
        url=f"{base}{call.path}",
        retry_after=retry_after(status, low),
    )
    return refused.replace(hint=hint_for(refused, call))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Mapping[str, Any], member: str) -> str | None:
    found = value.get(member)
    return found if isinstance(found, str) else None


def _plain_code(status: int) -> str:
    return "Redirect" if 300 <= status < 400 else f"HTTP {status}"
