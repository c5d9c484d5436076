# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task that reads what a report is about, and writes its files where they say something else than before."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._decide.decide import REPROCESS_SPAN
from ansible_collections.idgov.entra.plugins.module_utils._decide.selection import (
    AssignmentQuery,
    PackageQuery,
    RequestQuery,
)
from ansible_collections.idgov.entra.plugins.module_utils._declare.declaration import checked_duration
from ansible_collections.idgov.entra.plugins.module_utils._declare.query import (
    assignment_query_from_options,
    package_query_from_options,
    request_query_from_options,
)
from ansible_collections.idgov.entra.plugins.module_utils._declare.resolve import Resolver
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.model import Package
from ansible_collections.idgov.entra.plugins.module_utils._fetch.lists import (
    fetch_assignments,
    fetch_packages_in_short,
    fetch_requests,
)
from ansible_collections.idgov.entra.plugins.module_utils._results.lists import listed_request
from ansible_collections.idgov.entra.plugins.module_utils._results.results import assignment_result, named_result
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import Context, Result, failure, sign_in
from ansible_collections.idgov.entra.plugins.module_utils._tasks.reading import EXPECTED
from ansible_collections.idgov.entra.plugins.plugin_utils.declared_item import Names
from ansible_collections.idgov.entra.plugins.plugin_utils.declared_names import find_names
from ansible_collections.idgov.entra.plugins.plugin_utils.report import (
    ASSIGNMENT_STATES,
    REQUEST_STATES,
    Json,
    Thresholds,
    make_report,
)
from ansible_collections.idgov.entra.plugins.plugin_utils.report_files import file_text, fingerprint_of

# What the queries of the info modules take, where nothing is chosen.
_ANY: Mapping[str, Any] = {"mine": False, "mine_as": "target", "current": False}


@dataclass(frozen=True, kw_only=True)
class _Queries:
    """What a report is made from."""

    packages: PackageQuery
    held: AssignmentQuery
    asked: RequestQuery
    failed: RequestQuery


def run(context: Context) -> Result:
    """Read, and write what says something else than before; raises SignInError, OptionError and MissingLibrary."""
    options = context.options
    paths = {name: path for name, path in options["paths"].items() if path is not None}
    mode = _mode(options["mode"])
    thresholds = _thresholds(context)
    queries = _queries(options, thresholds.now)
    try:
        assignments, requests, access_packages, names = _read(context, queries, thresholds.now)
    except EXPECTED as error:
        return {**failure(error, purpose="read who has access")}
    report = make_report(assignments, requests, access_packages, thresholds, names)
    written, corrected = write_files(report, paths, mode, check_mode=context.check_mode)
    return {
        "changed": bool(written or corrected),
        "totals": report["totals"],
        "paths": paths,
        "written": written,
    }


def write_files(
    report: Json, paths: Mapping[str, str], mode: int, *, check_mode: bool = False
) -> tuple[list[str], list[str]]:
    """Write the files of a report, each whole or not at all, where they say something else than it does.

    Returns the formats that were written, and those of which the mode alone was corrected. Raises OptionError where a
    file cannot be written.
    """
    fingerprint = fingerprint_of(report)
    written, corrected = [], []
    for name, path in paths.items():
        try:
            content = _new_content(Path(path), report, name, fingerprint)
            if content is not None:
                written.append(name)
                if not check_mode:
                    _write(Path(path), content, mode)
            elif stat.S_IMODE(os.stat(path).st_mode) != mode:
                corrected.append(name)
                if not check_mode:
                    os.chmod(path, mode)
        except OSError as error:
            raise OptionError(f"paths.{name}", f"{path} cannot be written: {error.strerror}") from None
    return written, corrected


def _new_content(path: Path, report: Json, kind: str, fingerprint: str) -> bytes | None:
    """Return what is to be written, null where the file says the same: page and JSON name their time, and their fingerprint."""
    before = path.read_bytes() if path.exists() else b""
    if fingerprint.encode() in before:
        return None
    content = file_text(report, kind, fingerprint).encode()
    return None if content == before else content


def _write(path: Path, content: bytes, mode: int) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(content)
            # Before the file takes the place of the old one: what is in the buffer yet might not fit on the disk.
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def _mode(value: Any) -> int:
    """Read a mode as Ansible's own modules do: a number as it is, a text as octal digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not re.fullmatch(r"0?[0-7]{3}", str(value)):
        raise OptionError("mode", f"{value!r} is not a mode in octal digits such as '0600'")
    return int(value, 8)


def _thresholds(context: Context) -> Thresholds:
    given = {name: checked_duration(name, context.options[name]) for name in ("expiring_within", "stuck_after")}
    return Thresholds(now=context.clock.now(), **given)


def _queries(options: Mapping[str, Any], now: datetime) -> _Queries:
    scope = {**_ANY, **{name: options[name] for name in ("access_package", "catalog")}}
    failed_after = format_instant(now - REPROCESS_SPAN)
    return _Queries(
        packages=package_query_from_options(scope),
        # By states, which Graph filters by, so that what is past is not read.
        held=assignment_query_from_options({**scope, "states": list(ASSIGNMENT_STATES)}),
        asked=request_query_from_options({**scope, "states": [s for s in REQUEST_STATES if s != "deliveryFailed"]}),
        failed=request_query_from_options({**scope, "states": ["deliveryFailed"], "created_after": failed_after}),
    )


def _read(context: Context, queries: _Queries, now: datetime) -> tuple[list[Json], list[Json], list[Json], Names]:
    """Return assignments, requests and access packages, as far as a report needs them in the shape of the info modules.

    And the names to declare assignments by, where they are asked for and a file declares them.
    """
    if queries.packages.asks_for_nothing:
        return [], [], [], Names()
    by_name = context.options["declare_by"] == "name" and context.options["paths"]["yaml"] is not None
    with sign_in(context) as signed_in:
        graph, resolver = signed_in.graph, Resolver(signed_in.graph)
        assignments = fetch_assignments(graph, queries.held, now=now, resolver=resolver)
        requests = [
            request
            for query in (queries.asked, queries.failed)
            for request in fetch_requests(graph, query, resolver=resolver)
        ]
        packages = fetch_packages_in_short(graph, queries.packages, resolver)
        names = find_names(resolver, assignments, packages) if by_name else Names()
    return (
        [dict(assignment_result(each)) for each in assignments],
        [dict(listed_request(each)) for each in requests],
        [_package(each) for each in packages],
        names,
    )


def _package(package: Package) -> Json:
    return {
        "id": package.id,
        "display_name": package.display_name,
        "catalog": named_result(package.catalog),
        "policies": [{"id": policy.id, "is_automatic": policy.automatic} for policy in package.policies or ()],
    }
