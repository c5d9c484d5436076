# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state file: what was told, so that nothing is told again. A database of SQLite, so that each step is whole or not at all.

It holds ids, dates and words of this collection, nothing about people.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._core.times import format_instant, parse_instant
from ansible_collections.idgov.entra.plugins.module_utils._events.facts import PHASES, Known

VERSION = 1
# Result codes of SQLite ("Result and Error Codes").
_BUSY, _LOCKED, _CORRUPT = 5, 6, 11
# The letters idgv: by them a file is known as ours.
_APPLICATION = 0x69646776
_TABLES = """
CREATE TABLE facts (id TEXT PRIMARY KEY, what TEXT NOT NULL, phase TEXT NOT NULL, marks TEXT NOT NULL, since TEXT, gone TEXT)
WITHOUT ROWID;
CREATE TABLE progress (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_COLUMNS = "id, phase, marks, since, gone"
# SQLite takes no more parameters in one statement, in the oldest version that is still around.
_MOST_PARAMETERS = 900
REQUEST, ASSIGNMENT = "request", "assignment"


Check = Callable[[Mapping[str, str]], None]


class State:
    """The open state file. Each method that writes is one transaction."""

    def __init__(self, database: sqlite3.Connection, *, is_new: bool, was_damaged: bool) -> None:
        self._database = database
        self.is_new = is_new
        self.was_damaged = was_damaged

    def known(self, what: str, ids: Iterable[str]) -> dict[str, Known]:
        """Return what is known of these requests or assignments, by id in lower case."""
        wanted = list(ids)
        found: dict[str, Known] = {}
        for start in range(0, len(wanted), _MOST_PARAMETERS):
            some = wanted[start : start + _MOST_PARAMETERS]
            marks = ",".join("?" * len(some))
            query = f"SELECT {_COLUMNS} FROM facts WHERE what = ? AND id IN ({marks})"
            found.update((row[0], _known(row)) for row in self._database.execute(query, (what, *some)))
        return found

    def in_phases(self, what: str, *phases: str) -> list[Known]:
        """Return all requests or assignments that have come so far."""
        query = f"SELECT {_COLUMNS} FROM facts WHERE what = ? AND phase IN ({','.join('?' * len(phases))})"
        return [_known(row) for row in self._database.execute(query, (what, *phases))]

    def progress(self) -> dict[str, str]:
        """Return the names and values that were noted of the readings themselves."""
        return dict(self._database.execute("SELECT name, value FROM progress"))

    def adopt(self, scope: str) -> bool:
        """Note where the source looks; tell whether it looked elsewhere before, so that it has to begin anew."""
        before = self.progress().get("scope", scope)
        with self._database:
            if before != scope:
                self._database.execute("DELETE FROM progress")
            self._database.execute("INSERT OR REPLACE INTO progress VALUES ('scope', ?)", (scope,))
        return before != scope

    def report(self, what: str, object_id: str, mark: str) -> None:
        """Note that a fact was told."""
        with self._database:
            self._database.execute(
                "INSERT INTO facts (id, what, phase, marks) VALUES (?, ?, 'open', ?)"
                " ON CONFLICT (id) DO UPDATE SET marks = trim(marks || ' ' || excluded.marks)",
                (object_id, what, mark),
            )

    def finish(
        self, changed: Mapping[str, Iterable[Known]], progress: Mapping[str, str], *, forget_before: datetime
    ) -> None:
        """Note what is known after a reading, and forget what had its end long before."""
        with self._database:
            for what, all_known in changed.items():
                self._database.executemany(
                    "INSERT OR REPLACE INTO facts (what, id, phase, marks, since, gone) VALUES (?, ?, ?, ?, ?, ?)",
                    ((what, *_row(known)) for known in all_known),
                )
            self._database.executemany("INSERT OR REPLACE INTO progress VALUES (?, ?)", progress.items())
            self._database.execute("DELETE FROM facts WHERE gone < ?", (_text(forget_before),))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


@contextmanager
def open_state(path: str, check_progress: Check) -> Iterator[State]:
    """Open the state file, made anew where there is none or where it is damaged; a damaged one is kept beside it.

    ``check_progress`` is given what was noted of the readings, and raises where it cannot be read.
    Raises OptionError where it cannot be written, is held by another source, or is not ours, also while it is open.
    """
    is_new, was_damaged = not os.path.exists(path) or not os.path.getsize(path), False
    try:
        database = _open(path, check_progress)
    except sqlite3.DatabaseError as error:
        _refuse(path, error)
        was_damaged = True
        os.replace(path, f"{path}.damaged")
        for rest in ("-wal", "-shm", "-journal"):
            Path(f"{path}{rest}").unlink(missing_ok=True)
        database = _open(path, check_progress)
    try:
        yield State(database, is_new=is_new or was_damaged, was_damaged=was_damaged)
    except sqlite3.Error as error:
        raise OptionError("state_path", f"{path!r} cannot be used: {error}") from None
    finally:
        database.close()


def _open(path: str, check_progress: Check) -> sqlite3.Connection:
    try:
        # Nobody else needs to read it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise OptionError("state_path", f"{path!r} cannot be written: {error.strerror}") from None
    # One thread at a time uses it, not always the same.
    database = sqlite3.connect(path, timeout=0, check_same_thread=False)
    # What is no text says so by a ValueError.
    database.text_factory = bytes.decode
    try:
        _prepare(database, path)
        _check(database, check_progress)
    except (ValueError, TypeError, AttributeError) as error:
        # What cannot be read; the words of SQLite's own errors may be such, too.
        database.close()
        raise sqlite3.DatabaseError(str(error)) from None
    except BaseException:
        database.close()
        raise
    return database


def _prepare(database: sqlite3.Connection, path: str) -> None:
    """Lock the file, check it and make the tables; raises what SQLite raises, and OptionError."""
    # The lock is kept until the end: two sources on one file would each tell what the other one has told.
    database.execute("PRAGMA locking_mode = EXCLUSIVE")
    # A killed source loses nothing; when the power fails, the last facts may be told again.
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute("BEGIN EXCLUSIVE")
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    (tables,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not tables:
        for statement in filter(str.strip, _TABLES.split(";")):
            database.execute(statement)
        database.execute(f"PRAGMA application_id = {_APPLICATION}")
        database.execute(f"PRAGMA user_version = {VERSION}")
    elif application != _APPLICATION:
        raise OptionError("state_path", f"{path!r} is a database of another program")
    elif version > VERSION:
        raise OptionError(
            "state_path",
            f"{path!r} was written by a newer version of this collection",
            hint="use that version, or another file",
        )
    database.commit()


def _check(database: sqlite3.Connection, check_progress: Check) -> None:
    """Raise sqlite3.DatabaseError where the file is damaged, and what reading raises where it says what nobody has written."""
    (verdict,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    for row in database.execute(f"SELECT {_COLUMNS} FROM facts"):
        _known(row)
    check_progress(dict(database.execute("SELECT name, value FROM progress")))


def _refuse(path: str, error: sqlite3.DatabaseError) -> None:
    """Raise an error where a file is not damaged but cannot be had."""
    # Python 3.10 tells no code.
    code = getattr(error, "sqlite_errorcode", None) or (_BUSY if "locked" in str(error) else 0)
    if code & 0xFF in (_BUSY, _LOCKED):
        raise OptionError(
            "state_path", f"{path!r} is in use by another source", hint="give each source a file of its own"
        ) from None
    if isinstance(error, sqlite3.OperationalError) and code & 0xFF != _CORRUPT:
        raise OptionError("state_path", f"{path!r} cannot be used: {error}") from None


def _known(row: tuple[str, str, str, str | None, str | None]) -> Known:
    object_id, phase, marks, since, gone = row
    if phase not in PHASES:
        raise ValueError(f"{phase!r} is no phase")
    return Known(object_id, phase, frozenset(marks.split()), _instant(since), _instant(gone))


def _row(known: Known) -> tuple[str, str, str, str | None, str | None]:
    return known.id, known.phase, " ".join(sorted(known.marks)), _text(known.since), _text(known.gone)


def _instant(text: str | None) -> datetime | None:
    return parse_instant(text) if text else None


def _text(moment: datetime | None) -> str | None:
    # Without fractions, so that dates compare as texts.
    return format_instant(moment.replace(microsecond=0)) if moment else None
