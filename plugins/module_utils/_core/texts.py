# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts as users give them: names and addresses without what no name holds."""

from __future__ import annotations

import unicodedata

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError


def checked_text(option: str, value: object) -> str:
    """Give an option's value as a text that can name something; raises OptionError."""
    text = str(value)
    if not text.strip():
        raise OptionError(option, "it is empty", hint="leave the option out where it is not wanted")
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text):
        raise OptionError(option, f"{text!r} holds control characters or bytes that are no text")
    if text != text.strip():
        raise OptionError(option, f"{text!r} starts or ends with a blank")
    return text
