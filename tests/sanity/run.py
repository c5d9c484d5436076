# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run `ansible-test sanity` on a copy of the checkout, with everything it makes kept under .cache.

ansible-test insists on a directory .../ansible_collections/idgov/entra, on a home of its own, and on a pip bootstrap script
that it would download from outside PyPI; the first two are given to it, the third is replaced by `get_pip.py` beside this file.
Arguments are passed on: `python -m tests.sanity.run --test pep8`. With `--core 2.16` in front of them an ansible-core of that version
runs, with the newest Python here that it supports.
"""

from __future__ import annotations

import ast
import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.environments import controller_for, newest_python
from tests.support.paths import CACHE, ROOT

WORK = CACHE / "sanity"
COLLECTION = WORK / "ansible_collections" / "idgov" / "entra"
HOME = WORK / "home"
NOT_SOURCES = shutil.ignore_patterns(".*", "__pycache__", "output", "*.pyc", "*.tar.gz")
# The pip versions that ansible-core 2.16 to 2.21 ask for, as ansible-test names its cached script.
BOOTSTRAP_SCRIPTS = ("get_pip_23_1_2.py", "get_pip_24_2.py", "get_pip_25_2.py")
# ansible-core 2.21 refuses `items` as the name of a return value. It is a public one, in Jinja plan['items'], and ansible-lint
# permits no such line in an ignore file of the repository.
IGNORED = {"ignore-2.21.txt": "plugins/modules/access_package_assignments.py validate-modules:bad-return-value-key\n"}


def copy_sources() -> None:
    """Replace the copy by the checkout as it is now, without caches and dot files, with what is ignored in it."""
    shutil.rmtree(COLLECTION, ignore_errors=True)
    shutil.copytree(ROOT, COLLECTION, ignore=NOT_SOURCES)
    for name, lines in IGNORED.items():
        (COLLECTION / "tests" / "sanity" / name).write_text(lines, encoding="utf-8")
    # Otherwise ansible-test asks the checkout's own repository for the files, and there .cache is ignored.
    subprocess.run(["git", "init", "--quiet"], cwd=COLLECTION, check=True)


def prepare_home() -> None:
    """Write the pip bootstrap script and pip's settings where ansible-test and its pip look for them."""
    bootstrap = HOME / ".ansible" / "test" / "cache"
    bootstrap.mkdir(parents=True, exist_ok=True)
    for name in BOOTSTRAP_SCRIPTS:
        shutil.copyfile(Path(__file__).with_name("get_pip.py"), bootstrap / name)
    settings = HOME / ".config" / "pip" / "pip.conf"
    settings.parent.mkdir(parents=True, exist_ok=True)
    # An index address may hold a password.
    with open(os.open(settings, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        pip_settings().write(file)


def pip_settings() -> configparser.RawConfigParser:
    """Return the pip settings in force here, from files and environment; ansible-test hides both from its pip."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    settings = configparser.RawConfigParser()
    settings["global"] = {"quiet": "1"}
    for line in listing.splitlines():
        key, value = line.split("=", 1)
        section, option = key.rsplit(".", 1)
        section = "global" if section == ":env:" else section
        if not settings.has_section(section):
            settings.add_section(section)
        settings.set(section, option, ast.literal_eval(value))
    bundles = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
    bundle = next((os.environ[name] for name in bundles if os.environ.get(name)), None)
    if bundle and not settings.has_option("global", "cert"):
        settings.set("global", "cert", bundle)
    return settings


def environment(bin_directory: Path) -> dict[str, str]:
    """Return the environment of ansible-test: its own home, and no Python on the PATH but its own and the system's.

    Version managers put stand-ins on the PATH that exist but do not run; ansible-test stops at the first of them.
    """
    path = os.pathsep.join([str(bin_directory), "/usr/local/bin", "/usr/bin", "/bin"])
    return {**os.environ, "HOME": str(HOME), "PATH": path}


def controller(core: str | None) -> Path:
    """Return the directory with the Python and the ansible-test that run: this one's, or that of an ansible-core."""
    if core is None:
        return Path(sys.executable).parent
    python = newest_python(core)
    if python is None:
        sys.exit(f"No Python was found that ansible-core {core} supports.")
    return controller_for(core, python) / "bin"


def main(arguments: list[str]) -> int:
    """Run ansible-test sanity with one Python only and return its exit status."""
    core = arguments[1] if arguments[:1] == ["--core"] else None
    bin_directory = controller(core)
    copy_sources()
    prepare_home()
    get_version = [str(bin_directory / "python"), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    version = subprocess.run(get_version, check=True, capture_output=True, text=True).stdout.strip()
    others = arguments[2:] if core else arguments
    command = [str(bin_directory / "ansible-test"), "sanity", "--local", "--python", version, "--color", "no", *others]
    env = environment(bin_directory)
    return subprocess.run(command, cwd=COLLECTION, env=env, stdin=subprocess.DEVNULL, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
