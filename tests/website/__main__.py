# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the site: ``python -m tests.website DIRECTORY``; the pages are in ``DIRECTORY/html`` then."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

from tests.support.paths import ROOT, collections_path
from tests.website.pages import menu, pages, plugin_pages, rewritten, tabbed

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
_CONTENTS = re.compile(r"^\.\. contents::\n(?: +:.*\n)*", re.MULTILINE)
# Labels of Ansible's documentation that antsibull-docs refers to, and the pages that have them.
ANSIBLE = {
    "common_return_values": "reference_appendices/common_return_values.html#common-return-values",
    "action_plugins": "plugins/action.html#action-plugins",
    "ansible_configuration_settings": "reference_appendices/config.html#ansible-configuration-settings",
    "ansible_collections.ansible.builtin.debug_module": "collections/ansible/builtin/debug_module.html",
}


def build(directory: Path) -> Path:
    """Build the site anew and return the directory with its pages; what does not fit together is an error."""
    source, html = directory / "source", directory / "html"
    for path in (source, html):
        shutil.rmtree(path, ignore_errors=True)
    (source / "_static").mkdir(parents=True)
    shutil.copy(HERE / "conf.py", source)
    shutil.copy(HERE / "site.css", source / "_static")
    (source / "ansible.inv").write_bytes(_inventory())
    _plugins(source / "plugins")
    _pages(source)
    options = ("--fail-on-warning", "--keep-going", "--quiet", "--doctree-dir", str(directory / "doctrees"))
    _run("sphinx-build", *options, str(source), str(html))
    return html


def _pages(source: Path) -> None:
    found = pages(ROOT)
    places = {**found, **plugin_pages(ROOT)}
    for origin, place in found.items():
        target = source / place
        target.parent.mkdir(exist_ok=True)
        if target.suffix == ".md":
            text = rewritten((ROOT / origin).read_text(encoding="utf-8"), origin, places)
            target.write_text(tabbed(text), encoding="utf-8")
        else:
            shutil.copy(ROOT / origin, target)
    documents = [
        str(path.relative_to(source).with_suffix("")) for path in source.rglob("*") if path.suffix in (".md", ".rst")
    ]
    with (source / "index.md").open("a", encoding="utf-8") as index:
        index.write(f"\n{menu(documents)}\n")


def _plugins(target: Path) -> None:
    target.mkdir(mode=0o755)
    options = ("--use-current", "--squash-hierarchy", "--fail-on-error", "--dest-dir", str(target))
    _run("antsibull-docs", "collection", *options, "idgov.entra")
    for page in target.glob("*.rst"):
        # The theme makes a table of contents of its own.
        page.write_text(_CONTENTS.sub("", page.read_text(encoding="utf-8")), encoding="utf-8")


def _inventory() -> bytes:
    """Return the labels in the format that Sphinx gives to inventories of other projects, version 2."""
    head = (
        "# Sphinx inventory version 2\n# Project: Ansible\n# Version: latest\n"
        "# The remainder of this file is compressed using zlib.\n"
    )
    lines = "".join(f"{label} std:label -1 {place} {label}\n" for label, place in ANSIBLE.items())
    return head.encode() + zlib.compress(lines.encode())


def _run(program: str, *arguments: str) -> None:
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collections_path())}
    subprocess.run([str(BIN / program), *arguments], check=True, stdin=subprocess.DEVNULL, env=environment)


if __name__ == "__main__":
    print(f"The site: {(build(Path(sys.argv[1]).resolve()) / 'index.html').as_uri()}")
