"""G1: date + N working days, as ratios of one run. From the checkout: python -m bench.working_days

The peers come from bench/requirements.txt, in an environment of their own.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any
from warnings import simplefilter

import chinese_calendar
import holidays
from workalendar.asia import China
from workalendar.exceptions import CalendarError

from bench.measure import interleaved, report
from crm.time.shipped import shipped_calendar

FIRST, LAST, LAST_START = date(2020, 1, 1), date(2026, 12, 31), date(2026, 11, 25)
BARE_FIRST = FIRST.toordinal()
DAYS = [FIRST + timedelta(days=offset) for offset in range((LAST - FIRST).days + 1)]
OURS, BARE = "Jiannuo WorkCalendar", "the bare table (limit)"
WORKALENDAR, HOLIDAYS = "workalendar China", "holidays China"
GOALS = {WORKALENDAR: 100.0, HOLIDAYS: 15.0}

CALENDAR = shipped_calendar()


def bare_table() -> Callable[[date, int], date]:
    """This function will build the smallest thing that answers: two arrays and no check at all."""
    worked = [day for day in DAYS if chinese_calendar.is_workday(day)]
    ranks, rank = [], -1
    for day in DAYS:
        rank += chinese_calendar.is_workday(day)
        ranks.append(rank)

    def add(day: date, n: int) -> date:
        return worked[ranks[day.toordinal() - BARE_FIRST] + n]

    return add


def walked(day: date, n: int) -> date:
    """This function will find the truth by walking: the State Council lists as chinesecalendar has them."""
    while n:
        day += timedelta(days=1)
        n -= chinese_calendar.is_workday(day)
    return day


def failures(work: Callable[[date, int], Any], cases: list[tuple[date, int]]) -> tuple[int, int]:
    """This function will count wrong answers and missing ones."""
    wrong = missing = 0
    for day, n in cases:
        try:
            wrong += work(day, n) != walked(day, n)
        except CalendarError:
            missing += 1
    return wrong, missing


def main() -> None:
    """This function will measure, print the ratios, and say whether G1 is met."""
    simplefilter("ignore")  # workalendar warns on every call that its table ends with 2023
    random = Random(20261121)
    span = (LAST_START - FIRST).days
    cases = [(FIRST + timedelta(days=random.randint(0, span)), random.randint(1, 15)) for _ in range(20_000)]
    until_2023 = [(day, n) for day, n in cases if day < date(2023, 11, 1)]
    china, workalendar = holidays.country_holidays("CN", years=range(2020, 2028)), China()
    add = CALENDAR.add_working_days
    times = interleaved(
        {
            BARE: (bare_table(), cases),
            OURS: (add, cases),
            HOLIDAYS: (china.get_nth_working_day, cases[:4000]),
            WORKALENDAR: (workalendar.add_working_days, until_2023[:2000]),
        }
    )
    report(times, OURS)
    differing = sum(CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day) for day in DAYS)
    wrong, _ = failures(add, cases)
    print(f"ours: {differing} wrong of {len(DAYS):,} days, {wrong} wrong of {len(cases):,} random cases")
    for name, work in ((HOLIDAYS, china.get_nth_working_day), (WORKALENDAR, workalendar.add_working_days)):
        wrong_there, missing = failures(work, cases[:4000])
        print(f"{name}: {wrong_there} wrong and {missing} without answer of 4,000")
    to_bare = times[OURS] / times[BARE]
    met = all(times[name] / times[OURS] >= goal for name, goal in GOALS.items())
    met = met and to_bare <= 8 and not differing and not wrong
    print(f"ours takes {to_bare:.2f}x the bare table's time (goal: 8x at most)")
    print(f"G1 {'met' if met else 'MISSED'}: goals {', '.join(f'{g:.0f}x {n}' for n, g in GOALS.items())}")


if __name__ == "__main__":
    main()
