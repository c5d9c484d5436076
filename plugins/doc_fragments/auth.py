# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of the sign-in and connection options."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  tenant_id:
    description:
      - The tenant's id or one of its domain names.
      - Where it is not given, the environment decides, see the notes.
    type: str
    aliases: [tenant]
  client_id:
    description:
      - The application's (client) id.
      - Where it is not given, the environment decides, see the notes.
    type: str
  client_secret:
    description:
      - The value of one of the application's client secrets, not its id.
      - Where it is not given, the environment decides, see the notes.
    type: str
    aliases: [secret]
  access_token:
    description:
      - A ready access token for Microsoft Graph. It wins over every other credential, and C(msal) is not needed.
      - Where it is not given, the environment variable E(IDGOV_ACCESS_TOKEN) is used.
    type: str
  cloud_environment:
    description:
      - The cloud of the tenant, V(AzureCloud), V(AzureUSGovernment) (GCC High), V(AzureUSGovernmentDoD) or V(AzureChinaCloud).
      - Other usual names such as V(public), V(usgovernment), V(dod) and V(china) work too, in any letter case.
      - Where it is not given, E(AZURE_CLOUD_ENVIRONMENT) or E(ARM_ENVIRONMENT) is used, then V(AzureCloud).
    type: str
    aliases: [azure_cloud]
  authority_host:
    description:
      - The root of the sign-in service, when it is not the one of O(cloud_environment). Only C(https).
      - Where it is not given, E(AZURE_AUTHORITY_HOST) is used.
    type: str
  graph_url:
    description:
      - The root of Microsoft Graph without a version, when it is not the one of O(cloud_environment). Only C(https).
      - Tokens are sent to this place and to no other.
      - Where it is not given, E(IDGOV_GRAPH_URL) is used.
    type: str
    aliases: [base_url]
  disable_instance_discovery:
    description:
      - Do not ask Microsoft whether O(authority_host) can be trusted. For hosts of one's own only, the known clouds are never asked about.
      - Where it is not given, E(AZURE_DISABLE_INSTANCE_DISCOVERY) is used.
    type: bool
  validate_certs:
    description:
      - Whether TLS certificates are verified. Set O(ca_path) instead of turning this off.
      - Where it is not given, V(ignore) in E(AZURE_CERT_VALIDATION_MODE) turns it off; otherwise it is on.
    type: bool
  ca_path:
    description:
      - A file, or a folder, of certificates of authorities to trust.
      - Where it is not given, E(IDGOV_CA_PATH), E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE) is used.
    type: path
    aliases: [ca_cert, ca_bundle]
  proxy:
    description:
      - The URL of the proxy on the way to Microsoft.
      - Where it is not given, E(HTTPS_PROXY) or E(ALL_PROXY) is used. E(NO_PROXY) is honoured either way.
    type: str
  timeout:
    description: Seconds to wait for a connection, and for each answer.
    type: int
    default: 60
  retries:
    description:
      - How often a call is sent again that met throttling, an overloaded service or a broken connection.
      - A write that may have been carried out is never sent again blindly.
    type: int
    default: 5
requirements:
  - python >= 3.10
  - requests >= 2.28
  - msal >= 1.29.0 (not with O(access_token))
notes:
  - Options win over the environment. Without O(access_token) and O(client_secret) the first whole set of variables counts that has a
    client id, a tenant and a secret - E(AZURE_CLIENT_ID), E(AZURE_TENANT), E(AZURE_SECRET), as AWX and azure.azcollection set them;
    E(AZURE_CLIENT_ID), E(AZURE_TENANT_ID), E(AZURE_CLIENT_SECRET), as the Azure SDKs do;
    E(ARM_CLIENT_ID), E(ARM_TENANT_ID), E(ARM_CLIENT_SECRET), as Terraform does. An empty variable counts as unset.
  - The first credential that is configured is final. A failed sign-in never falls through to another one.
  - A secret in a task's C(environment) is printed by ansible-core at C(-vvv) where the task is shipped to another host or user.
"""

    # For plugins on the controller, which module_defaults do not reach. The environment is not named here: Ansible would take
    # the last variable that is set, also an empty one, and an id and a secret from different families.
    PLUGINS = r"""
options:
  tenant_id:
    vars:
      - name: idgov_entra_tenant_id
  client_id:
    vars:
      - name: idgov_entra_client_id
  client_secret:
    vars:
      - name: idgov_entra_client_secret
  access_token:
    vars:
      - name: idgov_entra_access_token
  cloud_environment:
    vars:
      - name: idgov_entra_cloud_environment
  authority_host:
    vars:
      - name: idgov_entra_authority_host
  graph_url:
    vars:
      - name: idgov_entra_graph_url
  disable_instance_discovery:
    vars:
      - name: idgov_entra_disable_instance_discovery
  validate_certs:
    vars:
      - name: idgov_entra_validate_certs
  ca_path:
    vars:
      - name: idgov_entra_ca_path
  proxy:
    vars:
      - name: idgov_entra_proxy
  timeout:
    vars:
      - name: idgov_entra_timeout
  retries:
    vars:
      - name: idgov_entra_retries
"""
