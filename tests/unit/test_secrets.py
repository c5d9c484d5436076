# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret is masked in every form in which a library, or a service, repeats it."""

from __future__ import annotations

import base64
import html
import json
import re
import urllib.parse
from collections.abc import Callable

import pytest

from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable
from ansible_collections.idgov.entra.plugins.module_utils._core.secrets import (
    Unforeseen,
    masked_when_unforeseen,
    spellings,
    spellings_of,
    without,
)
from ansible_collections.idgov.entra.plugins.plugin_utils.masking import masked

CANARY = "canary-7c1f90"
ODD = {
    "plain": CANARY,
    "newline inside": f"{CANARY}\nsecond-half",
    "newline behind": f"{CANARY}\n",
    "quote": f"{CANARY}'s",
    "both quotes": f"{CANARY}'\"x",
    "percent": f"{CANARY}%41%2Fb",
    "percent alone": f"100%{CANARY}",
    "full stop": f"{CANARY}.",
    "two blanks": f"first  {CANARY}",
    "backslash": f"{CANARY}\\n",
    "plus and slash": f"{CANARY}+/=&?",
    "non-ASCII": f"{CANARY}\u00e9\u2026",
    "a byte that is no text": f"{CANARY}\udcff",
    "direction mark": f"{CANARY}\u202e!",
    "markup": f"<{CANARY}&>",
}
ECHOES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "repr": repr,
    "ascii": ascii,
    "bytes": lambda text: repr(text.encode("utf-8", "surrogateescape")),
    "JSON": json.dumps,
    "JSON with letters": lambda text: json.dumps(text, ensure_ascii=False),
    "address": lambda text: urllib.parse.quote(text, errors="surrogateescape"),
    "address, small": lambda text: re.sub(
        "%..", lambda found: found[0].lower(), urllib.parse.quote(text, safe="", errors="replace")
    ),
    "form": lambda text: urllib.parse.urlencode({"a": text}, errors="replace"),
    "base64": lambda text: base64.b64encode(_bytes(text)).decode(),
    "base64 behind a name": lambda text: base64.b64encode(b"me:" + _bytes(text)).decode(),
    "base64 behind a longer name": lambda text: base64.urlsafe_b64encode(b"user:" + _bytes(text) + b"!").decode(),
    "HTML": html.escape,
    "one line": lambda text: " ".join(text.split()),
    "end of a sentence": lambda text: text.rstrip("."),
    "shown": printable,
    "repr among quotes": lambda text: repr(f"'\"{text}"),
    "bytes among quotes": lambda text: repr(b"'\"" + text.encode("utf-8", "surrogateescape")),
    "key error": lambda text: str(KeyError(text)),
}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
@pytest.mark.parametrize("secret", ODD.values(), ids=ODD)
def test_an_odd_secret_is_masked_in_each_form(secret: str, echo: Callable[[str], str]) -> None:
    text = f"it said {echo(secret)} and no more"
    marks = [CANARY, base64.b64encode(CANARY.encode())[:-4].decode(), "second-half"]
    marks += [base64.b64encode(b" " * lead + CANARY.encode())[4:-4].decode() for lead in (1, 2)]
    for shown in (without(text, spellings(secret)), str(masked({"msg": text}, spellings(secret)))):
        assert [mark for mark in marks if mark in shown] == [], shown
        assert "and no more" in shown


def test_nothing_short_is_made_of_a_secret() -> None:
    """What is derived must not mask half of a result; what was given as a secret is one, however short."""
    assert spellings("ab.") == {"ab."}
    assert spellings("") == set()
    assert "x" in spellings("x")
    assert not spellings("x") - {"x"}


def raised_by(error: Exception, forms: set[str]) -> Exception:
    with pytest.raises(Exception) as raised, masked_when_unforeseen(forms):  # noqa: PT011
        raise error
    return raised.value


def test_an_unforeseen_exception_is_raised_again_without_secrets() -> None:
    forms = spellings_of([f"{CANARY}\nx"])
    found = raised_by(ValueError(f"Invalid header value {f'Bearer {CANARY}{chr(10)}x'.encode()!r}"), forms)
    assert isinstance(found, Unforeseen)
    assert str(found) == "ValueError: Invalid header value b'Bearer ********'"
    assert found.__suppress_context__
    assert found.__traceback__ is not None


def test_its_cause_tells_nothing_either() -> None:
    cause = KeyError(CANARY)
    error = RuntimeError("went wrong")
    error.__cause__ = cause
    found = raised_by(error, spellings(CANARY))
    assert (str(found), found.__cause__) == ("RuntimeError: went wrong", None)


def test_one_without_a_secret_stays_as_it_is() -> None:
    error = LookupError("no secret in it")
    assert raised_by(error, spellings(CANARY)) is error
