# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand in for the get-pip script that ansible-test runs: the same outcome from this Python's own ensurepip and PyPI.

ansible-test calls it as `SCRIPT [pip options] pip==X [setuptools==Y] [--no-setuptools] [--no-wheel]`.
"""

from __future__ import annotations

import os
import subprocess
import sys

FOR_GET_PIP_ONLY = ("--no-setuptools", "--no-wheel")


def main(arguments: list[str]) -> int:
    """Install pip and what else is named into the environment of this Python."""
    # With GET_PIP set, ansible-test's own pip wrapper would run this script again.
    env = {name: value for name, value in os.environ.items() if name != "GET_PIP"}
    wanted = [argument for argument in arguments if argument not in FOR_GET_PIP_ONLY]
    subprocess.run([sys.executable, "-m", "ensurepip"], check=True, env=env, stdout=subprocess.DEVNULL)
    return subprocess.run(
        [sys.executable, "-m", "pip", "install", "--upgrade", *wanted], check=False, env=env
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
