# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What variables can set for lookups is every sign-in option, by one rule of names."""

from __future__ import annotations

import yaml

from ansible_collections.idgov.entra.plugins.doc_fragments.auth import ModuleDocFragment
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import CONNECTION_SPEC


def test_every_sign_in_option_has_its_variable() -> None:
    documented = yaml.safe_load(ModuleDocFragment.PLUGINS)["options"]
    assert documented == {name: {"vars": [{"name": f"idgov_entra_{name}"}]} for name in CONNECTION_SPEC}


def test_modules_and_plugins_share_one_description() -> None:
    assert set(yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]) == set(CONNECTION_SPEC)
