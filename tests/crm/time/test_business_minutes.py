"""Business minutes, half-open, against a slow walk minute by minute."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.time import InstantHasNoZone, local
from crm.time.business_minutes import BusinessTime, MinutesAreNegative, WindowsOverlap
from crm.time.calendar import DateOutsideCalendar
from crm.time.shipped import shipped_calendar

CALENDAR = shipped_calendar()
OPEN = BusinessTime(CALENDAR)
SPLIT_WINDOWS = ((time(13, 30), time(17, 30)), (time(9), time(12)))
SPLIT = BusinessTime(CALENDAR, SPLIT_WINDOWS)
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


class TestAddingBusinessMinutes:
    @pytest.mark.parametrize(
        ("start", "minutes", "expected"),
        [
            ("2026-03-18T10:00", 30, "2026-03-18T10:30"),
            ("2026-03-18T17:59", 1, "2026-03-18T18:00"),
            ("2026-03-18T17:59", 2, "2026-03-19T09:01"),
            ("2026-03-18T18:00", 1, "2026-03-19T09:01"),  # the closing minute is outside
            ("2026-03-18T09:00", 540, "2026-03-18T18:00"),
            ("2026-03-20T17:00", 120, "2026-03-23T10:00"),
            ("2026-02-14T17:30", 60, "2026-02-24T09:30"),  # from a make-up Saturday over the festival
            ("2026-02-18T03:00", 1, "2026-02-24T09:01"),
            ("2026-03-18T08:00", 1, "2026-03-18T09:01"),
            ("2026-03-18T22:00", 0, "2026-03-18T22:00"),
        ],
    )
    def test_passes_only_while_open(self, start: str, minutes: int, expected: str) -> None:
        answer = OPEN.add(at(start), minutes)
        assert answer == at(expected)
        assert answer.tzinfo is UTC

    def test_leaves_out_a_lunch_break(self) -> None:
        assert SPLIT.add(at("2026-03-18T11:59"), 1) == at("2026-03-18T12:00")
        assert SPLIT.add(at("2026-03-18T11:59"), 2) == at("2026-03-18T13:31")
        assert SPLIT.elapsed(at("2026-03-18T08:00"), at("2026-03-18T20:00")) == 7 * 60

    def test_counts_in_any_zone(self) -> None:
        utc = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)
        assert OPEN.add(utc, 30) == at("2026-03-18T10:30")

    def test_is_refused_backwards_without_zone_and_outside_the_table(self) -> None:
        with pytest.raises(MinutesAreNegative, match="负数"):
            OPEN.add(at("2026-03-18T10:00"), -1)
        with pytest.raises(InstantHasNoZone, match="时区"):
            OPEN.add(datetime(2026, 3, 18, 10), 5)  # noqa: DTZ001
        for start in ("1991-12-31T23:59", "1990-05-02T10:00", "2056-01-01T00:00"):
            with pytest.raises(DateOutsideCalendar):
                OPEN.add(at(start), 5)
        with pytest.raises(DateOutsideCalendar):
            OPEN.add(at("2055-12-31T17:59"), 5)
        assert OPEN.add(at("1992-01-01T00:00"), 1) == at("1992-01-02T09:01")


class TestWindows:
    @pytest.mark.parametrize(
        "windows",
        [
            (),
            ((time(9), time(9)),),
            ((time(18), time(9)),),
            ((time(9), time(12)), (time(11), time(18))),
        ],
    )
    def test_that_make_no_sense_are_refused(self, windows: tuple[tuple[time, time], ...]) -> None:
        with pytest.raises(WindowsOverlap, match="营业时段"):
            BusinessTime(CALENDAR, windows)


INSTANTS = st.integers(0, 44 * 24 * 60).map(lambda minutes: at("2026-01-25T00:00") + minutes * MINUTE)
MINUTES = st.integers(0, 3000)
EITHER = st.sampled_from([OPEN, SPLIT])


def is_open(business: BusinessTime, instant: datetime) -> bool:
    here = local(instant)
    windows = SPLIT_WINDOWS if business is SPLIT else ((time(9), time(18)),)
    inside = any(opens <= here.time() < closes for opens, closes in windows)
    return inside and CALENDAR.is_working_day(here.date())


class TestAgainstASlowWalk:
    @settings(max_examples=60, deadline=None)
    @given(EITHER, INSTANTS, st.integers(1, 1200))
    def test_minute_by_minute_gives_the_same_instant(
        self, business: BusinessTime, start: datetime, minutes: int
    ) -> None:
        walking, left = start, minutes
        while left:
            left -= is_open(business, walking)
            walking += MINUTE
        assert business.add(start, minutes) == walking
        assert business.elapsed(start, walking) == minutes

    @settings(max_examples=300, deadline=None)
    @given(EITHER, INSTANTS, MINUTES, MINUTES)
    def test_two_stretches_equal_their_sum(
        self, business: BusinessTime, start: datetime, first: int, second: int
    ) -> None:
        assert business.add(business.add(start, first), second) == business.add(start, first + second)

    @settings(max_examples=300, deadline=None)
    @given(EITHER, INSTANTS, INSTANTS)
    def test_elapsed_is_the_same_both_ways_round(
        self, business: BusinessTime, first: datetime, last: datetime
    ) -> None:
        assert business.elapsed(first, last) == -business.elapsed(last, first)
