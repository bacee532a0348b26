"""A year's page, and how near the next year without a notice is."""

from datetime import date, datetime

import pytest

from crm.models import User
from crm.selectors import calendar_years, calendars
from crm.services import calendars as services
from crm.time.notice_reading import read_any
from tests.factories.calendars import NOTICE_2027


@pytest.mark.django_db
class TestTheHorizon:
    @pytest.mark.parametrize(
        ("today", "days_left", "alarm"),
        [
            ("2026-11-01", 61, False),
            ("2026-11-02", 60, True),
            ("2026-12-31", 1, True),
            ("2027-01-01", 0, True),
            ("2027-03-01", -59, True),
        ],
    )
    def test_alarms_from_sixty_days_before_the_year_without_notice(
        self, today: str, days_left: int, alarm: bool
    ) -> None:
        horizon = calendars.horizon(date.fromisoformat(today), calendars.current())
        assert (horizon.year, horizon.days_left, horizon.alarm) == (2027, days_left, alarm)

    def test_moves_on_when_the_notice_is_published(self, head_office: User, now: datetime) -> None:
        services.publish(reading=read_any(NOTICE_2027), by=head_office, now=now)
        horizon = calendars.horizon(date(2026, 12, 1), calendars.current())
        assert (horizon.year, horizon.alarm) == (2028, False)


@pytest.mark.django_db
class TestAYear:
    def test_shows_its_notice_and_counts(self) -> None:
        page = calendar_years.year_page(2026, calendars.current())
        assert (page.published, page.working_days, page.days_off, page.makeup_days) == (True, 248, 33, 6)
        assert page.notice is not None and page.notice.number == "国办发明电〔2025〕7号"
        assert [run.name for run in page.runs][:2] == ["元旦", "春节"]

    def test_without_a_notice_shows_the_law(self) -> None:
        page = calendar_years.year_page(2027, calendars.current())
        assert (page.published, page.notice, page.days_off, page.readings) == (False, None, 13, ())

    def test_tells_what_each_reading_changed_newest_first(self, head_office: User, now: datetime) -> None:
        later = NOTICE_2027.replace("10月9日（周六）", "10月16日（周六）")
        for text in (NOTICE_2027, later):
            services.publish(reading=read_any(text), by=head_office, now=now)

        newest, oldest = calendar_years.year_page(2027, calendars.current()).readings

        assert (newest.ruling, oldest.ruling) == (True, False)
        assert [day.date for day in newest.changed] == [date(2027, 10, 16)]
        assert [day.date for day in newest.dropped] == [date(2027, 10, 9)]
        assert (oldest.changed, oldest.dropped) == ((), ())

    def test_has_a_page_from_the_oldest_notice_to_two_years_ahead(self) -> None:
        years = calendar_years.years_shown(calendars.current(), date(2026, 11, 21))
        assert (years[0], years[-1]) == (2004, 2028)
