"""Pauses: tables of cases, and properties against a walk day by day (rulebook X-13)."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.time import SHANGHAI, at_time
from crm.time.clocks import (
    Clock,
    Due,
    PauseEndsBeforeItStarts,
    PauseSpan,
    Unit,
    compute_due,
    needs_approver,
)
from crm.time.shipped import shipped_calendar

CALENDAR = shipped_calendar()
ONE_DAY = timedelta(days=1)


def ten(day: str) -> datetime:
    return at_time(date.fromisoformat(day), time(10))


def pause(started: str, ended: str | None, reason: str = "等待补件") -> PauseSpan:
    return PauseSpan(date.fromisoformat(started), date.fromisoformat(ended) if ended else None, reason)


def wd(n: int, start: str, *pauses: PauseSpan, as_of: str | None = None) -> Due:
    known_at = ten(as_of) if as_of else None
    return compute_due(
        Clock(Unit.WORKING_DAYS, n), ten(start), calendar=CALENDAR, pauses=pauses, as_of=known_at
    )


class TestAClosedPause:
    @pytest.mark.parametrize(
        ("n", "start", "pauses", "expected"),
        [
            (5, "2026-03-02", [pause("2026-03-04", "2026-03-10")], "2026-03-16"),  # OP-019
            (5, "2026-03-02", [pause("2026-03-04", "2026-03-04")], "2026-03-09"),  # one date is nothing
            (3, "2026-02-11", [pause("2026-02-12", "2026-02-25")], "2026-02-28"),  # OP-020
            (
                5,
                "2026-03-02",
                [pause("2026-03-04", "2026-03-06"), pause("2026-03-05", "2026-03-10")],
                "2026-03-16",
            ),
            (
                5,
                "2026-03-02",
                [pause("2026-03-05", "2026-03-06"), pause("2026-03-04", "2026-03-10")],
                "2026-03-16",
            ),
            (
                5,
                "2026-03-02",
                [pause("2026-03-09", "2026-03-10")],
                "2026-03-11",
            ),  # on the due date, just in time
            (5, "2026-03-02", [pause("2026-03-10", "2026-03-20")], "2026-03-09"),  # a day too late
            # the second pause begins only because the first moved the due date
            (
                5,
                "2026-03-02",
                [pause("2026-03-04", "2026-03-10"), pause("2026-03-16", "2026-03-17")],
                "2026-03-18",
            ),
            (
                5,
                "2026-03-02",
                [pause("2026-02-25", "2026-03-02")],
                "2026-03-09",
            ),  # over before counting began
            (5, "2026-03-02", [pause("2026-02-25", "2026-03-03")], "2026-03-10"),
        ],
    )
    def test_takes_its_dates_out_both_ends_included(
        self, n: int, start: str, pauses: list[PauseSpan], expected: str
    ) -> None:
        assert wd(n, start, *pauses).due_date == date.fromisoformat(expected)

    def test_stretches_natural_days_too(self) -> None:
        clock = Clock(Unit.NATURAL_DAYS, 30, statutory=True)
        answer = compute_due(
            clock, ten("2026-01-31"), calendar=CALENDAR, pauses=[pause("2026-02-10", "2026-02-12")]
        )
        assert answer.due_date == date(2026, 3, 5)

    def test_that_ends_before_it_starts_is_refused(self) -> None:
        with pytest.raises(PauseEndsBeforeItStarts, match="早于"):
            wd(5, "2026-03-02", pause("2026-03-10", "2026-03-04"))


class TestAnOpenPause:
    def test_leaves_no_due_date(self) -> None:  # OP-021
        answer = wd(5, "2026-03-02", pause("2026-03-04", None), as_of="2026-03-20")
        assert (answer.due_date, answer.due_at, answer.legal_latest, answer.paused) == (
            None,
            None,
            None,
            True,
        )
        assert answer.state(ten("2026-03-20")) == "paused"

    def test_that_began_after_the_breach_heals_nothing(self) -> None:
        answer = wd(5, "2026-03-02", pause("2026-03-10", None))
        assert answer.due_date == date(2026, 3, 9)
        assert answer.state(ten("2026-03-20")) == "overdue"


class TestWhatIsKnownOnADay:
    SPAN = pause("2026-03-04", "2026-03-10")

    def test_a_pause_that_begins_later_is_unknown(self) -> None:
        assert wd(5, "2026-03-02", self.SPAN, as_of="2026-03-03").due_date == date(2026, 3, 9)

    def test_a_pause_that_ends_later_is_still_open(self) -> None:
        assert wd(5, "2026-03-02", self.SPAN, as_of="2026-03-04").paused
        assert wd(5, "2026-03-02", self.SPAN, as_of="2026-03-09").paused

    def test_a_pause_that_ends_that_day_is_closed(self) -> None:
        assert wd(5, "2026-03-02", self.SPAN, as_of="2026-03-10").due_date == date(2026, 3, 16)

    @pytest.mark.parametrize(
        ("as_of", "due_date"),
        [
            ("2026-03-04T14:59:59", date(2026, 3, 9)),
            ("2026-03-04T15:00:00", None),
            ("2026-03-10T08:59:59", None),
            ("2026-03-10T09:00:00", date(2026, 3, 16)),
        ],
    )
    def test_a_pause_of_known_hours_is_known_by_the_hour(self, as_of: str, due_date: date | None) -> None:
        span = replace(
            self.SPAN,
            started_at=at_time(date(2026, 3, 4), time(15)),
            resumed_at=at_time(date(2026, 3, 10), time(9)),
        )
        known_at = datetime.fromisoformat(as_of).replace(tzinfo=SHANGHAI)
        due = compute_due(
            Clock(Unit.WORKING_DAYS, 5), ten("2026-03-02"), calendar=CALENDAR, pauses=[span], as_of=known_at
        )
        assert due.due_date == due_date

    def test_a_pause_that_resumes_before_its_hour_is_refused(self) -> None:
        span = replace(
            pause("2026-03-04", "2026-03-04"),
            started_at=at_time(date(2026, 3, 4), time(15)),
            resumed_at=at_time(date(2026, 3, 4), time(9)),
        )
        with pytest.raises(PauseEndsBeforeItStarts, match="恢复时刻早于开始时刻"):
            wd(5, "2026-03-02", span)


class TestALongPause:
    def test_needs_an_approver_beyond_ten_working_days(self) -> None:
        assert not needs_approver(pause("2026-03-02", "2026-03-15"), CALENDAR)  # exactly ten
        assert needs_approver(pause("2026-03-02", "2026-03-16"), CALENDAR)
        assert not needs_approver(pause("2026-03-02", None), CALENDAR, until=date(2026, 3, 13))
        assert needs_approver(pause("2026-03-02", None), CALENDAR, until=date(2026, 3, 16))


DATES = st.dates(date(2024, 1, 1), date(2026, 6, 30))
PAUSES = st.lists(st.tuples(st.integers(-5, 40), st.one_of(st.none(), st.integers(0, 30))), max_size=4)


def spans_of(day_zero: date, drawn: list[tuple[int, int | None]]) -> list[PauseSpan]:
    starts = [(day_zero + timedelta(days=offset), length) for offset, length in drawn]
    return [
        PauseSpan(start, None if length is None else start + timedelta(days=length))
        for start, length in starts
    ]


def walked(day_zero: date, n: int, spans: list[PauseSpan], natural: bool) -> date | None:
    """The slow way: walk until n dates counted; a pause exists only if the walk still is on when it starts."""
    kept = [span for span in spans if span.started != span.ended]
    day, counted = day_zero, 0
    if n == 0:
        return day
    if any(span.started <= day and span.ended is None for span in kept):
        return None
    while counted < n:
        day += ONE_DAY
        covering = [
            span for span in kept if span.started <= day and (span.ended is None or day <= span.ended)
        ]
        if any(span.ended is None for span in covering):
            return None
        if not covering and (natural or CALENDAR.is_working_day(day)):
            counted += 1
    return day


class TestPausesAgainstASlowWalk:
    @settings(max_examples=400, deadline=None)
    @given(DATES, st.integers(0, 30), PAUSES, st.booleans())
    def test_land_on_the_same_date(
        self, day_zero: date, n: int, drawn: list[tuple[int, int | None]], natural: bool
    ) -> None:
        spans = spans_of(day_zero, drawn)
        clock = Clock(Unit.NATURAL_DAYS if natural else Unit.WORKING_DAYS, n)
        answer = compute_due(clock, at_time(day_zero, time(10)), calendar=CALENDAR, pauses=spans)
        assert answer.due_date == walked(day_zero, n, spans, natural)
        assert answer.paused is (answer.due_at is None)

    @settings(max_examples=200, deadline=None)
    @given(DATES, st.integers(1, 30), PAUSES)
    def test_never_bring_the_due_time_forward(
        self, day_zero: date, n: int, drawn: list[tuple[int, int | None]]
    ) -> None:
        clock, start = Clock(Unit.WORKING_DAYS, n), at_time(day_zero, time(10))
        plain = compute_due(clock, start, calendar=CALENDAR).due_at
        paused = compute_due(clock, start, calendar=CALENDAR, pauses=spans_of(day_zero, drawn)).due_at
        assert plain is not None
        assert paused is None or paused >= plain

    @settings(max_examples=200, deadline=None)
    @given(DATES, st.integers(1, 30), PAUSES)
    def test_their_receipt_adds_up(self, day_zero: date, n: int, drawn: list[tuple[int, int | None]]) -> None:
        clock = Clock(Unit.WORKING_DAYS, n)
        answer = compute_due(
            clock, at_time(day_zero, time(10)), calendar=CALENDAR, pauses=spans_of(day_zero, drawn)
        )
        numbers = [step.ordinal for step in answer.steps if step.counts]
        dates = [step.date for step in answer.steps]
        assert numbers == list(range(1, len(numbers) + 1))
        assert dates == [day_zero + timedelta(days=offset) for offset in range(len(dates))]
        if not answer.paused:
            assert numbers[-1] == n
            assert dates[-1] == answer.due_date
