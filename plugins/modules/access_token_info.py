#!/usr/bin/python
# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign in once, and hand the token to later tasks."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_token_info
short_description: Get an access token for Microsoft Graph for use in later tasks
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Signs in and returns the access token, so that the other tasks of a play do not have to sign in themselves.
  - The result is hidden at every verbosity and in the events of C(ansible-runner), but can be used once it is registered.
    A task that would show a registered token, such as M(ansible.builtin.debug), needs its own C(no_log).
  - In a loop the task requires C(no_log=true), because older versions of ansible-core show the collected results.
  - It always runs in the controller's process, with any connection, and also in check mode. Nothing is stored on disk.
  - A token is valid for about an hour and is not renewed by later tasks. Get another one if a play runs longer.
options:
  auth_source:
    description:
      - Where the credential comes from.
      - V(auto) uses the first one that is configured, options before the environment, then a managed identity that the environment
        announces, then Azure CLI if no application is configured.
      - V(env) ignores the secrets, certificates and tokens in the options.
      - V(msi) is the system-assigned managed identity of the machine, or with O(client_id) a user-assigned one.
      - V(cli) is the account that is signed in with Azure CLI.
      - V(device_code) shows a code and a URL, and waits until a user has entered it. It is the only interactive sign-in, for work as a
        user. It requires O(client_id) and O(tenant_id) of an application that allows public client flows.
      - If not set, E(IDGOV_AUTH_SOURCE) or E(ANSIBLE_AZURE_AUTH_SOURCE) is used, then V(auto).
    type: str
    choices: [auto, env, msi, cli, device_code]
extends_documentation_fragment:
  - idgov.entra.auth
  - idgov.entra.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    description: It changes nothing.
    support: N/A
  async:
    description: A result that is stored in a file could not be hidden.
    support: none
  action:
    description: Is an action plugin that always runs in the controller's process.
"""

EXAMPLES = r"""
- name: Sign in once
  idgov.entra.access_token_info:
  register: token

- name: Bo gets a laptop, without another sign-in
  idgov.entra.access_package_assignment:
    access_package: Engineering Laptop
    user: bo@contoso.com
    access_token: "{{ token.access_token | default(omit) }}"

- name: The same for all tasks of a block
  module_defaults:
    group/idgov.entra.entra:
      access_token: "{{ token.access_token | default(omit) }}"
  block:
    - name: Bo gets the VPN
      idgov.entra.access_package_assignment:
        access_package: VPN Access
        policy: Everybody
        user: bo@contoso.com

- name: Sign in as the person in front of the screen
  idgov.entra.access_token_info:
    auth_source: device_code
    tenant_id: contoso.onmicrosoft.com
    client_id: "{{ public_client_id }}"
  register: person
"""

RETURN = r"""
access_token:
  description: The access token for Microsoft Graph.
  returned: success
  type: str
  sample: eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9...
delegated:
  description: Whether the token is a delegated one, according to its claims; null if they cannot be read.
  returned: success
  type: bool
  sample: false
error:
  description: The error, as in M(idgov.entra.access_package_assignment).
  returned: failure
  type: dict
  sample:
    status: null
    code: AADSTS7000215
    details: []
    message: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID"
    request_id: 94fb3b52-452a-4535-a601-69e0a90e3aa2
    client_request_id: null
    method: null
    url: null
    hint: null
    kind: sign_in
"""

from ansible_collections.idgov.entra.plugins.module_utils._host.module import run_module
from ansible_collections.idgov.entra.plugins.module_utils._tasks.access_token_info import ARGUMENT_SPEC, refuse


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, refuse)


if __name__ == "__main__":
    main()
