# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary of a plan, read as GitHub reads it: names are shown and mean nothing, and it is never too long."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from ansible_collections.idgov.entra.plugins.plugin_utils.file_paths import FileError
from ansible_collections.idgov.entra.plugins.plugin_utils.markdown import code
from ansible_collections.idgov.entra.plugins.plugin_utils.plan_summary import MOST_CHARACTERS
from ansible_collections.idgov.entra.plugins.plugin_utils.plan_texts import plan_files, read_plan

Json = dict[str, Any]
# Each would be something else than a name in Markdown, and the last ones try to leave a code span or a cell.
HOSTILE = (
    "@contoso/admins",
    "[click](https://evil.example)",
    "https://evil.example/x",
    "<img src=x onerror=alert(1)>",
    "<!-- gone",
    "![x](https://evil.example/pixel.png)",
    "# Approved",
    "**bold** #12 !34 :tada:",
    "a`b``c` @contoso",
    "` <b>",
    "a | b \\| c \\\\| @contoso",
    "| ends",
    "ends \\",
    "two\nlines\n\n# Approved",
    "\u202etxt.exe",
    "$`x`$",
)


def outcome(action: str, user: str = "ada@contoso.com", package: str = "VPN Access", **more: Any) -> Json:
    named = {"id": "4f3c5a6e-0f2d-4f6c-9d8b-1f0a2b3c4d5e", "display_name": package}
    return {"action": action, "user": user, "access_package": named, "error": None, **more}


def result(*outcomes: Json, **more: Any) -> Json:
    changed = [each for each in outcomes if each["action"] != "none"]
    names = {"add": "added", "remove": "removed", "update": "updated", "none": "unchanged"}
    counts = {name: sum(1 for each in outcomes if each["action"] == action) for action, name in names.items()}
    diff = [{"before": {"state": "absent"}, "after": {"state": "present", "policy": "Everybody"}} for _each in changed]
    return {"outcomes": list(outcomes), "diff": diff, "summary": counts, "plan": {"items": []}, **more}


def summary(found: Json, *, planned: bool = True, failure: str | None = None) -> str:
    text: str = plan_files(found, planned, failure)["summary"]
    assert len(text) <= MOST_CHARACTERS
    return text


def rendered(text: str) -> str:
    """Render as GitHub does: tables, addresses as links, HTML passed on."""
    return str(MarkdownIt("gfm-like", {"linkify": False}).render(text))


