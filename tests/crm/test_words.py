"""The wording of time: exact at the edges, cut down and never rounded up."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm import words
from crm.time import SHANGHAI

NOW = datetime(2026, 2, 24, 15, 30, tzinfo=SHANGHAI)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class TestALengthOfTime:
    @pytest.mark.parametrize(
        ("length", "said"),
        [
            (timedelta(seconds=59), "不到 1 分钟"),
            (timedelta(minutes=1), "1 分钟"),
            (timedelta(minutes=59, seconds=59), "59 分钟"),
            (timedelta(hours=1), "1 小时"),
            (timedelta(hours=3, minutes=12), "3 小时 12 分"),
            (timedelta(hours=23, minutes=59, seconds=59), "23 小时 59 分"),
            (timedelta(days=1), "1 天"),
            (timedelta(days=2, hours=3, minutes=59), "2 天 3 小时"),
            (timedelta(days=3, hours=23), "3 天"),
            (timedelta(seconds=-5), "不到 1 分钟"),
        ],
    )
    def test_is_said_in_its_two_largest_units(self, length: timedelta, said: str) -> None:
        assert words.span(length) == said


class TestARunningPromise:
    def test_says_what_is_left(self) -> None:
        assert words.relative(now=NOW, due_at=at("2026-02-24T18:00:00")) == "剩余 2 小时 30 分"

    def test_is_still_in_time_exactly_at_its_due_time(self) -> None:
        assert words.relative(now=NOW, due_at=NOW) == "剩余 不到 1 分钟"

    def test_is_over_one_second_later(self) -> None:
        assert words.relative(now=NOW + timedelta(seconds=1), due_at=NOW) == "已超时 不到 1 分钟"

    def test_says_by_how_much_it_is_over(self) -> None:
        assert words.relative(now=NOW, due_at=NOW - timedelta(days=2, minutes=5)) == "已超时 2 天"

    def test_compares_instants_of_different_zones(self) -> None:
        assert words.relative(now=NOW.astimezone(UTC), due_at=at("2026-02-24T16:30:00")) == "剩余 1 小时"


class TestAClosedPromise:
    @pytest.mark.parametrize(
        ("closed", "working_days", "said"),
        [
            ("2026-02-24T09:00:00", 2, "提前 2 个工作日办结"),
            ("2026-02-26T09:00:00", 0, "按时办结"),
            ("2026-02-24T09:00:00", None, "提前 2 天办结"),
            ("2026-02-26T23:59:59", None, "按时办结"),
            ("2026-02-28T23:59:59", None, "迟 2 天办结"),
        ],
    )
    def test_says_how_it_ended(self, closed: str, working_days: int | None, said: str) -> None:
        due_at = at("2026-02-26T23:59:59")
        assert words.outcome(closed_at=at(closed), due_at=due_at, working_days=working_days) == said


class TestASlotOfTheSchedule:
    @pytest.mark.parametrize(
        ("slot", "said"),
        [
            ("2026-11-22T08:45:00", "2026-11-22 08:45"),
            ("2026-11-22T08:45:30", "2026-11-22 08:45:30"),
            ("2026-11-22T00:00:00", "2026-11-22"),
            ("2026-11-22", "2026-11-22"),
            ("1", "1"),
        ],
    )
    def test_is_written_as_people_write_it(self, slot: str, said: str) -> None:
        assert words.slot_words(slot) == said


class TestWhatIsLeftInWorkingDays:
    @pytest.mark.parametrize(
        ("due", "working_days", "said"),
        [
            ("2026-02-25T23:59:59", 1, "剩余 1 个工作日 8 小时"),
            ("2026-02-26T15:30:00", 2, "剩余 2 个工作日"),
            ("2026-02-26T09:30:00", 2, "剩余 1 个工作日 18 小时"),
            ("2026-02-25T09:30:00", 1, "剩余 18 小时"),
            ("2026-03-02T23:59:59", 5, "剩余 5 个工作日"),
            ("2026-02-24T23:59:59", 0, "剩余 8 小时 29 分"),
        ],
    )
    def test_adds_the_hours_of_the_clock_face(self, due: str, working_days: int, said: str) -> None:
        assert words.relative(now=NOW, due_at=at(due), working_days=working_days) == said


class TestADate:
    def test_near_today_is_named(self) -> None:
        today = date(2026, 2, 24)
        assert [words.day_words(today + timedelta(days=n), today) for n in (-1, 0, 1)] == [
            "昨天",
            "今天",
            "明天",
        ]

    def test_of_this_year_leaves_the_year_out(self) -> None:
        assert words.day_words(date(2026, 3, 2), date(2026, 2, 24)) == "03-02 周一"

    def test_of_another_year_keeps_it(self) -> None:
        assert words.day_words(date(2027, 1, 8), date(2026, 12, 28)) == "2027-01-08 周五"


class TestAnInstant:
    def test_is_written_in_shanghai(self) -> None:
        assert words.instant_words(datetime(2026, 2, 24, 16, 5, tzinfo=UTC)) == "2026-02-25 00:05"

    def test_as_a_deadline_carries_its_weekday(self) -> None:
        assert words.deadline_words(datetime(2026, 2, 26, 15, 59, 59, tzinfo=UTC)) == "2026-02-26 周四 23:59"

    def test_of_the_last_minute_is_just_now(self) -> None:
        assert words.ago(then=NOW - timedelta(seconds=40), now=NOW) == "刚刚"

    def test_of_before_is_said_as_a_span(self) -> None:
        assert words.ago(then=NOW - timedelta(hours=3), now=NOW) == "3 小时前"
