"""A year as a wall calendar."""

from datetime import date

from crm.time.calendar import ListedDay
from crm.time.shipped import shipped_calendar, shipped_notices
from crm.time.statutory import statutory_days
from crm.time.year_grid import Cell, months_of, runs_of

CALENDAR = shipped_calendar()
DAYS = {notice.year: notice.days for notice in shipped_notices()}
MONTHS = months_of(CALENDAR, 2026, DAYS[2026])


def cell(day: date) -> Cell:
    weeks = MONTHS[day.month - 1].weeks
    return next(one for week in weeks for one in week if one and one.date == day)


class TestAMonth:
    def test_has_weeks_of_seven_from_monday_with_gaps_outside_it(self) -> None:
        february = MONTHS[1]
        assert all(len(week) == 7 for week in february.weeks)
        assert february.weeks[0][:6] == (None,) * 6
        assert february.weeks[0][6] == cell(date(2026, 2, 1))

    def test_holds_every_day_of_the_year_once(self) -> None:
        days = [one.date for month in MONTHS for week in month.weeks for one in week if one]
        assert days == [date.fromordinal(date(2026, 1, 1).toordinal() + offset) for offset in range(365)]

    def test_counts_its_working_days_as_the_calendar_does(self) -> None:
        assert MONTHS[1].working_days == CALENDAR.working_days_between(date(2026, 1, 31), date(2026, 2, 28))
        assert sum(month.working_days for month in MONTHS) == 248


class TestADay:
    def test_says_whether_it_is_off_worked_or_made_up(self) -> None:
        kinds = {day: cell(date(2026, 2, day)).kind for day in (13, 14, 15, 21, 24, 28)}
        assert kinds == {13: "work", 14: "makeup", 15: "off", 21: "off", 24: "work", 28: "makeup"}
        assert cell(date(2026, 3, 7)).kind == "weekend"

    def test_carries_its_festival_or_its_lunar_day(self) -> None:
        assert cell(date(2026, 2, 16)).label == "除夕"
        assert cell(date(2026, 2, 17)).label == "春节"
        assert cell(date(2026, 2, 18)).label == "初二"
        assert cell(date(2026, 3, 19)).label == "二月"
        assert cell(date(2026, 4, 5)).label == "清明节"
        assert cell(date(2026, 2, 18)).lunar == "正月初二"

    def test_without_a_festival_begins_with_the_name_of_its_holiday(self) -> None:
        september = months_of(CALENDAR, 2015, DAYS[2015])[8]
        labels = [one.label for week in september.weeks for one in week if one]
        assert labels[2:5] == ["抗战胜利70周年纪念日", "廿二", "廿三"]

    def test_of_a_year_without_notice_is_off_by_law_only(self) -> None:
        listed = [ListedDay(day, False, name) for day, name in statutory_days(2027).items()]
        months = months_of(CALENDAR, 2027, listed)
        kinds = [one.kind for month in months for week in month.weeks for one in week if one]
        assert (kinds.count("off"), kinds.count("makeup")) == (13, 0)


class TestTheHolidays:
    def test_are_runs_with_their_make_up_days(self) -> None:
        spring = runs_of(DAYS[2026])[1]
        assert (spring.name, spring.first, spring.last, spring.length) == (
            "春节",
            date(2026, 2, 15),
            date(2026, 2, 23),
            9,
        )
        assert spring.makeup == (date(2026, 2, 14), date(2026, 2, 28))

    def test_at_both_ends_of_a_year_stay_apart(self) -> None:
        runs = [run for run in runs_of(DAYS[2018]) if run.name == "元旦"]
        assert [(run.length, run.makeup) for run in runs] == [(1, ()), (2, (date(2018, 12, 29),))]

    def test_may_be_only_a_make_up_day_for_the_next_year(self) -> None:
        last = runs_of(DAYS[2011])[-1]
        assert (last.name, last.length, last.makeup) == ("元旦", 0, (date(2011, 12, 31),))
