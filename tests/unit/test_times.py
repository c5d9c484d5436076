# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading and writing instants and durations: what is accepted, what is refused, and that nothing is lost."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.idgov.entra.plugins.module_utils._core.times import (
    format_instant,
    in_days,
    parse_duration,
    parse_instant,
)

CET = timezone(timedelta(hours=1))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=timezone.utc)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        pytest.param("2026-03-29T10:30:15Z", utc(2026, 3, 29, 10, 30, 15), id="as Graph writes it"),
        pytest.param("2026-03-29T10:30:15.82Z", utc(2026, 3, 29, 10, 30, 15, 820000), id="two digits of a fraction"),
        pytest.param("2024-06-07T15:53:35.1234567Z", utc(2024, 6, 7, 15, 53, 35, 123456), id="seven digits"),
        pytest.param("2026-03-29T10:30Z", utc(2026, 3, 29, 10, 30), id="no seconds"),
        pytest.param("2026-03-29 10:30:15", utc(2026, 3, 29, 10, 30, 15), id="blank for T, no zone"),
        pytest.param("2026-03-29 10:30:15+00:00", utc(2026, 3, 29, 10, 30, 15), id="as Python prints it"),
        pytest.param("2026-03-29 10:30:15 Z", utc(2026, 3, 29, 10, 30, 15), id="blank before the zone"),
        pytest.param("2026-03-29t10:30:15z", utc(2026, 3, 29, 10, 30, 15), id="small letters"),
        pytest.param("2026-03-29T10:30:15+02:00", utc(2026, 3, 29, 8, 30, 15), id="east"),
        pytest.param("2026-03-29T10:30:15-0530", utc(2026, 3, 29, 16, 0, 15), id="west, without a colon"),
        pytest.param("2026-03-29T10:30:15+02", utc(2026, 3, 29, 8, 30, 15), id="hours alone"),
        pytest.param("2026-01-01T00:30:00+01:00", utc(2025, 12, 31, 23, 30), id="over the turn of the year"),
        pytest.param("2026-03-29", utc(2026, 3, 29), id="a date"),
        pytest.param("  2026-03-29  ", utc(2026, 3, 29), id="blanks around"),
        pytest.param("2024-02-29", utc(2024, 2, 29), id="leap day"),
        pytest.param("2000-02-29", utc(2000, 2, 29), id="leap day of a century"),
        pytest.param("9999-12-31T23:59:59Z", utc(9999, 12, 31, 23, 59, 59), id="the last second"),
        pytest.param("0001-01-01", utc(1, 1, 1), id="the first day"),
        pytest.param(date(2026, 3, 29), utc(2026, 3, 29), id="date object"),
        pytest.param(datetime(2026, 3, 29, 10, 30), utc(2026, 3, 29, 10, 30), id="datetime object without zone"),
        pytest.param(
            datetime(2026, 3, 29, 10, 30, tzinfo=CET), utc(2026, 3, 29, 9, 30), id="datetime object with zone"
        ),
    ],
)
def test_an_instant_is_read_in_utc(value: str | date, instant: datetime) -> None:
    found = parse_instant(value)
    assert found == instant
    assert found.utcoffset() == timedelta()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("tomorrow", id="a word"),
        pytest.param("29.03.2026", id="German"),
        pytest.param("03/29/2026", id="American"),
        pytest.param("2026-3-29", id="one digit"),
        pytest.param("20260329", id="basic form"),
        pytest.param("2026-W13-7", id="week date"),
        pytest.param("2026-02-29", id="no leap year"),
        pytest.param("1900-02-29", id="no leap year of a century"),
        pytest.param("2026-04-31", id="no such day"),
        pytest.param("2026-13-01", id="no such month"),
        pytest.param("0000-01-01", id="year nought"),
        pytest.param("12026-01-01", id="five digits"),
        pytest.param("2026-03-29T25:00Z", id="no such hour"),
        pytest.param("2026-03-29T10:60Z", id="no such minute"),
        pytest.param("2026-03-29T10:30:60Z", id="leap second"),
        pytest.param("2026-03-29T10:30.5Z", id="part of a minute"),
        pytest.param("2026-03-29T10Z", id="hour alone"),
        pytest.param("2026-03-29T", id="T alone"),
        pytest.param("2026-03-29Z", id="zone without time"),
        pytest.param("2026-03-29T10:30:15+24:00", id="a day east"),
        pytest.param("2026-03-29T10:30:15+02:60", id="sixty minutes east"),
        pytest.param("9999-12-31T23:59:59-01:00", id="beyond the last second"),
        pytest.param("0001-01-01T00:00+01:00", id="before the first day"),
        pytest.param("2026-03-29T10:30:15 Europe/Berlin", id="named zone"),
        pytest.param("2026-03-29T10:30:15Z and more", id="more behind"),
        pytest.param("1774780215", id="seconds since 1970"),
        pytest.param("null", id="the word null"),
    ],
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_instant(text)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        pytest.param(utc(2026, 3, 29, 10, 30, 15), "2026-03-29T10:30:15Z", id="whole seconds"),
        pytest.param(utc(2026, 3, 29, 10, 30, 15, 820000), "2026-03-29T10:30:15.82Z", id="fraction"),
        pytest.param(utc(2026, 3, 29, 0, 0, 0, 1), "2026-03-29T00:00:00.000001Z", id="microsecond"),
        pytest.param(datetime(2026, 3, 29, 0, 30, tzinfo=CET), "2026-03-28T23:30:00Z", id="other zone"),
        pytest.param(utc(999, 1, 1), "0999-01-01T00:00:00Z", id="three digits of a year"),
    ],
)
def test_an_instant_is_written_as_graph_does(instant: datetime, text: str) -> None:
    assert format_instant(instant) == text


