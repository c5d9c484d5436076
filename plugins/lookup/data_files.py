# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables and YAML from files on the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
name: data_files
short_description: Read CSV and YAML files on the controller
version_added: 0.2.0
author:
  - idgov.entra contributors (@idgov)
description:
  - Reads the files that the roles of this collection take. A file whose name ends in C(.csv) is a table, any other is YAML.
  - A table is UTF-8 with headings in its first line; the delimiter is comma, semicolon or tab, whichever occurs most often in that line.
  - YAML is read as Ansible reads it, and its texts are data. Nothing is rendered, and tags such as C(!vault) or C(!unsafe) are refused.
  - A path or pattern that matches no file is an error, because a missing file must not look like an empty one. So is a file that is incomplete or
    cannot be read, a key that occurs twice, a broken symbolic link, a directory on the path that cannot be read, and a directory that a pattern
    with a suffix matches.
options:
  _terms:
    description:
      - Paths or patterns such as V(access/*.yml) or, for all levels, V(access/**/*.yml). A relative one is relative to the directory in which
        Ansible was started. A file that is matched twice is read once. Hidden files and directories are not matched by C(*).
    type: list
    elements: str
    required: true
  strict:
    description: Whether a mistake is an error. If V(false), the result is one dictionary with the message in C(failure), and nothing else.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: Who is in the export
  ansible.builtin.debug:
    msg: "{{ query('idgov.entra.data_files', 'people.csv') | map(attribute='content') | flatten | map(attribute='user') }}"
"""

RETURN = r"""
_raw:
  description:
    - For each file its C(path), whether it C(is_table), and its C(content); of a table a list of rows, with texts by heading, its C(headings),
      and whether it C(is_whole), which is whether its last line ends with a line break.
    - C(lines) has the line of each row, of each top-level key, and of each item of a list there, by its path such as C([0]) or C(assignments[0]).
  type: list
  elements: dict
"""

from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.idgov.entra.plugins.plugin_utils.file_paths import FileError, paths_of
from ansible_collections.idgov.entra.plugins.plugin_utils.files import read_file
from ansible_collections.idgov.entra.plugins.plugin_utils.lookup import flat
from ansible_collections.idgov.entra.plugins.plugin_utils.values import plain


class LookupModule(LookupBase):
    def run(self, terms: list[Any], variables: Any = None, **kwargs: Any) -> list[Any]:
        """Return the files that the terms name; raises AnsibleLookupError."""
        self.set_options(var_options=variables, direct=kwargs)
        try:
            return [plain(read_file(path)) for path in paths_of([str(term) for term in flat(terms)])]
        except FileError as error:
            if not self.get_option("strict"):
                return [{"failure": str(error)}]
            raise AnsibleLookupError(str(error)) from None
