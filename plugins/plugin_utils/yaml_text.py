# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading YAML as Ansible does, and refusing what Ansible would let pass: a key that stands twice, a file that was cut off."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# Ansible's own reader, which is libyaml's where Ansible has that.
from ansible.module_utils.common.yaml import SafeLoader
from yaml import MappingNode, Node, ScalarNode, SequenceNode, YAMLError

_KINDS = ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge")
_TAGS = {f"tag:yaml.org,2002:{kind}": kind for kind in _KINDS}
_PARSED = ("int", "float", "bool", "timestamp")
_MOST_LEVELS = 64


class YamlError(Exception):
    """A text is not YAML, or not such as files of people and access are; it knows the line."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


@dataclass(frozen=True)
class Document:
    """The content of a text, and the line of each key on top and of each item of a list there, by its place."""

    content: Any
    lines: dict[str, int] = field(default_factory=dict)


def read_yaml(text: str) -> Document:
    """Return the one document of a text; raises YamlError.

    Values are texts, numbers, truths, dates, lists and mappings whose keys are texts. Every other tag is refused, those of
    Ansible (``!vault``, ``!unsafe``) and of Python among them.
    """
    loader = SafeLoader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return Document(None)
        _check(loader, root, [], set())
        _check_top(root)
        # A list or mapping in brackets shows by itself where it ends.
        if not getattr(root, "flow_style", False) and not text.endswith("\n"):
            raise YamlError(text.count("\n") + 1, "it does not end with a line break and may be truncated")
        return Document(loader.construct_document(root), _lines_of(root))
    except YAMLError as error:
        raise YamlError(_line_of(error, text), f"it is not YAML: {_problem(error)}") from None
    finally:
        loader.dispose()


def _check(loader: Any, node: Node, above: list[Node], seen: set[Node]) -> None:
    """Check a node and all below it, each once: an alias gives the same node again."""
    line = node.start_mark.line + 1
    if node in above:
        raise YamlError(line, "it contains itself")
    if node in seen:
        return
    seen.add(node)
    if len(above) >= _MOST_LEVELS:
        raise YamlError(line, f"it is nested deeper than {_MOST_LEVELS} levels")
    if node.tag not in _TAGS:
        raise YamlError(line, f"the tag {node.tag!r} is not supported in such files")
    if isinstance(node, MappingNode):
        _check_keys(node)
        children = [child for pair in node.value for child in pair]
    else:
        children = node.value if isinstance(node, SequenceNode) else []
    for child in children:
        _check(loader, child, [*above, node], seen)
    if isinstance(node, ScalarNode) and _TAGS[node.tag] in _PARSED:
        _check_value(loader, node, line)


def _check_keys(node: MappingNode) -> None:
    first: dict[str, int] = {}
    for key, _value in node.value:
        line = key.start_mark.line + 1
        if _TAGS.get(key.tag) not in ("str", "merge") or not isinstance(key.value, str):
            shown = repr(key.value) if isinstance(key.value, str) else "that is a list or mapping"
            raise YamlError(line, f"the key {shown} is not a string; quote it")
        if key.value in first:
            raise YamlError(line, f"the key {key.value!r} occurs twice, first in line {first[key.value]}")
        first[key.value] = line


def _check_top(root: Node) -> None:
    """Refuse a merge on top: a list that it brings would give way, unseen, to one of the same name."""
    for key, _value in root.value if isinstance(root, MappingNode) else []:
        if _TAGS[key.tag] == "merge":
            raise YamlError(
                key.start_mark.line + 1,
                f"the key {key.value!r} is not allowed at the top level, where it could hide a list",
            )


def _check_value(loader: Any, node: ScalarNode, line: int) -> None:
    """Check what looks like a date or a number and may be none: the constructors say so in many ways."""
    try:
        loader.construct_object(node)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, YAMLError):
        raise YamlError(
            line, f"{node.value!r} cannot be read as {_TAGS[node.tag]}; quote it to use it as a string"
        ) from None


def _lines_of(root: Node) -> dict[str, int]:
    tops = root.value if isinstance(root, MappingNode) else []
    lines = {key.value: key.start_mark.line + 1 for key, _value in tops}
    lists = [("", root), *((key.value, value) for key, value in tops)]
    return lines | {
        f"{place}[{index}]": item.start_mark.line + 1
        for place, node in lists
        if isinstance(node, SequenceNode)
        for index, item in enumerate(node.value)
    }


def _line_of(error: YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None)
    # The reader of letters knows how many came before, and not in which line; the parser may stand behind the last one.
    line = mark.line if mark else text.count("\n", 0, getattr(error, "position", 0))
    return int(min(line, text.count("\n"))) + 1


def _problem(error: YAMLError) -> str:
    return str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
