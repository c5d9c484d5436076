# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads tasks for AWX, ours in docs/awx among them, and says what a module of the collection awx.awx would refuse of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from tests.support.paths import ROOT, collections_path

Json = dict[str, Any]
FOLDER = ROOT / "docs" / "awx"
PREFIX = "awx.awx."


class _Loader(yaml.SafeLoader):
    """Reads what Ansible does not render as the text that it is."""


_Loader.add_constructor("!unsafe", lambda _loader, node: node.value)


def read(text: str) -> Any:
    """Return what a text in YAML holds, data of Ansible among it."""
    return yaml.load(text, _Loader)


def tasks(file: str = "workflow.yml", suffix: str = "") -> list[Json]:
    """Return the tasks of a file in docs/awx, with the part of their names that says for which tenant they are."""
    return list(_play(file, suffix)["tasks"])


def variables(file: str = "workflow.yml") -> Json:
    """Return the variables of a file in docs/awx."""
    return dict(_play(file)["vars"])


def _play(file: str, suffix: str = "") -> Json:
    play: Json
    (play,) = read((FOLDER / file).read_text(encoding="utf-8").replace("{{ access_suffix }}", suffix))
    return play


def calls(file: str = "workflow.yml", suffix: str = "") -> Iterator[tuple[str, Json]]:
    """Yield module and options of each of them."""
    for task in tasks(file, suffix):
        ((module, options),) = [(key, value) for key, value in task.items() if key.startswith(PREFIX)]
        yield module, options


def of(module: str, file: str = "workflow.yml", suffix: str = "") -> dict[str, Json]:
    """Return what one module is given, by name or identifier."""
    found = (each for name, each in calls(file, suffix) if name == PREFIX + module)
    return {each.get("name") or each["identifier"]: each for each in found}


def modules(reference_data: Path) -> Json:
    """Return the options of each module of awx.awx, as its documentation has them."""
    known: Json = json.loads((reference_data / "awx" / "modules.json").read_text(encoding="utf-8"))
    return known


def stand_ins(directory: Path, reference_data: Path) -> dict[str, str]:
    """Make modules of awx.awx that take the same options and write them down; returns the environment to use them in."""
    plugins = directory / "ansible_collections" / "awx" / "awx" / "plugins" / "modules"
    plugins.mkdir(parents=True)
    for module, spec in modules(reference_data).items():
        text = _STAND_IN.format(name=module, spec=json.dumps(_argument_spec(spec)))
        (plugins / f"{module.removeprefix(PREFIX)}.py").write_text(text, encoding="utf-8")
    paths = f"{directory}:{collections_path()}"
    return {"ANSIBLE_COLLECTIONS_PATH": paths, "IDGOV_AWX_CALLS": str(directory / "calls.jsonl")}


def calls_made(environment: Mapping[str, str]) -> list[tuple[str, Json]]:
    """Return module and options of each call of a stand-in, in order."""
    lines = Path(environment["IDGOV_AWX_CALLS"]).read_text(encoding="utf-8").splitlines()
    return list(map(json.loads, lines))


# Options that were not given are left out, as awx.awx does.
_STAND_IN = """
import json, os
from ansible.module_utils.basic import AnsibleModule
module = AnsibleModule(json.loads({spec!r}))
given = {{name: value for name, value in module.params.items() if value is not None}}
with open(os.environ["IDGOV_AWX_CALLS"], "a") as calls:
    calls.write(json.dumps(["{name}", given]) + "\\n")
module.exit_json(changed=True)
"""


def _argument_spec(options: Mapping[str, Any]) -> Json:
    return {
        name: {
            **{key: value for key, value in rule.items() if key != "suboptions"},
            **({"options": _argument_spec(rule["suboptions"])} if "suboptions" in rule else {}),
        }
        for name, rule in options.items()
    }


def start_of(rrule: str) -> datetime:
    """Return when a schedule starts, in its own zone."""
    return datetime.strptime(rrule.partition(" ")[0].rpartition(":")[2], "%Y%m%dT%H%M%S")


def faults(spec: Mapping[str, Any], given: Mapping[str, Any], place: str) -> Iterator[str]:
    """Say what a module would refuse: unknown and missing options, values of another type or not among the choices."""
    known = {name: name for name in spec} | {alias: name for name in spec for alias in spec[name].get("aliases", ())}
    yield from (f"{place}.{name}: unknown" for name in given if name not in known)
    named = {known[name] for name in given if name in known}
    yield from (f"{place}.{name}: missing" for name in spec if spec[name].get("required") and name not in named)
    for name, value in given.items():
        if name in known:
            yield from _wrong_value(spec[known[name]], value, f"{place}.{name}")


def _wrong_value(rule: Mapping[str, Any], value: Any, place: str) -> Iterator[str]:
    if isinstance(value, str) and "{{" in value:
        return
    kinds = {"str": str, "bool": bool, "int": int, "float": (int, float), "dict": dict, "list": list}
    if not isinstance(value, kinds[rule["type"]]):  # type: ignore[arg-type]
        yield f"{place}: not a {rule['type']}"
    elif "choices" in rule and value not in rule["choices"]:
        yield f"{place}: not a choice"
    elif "suboptions" in rule:
        for number, element in enumerate(value if isinstance(value, list) else [value]):
            yield from faults(rule["suboptions"], element, f"{place}[{number}]")
