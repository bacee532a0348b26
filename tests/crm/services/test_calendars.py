"""Holiday notices: those that come with the product, and those that a person imports."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from crm.models import CalendarDay, CalendarNotice, LogEntry, User
from crm.refusal import Refusal
from crm.selectors import calendars as selectors
from crm.services import calendars
from crm.services.calendars import NoticeWasReplaced
from crm.signals import calendar_imported
from crm.time.notices import MakeUpDayIsAWeekday, NoticeIsUnreadable
from crm.time.shipped import shipped_calendar, shipped_notices

# An invented notice, for tests only; the true one was not published when this was written.
NOTICE_2027 = """
year = 2027
number = "试 1 号"
source = "测试"
version = {version}
[[holiday]]
name = "元旦"
from = 2027-01-01
to = 2027-01-04
makeup = [2027-01-09]
"""


def notice(version: int = 1) -> str:
    return NOTICE_2027.format(version=version)


@pytest.fixture
def heard() -> Iterator[list[dict[str, Any]]]:
    """What the signal told, in order."""
    told: list[dict[str, Any]] = []

    def listen(**kwargs: Any) -> None:
        told.append({**kwargs, "version": selectors.current().version})

    calendar_imported.connect(listen)
    yield told
    calendar_imported.disconnect(listen)


@pytest.mark.django_db
class TestShippedNotices:
    def test_are_there_after_migrating(self) -> None:
        assert CalendarNotice.objects.count() == len(shipped_notices())
        assert sorted(selectors.current().published) == list(range(2004, 2027))

    def test_are_loaded_once(self, now: datetime) -> None:
        before = CalendarDay.objects.count()
        assert calendars.load_shipped(now=now) == 0
        assert CalendarDay.objects.count() == before

    def test_give_the_same_calendar_as_the_files(self) -> None:
        ours, files = selectors.current(), shipped_calendar()
        day = date(2004, 1, 1)
        while day < date(2028, 1, 1):
            assert (ours.is_working_day(day), ours.why(day)) == (files.is_working_day(day), files.why(day))
            day += timedelta(days=1)

    def test_a_corrected_release_replaces_its_own_reading(self, now: datetime, heard: list[Any]) -> None:
        CalendarNotice.objects.filter(year=2026).update(digest="an older release")
        assert calendars.load_shipped(now=now) == 1
        assert [(told["branch"], told["recount"]) for told in heard] == [(None, False)]

    def test_a_release_does_not_replace_the_institutions_own_reading(self, now: datetime) -> None:
        CalendarNotice.objects.filter(year=2026).update(digest="our own", source="省政府通知")
        assert calendars.load_shipped(now=now) == 0

    def test_nothing_is_announced_in_a_new_house(self, now: datetime, heard: list[Any]) -> None:
        CalendarDay.objects.all().delete()
        CalendarNotice.objects.all().delete()
        assert calendars.load_shipped(now=now) == len(shipped_notices())
        assert heard == []


class TestAnImportedNotice:
    def test_makes_its_year_published(self, head_office: User, now: datetime) -> None:
        assert not selectors.current().is_published(2027)
        row = calendars.import_notice(text=notice(), by=head_office, now=now)
        calendar = selectors.current()
        assert (calendar.version, calendar.is_published(2027)) == (row.pk, True)
        assert not calendar.is_working_day(date(2027, 1, 4))
        assert calendar.is_working_day(date(2027, 1, 9))
        assert (row.source, row.imported_by, row.imported_at) == ("测试", head_office, now)

    def test_is_announced_when_the_calendar_is_already_current(
        self, head_office: User, now: datetime, heard: list[dict[str, Any]]
    ) -> None:
        row = calendars.import_notice(text=notice(), by=head_office, now=now)
        assert [(told["branch"], told["by"], told["now"], told["version"]) for told in heard] == [
            (None, head_office, now, row.pk)
        ]

    def test_once_more_changes_nothing(self, head_office: User, now: datetime, heard: list[Any]) -> None:
        first = calendars.import_notice(text=notice(), by=head_office, now=now)
        again = calendars.import_notice(text="# 注释不算\n" + notice(), by=head_office, now=now)
        assert (again.pk, len(heard)) == (first.pk, 1)

    def test_is_logged(self, head_office: User, now: datetime) -> None:
        row = calendars.import_notice(text=notice(), by=head_office, now=now)
        entry = LogEntry.objects.get(action="crm.calendar.imported")
        assert (entry.by, entry.subject, entry.after["version"]) == (head_office, "calendar:2027", row.pk)

    def test_a_refusing_receiver_undoes_the_import(self, head_office: User, now: datetime) -> None:
        def refuse(**_kwargs: Any) -> None:
            raise Refusal("不行。")

        calendar_imported.connect(refuse)
        try:
            with pytest.raises(Refusal, match="不行"):
                calendars.import_notice(text=notice(), by=head_office, now=now)
        finally:
            calendar_imported.disconnect(refuse)
        assert not selectors.current().is_published(2027)


class TestACorrection:
    def test_rules_from_then_on_while_old_receipts_see_the_old_calendar(
        self, head_office: User, now: datetime
    ) -> None:
        first = calendars.import_notice(text=notice(), by=head_office, now=now)
        corrected = notice(2).replace("2027-01-04", "2027-01-03").replace("makeup = [2027-01-09]", "")
        second = calendars.import_notice(text=corrected, by=head_office, now=now)
        assert selectors.current().is_working_day(date(2027, 1, 4))
        assert not selectors.as_of_version(first.pk).is_working_day(date(2027, 1, 4))
        assert not selectors.as_of_version(first.pk - 1).is_published(2027)
        assert [row.pk for row in selectors.ruling_notices(second.pk) if row.year == 2027] == [second.pk]

    def test_cannot_be_undone_by_the_old_file_unnoticed(self, head_office: User, now: datetime) -> None:
        calendars.import_notice(text=notice(), by=head_office, now=now)
        calendars.import_notice(text=notice(2), by=head_office, now=now)
        with pytest.raises(NoticeWasReplaced, match="version 加 1"):
            calendars.import_notice(text=notice(), by=head_office, now=now)


@pytest.mark.django_db
class TestAnUnsoundNotice:
    @pytest.mark.parametrize(
        ("text", "refusal"),
        [
            ("year = ", NoticeIsUnreadable),
            ("year = 2027", NoticeIsUnreadable),
            (notice().replace("2027-01-09", "2027-01-08"), MakeUpDayIsAWeekday),
        ],
    )
    def test_is_refused_whole(self, text: str, refusal: type[Exception], now: datetime) -> None:
        with pytest.raises(refusal):
            calendars.import_notice(text=text, by=None, now=now)
        assert not CalendarNotice.objects.filter(year=2027).exists()


@pytest.mark.django_db
class TestTheCalendarInMemory:
    def test_costs_one_query_once_it_is_built(self, django_assert_num_queries: Any) -> None:
        selectors.current()
        with django_assert_num_queries(1):
            selectors.current()

    def test_is_not_fooled_by_a_number_used_again(self, now: datetime) -> None:
        row = calendars.import_notice(text=notice(), by=None, now=now)
        assert selectors.current().is_working_day(date(2027, 1, 9))
        CalendarDay.objects.filter(notice=row).delete()
        CalendarNotice.objects.filter(pk=row.pk).update(digest="another text under the same number")
        assert not selectors.current().is_working_day(date(2027, 1, 9))

    def test_of_an_empty_house_knows_statutory_days(self) -> None:
        CalendarDay.objects.all().delete()
        CalendarNotice.objects.all().delete()
        calendar = selectors.current()
        assert (calendar.version, calendar.is_working_day(date(2026, 10, 1))) == (0, False)
