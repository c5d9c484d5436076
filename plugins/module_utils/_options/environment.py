# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment as the options see it: given as a mapping, and an empty variable counts as unset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Environment = Mapping[str, str]


@dataclass(frozen=True)
class Family:
    """Variables that belong together, so that an id and a secret never come from different places."""

    name: str
    client_id: str
    tenant_id: str
    client_secret: str
    certificate_path: str
    certificate_password: str
    oidc_token: str | None
    oidc_token_file_path: str


# AWX's own Azure credential and azure.azcollection, the Azure SDKs, Terraform: in this order.
FAMILIES = (
    Family(
        name="AWX",
        client_id="AZURE_CLIENT_ID",
        tenant_id="AZURE_TENANT",
        client_secret="AZURE_SECRET",
        certificate_path="AZURE_X509_CERTIFICATE_PATH",
        certificate_password="AZURE_CLIENT_CERTIFICATE_PASSWORD",
        oidc_token="AZURE_FEDERATED_TOKEN",
        oidc_token_file_path="AZURE_FEDERATED_TOKEN_FILE",
    ),
    Family(
        name="Azure SDK",
        client_id="AZURE_CLIENT_ID",
        tenant_id="AZURE_TENANT_ID",
        client_secret="AZURE_CLIENT_SECRET",
        certificate_path="AZURE_CLIENT_CERTIFICATE_PATH",
        certificate_password="AZURE_CLIENT_CERTIFICATE_PASSWORD",
        oidc_token=None,
        oidc_token_file_path="AZURE_FEDERATED_TOKEN_FILE",
    ),
    Family(
        name="Terraform",
        client_id="ARM_CLIENT_ID",
        tenant_id="ARM_TENANT_ID",
        client_secret="ARM_CLIENT_SECRET",
        certificate_path="ARM_CLIENT_CERTIFICATE_PATH",
        certificate_password="ARM_CLIENT_CERTIFICATE_PASSWORD",
        oidc_token="ARM_OIDC_TOKEN",
        oidc_token_file_path="ARM_OIDC_TOKEN_FILE_PATH",
    ),
)

# Where a job of a build service asks for its token, and with what: GitHub's own, then Terraform's.
REQUEST_VARIABLES = (
    ("ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"),
    ("ARM_OIDC_REQUEST_URL", "ARM_OIDC_REQUEST_TOKEN"),
)

# By these a platform tells that there is a managed identity, and where; msal reads them in the process environment.
IDENTITY_VARIABLES = (
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "IDENTITY_SERVER_THUMBPRINT",
    "IMDS_ENDPOINT",
    "MSI_ENDPOINT",
    "MSI_SECRET",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
)
ANNOUNCING = ("IDENTITY_ENDPOINT", "MSI_ENDPOINT")
IDENTITY_SECRETS = ("IDENTITY_HEADER", "MSI_SECRET")

# All by which an environment says who signs in. A managed identity is announced by the machine and used where it is asked for.
CREDENTIAL_VARIABLES = frozenset(
    {
        *("IDGOV_ACCESS_TOKEN", "IDGOV_AUTH_SOURCE", "ANSIBLE_AZURE_AUTH_SOURCE", "AZURE_AD_USER", "AZURE_PASSWORD"),
        *(name for names in REQUEST_VARIABLES for name in names),
        *(value for family in FAMILIES for kind, value in vars(family).items() if kind != "name" and value),
    }
)


def first_set(environ: Environment, *names: str) -> str | None:
    """Return the value of the first of these variables that is set and not empty."""
    return next((environ[name] for name in names if environ.get(name)), None)
