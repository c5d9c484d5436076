# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that leave a file behind where anybody renders them, events made of them, and extra variables as others pass them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.simulator.running import Running
from tests.support.calls import CREATE
from tests.support.engine import assign
from tests.support.paths import ROOT

Json = dict[str, Any]
# Each would make a file. Ansible-core before 2.19 makes a list or a dictionary of the second and third after rendering; the
# fourth is rendered twice, the fifth brings its own delimiters along, and the last is an expression where somebody takes it
# for a condition.
STYLES = {
    "expression": "{{ RUN }}",
    "list": '["{{ RUN }}"]',
    "dictionary": "{'a': \"{{ RUN }}\"}",
    "twice": "{{ '{{ ' ~ \"RUN\" ~ ' }}' }}",
    "headed": "#jinja2:variable_start_string:'[%', variable_end_string:'%]'\n[% RUN %]",
    "statement": "{% if RUN %}{% endif %}",
    "condition": "RUN",
}


class Canaries:
    """A directory that stays empty unless somebody renders one of the texts."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir()

    def text(self, style: str, place: str) -> str:
        """Return a text of a style for a place, which the file that it would make is named after."""
        name = "".join(letter if letter.isalnum() else "-" for letter in f"{style}-{place}")
        run = f"lookup('ansible.builtin.pipe', 'touch {self.directory / name}')"
        return STYLES[style].replace("RUN", run)

    def died(self) -> list[str]:
        """Name the texts that were rendered."""
        return sorted(path.name for path in self.directory.iterdir())


def undeclared(canaries: Canaries, value: Any, place: str = "event") -> Any:
    """Return a value as it is, with hostile members besides in each of its dictionaries, as keys and values at all depths."""
    if isinstance(value, Mapping):
        kept = {key: undeclared(canaries, member, f"{place}.{key}") for key, member in value.items()}
        return {**hostile_members(canaries, place), **kept}
    return value


def hostile_members(canaries: Canaries, place: str) -> Json:
    """Return members that nobody asked for: texts, lists and dictionaries of them, and keys."""
    texts = {style: canaries.text(style, place) for style in STYLES}
    return {
        **{f"x_{style}": text for style, text in texts.items()},
        **{canaries.text(style, f"{place}.key"): style for style in STYLES},
        "answers": list(texts.values()),
        "deep": [{"list": [[text], {"member": text, text: [text]}]} for text in texts.values()],
    }


def within(canaries: Canaries, value: Any, place: str = "event") -> Any:
    """Return a value in which each text has been replaced by a hostile one; the styles take turns."""
    if isinstance(value, Mapping):
        return {key: within(canaries, member, f"{place}.{key}") for key, member in value.items()}
    if isinstance(value, list):
        return [within(canaries, member, f"{place}.{number}") for number, member in enumerate(value)]
    style = list(STYLES)[len(place) % len(STYLES)]
    return canaries.text(style, place) if isinstance(value, str) else value


def event(canaries: Canaries, payload: Json) -> Json:
    """Return an event as the webhook makes it of a payload; endpoint and headers are the caller's own choice, too."""
    meta = {"endpoint": canaries.text("expression", "endpoint"), "headers": hostile_members(canaries, "headers")}
    return {"payload": payload, "meta": {**hostile_members(canaries, "meta"), **meta}}


class HostileTenant:
    """A tenant in which everything is called by a hostile name."""

    def __init__(self, canaries: Canaries) -> None:
        styles = ("expression", "list", "dictionary", "twice", "statement", "condition")
        self.package, self.catalog, self.policy, self.person, self.group, self.kept = (
            canaries.text(style, place)
            for style, place in zip(styles, ("package", "catalog", "policy", "person", "group", "kept"), strict=True)
        )
        self.reason = canaries.text("headed", "reason")

    def world(self) -> Json:
        """Return the world of the tests with hostile names in it, under which evil@contoso.com has access to one package."""
        world: Json = yaml.safe_load((ROOT / "tests/simulator/worlds/contoso.yml").read_text(encoding="utf-8"))
        world["users"].append({"upn": "evil@contoso.com", "display_name": self.person})
        world["groups"].append({"name": self.group, "members": ["bo@contoso.com"]})
        world["catalogs"].append({"name": self.catalog})
        policies = [{"name": self.policy, "scope": "allMemberUsers"}]
        world["packages"] += [
            {"name": name, "catalog": self.catalog, "policies": policies} for name in (self.package, self.kept)
        ]
        world["assignments"].append({"user": "evil@contoso.com", "package": self.kept, "start": "-P9D"})
        return world

    def fail_a_delivery(self, sim: Running, *rules: Json, user: str = "evil@contoso.com") -> str:
        """Let the delivery of a hostile request fail, and give its id; ``rules`` are the faults from then on."""
        sim.faults({**CREATE, "effect": {"outcome": "deliveryFailed"}}, *rules)
        result = self._assign(sim, user, justification=self.reason)
        sim.faults(*rules)
        return str(result["request"]["id"])

    def give_access_for_a_while(self, sim: Running) -> None:
        """Give somebody access that runs out in three days."""
        self._assign(sim, "bo@contoso.com", schedule={"duration": "P3D"})

    def _assign(self, sim: Running, user: str, **options: Any) -> Json:
        return assign(sim, access_package=self.package, catalog=self.catalog, user=user, wait=False, **options)


class _AwxDumper(yaml.SafeDumper):
    def represent_data(self, data: Any) -> Any:
        return self.represent_scalar("!unsafe", data) if isinstance(data, str) else super().represent_data(data)


def as_awx(asked: Mapping[str, Any], configured: Mapping[str, Any]) -> str:
    """Return extra variables as AWX writes them: what a survey or a launch gives is !unsafe, the template's own is not."""
    own = yaml.safe_dump(dict(configured)) if configured else ""
    return own + yaml.dump_all([dict(asked)], Dumper=_AwxDumper, default_flow_style=False)


def as_rulebook(asked: Mapping[str, Any], configured: Mapping[str, Any]) -> str:
    """Return extra variables as ansible-rulebook writes them: all in plain YAML."""
    return yaml.safe_dump({**configured, **asked})
