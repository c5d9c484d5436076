# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A path for each host, so that the file of one tenant holds nothing of another."""

from __future__ import annotations

import os
from urllib.parse import quote


def host_path(path: str, host: str) -> str:
    """Return the path of a file with the host's name in front of its extension; as it is for ``localhost``."""
    if not path or host == "localhost":
        return path
    stem, extension = os.path.splitext(path)
    return f"{stem}.{quote(host, safe='')}{extension}"
