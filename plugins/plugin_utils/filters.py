# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every filter does around its own work: plain values in, values that are never rendered as templates out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable
from ansible_collections.idgov.entra.plugins.plugin_utils.plain import plain


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
