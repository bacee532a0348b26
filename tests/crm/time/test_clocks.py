"""Clocks, rule by rule: working days, same day, natural days, hours, and how they are judged."""

from collections.abc import Sequence
from datetime import date, datetime, time

import pytest

from crm.time.calendar import DateOutsideCalendar, WorkCalendar
from crm.time.clocks import (
    Clock,
    ClockAmountIsNegative,
    Due,
    PauseSpan,
    Unit,
    compute_due,
    deadline_on,
    judge,
)
from crm.time.rules import DEFAULT_RULES, TimeRules
from crm.time.shipped import shipped_calendar, shipped_notices

CALENDAR = shipped_calendar()
SAME_DAY = Clock(Unit.SAME_DAY, 0)
ROLLING = TimeRules(after_hours_roll=True)
TO_CLOSING = TimeRules(deadline_time_mode="close_of_business")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def due(clock: Clock, start: str, rules: TimeRules = DEFAULT_RULES, pauses: Sequence[PauseSpan] = ()) -> Due:
    return compute_due(clock, at(start), calendar=CALENDAR, rules=rules, pauses=pauses)


class TestAWorkingDayClock:
    @pytest.mark.parametrize(
        ("n", "start", "expected"),
        [
            (5, "2026-02-12T10:00", "2026-02-26"),  # OP-001
            (7, "2026-02-12T10:00", "2026-02-28"),  # OP-002
            (3, "2026-02-14T09:30", "2026-02-26"),  # OP-003
            (2, "2026-02-15T11:00", "2026-02-25"),  # OP-004
            (5, "2025-09-26T10:00", "2025-10-10"),  # OP-007
            (3, "2026-06-06T20:00", "2026-06-10"),  # OP-009
            (1, "2026-09-24T00:00", "2026-09-28"),  # OP-057
            (1, "2026-03-18T23:50", "2026-03-19"),  # the hour of receipt does not matter
            (0, "2026-06-06T20:00", "2026-06-06"),
        ],
    )
    def test_is_due_at_the_end_of_the_nth_worked_day(self, n: int, start: str, expected: str) -> None:
        answer = due(Clock(Unit.WORKING_DAYS, n), start)
        assert answer.due_date == date.fromisoformat(expected)
        assert answer.due_at == at(f"{expected}T23:59:59")
        assert answer.legal_latest is None
        assert not answer.provisional

    def test_takes_the_shanghai_date_of_an_instant_in_utc(self) -> None:
        late_evening_utc = datetime.fromisoformat("2026-03-17T16:30:00+00:00")  # 00:30 on the 18th
        answer = compute_due(Clock(Unit.WORKING_DAYS, 1), late_evening_utc, calendar=CALENDAR)
        assert answer.due_date == date(2026, 3, 19)

    def test_into_a_year_without_notice_is_provisional(self) -> None:
        assert due(Clock(Unit.WORKING_DAYS, 5), "2026-12-29T10:00").provisional
        assert not due(Clock(Unit.WORKING_DAYS, 2), "2026-12-29T10:00").provisional

    def test_beyond_the_table_is_refused(self) -> None:
        with pytest.raises(DateOutsideCalendar):
            due(Clock(Unit.WORKING_DAYS, 5), "2055-12-30T10:00")
        with pytest.raises(ClockAmountIsNegative):
            Clock(Unit.WORKING_DAYS, -1)


class TestReceiptOutsideBusinessHours:
    @pytest.mark.parametrize(
        ("start", "plain", "rolled"),
        [
            ("2026-03-18T17:59", "2026-03-19", "2026-03-19"),
            ("2026-03-18T18:00:00", "2026-03-19", "2026-03-19"),
            ("2026-03-18T18:00:01", "2026-03-19", "2026-03-20"),
            ("2026-03-20T20:00", "2026-03-23", "2026-03-24"),
            ("2026-02-15T11:00", "2026-02-24", "2026-02-25"),
            ("2026-03-18T07:00", "2026-03-19", "2026-03-19"),  # before opening belongs to that day
        ],
    )
    def test_rolls_to_the_next_working_day_only_where_the_channel_says_so(
        self, start: str, plain: str, rolled: str
    ) -> None:
        one = Clock(Unit.WORKING_DAYS, 1)
        assert due(one, start).due_date == date.fromisoformat(plain)
        assert due(one, start, ROLLING).due_date == date.fromisoformat(rolled)

    def test_never_moves_a_clock_set_by_law(self) -> None:
        legal = Clock(Unit.NATURAL_DAYS, 15, statutory=True)
        assert due(legal, "2026-01-20T22:00", ROLLING).due_date == date(2026, 2, 4)

    def test_follows_the_closing_hour_of_the_channel(self) -> None:
        early = TimeRules(after_hours_roll=True, closes=time(16, 30))
        assert due(Clock(Unit.WORKING_DAYS, 1), "2026-03-18T17:00", early).due_date == date(2026, 3, 20)


