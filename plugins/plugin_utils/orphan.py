# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends a worker of Ansible's whose ansible-playbook was killed outright and could not tell it."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_INTERVAL = 0.1


@contextmanager
def ended_with_parent() -> Iterator[None]:
    """End this process at once, within the block, where the process that forked it is gone.

    Since ansible-core 2.19 a worker leads a process group of its own. So whoever kills the group of ansible-playbook, as
    ansible-runner does to cancel a job, does not reach it, and it would go on giving and taking access.
    """
    parent = multiprocessing.parent_process()
    done = threading.Event()
    if parent is not None and parent.pid is not None:
        threading.Thread(target=_watch, args=(parent.pid, done), daemon=True).start()
    try:
        yield
    finally:
        done.set()


def _watch(parent: int, done: threading.Event) -> None:
    while not done.wait(_INTERVAL):
        if os.getppid() != parent:
            os._exit(1)
