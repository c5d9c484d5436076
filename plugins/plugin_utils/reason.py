# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a run is made, as far as it is known: the job of AWX, or the revision of the repository it is started in."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError
from ansible_collections.idgov.entra.plugins.module_utils._options.cloud_members import check_members
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import (
    CONNECTION_SPEC,
    resolve_connection,
)

# How build services tell the revision: GitHub, GitLab, Azure Pipelines, Jenkins.
_REVISIONS = ("GITHUB_SHA", "CI_COMMIT_SHA", "BUILD_SOURCEVERSION", "GIT_COMMIT")
_SHOWN = 12


def reason_of_this_run(variables: Mapping[str, Any]) -> str:
    """Return the reason for which this process runs; see ``reason_of``."""
    return reason_of(variables, dict(os.environ))


def reason_of(variables: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    """Return the reason for which this run is made; empty where nothing is known, or where Graph does not take a justification.

    ``variables`` are those of the play: AWX gives awx_* to every job. National clouds: see ``cloud_members``.
    """
    if not _takes_justification(environ):
        return ""
    job, revision = variables.get("awx_job_id"), _revision(variables, environ)
    template = variables.get("awx_job_template_name")
    job_parts = [f"AWX job {job}{f' ({template})' if template else ''}"] if job else []
    return ", ".join([*job_parts, *([f"git revision {revision[:_SHOWN]}"] if revision else [])])


def _revision(variables: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    known = [variables.get("awx_project_revision"), *(environ.get(name) for name in _REVISIONS)]
    return next((str(text) for text in known if text), None) or _git_revision(environ)


def _git_revision(environ: Mapping[str, str]) -> str:
    """Ask git about the current directory; no git and no repository is an answer, too."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "--verify", "--quiet", "HEAD"],
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _takes_justification(environ: Mapping[str, str]) -> bool:
    options = {name: option.get("default") for name, option in CONNECTION_SPEC.items()}
    try:
        check_members({"justification": "x"}, resolve_connection(options, environ), options)
    except EntraError:
        return False
    return True