# A day is left at both ends, so that every offset stays within the years that there are.
INSTANTS = st.datetimes(
    min_value=datetime(1, 1, 2),
    max_value=datetime(9999, 12, 30),
    timezones=st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@given(INSTANTS)
def test_what_was_written_is_read_as_the_same_instant(instant: datetime) -> None:
    assert parse_instant(format_instant(instant)) == instant


@given(INSTANTS)
def test_an_instant_as_python_writes_it_is_read(instant: datetime) -> None:
    assert parse_instant(instant.isoformat()) == instant
    assert parse_instant(str(instant)) == parse_instant(instant)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        pytest.param("P90D", timedelta(days=90), id="days"),
        pytest.param("PT8H", timedelta(hours=8), id="hours"),
        pytest.param("P2W", timedelta(weeks=2), id="weeks"),
        pytest.param("PT6M", timedelta(minutes=6), id="minutes"),
        pytest.param("P1W3DT4H5M6S", timedelta(weeks=1, days=3, hours=4, minutes=5, seconds=6), id="all"),
        pytest.param("PT0.5S", timedelta(milliseconds=500), id="part of a second"),
        pytest.param("P0DT8H", timedelta(hours=8), id="a part of nought"),
        pytest.param("PT36H", timedelta(days=1, hours=12), id="more hours than a day has"),
        pytest.param(" P90D ", timedelta(days=90), id="blanks around"),
    ],
)
def test_a_duration_is_read(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


NOT_DURATIONS = "|P|PT|P1DT|90D|90|P90|PD|p90d|-P90D|P-90D|P90D P1D|P1.5D|P8H|PT8D|P1D1W|P0D|PT0S|PT0.0S|90 days|90.00:00:00|P9999999999D"


@pytest.mark.parametrize("text", [*NOT_DURATIONS.split("|"), "P90D\nx"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|is too long") as raised:
        parse_duration(text)
    assert "years or months" not in str(raised.value)


@pytest.mark.parametrize("text", ["P1M", "P1Y", "P6M", "P1Y2M3D", "P1YT8H", "P0Y90D"])
def test_years_and_months_are_refused_because_they_have_no_fixed_length(text: str) -> None:
    with pytest.raises(ValueError, match="no fixed length"):
        parse_duration(text)


@given(st.integers(0, 4000), st.integers(0, 99), st.integers(0, 99), st.integers(1, 99))
def test_the_parts_of_a_duration_are_all_kept(days: int, hours: int, minutes: int, seconds: int) -> None:
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    assert parse_duration(f"P{days}DT{hours}H{minutes}M{seconds}S") == length


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("P90D", "P90D"),
        ("P2W", "P14D"),
        ("P1W3D", "P10D"),
        ("PT8H", "PT8H"),
        ("P1DT8H", "P1DT8H"),
        ("P1WT8H", "P7DT8H"),
        ("P2W1DT0.5S", "P15DT0.5S"),
        (" P90D ", "P90D"),
    ],
)
def test_weeks_are_written_as_days_and_all_else_is_left(text: str, written: str) -> None:
    assert in_days(text) == written
