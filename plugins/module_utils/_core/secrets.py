# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The spellings of a secret: what libraries and services make of it before they repeat it."""

from __future__ import annotations

import base64
import html
import json
import traceback
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from urllib.parse import quote, quote_plus, unquote

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError
from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable

_MASK = "********"
# What is derived from a secret and shorter than this would mask too much of what is none.
_SHORTEST = 4
_SHORTEST_ENCODED = 8


def spellings(secret: str) -> set[str]:
    """Return a secret in every form in which an error may repeat it; nothing for an empty one.

    As it is, without blanks or a full stop at its ends, with each run of blanks as one; and each of these as Python, JSON,
    HTML and an address write it, or as part of a text in base64.
    """
    if not secret:
        return set()
    collapsed = " ".join(secret.split())
    cut = {secret.strip(), collapsed, secret.rstrip("."), collapsed.rstrip("."), unquote(secret)}
    texts = {secret, *(text for text in cut if len(text) >= _SHORTEST)}
    found = {form for text in texts for form in (text, *_written(text), *_encoded(text))}
    return {form for form in found if form in texts or len(form) >= _SHORTEST}


def spellings_of(secrets: Collection[str]) -> set[str]:
    """Return every form of several secrets."""
    return {form for secret in secrets for form in spellings(secret)}


def without(text: str, forms: Collection[str]) -> str:
    """Return a text in which every form of a secret is masked, the longest first."""
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, _MASK) if form else text
    return text


class Unforeseen(Exception):
    """An exception that nobody foresaw, with the secrets in its text masked."""


@contextmanager
def masked_when_unforeseen(forms: Collection[str]) -> Iterator[None]:
    """Let no exception out of the block that tells one of these secrets, or was caused by one that does.

    Such an exception is raised again as Unforeseen, which names its type and comes from the same line; others stay as they
    are, and so do errors that were foreseen: their host masks them in the result. More secrets may be found meanwhile.
    """
    try:
        yield
    except EntraError:
        raise
    except Exception as error:
        shown = "".join(traceback.format_exception(error))
        known = list(forms)
        if without(shown, known) == shown:
            raise
        message = without(f"{type(error).__name__}: {error}", known)
        raise Unforeseen(message).with_traceback(error.__traceback__) from None


def _written(text: str) -> Iterator[str]:
    """Write a text as Python, JSON, HTML and addresses do."""
    # In a text that holds both kinds of quotes, Python escapes one of them.
    for written in (repr, ascii):
        yield written(text)[1:-1]
        yield written(f"{text}'\"")[1:-4]
    for data in _bytes(text):
        yield repr(data)[2:-1]
        yield repr(data + b"'\"")[2:-4]
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield html.escape(text)
    yield printable(text)
    for data in {*_bytes(text), text.encode("utf-8", "replace")}:
        for address in (quote(data), quote(data, safe=""), quote_plus(data)):
            yield address
            yield _with_small_digits(address)


def _with_small_digits(address: str) -> str:
    head, *others = address.split("%")
    return "%".join([head, *(other[:2].lower() + other[2:] for other in others)])


def _encoded(text: str) -> Iterator[str]:
    """Return what base64 makes of a text wherever in a longer one it stands: the letters that depend on nothing else."""
    for data in _bytes(text):
        for lead in range(3):
            whole = base64.b64encode(b"\0" * lead + data)
            inner = whole[(lead * 8 + 5) // 6 : (lead + len(data)) * 8 // 6].decode()
            if len(inner) >= _SHORTEST_ENCODED:
                yield inner
                yield inner.replace("+", "-").replace("/", "_")


def _bytes(text: str) -> set[bytes]:
    found = {text.encode("utf-8", "surrogateescape" if _escapes(text) else "backslashreplace")}
    return found | ({text.encode("latin-1")} if all(ord(letter) < 256 for letter in text) else set())


def _escapes(text: str) -> bool:
    """Return whether all surrogates of a text stand for bytes that could not be read."""
    return all(not 0xD800 <= ord(letter) <= 0xDFFF or 0xDC80 <= ord(letter) <= 0xDCFF for letter in text)
