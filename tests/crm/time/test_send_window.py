"""The send window, lead times and reminders on days off (rulebook X-12, X-28, X-29)."""

from datetime import date, datetime, time

import pytest

from crm.time import InstantHasNoZone
from crm.time.rules import BusinessHoursAreEmpty, TimeRules
from crm.time.send_window import inside, next_opening, reminder_on_working_day, sms_at, task_created
from crm.time.shipped import shipped_calendar


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


class TestTheSendWindow:
    @pytest.mark.parametrize(
        ("now", "open_now", "opens"),
        [
            ("2026-03-18T08:59:59", False, "2026-03-18T09:00:00"),
            ("2026-03-18T09:00:00", True, "2026-03-18T09:00:00"),
            ("2026-03-18T20:59:59", True, "2026-03-18T20:59:59"),
            ("2026-03-18T20:59:59.900000", True, "2026-03-18T20:59:59.900000"),
            ("2026-03-18T21:00:00", False, "2026-03-19T09:00:00"),
            ("2026-12-31T23:59:59", False, "2027-01-01T09:00:00"),
            ("2026-02-17T10:00:00", True, "2026-02-17T10:00:00"),  # holidays do not close it
        ],
    )
    def test_is_open_from_nine_to_just_before_nine(self, now: str, open_now: bool, opens: str) -> None:
        assert inside(at(now)) is open_now
        assert next_opening(at(now)) == at(opens)

    def test_reads_the_shanghai_clock(self) -> None:
        assert not inside(datetime.fromisoformat("2026-03-18T13:00:00+00:00"))  # 21:00 in Shanghai
        with pytest.raises(InstantHasNoZone, match="时区"):
            inside(datetime(2026, 3, 18, 10))  # noqa: DTZ001

    def test_that_never_opens_is_refused(self) -> None:
        with pytest.raises(BusinessHoursAreEmpty, match="发送时段"):
            TimeRules(send_from=time(21), send_until=time(9))
        with pytest.raises(BusinessHoursAreEmpty, match="营业时间"):
            TimeRules(opens=time(18), closes=time(18))


class TestLeadTimes:
    def test_put_the_task_a_week_and_the_greeting_a_day_ahead(self) -> None:  # OP-045
        assert task_created(date(2026, 10, 4)) == date(2026, 9, 27)
        assert sms_at(date(2026, 10, 4)) == at("2026-10-03T10:00:00")

    def test_keep_the_greeting_inside_the_window(self) -> None:
        assert sms_at(date(2026, 10, 4), TimeRules(sms_hour=time(6))) == at("2026-10-03T09:00:00")
        assert sms_at(date(2026, 10, 4), TimeRules(sms_lead_days=0)) == at("2026-10-04T10:00:00")


class TestAReminderOnADayOff:
    def test_moves_to_the_working_day_before(self) -> None:
        calendar = shipped_calendar()
        assert reminder_on_working_day(date(2026, 2, 20), calendar) == date(2026, 2, 14)
        assert reminder_on_working_day(date(2026, 2, 28), calendar) == date(2026, 2, 28)
