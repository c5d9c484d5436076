# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state file: what is kept in it, who may have it, and what becomes of one that is damaged."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._events.facts import ENDED, HELD, OPEN, Known
from ansible_collections.idgov.entra.plugins.module_utils._events.poll import check_progress
from ansible_collections.idgov.entra.plugins.module_utils._events.state import ASSIGNMENT, REQUEST, VERSION, open_state
from tests.support.disk import files_end_at

NOW = datetime(2030, 1, 1, 12, tzinfo=timezone.utc)


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "state.db")


def test_what_is_noted_is_known_the_next_time(path: str) -> None:
    with open_state(path, check_progress) as state:
        assert state.is_new
        known = Known("a", OPEN, frozenset({"request_stuck", "request_scheduled"}), since=NOW)
        state.finish(
            {REQUEST: [known], ASSIGNMENT: [Known("b", HELD)]}, {"asked": "2030-01-01T00:00:00Z"}, forget_before=NOW
        )
        state.report(REQUEST, "a", "request_failed:1")
        state.report(REQUEST, "c", "request_canceled")
    with open_state(path, check_progress) as state:
        assert not state.is_new
        assert not state.was_damaged
        found = state.known(REQUEST, ["a", "b", "c", "d"])
        assert found["a"].marks == {"request_stuck", "request_scheduled", "request_failed:1"}
        assert (found["a"].since, set(found["c"].marks), set(found)) == (NOW, {"request_canceled"}, {"a", "c"})
        assert [each.id for each in state.in_phases(ASSIGNMENT, OPEN, HELD)] == ["b"]
        assert state.progress() == {"asked": "2030-01-01T00:00:00Z"}


def test_what_had_its_end_long_before_is_forgotten(path: str) -> None:
    old, new = NOW - timedelta(days=20), NOW - timedelta(days=10)
    with open_state(path, check_progress) as state:
        rows = [Known("a", ENDED, gone=old), Known("b", ENDED, gone=new), Known("c")]
        state.finish({REQUEST: rows}, {}, forget_before=NOW - timedelta(days=16))
        assert set(state.known(REQUEST, "abc")) == {"b", "c"}


def test_many_are_looked_up(path: str) -> None:
    with open_state(path, check_progress) as state:
        state.finish({REQUEST: [Known(str(number)) for number in range(5000)]}, {}, forget_before=NOW)
        assert len(state.known(REQUEST, map(str, range(4000, 6000)))) == 1000


def test_a_second_source_is_refused(path: str) -> None:
    with (
        open_state(path, check_progress),
        pytest.raises(OptionError, match="is in use by another source"),
        open_state(path, check_progress),
    ):
        pass


@pytest.mark.parametrize("damage", ["no database", "a broken page"])
def test_a_damaged_file_is_kept_beside_a_new_one(path: str, damage: str) -> None:
    with open_state(path, check_progress) as state:
        state.finish({REQUEST: [Known(str(number)) for number in range(5000)]}, {}, forget_before=NOW)
    content = bytearray(Path(path).read_bytes())
    content[0 if damage == "no database" else 4096 : 8192] = b"x" * (8192 if damage == "no database" else 4096)
    Path(path).write_bytes(content)
    with open_state(path, check_progress) as state:
        assert state.was_damaged
        assert state.is_new
        assert state.known(REQUEST, ["1"]) == {}
    assert Path(f"{path}.damaged").read_bytes() == content


def test_a_file_with_some_bytes_that_are_others_never_ends_it_without_a_sentence(path: str) -> None:
    """It is found damaged, or refused, or still says something: no error is let through."""
    ids = [f"329f8dac-8062-4c1b-a9b8-39b7132f{number:04x}" for number in range(60)]
    with open_state(path, check_progress) as state:
        rows = [Known(each, OPEN, frozenset({"request_stuck"}), since=NOW, gone=NOW) for each in ids]
        due = '{"329f8dac-8062-4c1b-a9b8-39b7132f9bff": ["held", "2030-01-01T12:00:00Z", null]}'
        noted = dict.fromkeys(("asked", "asked_wide", "listed"), "2030-01-01T12:00:00Z")
        state.finish({REQUEST: rows}, {**noted, "due": due}, forget_before=NOW)
    content, damaged = Path(path).read_bytes(), 0
    for seed in range(60):
        random = Random(seed)
        changed = bytearray(content)
        at, length = random.randrange(len(content)), random.choice((1, 1, 4, 64))
        changed[at : at + length] = random.randbytes(length)
        Path(path).write_bytes(changed if seed % 8 else content[:at])
        with suppress(OptionError), open_state(path, check_progress) as state:
            damaged += state.was_damaged
            check_progress(state.progress())
            state.known(REQUEST, ids)
            state.in_phases(REQUEST, OPEN)
            state.finish({REQUEST: [Known(ids[0])]}, noted, forget_before=NOW)
    assert damaged > 15


def test_a_disk_that_is_full_is_an_error(path: str) -> None:
    def fill() -> None:
        with open_state(path, check_progress) as state, files_end_at(65536):
            state.finish({REQUEST: [Known(str(number)) for number in range(5000)]}, {}, forget_before=NOW)

    with pytest.raises(OptionError, match=r"state_path: '.*' cannot be used: "):
        fill()
    with open_state(path, check_progress) as state:
        assert (state.was_damaged, state.known(REQUEST, ["1"])) == (False, {})


def test_a_kill_leaves_all_or_nothing_of_a_step(path: str) -> None:
    with open_state(path, check_progress) as state:
        state.finish({REQUEST: [Known("a")]}, {"asked": "1"}, forget_before=NOW)

        def broken() -> object:
            yield Known("b")
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            state.finish({REQUEST: broken()}, {"asked": "2"}, forget_before=NOW)  # type: ignore[dict-item]
        assert (set(state.known(REQUEST, "ab")), state.progress()) == ({"a"}, {"asked": "1"})


def test_a_place_that_was_changed_begins_anew(path: str) -> None:
    with open_state(path, check_progress) as state:
        assert not state.adopt("here")
        state.finish({}, {"asked": "1"}, forget_before=NOW)
        assert not state.adopt("here")
        assert state.progress()["asked"] == "1"
        assert state.adopt("there")
        assert state.progress() == {"scope": "there"}


def test_nobody_else_can_read_it(path: str) -> None:
    with open_state(path, check_progress):
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_a_file_that_is_not_ours_is_left_alone(path: str) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE precious (x)")
    other.close()
    with pytest.raises(OptionError, match="is a database of another program"), open_state(path, check_progress):
        pass
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("precious",)]
    other.close()


def test_a_newer_file_is_refused(path: str) -> None:
    with open_state(path, check_progress):
        pass
    other = sqlite3.connect(path)
    other.execute(f"PRAGMA user_version = {VERSION + 1}")
    other.close()
    with pytest.raises(OptionError, match="newer version of this collection"), open_state(path, check_progress):
        pass


@pytest.mark.parametrize("place", ["missing/state.db", "."])
def test_a_path_that_cannot_be_written_is_an_error(tmp_path: Path, place: str) -> None:
    with pytest.raises(OptionError, match="cannot be written"), open_state(str(tmp_path / place), check_progress):
        pass
