# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a world (YAML file or dict) into a store. The README documents the format."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, ClassVar

import yaml

from . import world_history, world_policies
from .ids import id_of
from .model import App, Catalog, FederatedCredential, Group, Organization, Package, Principal, Role
from .store import Store
from .times import parse_duration, parse_instant
from .world_history import WorldError

Entry = dict[str, Any]
WORLDS = Path(__file__).parent / "worlds"


def read_world(source: str | Path | Entry) -> Entry:
    """Return a world as a dict: a dict as it is, a path read, a bare name looked up in ``worlds``."""
    if isinstance(source, dict):
        return source
    path = Path(source)
    if not path.suffix:
        path = WORLDS / f"{source}.yml"
    # Written in C where it can be had: each test reads a world.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    world = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    if not isinstance(world, dict):
        raise WorldError(f"{path} holds no mapping")
    return world


def build_store(world: Entry, now: datetime) -> Store:
    """Build the store of a world; WorldError or KeyError name what is missing or given twice."""
    tenant = world["tenant"]
    domain = tenant["domain"]
    store = Store(tenant.get("id") or id_of("tenant", domain), domain)
    Loader(store, now).load(world)
    return store


class Loader:
    """Adds the entries of a world to a store."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store = store
        self.now = now

    def load(self, world: Entry) -> None:
        """Add everything, in the order in which entries may refer to each other."""
        known = ("tenant", *self._SECTIONS, "assignments", "requests")
        unknown = set(world) - set(known)
        if unknown:
            raise WorldError(f"unknown sections: {', '.join(sorted(unknown))}; known: {', '.join(known)}")
        for section, add in self._SECTIONS.items():
            for entry in world.get(section) or []:
                add(self, entry)
        for entry in world.get("assignments") or []:
            world_history.add_assignment(self, entry)
        for entry in world.get("requests") or []:
            world_history.add_request(self, entry)

    def instant(self, value: object) -> datetime | None:
        """Read an instant: absolute, a YAML date, or ``+P30D`` / ``-P30D`` from now."""
        if value is None:
            return None
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        text = str(value)
        if text[0] in "+-":
            return self.now + parse_duration(text)
        return parse_instant(text)

    def _claim(self, table: dict[str, Any], entry: Entry, kind: str, name: str) -> str:
        chosen = str(entry.get("id") or id_of(kind, entry.get("key") or name))
        if chosen in table:
            raise WorldError(f"{kind} {name!r} is there twice; give one of them an id or a key")
        return chosen

    def _roles(self, entry: Entry) -> tuple[Role, ...]:
        roles = []
        for role in entry.get("roles") or []:
            if isinstance(role, str):
                roles.append(Role(role, None))
            else:
                roles.append(Role(role["role"], self.ref(self.store.catalogs, "catalog", role["catalog"])))
        return tuple(roles)

    def ref(self, table: dict[str, Any], kind: str, name: str) -> str:
        """Return the id of something named by id, key or name; WorldError if it is not there."""
        for candidate in (name, id_of(kind, name)):
            if candidate in table:
                return candidate
        raise WorldError(f"no {kind} {name!r} in this world (or it comes later)")

    def _app(self, entry: Entry) -> None:
        app = App(
            client_id=entry.get("client_id") or id_of("app", entry["name"]),
            secret=entry.get("secret"),
            secret_expires=self.instant(entry.get("secret_expires")),
            permissions=frozenset(entry.get("permissions") or ()),
            roles=self._roles(entry),
            certificates=tuple(entry.get("certificates") or ()),
            federated=tuple(FederatedCredential(**record) for record in entry.get("federated") or ()),
            managed_identity=entry.get("managed_identity"),
            public_client=entry.get("public_client", False),
        )
        self.store.apps[app.client_id] = app

    def _user(self, entry: Entry) -> None:
        upn = entry["upn"]
        name = entry.get("display_name") or upn.partition("@")[0].title()
        user_id = self._claim(self.store.principals, entry, "user", upn)
        manager = entry.get("manager")
        self.store.principals[user_id] = Principal(
            id=user_id,
            kind="user",
            display_name=name,
            principal_name=upn,
            mail=entry.get("mail", upn),
            user_type=entry.get("type", "Member"),
            enabled=entry.get("enabled", True),
            given_name=name.partition(" ")[0],
            surname=name.partition(" ")[2] or None,
            manager_id=self.ref(self.store.principals, "user", manager) if manager else None,
            roles=self._roles(entry),
        )

    def _service_principal(self, entry: Entry) -> None:
        name = entry["name"]
        chosen = self._claim(self.store.principals, entry, "service_principal", name)
        self.store.principals[chosen] = Principal(
            id=chosen,
            kind="servicePrincipal",
            display_name=name,
            principal_name=name,
            mail=None,
            user_type="",
            enabled=True,
            given_name=None,
            surname=None,
            manager_id=None,
            roles=(),
        )

    def _group(self, entry: Entry) -> None:
        name = entry["name"]
        chosen = self._claim(self.store.groups, entry, "group", name)
        members = [self._member(member) for member in entry.get("members") or []]
        self.store.groups[chosen] = Group(chosen, name, entry.get("description"), members)

    def _member(self, name: str) -> str:
        for table, kind in ((self.store.principals, "user"), (self.store.groups, "group")):
            if id_of(kind, name) in table:
                return id_of(kind, name)
        return self.ref({**self.store.principals, **self.store.groups}, "service_principal", name)

    def _organization(self, entry: Entry) -> None:
        name = entry["name"]
        chosen = self._claim(self.store.organizations, entry, "organization", name)
        domains = tuple(domain.lower() for domain in entry["domains"])
        self.store.organizations[chosen] = Organization(chosen, name, domains, entry.get("state", "configured"))

    def _catalog(self, entry: Entry) -> None:
        name = entry["name"]
        chosen = self._claim(self.store.catalogs, entry, "catalog", name)
        self.store.catalogs[chosen] = Catalog(chosen, name, entry.get("description"), self.now - timedelta(days=400))

    def _package(self, entry: Entry) -> None:
        name = entry["name"]
        chosen = self._claim(self.store.packages, entry, "package", name)
        store = self.store
        self.store.packages[chosen] = Package(
            id=chosen,
            display_name=name,
            description=entry.get("description"),
            hidden=entry.get("hidden", False),
            catalog_id=self.ref(store.catalogs, "catalog", entry["catalog"]),
            created=self.now - timedelta(days=365),
            incompatible_package_ids=[
                self.ref(store.packages, "package", other) for other in entry.get("incompatible_packages") or []
            ],
            incompatible_group_ids=[
                self.ref(store.groups, "group", other) for other in entry.get("incompatible_groups") or []
            ],
        )
        key = entry.get("key") or name
        for policy in entry.get("policies") or []:
            built = world_policies.build_policy(store, self, chosen, key, policy)
            if built.id in store.policies:
                raise WorldError(f"policy {policy['name']!r} of {key!r} is there twice")
            store.policies[built.id] = built

    _SECTIONS: ClassVar[dict[str, Callable[[Loader, Entry], None]]] = {
        "organizations": _organization,
        "catalogs": _catalog,
        "users": _user,
        "service_principals": _service_principal,
        "groups": _group,
        "apps": _app,
        "packages": _package,
    }
