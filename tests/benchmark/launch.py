# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command and writes what it cost: `python launch.py FILE COMMAND...`; ends with the command's status.

A process of its own, and a small one: Linux counts the peak memory of the process that starts a program as the program's.
"""

from __future__ import annotations

import json
import os
import sys
import time


def main(file: str, command: list[str]) -> int:
    """Run the command; ``file`` gets seconds, seconds of the processor, and kilobytes (Linux) of the largest process."""
    begin = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    _dummy, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - begin
    with open(file, "w", encoding="utf-8") as out:
        json.dump({"seconds": seconds, "processor": usage.ru_utime + usage.ru_stime, "largest": usage.ru_maxrss}, out)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
