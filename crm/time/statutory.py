"""The days off that the law itself names, for years whose yearly notice is not imported (rulebook X-03)."""

from datetime import date, timedelta

from crm.time.lunar import qingming, to_solar

SPRING_DAYS = 4  # 除夕 and 正月初一 to 初三


def statutory_days(year: int) -> dict[date, str]:
    """This function will name the statutory days off of a year: no bridges, no make-up workdays.

    Two holidays on one day share it: 2031-10-01 is 国庆节、中秋节.
    """
    eve = to_solar(year, 1, 1) - timedelta(days=1)
    named = [
        (date(year, 1, 1), "元旦"),
        *((eve + timedelta(days=offset), "春节") for offset in range(SPRING_DAYS)),
        (qingming(year), "清明节"),
        (date(year, 5, 1), "劳动节"),
        (date(year, 5, 2), "劳动节"),
        (to_solar(year, 5, 5), "端午节"),
        *((date(year, 10, day), "国庆节") for day in (1, 2, 3)),
        (to_solar(year, 8, 15), "中秋节"),
    ]
    days: dict[date, str] = {}
    for day, name in named:
        days[day] = f"{days[day]}、{name}" if day in days else name
    return days
