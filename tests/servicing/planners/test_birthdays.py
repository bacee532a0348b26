"""Who is greeted on which day: the quick question of the planner against the slow one of the calendar."""

from datetime import date, timedelta

import pytest

from crm.time.birthdays import Birthday, observed_in_year
from crm.time.rules import TimeRules
from servicing.planners.birthdays import Person, birthday_greeted_on, candidates, greetings

RULES = TimeRules()
MAR1 = TimeRules(feb29_observed="mar1")


def greeted(day: date, birthday: Birthday, rules: TimeRules = RULES) -> bool:
    """This function will ask the planner alone, candidates first, as the service does."""
    event = birthday_greeted_on(day, rules)
    if (birthday.calendar, birthday.month, birthday.day) not in candidates(event):
        return False
    return bool(list(greetings(event, [Person(1, 1, birthday)], rules)))


class TestTheDayBefore:
    def test_at_ten_until_the_window_closes(self) -> None:
        (planned,) = greetings(date(2026, 10, 4), [Person(7, 3, Birthday.solar(10, 4))], RULES)
        assert planned.starts_at.isoformat() == "2026-10-03T10:00:00+08:00"
        assert planned.ends_at.isoformat() == "2026-10-03T20:59:59+08:00"
        assert (planned.subject, planned.occasion_date) == ("contact:7", date(2026, 10, 4))

    @pytest.mark.parametrize(
        ("day", "rules", "expected"),
        [
            (date(2026, 2, 27), RULES, True),
            (date(2026, 2, 28), RULES, False),
            (date(2026, 2, 27), MAR1, False),
            (date(2026, 2, 28), MAR1, True),
            (date(2028, 2, 28), RULES, True),
            (date(2028, 2, 28), MAR1, True),
        ],
    )
    def test_of_somebody_born_on_the_29th_of_february(
        self, day: date, rules: TimeRules, expected: bool
    ) -> None:
        assert greeted(day, Birthday.solar(2, 29), rules) is expected


EVERYBODY = [
    *(Birthday.solar(*pair) for pair in ((1, 1), (2, 28), (2, 29), (3, 1), (10, 4), (12, 31))),
    *(Birthday.lunar(*pair) for pair in ((1, 1), (8, 15), (12, 29), (12, 30), (6, 30))),
    *(Birthday.lunar(month, day, leap=True) for month, day in ((6, 1), (6, 30), (2, 15))),
]


@pytest.mark.parametrize("birthday", EVERYBODY, ids=str)
@pytest.mark.parametrize("rules", [RULES, MAR1], ids=["feb28", "mar1"])
def test_every_day_of_six_years_agrees_with_the_calendar(birthday: Birthday, rules: TimeRules) -> None:
    first, last = date(2024, 1, 1), date(2029, 12, 31)
    slow = {
        day - timedelta(days=1)
        for year in range(2023, 2031)
        for day in observed_in_year(birthday, year, rules.feb29_observed)
    }
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert {day for day in days if greeted(day, birthday, rules)} == {d for d in slow if first <= d <= last}
