# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of many assignments to declarations, each mistake with the place of its item."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._core.texts import checked_text
from ansible_collections.idgov.entra.plugins.module_utils._decide.caps import MAX_REMOVALS, Caps, Limit
from ansible_collections.idgov.entra.plugins.module_utils._decide.exact import ExactSet
from ansible_collections.idgov.entra.plugins.module_utils._decide.wanted import Choices, Declaration, Terms
from ansible_collections.idgov.entra.plugins.module_utils._engine.declare import read_declaration

Options = Mapping[str, Any]
_MOST_CALLS = 10
# The ways of naming a person, and an assignment: where an item takes one, it does not inherit another.
_PEOPLE = ("user", "email", "members_of")
_PLACE = ("access_package", "catalog", *_PEOPLE)


def read_declarations(options: Options, item_defaults: Options) -> list[Declaration]:
    """Read the declared assignments; raises OptionError that names the item.

    What an item does not say comes from the option C(defaults), then from C(item_defaults).
    """
    declarations = []
    defaults = options.get("defaults") or {}
    for index, item in enumerate(options["assignments"]):
        with in_item(index):
            declaration = read_item(item, defaults, item_defaults, wait=bool(options["wait"]))
            _check_exact(options, declaration)
            declarations.append(declaration)
    return declarations


def read_item(item: Options, defaults: Options, item_defaults: Options, *, wait: bool) -> Declaration:
    """Read one of many declared assignments; raises OptionError."""
    return read_declaration(_merged(item, defaults, item_defaults), wait=wait)


@contextmanager
def in_item(index: int) -> Iterator[None]:
    """Add the place of an item to every OptionError."""
    try:
        yield
    except OptionError as error:
        raise OptionError(f"assignments[{index}].{error.option}", error.what, hint=error.hint) from None


def read_exact_set(options: Options) -> ExactSet | None:
    """Read whether the list is the exact set; raises OptionError."""
    if not options["exclusive"]:
        given = next((name for name in ("access_packages", "allow_empty") if options.get(name)), None)
        if given or options["exclusive_scope"] != "policy":
            raise OptionError(
                given or "exclusive_scope", "it has no effect without exclusive", hint="set exclusive to true"
            )
        return None
    if options["api_version"] == "beta":
        raise OptionError(
            "exclusive",
            "beta does not tell which assignments are under an automatic policy, and an exact set must leave these alone",
            hint="use api_version: v1.0",
        )
    justification = (options.get("defaults") or {}).get("justification")
    removal = Terms(state="absent", justification=justification, choices=Choices(wait=bool(options["wait"])))
    return ExactSet(
        removal=removal,
        scope=options["exclusive_scope"],
        access_packages=tuple(checked_text("access_packages", name) for name in options.get("access_packages") or ()),
    )


def read_caps(options: Options, declarations: Sequence[Declaration]) -> Caps:
    """Read how much may be taken away and given; raises OptionError."""
    caps = Caps(
        removals=_limit(options, "max_removals") or (Limit(MAX_REMOVALS) if options["exclusive"] else None),
        additions=_limit(options, "max_additions"),
        allow_empty=options["allow_empty"] or not options["exclusive"],
    )
    shared = next((name for name in ("max_removals", "max_additions") if "%" in (options.get(name) or "")), None)
    if shared and options["api_version"] == "beta":
        raise OptionError(
            shared,
            "beta does not tell which assignments are under an automatic policy, and a share does not count these",
            hint="give a number, or use api_version: v1.0",
        )
    if shared and any(declaration.request_as != "admin" for declaration in declarations):
        raise OptionError(
            shared, "only administrators see of how many it is a share", hint="give a number, or use request_as: admin"
        )
    return caps


def read_concurrency(options: Options) -> int:
    """Read how many calls may be in flight; raises OptionError."""
    if not 1 <= options["concurrency"] <= _MOST_CALLS:
        raise OptionError("concurrency", f"{options['concurrency']} is not between 1 and {_MOST_CALLS}")
    return int(options["concurrency"])


def _check_exact(options: Options, declaration: Declaration) -> None:
    if options["exclusive"] and declaration.request_as != "admin":
        raise OptionError(
            "request_as", "only administrators make an exact set", hint="leave out exclusive, or use request_as: admin"
        )


def _merged(item: Options, defaults: Options, item_defaults: Options) -> dict[str, Any]:
    said = {name: value for name, value in item.items() if value is not None}
    own_place = _PLACE if "assignment_id" in said else _PEOPLE if said.keys() & set(_PEOPLE) else ()
    inherited = {name: value for name, value in defaults.items() if value is not None and name not in own_place}
    return {**item_defaults, **inherited, **said}


def _limit(options: Options, name: str) -> Limit | None:
    text = options.get(name)
    if text is None:
        return None
    found = re.fullmatch(r"([0-9]{1,9})(%?)", text.strip())
    if not found or (found[2] and int(found[1]) > 100):
        raise OptionError(
            name, f"{text!r} is neither a number nor a share", hint='write 20, or "5%" of the present holders'
        )
    return Limit(int(found[1]), share=bool(found[2]))
