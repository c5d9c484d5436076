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
      - If not set, it is taken from the environment; see the notes.
    type: str
    aliases: [tenant]
  client_id:
    description:
      - The application's (client) id.
      - If not set, it is taken from the environment; see the notes.
    type: str
  client_secret:
    description:
      - The value of one of the application's client secrets, not its id.
      - If not set, it is taken from the environment; see the notes.
    type: str
    aliases: [secret]
  certificate_path:
    description:
      - A file with the application's certificate and private key, in PEM form, in either order, the key encrypted or not, or as PFX.
        A thumbprint is not needed. The file can also contain the certificates of the issuers.
      - It is read on the host on which the task runs. If not set, it is taken from the environment; see the notes.
    type: path
    aliases: [x509_certificate_path, client_certificate_path]
  certificate_password:
    description:
      - The password of the private key or of the PFX file.
      - If not set, E(AZURE_CLIENT_CERTIFICATE_PASSWORD) or E(ARM_CLIENT_CERTIFICATE_PASSWORD) is used.
    type: str
    aliases: [client_certificate_password]
  oidc_token:
    description:
      - A token from another issuer, for which the application has a federated credential (workload identity federation). Such tokens
        are valid for minutes only; O(oidc_token_file_path) or O(oidc_request_url) gets a fresh one each time.
      - If not set, it is taken from the environment; see the notes.
    type: str
    aliases: [client_assertion]
  oidc_token_file_path:
    description:
      - A file with such a token, for example one that Kubernetes renews. It is read at each sign-in.
      - If not set, it is taken from the environment; see the notes.
    type: path
    aliases: [federated_token_file]
  oidc_request_url:
    description:
      - The URL from which a job requests such a token, as in GitHub Actions. Requires O(oidc_request_token). Must be an C(https) URL.
      - If not set, E(ACTIONS_ID_TOKEN_REQUEST_URL) or E(ARM_OIDC_REQUEST_URL) is used when a tenant and a client are known.
    type: str
  oidc_request_token:
    description:
      - The token with which the job authenticates that request.
      - If not set, E(ACTIONS_ID_TOKEN_REQUEST_TOKEN) or E(ARM_OIDC_REQUEST_TOKEN) is used, together with its URL.
    type: str
  oidc_audience:
    description: The audience of the requested token. The default is V(api://AzureADTokenExchange).
    type: str
  auth_source:
    description:
      - Where the credential comes from.
      - V(auto) uses the first one that is configured, options before the environment, then a managed identity that the environment
        announces, then Azure CLI if no application is configured.
      - V(env) ignores the secrets, certificates and tokens in the options.
      - V(msi) is the system-assigned managed identity of the machine, or with O(client_id) a user-assigned one.
      - V(cli) is the account that is signed in with Azure CLI.
      - If not set, E(IDGOV_AUTH_SOURCE) or E(ANSIBLE_AZURE_AUTH_SOURCE) is used, then V(auto).
    type: str
    choices: [auto, env, msi, cli]
  access_token:
    description:
      - An access token for Microsoft Graph. It takes precedence over every other credential, and C(msal) is not required.
      - If not set, the environment variable E(IDGOV_ACCESS_TOKEN) is used.
    type: str
  cloud_environment:
    description:
      - The cloud of the tenant, V(AzureCloud), V(AzureUSGovernment) (GCC High), V(AzureUSGovernmentDoD) or V(AzureChinaCloud).
      - Other common names such as V(public), V(usgovernment), V(dod) and V(china) are accepted too, in any letter case.
      - If not set, E(AZURE_CLOUD_ENVIRONMENT) or E(ARM_ENVIRONMENT) is used, then V(AzureCloud).
    type: str
    aliases: [azure_cloud]
  authority_host:
    description:
      - The root URL of the sign-in service, if it is not the one of O(cloud_environment). Must be an C(https) URL.
      - If not set, E(AZURE_AUTHORITY_HOST) is used.
    type: str
  graph_url:
    description:
      - The root URL of Microsoft Graph without a version, if it is not the one of O(cloud_environment). Must be an C(https) URL.
      - Tokens are sent to this URL only.
      - If not set, E(IDGOV_GRAPH_URL) is used.
    type: str
    aliases: [base_url]
  disable_instance_discovery:
    description:
      - Whether to skip asking Microsoft if O(authority_host) can be trusted. Only needed for your own hosts; the known clouds are never asked about.
      - If not set, E(AZURE_DISABLE_INSTANCE_DISCOVERY) is used.
    type: bool
  validate_certs:
    description:
      - Whether to validate TLS certificates. Set O(ca_path) instead of disabling this.
      - If not set, V(ignore) in E(AZURE_CERT_VALIDATION_MODE) turns it off; otherwise it is on.
    type: bool
  ca_path:
    description:
      - A file or directory with the certificates of trusted certificate authorities.
      - If not set, E(IDGOV_CA_PATH), E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE) is used.
    type: path
    aliases: [ca_cert, ca_bundle]
  proxy:
    description:
      - The URL of the proxy to use.
      - If not set, E(HTTPS_PROXY) or E(ALL_PROXY) is used. E(NO_PROXY) is honoured either way.
    type: str
  timeout:
    description: Seconds to wait for a connection, and for each response.
    type: int
    default: 60
  retries:
    description:
      - How often a call is repeated after throttling, an overloaded service or a broken connection.
      - A write that may have been carried out is never repeated without checking first.
    type: int
    default: 5
