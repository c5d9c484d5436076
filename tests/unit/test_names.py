# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a name may hold."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._declare.declaration import declaration_from_options

OPTIONS: dict[str, Any] = {
    "state": "present",
    "request_as": "admin",
    "user": "ada@contoso.com",
    "on_policy_mismatch": "fail",
    "on_open_request": "wait",
    "on_delivery_failed": "reprocess",
    "on_partial_delivery": "keep",
    "renew": False,
    "check_conflicts": False,
}


@pytest.mark.parametrize(
    "name",
    [
        "営業\u3000部",
        "Sales\u00a0Team",
        "\U0001f469\u200d\U0001f4bb Developers",
        "\u0646\u0627\u0645\u200c\u0647\u0627",
    ],
)
def test_a_display_name_may_hold_blanks_and_joiners_of_any_script(name: str) -> None:
    assert declaration_from_options({**OPTIONS, "access_package": name}, wait=True).access_package == name


@pytest.mark.parametrize("name", ["VPN\nAccess", "VPN\x00", "ada\udcff"], ids=["line break", "null", "no text"])
def test_a_name_is_one_line_of_text(name: str) -> None:
    with pytest.raises(OptionError, match="access_package"):
        declaration_from_options({**OPTIONS, "access_package": name}, wait=True)
