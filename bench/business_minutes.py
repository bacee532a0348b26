"""G2: instant + business minutes, as ratios of one run. From the checkout: python -m bench.business_minutes

Everybody takes and gives aware UTC. The peers are told of make-up workdays by a seven-day week with every day off
listed (without that trick they are wrong), and in the form that is quickest for them.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import businesstimedelta
import chinese_calendar
import pandas
import pytz

from bench.measure import interleaved, report
from crm.time.business_minutes import BusinessTime
from crm.time.shipped import shipped_calendar

ZONE = ZoneInfo("Asia/Shanghai")
OPENS, CLOSES = time(9, 0), time(17, 30)
PER_DAY, OPENING = 510, 540
FIRST, LAST = date(2020, 1, 1), date(2026, 12, 31)
BARE_FIRST = FIRST.toordinal()
DAYS = [FIRST + timedelta(days=offset) for offset in range((LAST - FIRST).days + 1)]
OFF = [day for day in DAYS if not chinese_calendar.is_workday(day)]
OURS, BARE = "Jiannuo BusinessTime", "the bare table, aware UTC in and out (limit)"
BTD, PANDAS = "businesstimedelta, 7-day trick", "pandas CustomBusinessHour, 7-day trick"
GOALS = {BTD: 100.0, PANDAS: 20.0, BARE: 0.5}


def bare_table() -> Callable[[datetime, int], datetime]:
    """This function will build the plain table: zone in, two arrays, zone out, no check at all."""
    worked = [day for day in DAYS if chinese_calendar.is_workday(day)]
    is_worked = [chinese_calendar.is_workday(day) for day in DAYS]
    before = [0]
    for counts in is_worked:
        before.append(before[-1] + counts)

    def add(instant: datetime, minutes: int) -> datetime:
        here = instant.astimezone(ZONE)
        offset = here.toordinal() - BARE_FIRST
        done = 0
        if is_worked[offset]:
            done = min(max(here.hour * 60 + here.minute - OPENING, 0), PER_DAY)
        rank, rest = divmod(before[offset] * PER_DAY + done + minutes - 1, PER_DAY)
        minute = OPENING + rest + 1
        there = datetime.combine(worked[rank], time(minute // 60, minute % 60), ZONE)
        return there.astimezone(UTC)

    return add


def walked(start: datetime, minutes: int) -> datetime:
    """This function will find the truth by walking from day to day on local time."""
    day, left = start.date(), minutes
    begin = max(start, datetime.combine(day, OPENS))
    while True:
        if chinese_calendar.is_workday(day):
            room = (datetime.combine(day, CLOSES) - begin) // timedelta(minutes=1)
            if left <= room:
                return begin + timedelta(minutes=left)
            left -= max(room, 0)
        day += timedelta(days=1)
        begin = datetime.combine(day, OPENS)


def by_businesstimedelta() -> Callable[[datetime, int], datetime]:
    """This function will set up the peer with a set of days off: quicker than the list its manual shows."""
    zone = pytz.timezone("Asia/Shanghai")
    rules = businesstimedelta.Rules(
        [
            businesstimedelta.WorkDayRule(OPENS, CLOSES, list(range(7)), tz=zone),
            businesstimedelta.HolidayRule(set(OFF), tz=zone),
        ]
    )

    def add(instant: datetime, minutes: int) -> datetime:
        found: datetime = instant + businesstimedelta.BusinessTimeDelta(rules, seconds=minutes * 60)
        return found.astimezone(UTC)

    return add


def by_pandas() -> Callable[[datetime, int], datetime]:
    """This function will set up the peer on local time, converted by us: whole hours, as it counts them."""
    seven = "Mon Tue Wed Thu Fri Sat Sun"
    hour = pandas.offsets.CustomBusinessHour(start=OPENS, end=CLOSES, weekmask=seven, holidays=OFF)

    def add(instant: datetime, minutes: int) -> datetime:
        here = instant.astimezone(ZONE).replace(tzinfo=None)
        found: datetime = here + hour * (minutes // 60)
        return found.replace(tzinfo=ZONE).astimezone(UTC)

    return add


def main() -> None:
    """This function will measure, print the ratios, and say whether G2 is met."""
    random = Random(20261121)
    span = (date(2026, 11, 25) - FIRST).days * 24 * 60
    begin = datetime.combine(FIRST, time(0))
    local = [
        (begin + timedelta(minutes=random.randint(0, span)), 60 * random.randint(1, 40))
        for _ in range(20_000)
    ]
    aware = [(start.replace(tzinfo=ZONE).astimezone(UTC), minutes) for start, minutes in local]
    business = BusinessTime(shipped_calendar(), ((OPENS, CLOSES),))
    ours, peers = business.add, {PANDAS: by_pandas(), BTD: by_businesstimedelta()}
    times = interleaved(
        {
            BARE: (bare_table(), aware),
            OURS: (ours, aware),
            PANDAS: (peers[PANDAS], aware[:1000]),
            BTD: (peers[BTD], aware[:500]),
        }
    )
    report(times, OURS)
    truth = [walked(start, minutes).replace(tzinfo=ZONE) for start, minutes in local]
    wrong = sum(ours(*case) != right for case, right in zip(aware, truth, strict=True))
    print(f"ours: {wrong} wrong of {len(aware):,} random cases")
    for name, work in peers.items():
        # One says 17:30, another 09:00 of the next working day: no business time lies between.
        found = [work(*case) for case in aware[:500]]
        apart = (business.elapsed_seconds(a, b) for a, b in zip(found, truth[:500], strict=True))
        print(f"{name}: {sum(map(bool, apart))} wrong of 500")
    met = not wrong and all(times[name] / times[OURS] >= goal for name, goal in GOALS.items())
    print(f"G2 {'met' if met else 'MISSED'}: goals {', '.join(f'{g:g}x {n}' for n, g in GOALS.items())}")


if __name__ == "__main__":
    main()