def cells(text: str) -> list[list[str]]:
    """Return the cells of all rows below a head, as a reader sees them."""
    rows = re.findall(r"<tr>(.*?)</tr>", rendered(text), re.DOTALL)
    return [
        [unescape(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r"<td>(.*?)</td>", row, re.DOTALL)]
        for row in rows
        if "<td>" in row
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_shown_and_means_nothing(name: str) -> None:
    found = result(outcome("add", name, name), warnings=[f"a warning about {name}"], stale=[])
    page = rendered(summary(found, failure=f"cannot find {name}"))
    # Whatever is not in a code span is ours.
    ours = re.sub(r"<code>[^<]*</code>", "", page)
    assert "evil" not in ours
    assert "contoso" not in ours
    assert re.sub(r"</?(h2|h3|p|strong|table|thead|tbody|tr|th|td|ul|li)>", "", ours).count("<") == 0
    assert page.count("<h3>") == 3
    (row,) = cells(summary(found))
    visible = name.replace("\n", "\\n").replace("\u202e", "\\u202e")
    assert row == ["add", visible, visible, "state: absent", "state: present; policy: Everybody"]


def test_a_difference_says_what_differs() -> None:
    present = {"state": "present", "policy": "Everybody", "schedule": {"end_date_time": "2030-01-01T00:00:00Z"}}
    later = {**present, "schedule": {"no_expiration": True}}
    # What is gone was something, and the diff of the module keeps it in sight.
    pairs = [("update", present, later), ("remove", present, {**present, "state": "absent"}), ("reprocess", {}, {})]
    found = result(*[outcome(action) for action, _before, _after in pairs])
    found["diff"] = [{"before": before, "after": after} for _action, before, after in pairs]
    assert [row[3:] for row in cells(summary(found))] == [
        [
            "state: present; policy: Everybody; schedule: end_date_time 2030-01-01T00:00:00Z",
            "state: absent",
        ],
        ["schedule: end_date_time 2030-01-01T00:00:00Z", "schedule: no_expiration true"],
        ["(empty)", "(empty)"],
    ]


def test_removals_come_first_and_nothing_is_not_a_table() -> None:
    found = result(outcome("add"), outcome("none"), outcome("update"), outcome("remove"), outcome("add"))
    text = summary(found)
    assert [row[0] for row in cells(text)] == ["remove", "add", "add", "update"]
    assert "**1 removal, 2 additions, 1 update.** Besides: 1 unchanged" in text
    assert text.startswith("## Planned changes of access\n")
    nothing = summary(result(outcome("none")))
    assert "**Nothing to change.** Besides: 1 unchanged\n" in nothing
    assert "|" not in nothing
    assert summary(result(), planned=False).startswith("## Changes of access\n\n**Nothing changed.**")


def test_what_is_no_plan_does_not_look_like_one() -> None:
    found = result(outcome("add"), plan=None, msg="1 of 2 assignments failed", error={"kind": "items_failed"})
    found["summary"]["failed"] = 1
    text = summary(found)
    assert text.startswith(
        "## No plan: 1 failed\n\n**Nothing to approve.** It would have been: 1 addition. Besides: 1 failed\n"
    )
    assert "\n### Would have been changed\n" in text
    assert "Changes" not in text
    over = summary(result(outcome("remove"), plan=None), failure="the task exceeds a limit")
    assert over.startswith("## No plan\n\n**Nothing to approve.** It would have been: 1 removal.\n")
    assert summary({"msg": "no sign-in"}).startswith("## No plan\n\n**Nothing to approve.**\n\n### Failed\n")
    assert summary({**found, "plan": None}, planned=False).startswith("## Changes of access\n")


@pytest.mark.parametrize("name", ["ada@contoso.com", "|" * 250, "\U0001f600" * 250], ids=["plain", "pipes", "emoji"])
def test_a_long_summary_is_cut_with_a_count(name: str) -> None:
    found = result(*[outcome("remove", name)] * 5_000, warnings=[f"{number} {name}" for number in range(2_000)])
    text = summary(found, failure="n" * 100_000)
    assert len(text.encode("utf-16-le")) / 2 <= MOST_CHARACTERS
    shown = len(cells(text))
    assert shown > 5
    hidden = [int(number) for number in re.findall(r"\*\*(\d+) more are not shown\.\*\*", text)]
    assert hidden[0] == 5_000 - shown
    assert len(hidden) == 2


def test_what_is_stale_is_told() -> None:
    stale: Json = {
        "access_package": {"id": "x", "display_name": "VPN | Access"},
        "target": {"object_id": "y", "principal_name": "ada@contoso.com", "email": None},
        "planned": {"action": "add", "before": {"state": "absent"}},
        "found": {"action": "none", "before": {"state": "present"}, "why": "access has | ended"},
    }
    text = summary(
        {
            "outcomes": [],
            "diff": [],
            "summary": {},
            "stale": [stale],
            "error": {"kind": "stale_plan"},
            "msg": "it is stale",
        },
        planned=False,
    )
    assert cells(text) == [["add", "ada@contoso.com", "VPN | Access", "access has | ended"]]
    assert "- `it is stale`" in text


def test_what_a_plan_cannot_promise_is_a_warning() -> None:
    plan = {"summary": {"warnings": ["members may change", "no access before an approval"]}}
    text = summary(result(plan=plan, warnings=["members may change"]))
    assert text.endswith("### Warnings\n\n- `members may change`\n- `no access before an approval`\n")


def test_an_empty_text_is_no_code_span() -> None:
    assert [code(""), code("  ")] == ["(empty)", "(empty)"]


def test_a_plan_passes_as_a_file_and_as_a_text(tmp_path: Path) -> None:
    plan = {"format": 1, "items": [{"name": "Jürgen {{ 6 * 7 }}"}]}
    files = plan_files(result(plan=plan), True, None)
    assert json.loads(files["json"]) == plan
    assert len(files["json"].splitlines()) == 6
    assert json.loads(gzip.decompress(base64.b64decode(files["text"]))) == plan
    (tmp_path / "plan.json").write_text(files["json"], encoding="utf-8")
    from_file = read_plan(str(tmp_path / "plan.json"))["text"]
    assert json.loads(gzip.decompress(base64.b64decode(from_file))) == plan
    assert read_plan(f"{files['text'][:40]}\n{files['text'][40:]}\n") == {"text": files["text"], "path": None}
    assert [plan_files(result(plan=None), True, None)[name] for name in ("json", "text")] == [None, None]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("gone.json", "no such file"),
        (".", "it is a directory"),
        ("pipe", "it is neither a file nor a directory"),
        ("broken", "it is a broken symbolic link"),
        # Python 3.13 says it in other words than those before.
        ("a\0b", "it cannot be read: .*embedded null.*"),
        ("H4sI", "no such file"),
        ("H4sI" + "A" * 300 + ".json", "it cannot be read: File name too long"),
    ],
)
def test_a_plan_that_cannot_be_read_is_an_error(tmp_path: Path, given: str, words: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "broken").symlink_to("gone.json")
    with pytest.raises(FileError) as raised:
        read_plan(str(tmp_path / given))
    assert re.search(f": {words}$", str(raised.value))
