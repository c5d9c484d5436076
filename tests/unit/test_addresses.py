# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses: what a user writes reaches Graph as it is, and never another place."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import EntraError
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.paths import find_packages, find_users
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import Call, equals, literal, path

TEXTS = [
    pytest.param("Sales", id="a word"),
    pytest.param("O'Brien", id="apostrophe"),
    pytest.param("''", id="two apostrophes"),
    pytest.param("pat_fabrikam.com#EXT#@contoso.onmicrosoft.com", id="a guest's principal name"),
    pytest.param("Jürgen Größe", id="umlauts"),
    pytest.param("営業部", id="Japanese"),
    pytest.param("x' or displayName ne '", id="looks like a filter"),
    pytest.param("x'&$expand=*", id="looks like an option"),
    pytest.param("a/b\\c", id="slashes"),
    pytest.param("100 % & 50 %25", id="percent signs"),
    pytest.param("1+1=2?", id="marks of a query"),
    pytest.param("../../users", id="a way up"),
    pytest.param("a\r\nX-Header: b", id="line ends"),
    pytest.param(" ", id="blank"),
    pytest.param("$filter", id="dollar"),
    pytest.param("https://evil.example/", id="an address"),
]


def filter_of(call: Call) -> str:
    """The filter as a server reads it from the address."""
    parts = urlsplit(f"https://graph.microsoft.com/v1.0{call.url}")
    assert parts.fragment == ""
    found = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    assert set(found) == set(call.query)
    return found["$filter"][0]


@pytest.mark.parametrize("text", TEXTS)
def test_a_name_in_a_filter_arrives_as_one_text(text: str) -> None:
    doubled = text.replace("'", "''")
    assert filter_of(find_packages(text)) == f"displayName eq '{doubled}'"
    assert filter_of(find_users([text])) == f"userPrincipalName eq '{doubled}' or mail eq '{doubled}'"


@given(st.text())
def test_any_text_in_a_filter_arrives_as_it_is(text: str) -> None:
    call = Call("GET", path("users"), {"$filter": equals("mail", text.encode("utf-8", "ignore").decode())})
    assert filter_of(call) == call.query["$filter"]
    assert call.url.isascii()
    assert not set(call.url) & set(' "<>#\\^`{|}\r\n\t')


@given(st.text())
def test_a_literal_ends_where_its_text_ends(text: str) -> None:
    written = literal(text)
    assert written[0] == written[-1] == "'"
    assert written[1:-1].replace("''", "").count("'") == 0
    assert written[1:-1].replace("''", "'") == text


@pytest.mark.parametrize(
    ("text", "segment"),
    [
        pytest.param("a/b", "a%2Fb", id="slash"),
        pytest.param("a\\b", "a%5Cb", id="backslash"),
        pytest.param("100%", "100%25", id="percent sign"),
        pytest.param("%2e%2e", "%252e%252e", id="what is encoded already"),
        pytest.param("a?b#c", "a%3Fb%23c", id="query and fragment"),
        pytest.param("Größe", "Gr%C3%B6%C3%9Fe", id="umlauts"),
        pytest.param("#EXT#@contoso.com", "%23EXT%23%40contoso.com", id="principal name"),
        pytest.param("$batch", "$batch", id="a word of Graph's own"),
        pytest.param("a\r\nb", "a%0D%0Ab", id="line ends"),
    ],
)
def test_a_segment_is_one_segment(text: str, segment: str) -> None:
    assert path("groups", text, "members") == f"/groups/{segment}/members"
    assert [unquote(each) for each in path("groups", text).split("/")] == ["", "groups", text]


@pytest.mark.parametrize("text", [".", ".."])
def test_a_segment_that_would_lead_elsewhere_is_refused(text: str) -> None:
    with pytest.raises(EntraError):
        path("groups", text, "members")


def test_a_name_whose_bytes_are_no_text_still_makes_an_address() -> None:
    assert "ada%FF%40contoso.com" in find_users(["ada\udcff@contoso.com"]).url


def test_an_address_without_a_query_is_its_path() -> None:
    assert Call("GET", path("users")).url == "/users"
    assert Call("POST", path("users"), body={}).url == "/users"


def test_options_stay_readable() -> None:
    call = Call("GET", path("users"), {"$filter": "mail eq 'a@b'", "$expand": "assignment($expand=target)"})
    assert call.url == "/users?$filter=mail%20eq%20'a%40b'&$expand=assignment($expand=target)"


@pytest.mark.parametrize(("method", "reads"), [("GET", True), ("POST", False), ("PATCH", False), ("DELETE", False)])
def test_only_what_reads_may_always_be_sent_again(method: str, reads: bool) -> None:
    assert Call(method, "/x").is_read is reads
