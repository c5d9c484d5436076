# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and groups of the directory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .access import GROUPS, USERS_BASIC, USERS_FULL, Caller, require_directory
from .errors import GraphError, bad_request
from .filters import Filterable, field
from .graph import Answer, Call
from .listing import Query, answer_page, context_of, numbered, with_filter
from .model import Group, Principal
from .odata_filter import alternatives
from .odata_query import Allowed, read_options
from .store import Store
from .switches import Switches

_BASIC = (
    *("businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation"),
    *("preferredLanguage", "surname", "userPrincipalName", "id"),
)
_FULL_ONLY = ("userType", "accountEnabled")
_GROUP = ("id", "displayName", "description")
_LIST = frozenset({"$filter", "$select", "$top", "$skiptoken"})
USERS = Filterable(
    {
        "id": field(lambda item: item.id, "guid", "eq", "in"),
        "userprincipalname": field(lambda item: item.principal_name, "text", "eq", "in"),
        "mail": field(lambda item: item.mail, "text", "eq", "in"),
    },
    directory=True,
)
GROUP_FILTER = Filterable({"displayname": field(lambda item: item.display_name, "text", "eq")}, directory=True)


def _write_user(user: Principal, caller: Caller, switches: Switches, select: tuple[str, ...] | None) -> dict[str, Any]:
    full = bool(caller.permissions & USERS_FULL) or switches.is_("basic_profile", "full")
    body: dict[str, Any] = {
        "businessPhones": [],
        "displayName": user.display_name,
        "givenName": user.given_name,
        "jobTitle": None,
        "mail": user.mail,
        "mobilePhone": None,
        "officeLocation": None,
        "preferredLanguage": None,
        "surname": user.surname,
        "userPrincipalName": user.principal_name,
        "id": user.id,
        "userType": user.user_type if full else None,
        "accountEnabled": user.enabled if full else None,
    }
    return {name: body[name] for name in select or _BASIC}


def _allowed(type_name: str, options: frozenset[str], members: tuple[str, ...]) -> Allowed:
    return Allowed(type_name, options, selectable=frozenset(members))


def _user_writer(call: Call, select: tuple[str, ...] | None) -> Callable[[Principal], dict[str, Any]]:
    return lambda user: _write_user(user, call.caller, call.sim.switches, select)


def list_users(call: Call) -> Answer:
    """GET /users."""
    require_directory(call.caller, USERS_BASIC)
    options = read_options(call.operation.query, _allowed("user", _LIST, _BASIC + _FULL_ONLY), call.sim.switches)
    query = with_filter(call, options, USERS)
    users = numbered(_candidates(call.store, query))
    return answer_page(call, query, users, _user_writer(call, options.select), "users")


def _candidates(store: Store, query: Query) -> Iterable[Principal]:
    """Narrow the list down where its filter names people, so that big worlds stay quick."""
    names = alternatives(query.tree) if query.tree else None
    if names is None:
        return (item for item in store.principals.values() if item.kind == "user")
    return store.users_named(names)


def get_user(call: Call) -> Answer:
    """GET /users/{id or userPrincipalName}."""
    require_directory(call.caller, USERS_BASIC)
    allowed = _allowed("user", frozenset({"$select"}), _BASIC + _FULL_ONLY)
    options = read_options(call.operation.query, allowed, call.sim.switches)
    wanted = call.params["user"].lower()
    for user in call.store.principals.values():
        if user.kind == "user" and wanted in (user.id, user.principal_name.lower()):
            context = context_of(call, "users/$entity")
            return Answer(200, {"@odata.context": context, **_user_writer(call, options.select)(user)})
    raise _missing(call.params["user"])


def _missing(name: str) -> GraphError:
    text = f"Resource '{name}' does not exist or one of its queried reference-property objects are not present."
    return GraphError(404, "Request_ResourceNotFound", text)


def _write_group(group: Group, select: tuple[str, ...] | None) -> dict[str, Any]:
    body = {"id": group.id, "displayName": group.display_name, "description": group.description}
    return {name: body[name] for name in select or _GROUP}


def list_groups(call: Call) -> Answer:
    """GET /groups."""
    require_directory(call.caller, GROUPS)
    options = read_options(call.operation.query, _allowed("group", _LIST, _GROUP), call.sim.switches)
    query = with_filter(call, options, GROUP_FILTER)
    groups = numbered(call.store.groups.values())
    return answer_page(call, query, groups, lambda group: _write_group(group, options.select), "groups")


def _group(call: Call) -> Group:
    group = call.store.groups.get(call.params["group_id"])
    if group is None:
        raise _missing(call.params["group_id"])
    return group


def get_group(call: Call) -> Answer:
    """GET /groups/{id}."""
    require_directory(call.caller, GROUPS)
    allowed = _allowed("group", frozenset({"$select"}), _GROUP)
    options = read_options(call.operation.query, allowed, call.sim.switches)
    context = context_of(call, "groups/$entity")
    return Answer(200, {"@odata.context": context, **_write_group(_group(call), options.select)})


def user_members(call: Call) -> Answer:
    """GET /groups/{id}/transitiveMembers/microsoft.graph.user.

    A caller that may not read users gets their ids only (Graph: limited information for inaccessible members).
    """
    require_directory(call.caller, GROUPS)
    if call.params["cast"] != "microsoft.graph.user":
        raise bad_request(f"The cast '{call.params['cast']}' is not supported.")
    known = frozenset({"$select", "$top", "$skiptoken", "$count"})
    counted = ("$count", "true") in call.operation.query
    eventual = call.operation.headers.get("consistencylevel", "").lower() == "eventual"
    if counted != eventual or (not counted and call.sim.switches.is_("member_cast", "advanced")):
        raise GraphError(400, "Request_UnsupportedQuery", "The specified query needs $count and ConsistencyLevel.")
    options = read_options(call.operation.query, _allowed("user", known, _BASIC + _FULL_ONLY), call.sim.switches)
    query = with_filter(call, options, USERS)
    principals = call.store.principals
    members = [principals[each] for each in call.store.transitive_members(_group(call).id) if each in principals]
    write = _user_writer(call, options.select)
    readable = bool(call.caller.permissions & USERS_BASIC)

    def shown(user: Principal) -> dict[str, Any]:
        body = write(user)
        if readable:
            return body
        return {name: value if name == "id" or isinstance(value, list) else None for name, value in body.items()}

    users = numbered(user for user in members if user.kind == "user")
    return answer_page(call, query, users, shown, "users")
