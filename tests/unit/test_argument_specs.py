# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module documents is what its argument spec accepts, and no secret can be printed."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule

from tests.support.paths import MODULES

SECRET = re.compile(r"(secret|password|token)$")


class SpecSeen(Exception):
    """Carries the arguments with which a module would have made its AnsibleModule."""


@cache
def documented(plugin: str, collections_path: Path, kind: str = "module") -> Mapping[str, Any]:
    """Return the options of a module, or a plugin of another kind, as ansible-doc shows them, fragments included."""
    command = [
        str(Path(sys.executable).with_name("ansible-doc")),
        "--json",
        "--type",
        kind,
        f"idgov.entra.{plugin}",
    ]
    env = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collections_path)}
    answer = subprocess.run(command, check=True, capture_output=True, text=True, env=env, stdin=subprocess.DEVNULL)
    options: Mapping[str, Any] = json.loads(answer.stdout)[f"idgov.entra.{plugin}"]["doc"]["options"]
    return options


def accepted(module: str, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Any]:
    """Return the argument spec that a module hands to Ansible."""

    def see(_self: AnsibleModule, argument_spec: Mapping[str, Any], **_others: object) -> None:
        raise SpecSeen(argument_spec)

    monkeypatch.setattr(AnsibleModule, "__init__", see)
    with pytest.raises(SpecSeen) as seen:
        importlib.import_module(f"ansible_collections.idgov.entra.plugins.modules.{module}").main()
    spec: Mapping[str, Any] = seen.value.args[0]
    return spec


def differences(documented: Mapping[str, Any], accepted: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Yield one sentence per difference between documented options and an argument spec, suboptions included."""
    for name in sorted(set(documented) ^ set(accepted)):
        yield f"{path}{name} is {'documented' if name in documented else 'accepted'} only"
    for name in sorted(set(documented) & set(accepted)):
        said, taken = comparable(documented[name]), comparable(accepted[name])
        for key in sorted(said):
            if said[key] != taken[key]:
                yield f"{path}{name}: {key} is documented as {said[key]!r} and accepted as {taken[key]!r}"
        suboptions = documented[name].get("suboptions") or {}, accepted[name].get("options") or {}
        yield from differences(*suboptions, path=f"{path}{name}.")


def comparable(option: Mapping[str, Any]) -> dict[str, Any]:
    """Reduce a documented option or an argument spec's entry to what both have, with Ansible's defaults."""
    return {
        "type": option.get("type") or "str",
        "elements": option.get("elements"),
        "required": bool(option.get("required")),
        "default": option.get("default"),
        "choices": list(option.get("choices") or []),
        "aliases": sorted(option.get("aliases") or []),
    }


def unguarded(spec: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Yield the options, suboptions included, that are secrets by their names and may be printed all the same."""
    for name, option in spec.items():
        if SECRET.search(name) and option.get("no_log") is not True:
            yield f"{path}{name}"
        yield from unguarded(option.get("options") or {}, f"{path}{name}.")


@pytest.mark.parametrize("module", MODULES)
def test_documentation_and_argument_spec_agree(
    module: str, ansible_collections_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = list(differences(documented(module, ansible_collections_path), accepted(module, monkeypatch)))
    assert not found, "\n".join(found)


def test_the_lookup_documents_what_the_module_accepts_but_takes_users_as_terms(
    ansible_collections_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = dict(documented("access_package_assignments", ansible_collections_path, "lookup"))
    spec = dict(accepted("access_package_assignment_info", monkeypatch))
    options["user"] = options.pop("_terms")
    found = list(differences(options, spec))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("module", MODULES)
def test_secrets_are_not_logged(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = accepted(module, monkeypatch)
    assert any(SECRET.search(name) for name in spec)
    assert list(unguarded(spec)) == []


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ({"a": {}}, {}),
        ({}, {"a": {}}),
        ({"a": {"type": "int"}}, {"a": {}}),
        ({"a": {"default": 5}}, {"a": {"default": 6}}),
        ({"a": {"choices": ["x"]}}, {"a": {"choices": ["x", "y"]}}),
        ({"a": {"aliases": ["b"]}}, {"a": {}}),
        ({"a": {"required": True}}, {"a": {}}),
        ({"a": {"type": "list", "elements": "str"}}, {"a": {"type": "list", "elements": "dict"}}),
        ({"a": {"type": "dict", "suboptions": {"b": {}}}}, {"a": {"type": "dict", "options": {"c": {}}}}),
    ],
)
def test_a_difference_is_noticed(said: Mapping[str, Any], taken: Mapping[str, Any]) -> None:
    assert list(differences(said, taken)) != []


def test_an_unguarded_secret_is_noticed() -> None:
    assert list(unguarded({"a": {"options": {"client_secret": {}}}, "b": {"no_log": True}})) == ["a.client_secret"]
