# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values on the way between Ansible and our functions: plain ones in, ones that are never rendered out, and declared items checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.json import AnsibleJSONEncoder
from ansible.module_utils.errors import UnsupportedError
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable
from ansible_collections.idgov.entra.plugins.module_utils._declare.declaration import item_from_options
from ansible_collections.idgov.entra.plugins.module_utils._options.argument_specs import ITEM_DEFAULTS, ITEM_SPEC

Json = dict[str, Any]


def plain(value: Any) -> Any:
    """Return a value without what Ansible's templating adds: vault texts in the clear, dates as texts, no marks."""
    return json.loads(json.dumps(value, cls=AnsibleJSONEncoder, vault_to_text=True))


def filtered(
    work: Callable[..., Any],
    *values: Any,
    wrong: type[Exception] | tuple[type[Exception], ...] = (),
    strict: bool = True,
) -> Any:
    """Do the work of a filter with plain values; errors of the types ``wrong`` become Ansible's own.

    Where it is not ``strict`` such an error is a result with nothing but ``failure``, its sentence: a role then fails with
    this sentence alone, and Ansible says nothing of filters around it.

    What files, people and Graph say is data: before ansible-core 2.19 a text with braces would be rendered otherwise.
    """
    try:
        result = work(*(plain(value) for value in values))
    except wrong as error:
        if not strict:
            return wrap_var({"failure": printable(str(error))})
        raise AnsibleFilterError(printable(str(error))) from None
    return wrap_var(asdict(result) if is_dataclass(result) and not isinstance(result, type) else result)


def mistake_in(item: Any) -> str | None:
    """Return what the module access_package_assignments would refuse in one item before it sends anything; null where nothing.

    Such a mistake fails its whole task, so that a list made of many sources had better be looked at item by item.
    """
    if not isinstance(item, Mapping):
        return f"{item!r} is not a dictionary"
    given = plain(item)
    fault = misshapen(ITEM_SPEC, given, converting=False)
    if fault:
        return fault
    validation = ArgumentSpecValidator(ITEM_SPEC).validate(given)
    if validation.errors.errors:
        error = validation.errors.errors[0]
        return f"unknown option {error.msg}" if isinstance(error, UnsupportedError) else str(error.msg)
    try:
        item_from_options(validation.validated_parameters, {}, ITEM_DEFAULTS, wait=True)
    except OptionError as error:
        hint = f"; {error.hint}" if error.hint else ""
        return f"{error.message}{hint}"
    return None


def misshapen(spec: Mapping[str, Json], given: Mapping[str, Any], *, converting: bool, place: str = "") -> str | None:
    """Return where a value has the wrong shape for an argument spec; null where none has.

    A number, a truth or nothing in place of a dictionary of options always has: ansible-core's validator fails there with a
    TypeError. With ``converting`` the rest is left to it, and it makes texts of lists and dictionaries, and these of texts.
    Without, no such value passes, so that what is right can be used as it is.
    """
    for name, rule in spec.items():
        value, where = given.get(name), f"{place}{name}"
        if value is None:
            continue
        if rule.get("type") == "str" and isinstance(value, (dict, list)) and not converting:
            return f"{where}: this is not a string"
        if "options" in rule:
            fault = _misshapen_options(rule, value, converting, where)
            if fault:
                return fault
    return None


def _misshapen_options(rule: Json, value: Any, converting: bool, where: str) -> str | None:
    elements = {where: value}
    if rule["type"] == "list":
        if not isinstance(value, list):
            return None if converting else f"{where}: this is not a list"
        elements = {f"{where}[{index}]": element for index, element in enumerate(value)}
    for place, element in elements.items():
        if isinstance(element, dict):
            fault = misshapen(rule["options"], element, converting=converting, place=f"{place}.")
            if fault:
                return fault
        elif not (converting and isinstance(element, str)):
            return f"{place}: this is not a dictionary"
    return None
