# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection to another machine that is this one: tests use it to have a module shipped without a server for SSH."""

from __future__ import annotations

from ansible.plugins.connection.local import Connection as LocalConnection

DOCUMENTATION = """
name: elsewhere
short_description: Pretend that this machine is another one
description: Works like the local connection, and says that it is another.
author: idgov.entra contributors
version_added: 0.2.0
options: {}
extends_documentation_fragment: connection_pipelining
"""


class Connection(LocalConnection):  # type: ignore[misc]
    """A local connection under another name."""

    transport = "elsewhere"