class TestASameDayClock:
    @pytest.mark.parametrize(
        ("start", "expected"),
        [
            ("2026-03-18T17:30", "2026-03-18"),  # OP-013
            ("2026-03-20T18:30", "2026-03-23"),
            ("2026-09-20T11:00", "2026-09-20"),  # OP-014
            ("2026-04-04T10:00", "2026-04-07"),  # OP-015
            ("2026-09-24T16:00", "2026-09-24"),  # OP-058
            ("2026-09-25T10:00", "2026-09-28"),
            ("2026-03-18T18:00:00", "2026-03-18"),
            ("2026-03-18T18:00:00.900000", "2026-03-18"),
            ("2026-03-18T18:00:01", "2026-03-19"),
            ("2026-03-18T00:00:00", "2026-03-18"),
        ],
    )
    def test_is_due_today_until_six_and_else_on_the_next_working_day(self, start: str, expected: str) -> None:
        assert due(SAME_DAY, start).due_date == date.fromisoformat(expected)

    def test_after_a_resume_runs_from_the_resume(self) -> None:
        started = date(2026, 3, 18)
        in_time = PauseSpan(started, date(2026, 3, 19), "补件", at("2026-03-19T17:00"))
        late = PauseSpan(started, date(2026, 3, 20), "补件", at("2026-03-20T19:00"))
        by_date = PauseSpan(started, date(2026, 3, 21), "补件")
        assert due(SAME_DAY, "2026-03-18T10:00", pauses=[in_time]).due_date == date(2026, 3, 19)
        assert due(SAME_DAY, "2026-03-18T10:00", pauses=[late]).due_date == date(2026, 3, 23)
        assert due(SAME_DAY, "2026-03-18T10:00", pauses=[by_date]).due_date == date(2026, 3, 23)
        assert due(SAME_DAY, "2026-03-19T17:00").due_date == date(2026, 3, 19)  # the caller's own restart

    def test_ignores_a_pause_that_was_over_before_it_began(self) -> None:
        before = PauseSpan(date(2026, 3, 19), date(2026, 3, 20), "补件", at("2026-03-20T17:00"))
        assert due(SAME_DAY, "2026-03-20T18:30", pauses=[before]).due_date == date(2026, 3, 23)

    def test_has_no_due_date_while_paused(self) -> None:
        answer = due(SAME_DAY, "2026-03-18T10:00", pauses=[PauseSpan(date(2026, 3, 18), None, "补件")])
        assert answer.paused
        assert answer.due_at is None

    def test_is_not_healed_by_a_pause_after_its_day(self) -> None:
        late = PauseSpan(date(2026, 3, 19), date(2026, 3, 25), "补件")
        assert due(SAME_DAY, "2026-03-18T10:00", pauses=[late]).due_date == date(2026, 3, 18)


class TestANaturalDayClock:
    @pytest.mark.parametrize(
        ("n", "start", "expected"),
        [
            (3, "2026-04-30T16:00", "2026-05-03"),  # OP-017
            (15, "2026-01-20T10:00", "2026-02-04"),  # OP-018
            (30, "2026-01-20T10:00", "2026-02-19"),
            (60, "2026-01-20T10:00", "2026-03-21"),
            (30, "2026-01-31T10:00", "2026-03-02"),  # OP-022
            (1, "2026-05-01T10:00", "2026-05-02"),  # OP-025
            (5, "2026-05-03T10:00", "2026-05-08"),
        ],
    )
    def test_is_never_moved_off_a_holiday(self, n: int, start: str, expected: str) -> None:
        assert due(Clock(Unit.NATURAL_DAYS, n), start).due_date == date.fromisoformat(expected)

    @pytest.mark.parametrize(
        ("n", "start", "target", "latest"),
        [
            (3, "2026-09-30T10:00", "2026-10-03", "2026-10-08"),  # OP-023
            (10, "2025-12-25T10:00", "2026-01-04", "2026-01-04"),  # OP-024, a make-up Sunday
        ],
    )
    def test_has_a_legally_latest_date_where_the_law_sets_it(
        self, n: int, start: str, target: str, latest: str
    ) -> None:
        legal = due(Clock(Unit.NATURAL_DAYS, n, statutory=True), start)
        assert legal.due_date == date.fromisoformat(target)
        assert legal.legal_latest == date.fromisoformat(latest)
        assert due(Clock(Unit.NATURAL_DAYS, n), start).legal_latest is None

    def test_in_working_days_has_none_for_it_cannot_end_on_a_day_off(self) -> None:
        assert due(Clock(Unit.WORKING_DAYS, 7, statutory=True), "2026-02-12T10:00").legal_latest is None

    def test_is_provisional_where_only_the_latest_date_touches_the_unknown_year(self) -> None:
        known = [notice for notice in shipped_notices() if notice.year <= 2022]
        until_2022 = WorkCalendar.build(
            (day for notice in known for day in notice.days), (notice.year for notice in known)
        )
        legal = Clock(Unit.NATURAL_DAYS, 10, statutory=True)
        answer = compute_due(legal, at("2022-12-21T10:00"), calendar=until_2022)
        assert answer.due_date == date(2022, 12, 31)  # 元旦 was taken with this Saturday
        assert answer.legal_latest == date(2023, 1, 2)  # a Monday, until the notice of 2023 says otherwise
        assert answer.provisional


