# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends a module to whose result nobody listens any more."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_STANDARD_OUTPUT = 1


@contextmanager
def ended_with_listener() -> Iterator[None]:
    """End this process at once, within the block, where the other end of its standard output is closed.

    Ansible does not end a module whose task has run out of time, or whose connection broke; it only stops listening. An
    asynchronous module writes to a file, and goes on.
    """
    done = threading.Event()
    threading.Thread(target=_watch, args=(done,), daemon=True).start()
    try:
        yield
    finally:
        done.set()


def _watch(done: threading.Event) -> None:
    poll = select.poll()
    # Nothing but errors and the end, which are always told.
    poll.register(_STANDARD_OUTPUT, 0)
    poll.poll()
    if not done.is_set():
        os._exit(1)
