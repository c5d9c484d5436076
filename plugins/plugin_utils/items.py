# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared assignments, looked at before the task that brings them about: what would that task refuse?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._declare.declaration import item_from_options
from ansible_collections.idgov.entra.plugins.module_utils._options.argument_specs import ITEM_DEFAULTS, ITEM_SPEC


def mistake_in(item: Any) -> str | None:
    """Say what the module access_package_assignments would refuse in one item before it sends anything; null where nothing.

    Such a mistake fails its whole task, so that a list made of many sources had better be looked at item by item.
    """
    if not isinstance(item, Mapping):
        return f"{item!r} is not a dictionary"
    validation = ArgumentSpecValidator(ITEM_SPEC).validate(dict(item))
    if validation.errors.errors:
        error = validation.errors.errors[0]
        return f"unknown option {error.msg}" if isinstance(error, UnsupportedError) else str(error.msg)
    try:
        item_from_options(validation.validated_parameters, {}, ITEM_DEFAULTS, wait=True)
    except OptionError as error:
        hint = f"; {error.hint}" if error.hint else ""
        return f"{error.message}{hint}"
    return None
