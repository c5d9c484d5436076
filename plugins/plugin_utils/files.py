# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading tables and YAML from files on the controller: each file whole, or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.idgov.entra.plugins.plugin_utils.file_paths import FileError, unreadable
from ansible_collections.idgov.entra.plugins.plugin_utils.yaml_text import YamlError, read_yaml

Json = dict[str, Any]
_DELIMITERS = ",;\t"


def read_file(path: str) -> Json:
    """Return what a file says; raises FileError.

    The result has ``path``, ``is_table``, and the ``content``: of a CSV file a list of rows, each with texts by heading,
    else what the YAML says. ``lines`` has the line of each row or item, by its place in the content such as ``[0]`` or
    ``assignments[0]``. A table has its ``headings``, too, and ``is_whole`` says whether its last line has an end: not every
    export of people gives it one.
    """
    text = _text(path)
    if path.lower().endswith(".csv"):
        return {"path": path, "is_table": True, **_table(path, text)}
    try:
        document = read_yaml(text)
    except YamlError as error:
        raise FileError(f"{path}, line {error.line}: {error}") from None
    return {"path": path, "is_table": False, "content": document.content, "lines": document.lines}


def place_in(file: Mapping[str, Any], place: str) -> str:
    """Name a place in a file as errors do, with its line where that is known."""
    line = (file.get("lines") or {}).get(place)
    return f"{file['path']}, line {line}" if line else str(file["path"])


def _text(path: str) -> str:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise unreadable(path, error) from None
    try:
        # Spreadsheets put a mark in front of UTF-8.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(f"{path}, line {line}: it is not in UTF-8; export it as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _table(path: str, text: str) -> Json:
    """Read rows under headings; the delimiter is the one that stands most often in the first line."""
    if "\0" in text:
        raise FileError(
            f"{path}, line {text.count(chr(10), 0, text.index(chr(0))) + 1}: it is not CSV: it contains a null character"
        )
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count), strict=True)
    rows, start = [], 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((start, row))
            start = reader.line_num + 1
    except csv.Error as error:
        raise FileError(f"{path}, line {reader.line_num}: it is not CSV: {error}") from None
    if not rows:
        raise FileError(f"{path}: it is empty")
    (heading_line, names), *filled = rows
    headings = [name.strip() for name in names]
    twice = next((heading for heading in headings if headings.count(heading) > 1), None)
    if twice is not None:
        raise FileError(f"{path}, line {heading_line}: the column {twice!r} occurs twice")
    for line, row in filled:
        if len(row) != len(headings):
            raise FileError(f"{path}, line {line}: it has {len(row)} columns, but the first line has {len(headings)}")
    return {
        "headings": headings,
        "is_whole": text.endswith("\n"),
        "content": [dict(zip(headings, row, strict=True)) for _line, row in filled],
        "lines": {f"[{index}]": line for index, (line, _row) in enumerate(filled)},
    }
