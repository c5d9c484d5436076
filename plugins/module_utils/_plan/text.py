# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text form of a plan, base64 of the gzipped JSON, and the digest of what it says."""

from __future__ import annotations

import base64
import binascii
import gzip
import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Any

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError
from ansible_collections.idgov.entra.plugins.module_utils._core.json_text import TooDeep, parse_json

# Some 60,000 changes; a small text can hold any number of letters.
LARGEST = 64 * 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS
_HINT = "use the plan that check mode returned, or base64 of its gzipped JSON"


def digest_of(document: Mapping[str, Any]) -> str:
    """Return the digest of all members of a plan but ``digest``: SHA-256 of its JSON with sorted keys and no blanks."""
    return f"sha256:{hashlib.sha256(_json({k: v for k, v in document.items() if k != 'digest'})).hexdigest()}"


def encode_plan(document: Mapping[str, Any]) -> str:
    """Return the text form of a plan, which is the same for the same plan."""
    return pack_plan(_json(document))


def pack_plan(written: bytes) -> str:
    """Return the text form of a plan that is written as JSON; what it says is not looked at."""
    return base64.b64encode(gzip.compress(written, mtime=0)).decode("ascii")


def decode_plan(text: str) -> Any:
    """Return the JSON in the text form of a plan; raises OptionError."""
    try:
        packed = base64.b64decode("".join(text.split()).encode("ascii"), validate=True)
        inflate = zlib.decompressobj(_GZIP)
        written = inflate.decompress(packed, LARGEST + 1)
    except (binascii.Error, UnicodeEncodeError, zlib.error):
        raise OptionError("plan", "this is not the text form of a plan", hint=_HINT) from None
    if len(written) > LARGEST:
        raise OptionError("plan", f"it is larger than {LARGEST // 1024 // 1024} MiB", hint="plan fewer changes at once")
    if not inflate.eof or inflate.unused_data:
        raise OptionError("plan", "the text form is cut off, or something follows it", hint=_HINT)
    try:
        return parse_json(written)
    except TooDeep:
        raise OptionError("plan", "it is nested too deeply for a plan", hint=_HINT) from None
    except ValueError:
        raise OptionError("plan", "the text form does not hold JSON", hint=_HINT) from None


def as_json(value: object) -> Any:
    """Return a plan that was given as a value, as its JSON reads: a playbook can give anything; raises OptionError."""
    try:
        return parse_json(json.dumps(value))
    except (TooDeep, RecursionError):
        raise OptionError("plan", "it is nested too deeply for a plan", hint=_HINT) from None
    except (TypeError, ValueError):
        raise OptionError("plan", "it has a value that is not JSON", hint=_HINT) from None


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
