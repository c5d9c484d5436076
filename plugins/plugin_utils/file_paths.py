# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files a path or a pattern means: a complete set, or an error that names what could not be looked at."""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable

_MAGIC = re.compile(r"[*?\[]")
_ALL_LEVELS = "**"


class FileError(Exception):
    """A file is not there, cannot be read or cannot be understood; the message names it, and the line where there is one."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


def paths_of(patterns: Sequence[str]) -> list[str]:
    """Return the files of paths and patterns in order, each file once, by whatever name; raises FileError.

    A relative path counts from the current directory. ``*`` matches within one folder, ``**`` stands for a folder with all
    its levels, and hidden names are matched by patterns that start with a dot only. What is matched must be there and
    readable, and so must every folder on the way: a set with a gap would look like people to remove.
    """
    found: dict[str, str] = {}
    for pattern in patterns:
        paths = _files_of(os.path.expanduser(pattern))
        if not paths:
            raise FileError(f"{pattern}: no such file")
        for path in paths:
            found.setdefault(os.path.realpath(path), path)
    return list(found.values())


def _files_of(pattern: str) -> list[str]:
    if not _MAGIC.search(pattern):
        return [_file(pattern)]
    matches = _matches(pattern)
    if not os.path.isfile(pattern) or pattern in matches:
        return matches
    # It looks like a pattern, and is the name of a file.
    if matches:
        raise FileError(f"{pattern}: it is a file, and also a pattern that matches {matches[0]}; rename one of them")
    return [pattern]


def _file(path: str) -> str:
    if is_folder(path):
        raise FileError(f"{path}: it is a directory; give its files, as in {os.path.join(path, '*.yml')}")
    return path


def _matches(pattern: str) -> list[str]:
    parts = Path(pattern).parts
    wrong = next((part for part in parts if _ALL_LEVELS in part and part != _ALL_LEVELS), None)
    if wrong is not None:
        raise FileError(f"{pattern}: {_ALL_LEVELS} must stand alone between slashes, as in {_ALL_LEVELS}/*.yml")
    is_absolute = os.path.isabs(pattern)
    files = []
    for path in _walk(parts[0] if is_absolute else "", parts[1:] if is_absolute else parts):
        if not is_folder(path):
            files.append(path)
        elif Path(parts[-1]).suffix:
            raise FileError(f"{path}: it is a directory, and {pattern} matches it")
    return files


def _walk(folder: str, parts: Sequence[str]) -> Iterator[str]:
    """Return what the parts of a pattern match in a folder, in the order of names."""
    part, rest = parts[0], parts[1:]
    if part == _ALL_LEVELS:
        for each in _levels(folder, set()):
            yield from _walk(each, rest or ("*",))
        return
    is_pattern = _MAGIC.search(part) is not None
    for name in _matching(folder, part) if is_pattern else [part]:
        path = os.path.join(folder, name)
        if not rest:
            if is_pattern or _is_there(path):
                yield path
        elif (is_pattern or _is_there(path)) and is_folder(path):
            yield from _walk(path, rest)


def _levels(folder: str, seen: set[str]) -> Iterator[str]:
    """Return a folder and all folders in it; one that a link leads to is not looked at a second time."""
    real = os.path.realpath(folder)
    if real in seen:
        return
    seen.add(real)
    yield folder
    for name in _matching(folder, "*"):
        path = os.path.join(folder, name)
        if is_folder(path):
            yield from _levels(path, seen)


def _matching(folder: str, pattern: str) -> list[str]:
    try:
        names = os.listdir(folder or os.curdir)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (OSError, ValueError) as error:
        raise unreadable(folder or os.curdir, error) from None
    fitting = (name for name in names if pattern.startswith(".") or not name.startswith("."))
    return sorted(name for name in fitting if fnmatch.fnmatchcase(name, pattern))


def _is_there(path: str) -> bool:
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from None
    return True


def is_folder(path: str) -> bool:
    """Return whether what is at a path, or what a link there leads to, is a folder or else a file; raises FileError."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        missing = "it is a broken symbolic link" if os.path.islink(path) else "no such file"
        raise FileError(f"{path}: {missing}") from None
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from None
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise FileError(f"{path}: it is neither a file nor a directory")
    return stat.S_ISDIR(mode)


def unreadable(path: str, error: OSError | ValueError) -> FileError:
    """Return the error that says of a path what the system said."""
    return FileError(f"{path}: it cannot be read: {getattr(error, 'strerror', None) or error}")