requirements:
  - python >= 3.10
  - requests >= 2.28
  - msal >= 1.29.0 (not with O(access_token))
notes:
  - Options take precedence over the environment, a secret over a certificate, and that over a federated token. If the options contain
    none of them, the first complete set of variables with a client id, a tenant and a secret is used -
    E(AZURE_CLIENT_ID), E(AZURE_TENANT), E(AZURE_SECRET), as AWX and azure.azcollection set them;
    E(AZURE_CLIENT_ID), E(AZURE_TENANT_ID), E(AZURE_CLIENT_SECRET), as the Azure SDKs do;
    E(ARM_CLIENT_ID), E(ARM_TENANT_ID), E(ARM_CLIENT_SECRET), as Terraform does. An empty variable is treated as unset.
  - Instead of the secret, a set can have a certificate - E(AZURE_X509_CERTIFICATE_PATH), E(AZURE_CLIENT_CERTIFICATE_PATH),
    E(ARM_CLIENT_CERTIFICATE_PATH) - or a federated token - E(AZURE_FEDERATED_TOKEN) or E(AZURE_FEDERATED_TOKEN_FILE),
    E(AZURE_FEDERATED_TOKEN_FILE), E(ARM_OIDC_TOKEN) or E(ARM_OIDC_TOKEN_FILE_PATH).
  - Each of these options can also be set as a variable of the host, C(idgov_entra_) followed by the option's name. Options take precedence
    over variables, and variables over the environment. A host with a variable of sign-in takes nothing of its sign-in from the environment.
  - The first credential that is configured is used. A failed sign-in never falls back to another one.
  - A secret in a task's C(environment) is printed by ansible-core at C(-vvv) if the task runs on another host or as another user.
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
  certificate_path:
    vars:
      - name: idgov_entra_certificate_path
  certificate_password:
    vars:
      - name: idgov_entra_certificate_password
  oidc_token:
    vars:
      - name: idgov_entra_oidc_token
  oidc_token_file_path:
    vars:
      - name: idgov_entra_oidc_token_file_path
  oidc_request_url:
    vars:
      - name: idgov_entra_oidc_request_url
  oidc_request_token:
    vars:
      - name: idgov_entra_oidc_request_token
  oidc_audience:
    vars:
      - name: idgov_entra_oidc_audience
  access_token:
    vars:
      - name: idgov_entra_access_token
  auth_source:
    vars:
      - name: idgov_entra_auth_source
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
