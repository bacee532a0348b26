"""Cases of birthdays, festivals and the care around them (X-26 … X-29, PA-18.2.4, PA-18.2.5, PA-18.2.7)."""

from datetime import date

from crm.time.birthdays import Birthday, observed_in_lunar_year, observed_in_year
from crm.time.festivals import (
    Festival,
    dragon_boat,
    festival_window,
    mid_autumn,
    new_years_eve,
    qingming,
    spring_festival,
)
from crm.time.send_window import sms_at, task_created
from servicing.cases.facts import CaseIsUnsound, Facts
from servicing.cases.registry import Action, Answer, House, action
from servicing.clocks import VIP_TIERS


def _birthday(facts: Facts) -> Birthday:
    """A lunar birthday is stated as month and day, or as a Gregorian date of birth with calendar lunar."""
    if facts.get("person") is not None:
        facts = Facts(facts.table("person"))
    calendar = facts.word("calendar", "lunar" if facts.get("lunar_month") else "solar")
    if calendar not in ("solar", "lunar"):
        raise CaseIsUnsound(f"用例的“calendar”应为 solar 或 lunar，实为 {calendar!r}。")
    if facts.get("lunar_month") is not None:
        leap = facts.get("leap") is True or facts.get("leap_month") is True
        return Birthday.lunar(facts.whole("lunar_month"), facts.whole("lunar_day"), leap)
    if facts.get("born") is not None:
        return Birthday.born_on(facts.day("born"), "lunar" if calendar == "lunar" else "solar")
    leap = calendar == "lunar" and facts.get("leap") is True
    month, day = facts.whole("month", "birth_month"), facts.whole("day", "birth_day")
    return Birthday.lunar(month, day, leap) if calendar == "lunar" else Birthday.solar(month, day)


def _years(facts: Facts, *names: str) -> list[int]:
    years = facts.listed(*names)
    if not all(isinstance(year, int) and 1900 <= year <= 2100 for year in years):
        raise CaseIsUnsound(f"用例的“{names[0]}”应为年份，实为 {years!r}。")
    return years


def observed(facts: Facts, house: House) -> Answer:
    """This function will give the observances of a birthday in the named years, lunar or Gregorian."""
    birthday = _birthday(facts)
    lunar_years = _years(facts, "lunar_years", "lunar_year")
    if lunar_years:
        dates = [observed_in_lunar_year(birthday, year) for year in lunar_years]
        return {"dates": dates, "date": dates[0], "count": len(dates)}
    by_year = [_observed(birthday, year, house) for year in _years(facts, "years", "year")]
    if not by_year:
        raise CaseIsUnsound("用例没有写明年份（years 或 lunar_years）。")
    dates = [day for days in by_year for day in days]
    nested = by_year if birthday.calendar == "lunar" else dates
    counts = [len(days) for days in by_year]
    return {
        "dates": nested,
        "date": dates[0] if dates else None,
        "count": counts[0] if len(counts) == 1 else counts,
    }


def _observed(birthday: Birthday, year: int, house: House) -> list[date]:
    return list(observed_in_year(birthday, year, house.rules.feb29_observed))


def plan_care(facts: Facts, house: House) -> Answer:
    """This function will plan a year's birthday care: gift on the day for VIPs where gifts are on, the task and
    the greeting ahead of it."""
    rules = house.rules.time_rules()
    days = _observed(_birthday(facts), facts.whole("year"), house)
    gifts = house.rules.gifts_enabled and facts.word("tier", "gold") in VIP_TIERS
    return {
        "observed": _one_or_all(days),
        "gift_due": _one_or_all(days if gifts else []),
        "task_created": _one_or_all([task_created(day, rules) for day in days]),
        "sms_at": _one_or_all([sms_at(day, rules) for day in days]),
    }


def _one_or_all(values: list[date]) -> list[date] | date | None:
    """A year mostly holds one observance; two are a list, none is nothing."""
    return values if len(values) > 1 else values[0] if values else None


def festival_dates(facts: Facts, _house: House) -> Answer:
    """This function will give the festivals of a Gregorian year."""
    year = _years(facts, "year")
    if not year:
        raise CaseIsUnsound("用例缺少“year”或“years”。")
    return {
        "spring": spring_festival(year[0]),
        "mid_autumn": mid_autumn(year[0]),
        "new_years_eve": new_years_eve(year[0]),
        "dragon_boat": dragon_boat(year[0]),
        "qingming": qingming(year[0]),
    }


def plan_festival(facts: Facts, house: House) -> Answer:
    """This function will plan a festival's care: from which day, the target for staff, and until when it is kept."""
    festival = facts.word("festival", facts.word("event", ""))
    if festival not in set(Festival):
        raise CaseIsUnsound(f"用例的“festival”应为 {'、'.join(Festival)}，实为 {festival!r}。")
    window = festival_window(Festival(festival), facts.whole("year"), house.calendar)
    rules = house.rules.time_rules()
    return {
        "opens": window.opens,
        "target": window.target,
        "deadline": window.festival,
        "festival": window.festival,
        "provisional": window.provisional,
        "task_created": task_created(window.festival, rules),
        "sms_at": sms_at(window.festival, rules),
    }


ACTIONS: dict[str, Action] = {
    "observed": action(observed, whole=["years", "lunar_years"]),
    "plan_care": action(plan_care),
    "festival_dates": action(festival_dates),
    "plan_festival": action(plan_festival),
}
