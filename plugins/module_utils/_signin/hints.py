# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do about the codes with which Entra refuses a sign-in."""

from __future__ import annotations

# Microsoft identity platform documentation, "Microsoft Entra authentication and authorization error codes".
_HINTS = {
    "AADSTS7000215": "the secret is wrong; give the secret's value, not its id",
    "AADSTS7000222": "the secret has expired; add a new one to the application",
    "AADSTS700016": "the application is not in this tenant; check client_id and tenant_id",
    "AADSTS90002": "the tenant is not found; check tenant_id and cloud_environment",
    "AADSTS900023": "the tenant is not found; check tenant_id and cloud_environment",
    "AADSTS500011": "this cloud does not know the Graph address; check cloud_environment and graph_url",
    "AADSTS70011": "this cloud does not know the Graph address; check cloud_environment and graph_url",
    "AADSTS50034": "the account is not in this tenant; check tenant_id",
    "AADSTS7000112": "the application is disabled; enable it in Microsoft Entra",
}


def hint_for_code(code: str | None) -> str | None:
    """Give the hint for an AADSTS code, or null."""
    return _HINTS.get(code or "")
