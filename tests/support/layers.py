# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules about who may import and call what in plugins/, as functions over a file's path and source."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

OWN = "ansible_collections.idgov.entra.plugins."
# Lowest first: a layer imports itself and what is below it.
LAYERS = (
    *("_core", "_options", "_http", "_signin", "_graph", "_entitlement"),
    *("_decide", "_declare", "_fetch", "_apply", "_results", "_plan", "_selfcheck"),
    *("_tasks", "_events", "_host"),
)
# Third-party packages, and where they may be imported. The controller's host imports msal ahead of its workers.
THIRD_PARTY = {
    "cryptography": {"_signin"},
    "msal": {"_signin", "plugin_utils"},
    "requests": {"_http"},
    "urllib3": {"_http"},
}
# Input and output, clocks and chance: what the decision table and what it imports must do without.
IMPURE = {
    *("http", "io", "logging", "msal", "os", "pathlib", "random", "requests", "secrets", "shutil", "socket", "ssl"),
    *("subprocess", "sys", "tempfile", "threading", "time", "urllib.request", "urllib3", "uuid"),
}
IMPURE_CALLS = {"input", "now", "open", "print", "sleep", "today", "utcnow"}


@dataclass(frozen=True)
class Source:
    """A Python file below plugins/: its path from there, and its text."""

    path: PurePosixPath
    text: str

    @property
    def area(self) -> str:
        """The folder below plugins/: action, modules, module_utils and so on."""
        return self.path.parts[0]

    @property
    def layer(self) -> str | None:
        """The layer of a file below module_utils, else None."""
        return self.path.parts[1] if self.area == "module_utils" else None

    @property
    def module(self) -> str:
        """The dotted name below plugins, a package's without `__init__`."""
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def nodes(self) -> list[ast.AST]:
        """Every node of the syntax tree."""
        return list(ast.walk(ast.parse(self.text)))

    @property
    def imports(self) -> set[str]:
        """The dotted names of everything imported anywhere in the file, relative imports made absolute."""
        found: set[str] = set()
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node.module or "", node.level)
                found |= {f"{base}.{alias.name}" for alias in node.names}
        return found

    @property
    def own_imports(self) -> set[str]:
        """The imports from this collection, without the prefix that they share."""
        return {name.removeprefix(OWN) for name in self.imports if name.startswith(OWN)}

    def _absolute(self, module: str, level: int) -> str:
        if not level:
            return module
        package = ".".join(self.path.parts[: len(self.path.parts) - level])
        return f"{OWN}{package}.{module}".rstrip(".")


Rule = Callable[[Source], Iterator[str]]


def layers_import_downwards(source: Source) -> Iterator[str]:
    """In module_utils: only known layers, and imports only from the same layer or a lower one."""
    if source.layer is None:
        return
    if source.layer not in LAYERS:
        yield f"{source.layer} is not a layer"
        return
    allowed = {f"module_utils.{layer}" for layer in LAYERS[: LAYERS.index(source.layer) + 1]}
    for name in sorted(source.own_imports):
        if ".".join(name.split(".")[:2]) not in allowed:
            yield f"imports {name} from above"


def plugins_import_their_host(source: Source) -> Iterator[str]:
    """Modules, action plugins, lookups and filters know their task and their host, and nothing else but Ansible."""
    allowed = {
        "modules": ("module_utils._host.", "module_utils._tasks."),
        "action": ("plugin_utils.", "module_utils._tasks."),
        "lookup": ("plugin_utils.", "module_utils._tasks."),
        "filter": ("plugin_utils.",),
        "plugin_utils": ("module_utils.", "plugin_utils."),
    }.get(source.area)
    if allowed is None:
        return
    for name in sorted(source.own_imports):
        if not name.startswith(allowed):
            yield f"imports {name}"
    if source.area in ("modules", "action", "lookup", "filter"):
        for name in sorted(source.imports):
            if name.split(".")[0] not in ("__future__", "ansible", "ansible_collections", "typing"):
                yield f"imports {name}"


def libraries_stay_in_their_layer(source: Source) -> Iterator[str]:
    """The transport's libraries are imported where the transport is, and msal where the sign-in is."""
    for name in sorted(source.imports):
        places = THIRD_PARTY.get(name.split(".")[0])
        if places is not None and (source.layer or source.area) not in places:
            yield f"imports {name}"


def only_the_host_ends_the_module(source: Source) -> Iterator[str]:
    """`exit_json` and `fail_json` appear in the host only."""
    for node in source.nodes:
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if name in ("exit_json", "fail_json") and source.layer != "_host":
            yield f"uses {name}"


def ansible_errors_stay_on_the_controller(source: Source) -> Iterator[str]:
    """The errors of Ansible's controller are known only to what runs there."""
    if source.area in ("plugin_utils", "action", "lookup", "filter"):
        return
    for name in sorted(source.imports):
        if name.startswith("ansible.errors"):
            yield f"imports {name}"


def only_hosts_read_the_environment(source: Source) -> Iterator[str]:
    """The process environment is read by the two hosts only."""
    if source.layer == "_host" or source.area == "plugin_utils":
        return
    names = {"os.environ", "os.environb", "os.getenv", "os.getenvb"}
    for node in source.nodes:
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and f"{node.value.id}.{node.attr}" in names
        ):
            yield f"uses {node.value.id}.{node.attr}"
    for name in sorted(source.imports & names):
        yield f"imports {name}"


RULES: tuple[Rule, ...] = (
    layers_import_downwards,
    plugins_import_their_host,
    libraries_stay_in_their_layer,
    only_the_host_ends_the_module,
    ansible_errors_stay_on_the_controller,
    only_hosts_read_the_environment,
)


def broken_rules(source: Source) -> list[str]:
    """Return one sentence per broken rule of this file."""
    return [f"plugins/{source.path}: {fault} ({rule.__name__})" for rule in RULES for fault in rule(source)]


def reached(start: Source, sources: Mapping[str, Source]) -> list[Source]:
    """Return a file and all that it imports, directly or not; ``sources`` maps the dotted name below plugins to every file."""
    seen: dict[str, Source] = {}
    waiting = [start]
    while waiting:
        source = waiting.pop()
        if source.module in seen:
            continue
        seen[source.module] = source
        # An imported name is a module, or something in one.
        names = {part for name in source.own_imports for part in (name, name.rpartition(".")[0])}
        waiting += [sources[name] for name in names if name in sources]
    return list(seen.values())


def impurities(start: Source, sources: Mapping[str, Source]) -> list[str]:
    """Return what keeps a file from being a pure function of its arguments, in itself or in what it imports."""
    return [f"plugins/{source.path}: {fault}" for source in reached(start, sources) for fault in _impure(source)]


def _impure(source: Source) -> Iterator[str]:
    for name in sorted(source.imports):
        if name.split(".")[0] in IMPURE or name in IMPURE or name.rpartition(".")[0] in IMPURE:
            yield f"imports {name}"
    for node in source.nodes:
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if name in IMPURE_CALLS:
                yield f"calls {name}"
