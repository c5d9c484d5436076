# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to a query: every value checked for its shape, before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError, mutually_exclusive
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import checked_text, is_id
from ansible_collections.idgov.entra.plugins.module_utils._decide.selection import (
    AssignmentQuery,
    Names,
    PackageQuery,
    RequestQuery,
)
from ansible_collections.idgov.entra.plugins.module_utils._declare.declaration import checked_duration, checked_instant

Options = Mapping[str, Any]


def package_query_from_options(options: Options) -> PackageQuery:
    """Read a query for access packages from validated options; raises OptionError."""
    return PackageQuery(**_scope(options))


def assignment_query_from_options(options: Options) -> AssignmentQuery:
    """Read a query for assignments from validated options; raises OptionError."""
    _check_exclusions(options)
    within = options.get("expiring_within")
    query = AssignmentQuery(
        **_scope(options),
        policies=_names("policy", options),
        users=_names("user", options),
        states=_names("states", options),
        expiring_within=None if within is None else checked_duration("expiring_within", within),
        current=bool(options["current"]),
        ids=_ids(options),
    )
    unscoped = [text for text in query.policies or () if not is_id(text)]
    if unscoped and not query.mine and query.packages is None and query.catalog is None:
        raise OptionError(
            "policy",
            f"{unscoped[0]!r} is a name, and a policy name is unique within an access package only",
            hint="set access_package or catalog, or give the policy's id",
        )
    return query


def request_query_from_options(options: Options) -> RequestQuery:
    """Read a query for requests from validated options; raises OptionError."""
    _check_exclusions(options)
    created_after = options.get("created_after")
    return RequestQuery(
        **_scope(options),
        mine_as=options["mine_as"],
        users=_names("user", options),
        states=_names("states", options),
        types=_names("request_types", options),
        created_after=None if created_after is None else checked_instant("created_after", created_after),
        ids=_ids(options),
    )


def _scope(options: Options) -> dict[str, Any]:
    catalog = options.get("catalog")
    return {
        "packages": _names("access_package", options),
        "catalog": None if catalog is None else checked_text("catalog", catalog),
        "mine": bool(options["mine"]),
    }


def _check_exclusions(options: Options) -> None:
    """What would contradict itself, or mean less than it seems to."""
    if options["mine"] and options.get("user") is not None and options.get("mine_as", "target") == "target":
        raise mutually_exclusive("mine", "user")
    if options["mine"] and options.get("catalog") is not None:
        raise OptionError("catalog", "mine cannot be combined with catalog", hint="use access_package instead")
    for name in ("mine", "current"):
        if options.get("id") is not None and options.get(name):
            raise mutually_exclusive("id", name)


def _names(option: str, options: Options) -> Names | None:
    """Return each text of a list once, in order; an empty list stays one."""
    values = options.get(option)
    return None if values is None else tuple(dict.fromkeys(checked_text(option, value) for value in values))


def _ids(options: Options) -> Names | None:
    ids = _names("id", options)
    for text in ids or ():
        if not is_id(text):
            raise OptionError("id", f"{text!r} is not an id")
    return ids
