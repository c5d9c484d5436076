# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in as whoever is signed in with Azure CLI."""

from __future__ import annotations

import subprocess

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import SignInError
from ansible_collections.idgov.entra.plugins.module_utils._core.json_text import parse_json
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import Connection
from ansible_collections.idgov.entra.plugins.module_utils._signin.credentials import AzureCli
from ansible_collections.idgov.entra.plugins.module_utils._signin.refusals import refusal

# Said with every refusal of Graph to such a token.
SHORTCOMING = (
    "the token of a user from Azure CLI has no permissions for entitlement management; sign in as an application,"
    " or as a user with access_token_info and a device code"
)
_HINT = "run az login, with --tenant for another tenant, and az cloud set for another cloud"


def token_of_cli(credential: AzureCli, connection: Connection) -> str:
    """Ask Azure CLI for a token (Azure CLI documentation, "az account get-access-token"); raises SignInError."""
    command = [
        credential.program,
        "account",
        "get-access-token",
        "--output",
        "json",
        "--resource",
        connection.graph_url,
    ]
    if credential.tenant_id:
        command += ["--tenant", credential.tenant_id]
    try:
        # There is no module here whose run_command could be called: lookups and the event source sign in, too.
        done = subprocess.run(  # pylint: disable=ansible-bad-function
            command,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            env=dict(credential.environ),
            stdin=subprocess.DEVNULL,
            timeout=connection.timeout,
        )
    except subprocess.TimeoutExpired:
        raise SignInError(
            f"could not sign in with Azure CLI: it did not answer within {connection.timeout} seconds", hint=_HINT
        ) from None
    except OSError as error:
        raise SignInError(f"could not sign in with Azure CLI: {error.strerror}", hint=_HINT) from None
    if done.returncode:
        refused = refusal({"error_description": _reason(done.stderr)}, "with Azure CLI")
        raise refused.replace(hint=refused.hint or _HINT)
    try:
        return str(parse_json(done.stdout)["accessToken"])
    except (ValueError, KeyError, TypeError):
        raise SignInError("could not sign in with Azure CLI: its answer contains no token", hint=_HINT) from None


def _reason(errors: str) -> str:
    """Return the line that says what went wrong; around it stand warnings and advice."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    said = next((line for line in lines if line.startswith("ERROR:")), lines[-1] if lines else "no output")
    return said.removeprefix("ERROR:").strip()