class TestAnHourClock:
    def test_runs_through_nights_and_weekends(self) -> None:
        answer = due(Clock(Unit.HOURS, 48), "2026-03-14T16:30:00")  # OP-063
        assert answer.due_at == at("2026-03-16T16:30:00")
        assert judge(at("2026-03-16T16:30:00"), at("2026-03-16T16:30:00")) == "kept"
        assert judge(at("2026-03-16T16:30:00"), at("2026-03-16T16:30:01")) == "broken"

    def test_counts_minutes_too(self) -> None:
        assert due(Clock(Unit.MINUTES, 30), "2026-02-17T23:45").due_at == at("2026-02-18T00:15:00")

    def test_never_pauses_and_is_never_provisional(self) -> None:
        pause = PauseSpan(date(2026, 12, 31), None, "补件")
        answer = due(Clock(Unit.HOURS, 24), "2026-12-31T10:00", pauses=[pause])
        assert not answer.paused
        assert not answer.provisional
        assert answer.due_at == at("2027-01-01T10:00")

    def test_counts_true_hours_over_the_old_summer_time(self) -> None:
        # On 1990-04-15 clocks in Shanghai sprang from 02:00 to 03:00.
        start = datetime.fromisoformat("1990-04-14T12:00:00+08:00")
        answer = compute_due(Clock(Unit.HOURS, 24), start, calendar=CALENDAR)
        assert answer.due_at is not None
        assert (answer.due_at - start).total_seconds() == 24 * 3600
        assert answer.due_at == datetime.fromisoformat("1990-04-15T12:00:00+08:00")


class TestABusinessHourClock:
    def test_runs_only_while_the_house_is_open(self) -> None:
        answer = due(Clock(Unit.BUSINESS_HOURS, 4), "2026-02-14T16:00")
        assert answer.due_at == at("2026-02-24T11:00")
        assert due(Clock(Unit.BUSINESS_HOURS, 9), "2026-12-31T12:00").provisional


class TestJudging:
    @pytest.mark.parametrize(
        ("closed", "verdict"),
        [
            ("2026-02-26T23:59:59", "kept"),  # OP-010
            ("2026-02-26T23:59:59.999999", "kept"),
            ("2026-02-27T00:00:00", "broken"),
        ],
    )
    def test_ends_with_the_day(self, closed: str, verdict: str) -> None:
        assert judge(deadline_on(date(2026, 2, 26)), at(closed)) == verdict

    @pytest.mark.parametrize(
        ("closed", "verdict"),
        [
            ("2026-02-26T18:00:00", "kept"),
            ("2026-02-26T18:00:00.5", "kept"),
            ("2026-02-26T18:00:01", "broken"),
        ],
    )
    def test_or_with_the_business_day(self, closed: str, verdict: str) -> None:  # OP-011
        answer = due(Clock(Unit.WORKING_DAYS, 5), "2026-02-12T10:00", TO_CLOSING)
        assert answer.due_at == at("2026-02-26T18:00:00")
        assert judge(answer.due_at, at(closed)) == verdict

    def test_an_unclosed_promise_is_open_up_to_its_last_second(self) -> None:
        answer = due(Clock(Unit.WORKING_DAYS, 5), "2026-02-12T10:00")
        assert answer.state(at("2026-02-26T23:59:59.5")) == "open"
        assert answer.state(at("2026-02-27T00:00:00")) == "overdue"
