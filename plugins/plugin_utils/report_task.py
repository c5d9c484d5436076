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
from datetime import timedelta
from pathlib import Path
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant
from ansible_collections.idgov.entra.plugins.module_utils._declare.declaration import checked_duration
from ansible_collections.idgov.entra.plugins.module_utils._declare.query import (
    assignment_query_from_options,
    package_query_from_options,
    request_query_from_options,
)
from ansible_collections.idgov.entra.plugins.module_utils._fetch.lists import (
    fetch_assignments,
    fetch_packages,
    fetch_requests,
)
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._results.lists import listed_package, listed_request
from ansible_collections.idgov.entra.plugins.module_utils._results.results import assignment_result
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import Context, Result, failure, sign_in
from ansible_collections.idgov.entra.plugins.module_utils._tasks.reading import EXPECTED
from ansible_collections.idgov.entra.plugins.plugin_utils.report import (
    ASSIGNMENT_STATES,
    REQUEST_STATES,
    Json,
    Thresholds,
    make_report,
)
from ansible_collections.idgov.entra.plugins.plugin_utils.report_files import file_text, fingerprint_of

# How long ago a request may have failed to be of interest still.
_FAILED_WITHIN = timedelta(days=14)
# What the queries of the info modules take, where nothing is chosen.
_ANY: Mapping[str, Any] = {"mine": False, "mine_as": "target", "current": False}


def run(context: Context) -> Result:
    """Read, and write what says something else than before; raises SignInError, OptionError and MissingLibrary."""
    options = context.options
    paths = {name: path for name, path in options["paths"].items() if path is not None}
    mode = _mode(options["mode"])
    thresholds = _thresholds(context)
    with sign_in(context) as signed_in:
        found = _read(context, signed_in.graph)
    if not isinstance(found, tuple):
        return found
    assignments, requests, access_packages = found
    report = make_report(assignments, requests, access_packages, thresholds)
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
            text = file_text(report, name, fingerprint)
            if not _says(Path(path), text, fingerprint):
                written.append(name)
                if not check_mode:
                    _write(Path(path), text, mode)
            elif stat.S_IMODE(os.stat(path).st_mode) != mode:
                corrected.append(name)
                if not check_mode:
                    os.chmod(path, mode)
        except OSError as error:
            raise OptionError(f"paths.{name}", f"{path} cannot be written: {error.strerror}") from None
    return written, corrected


def _says(path: Path, text: str, fingerprint: str) -> bool:
    """Return whether a file says the same: page and JSON name the time at which they were made, and their fingerprint."""
    try:
        before = path.read_bytes()
    except FileNotFoundError:
        return False
    return fingerprint.encode() in before if fingerprint in text else before == text.encode()


def _write(path: Path, text: str, mode: int) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(text.encode())
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


def _read(context: Context, graph: GraphClient) -> tuple[list[Json], list[Json], list[Json]] | Result:
    """Return assignments, requests and access packages as the info modules do, or the results of a task that failed."""
    scope = {**_ANY, **{name: context.options[name] for name in ("access_package", "catalog")}}
    now = context.clock.now()
    held = assignment_query_from_options({**scope, "states": list(ASSIGNMENT_STATES)})
    asked = request_query_from_options({**scope, "states": [s for s in REQUEST_STATES if s != "deliveryFailed"]})
    failed = request_query_from_options(
        {**scope, "states": ["deliveryFailed"], "created_after": format_instant(now - _FAILED_WITHIN)}
    )
    packages = package_query_from_options(scope)
    if packages.asks_for_nothing:
        return [], [], []
    purpose = "read assignments"
    try:
        # By states, which Graph filters by, so that assignments of the past are not read.
        assignments = [dict(assignment_result(each)) for each in fetch_assignments(graph, held, now=now)]
        purpose = "read requests"
        requests = [dict(listed_request(each)) for query in (asked, failed) for each in fetch_requests(graph, query)]
        purpose = "read access packages"
        return assignments, requests, [dict(listed_package(each)) for each in fetch_packages(graph, packages)]
    except EXPECTED as error:
        return {**failure(error, purpose=purpose)}
