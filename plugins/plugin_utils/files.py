# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading tables and YAML from files on the controller."""

from __future__ import annotations

import csv
import glob
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]
_DELIMITERS = ",;\t"


class FileError(Exception):
    """A file is not there or cannot be understood; the message names it."""


def paths_of(patterns: Sequence[str]) -> list[str]:
    """Give the files of paths and patterns, each once and in order; raises FileError where one fits no file.

    A relative path counts from the current directory.
    """
    found: dict[str, None] = {}
    for pattern in patterns:
        expanded = os.path.expanduser(pattern)
        # A path may look like a pattern and still be the name of a file.
        paths = [expanded] if Path(expanded).is_file() else sorted(p for p in glob.glob(expanded) if Path(p).is_file())
        if not paths:
            raise FileError(f"{pattern}: there is no such file")
        found |= dict.fromkeys(paths)
    return list(found)


def read_file(path: str) -> Json:
    """Give C(path), C(is_table), and the C(content): rows of texts of a CSV file, else what the YAML says; raises FileError."""
    try:
        # Spreadsheets put a mark in front of UTF-8.
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(f"{path}: it is not in UTF-8; export it as UTF-8") from None
    except OSError as error:
        raise FileError(f"{path}: it cannot be read: {error.strerror}") from None
    is_table = path.lower().endswith(".csv")
    return {"path": path, "is_table": is_table, "content": _table(path, text) if is_table else _yaml(path, text)}


def _yaml(path: str, text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise FileError(f"{path}{where}: it is not YAML: {getattr(error, 'problem', None) or error}") from None


def _table(path: str, text: str) -> list[dict[str, str]]:
    """Read rows under headings; the delimiter is the one that stands most often in the first line."""
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count), strict=True)
    try:
        lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise FileError(f"{path}, line {reader.line_num}: it is not CSV: {error}") from None
    if not lines:
        raise FileError(f"{path}: it is empty")
    headings = [heading.strip() for heading in lines[0][1]]
    twice = next((heading for heading in headings if headings.count(heading) > 1), None)
    if twice is not None:
        raise FileError(f"{path}: the column {twice!r} is there twice")
    for number, row in lines:
        if len(row) != len(headings):
            raise FileError(f"{path}, line {number}: it has {len(row)} columns, and the first line {len(headings)}")
    return [dict(zip(headings, row, strict=True)) for _dummy, row in lines[1:]]
