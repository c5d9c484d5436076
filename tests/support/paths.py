# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where things are: the checkout, its caches, and the collection under its own name."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
# What an installed collection is made of. Linked one by one: a link to the whole checkout would hold itself.
COLLECTION_PARTS = ("extensions", "galaxy.yml", "meta", "playbooks", "plugins", "requirements.txt", "roles")
# The names of all modules of the collection.
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("[a-z]*.py"))


def collections_path() -> Path:
    """Return a directory for ANSIBLE_COLLECTIONS_PATH and sys.path that holds this checkout as idgov.entra.

    The collection in it is made of links, so it always shows the working tree, whatever the checkout is called.
    Safe to call from several processes at once.
    """
    base = CACHE / "collections"
    collection = base / "ansible_collections" / "idgov" / "entra"
    collection.mkdir(parents=True, exist_ok=True)
    for part in COLLECTION_PARTS:
        link = collection / part
        target = ROOT / part
        if not target.exists():
            link.unlink(missing_ok=True)
        elif not (link.is_symlink() and link.readlink() == target):
            _replace_link(link, target)
    return base


def _replace_link(link: Path, target: Path) -> None:
    """Point the link at the target in one step, so that nobody sees it missing."""
    temporary = link.with_name(f".{link.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.replace(link)


if __name__ == "__main__":
    print(collections_path())
