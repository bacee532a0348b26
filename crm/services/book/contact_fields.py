"""Puts the cells of one row of 服务对象 on a person, gathering every reason why they cannot stand."""

from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from crm import id_numbers, phones, privacy
from crm.book.dates import Birthday
from crm.book.lines import Line
from crm.models import Contact
from crm.models.customer import BirthdayCalendar
from crm.refusal import Refusal
from crm.services import contacts
from crm.time import at_time, local_date, lunar, months

# Excel turns 05-06 into a day of the current year; nobody served at a customer is a child.
YOUNGEST = 16

Part = tuple[str, dict[str, Any]]


def fill(line: Line, row: Contact, now: datetime) -> None:
    """This function will fill the person from the row's cells; empty cells change nothing."""
    parts: list[Part] = [
        (
            _("姓名"),
            {key: line.values[key] for key in ("name", "title", "public_official") if key in line.values},
        ),
        *_sealed(line, row, local_date(now)),
        *_birthday(line, row, local_date(now)),
        *_consent(line, row, local_date(now)),
    ]
    before = dict(row.__dict__)
    try:
        # nearly every row is right, so all parts are tried at once
        contacts.fill(row, {key: value for _column, part in parts for key, value in part.items()}, now)
    except Refusal:
        row.__dict__.update(before)
        _tell_each(line, row, parts, now)


def _tell_each(line: Line, row: Contact, parts: list[Part], now: datetime) -> None:
    """This function will try part by part, so that the row's whole list of reasons is told at once."""
    told = {reason.sentence for reason in line.reasons}
    for column, part in parts:
        try:
            contacts.fill(row, part, now)
        except Refusal as refusal:
            if refusal.message not in told:
                line.refuse(column, refusal.message)
                told.add(refusal.message)


def _sealed(line: Line, row: Contact, today: date) -> list[Part]:
    """This function will keep the numbers that differ from those that stand; the same number changes nothing."""
    parts: list[Part] = []
    for key, column, index in (
        ("phone", _("手机"), row.phone_index),
        ("id_no", _("证件号码"), row.id_no_index),
    ):
        if key not in line.values:
            continue
        if line.values[key] == "":  # a cell is never empty here; a sender's null is
            parts += [(column, {key: ""})] if index else []
            continue
        try:
            if key == "phone":
                number = phones.mobile(line.values[key])
                new = privacy.phone_index(number)
            else:
                number = id_numbers.normalise(line.values[key], today=today)
                new = privacy.id_no_index(number)
        except Refusal as refusal:
            line.refuse(column, refusal.message)
            continue
        if new != index:
            parts.append((column, {key: number}))
    return parts


def _birthday(line: Line, row: Contact, today: date) -> list[Part]:
    calendar = line.values.get("calendar", row.birthday_calendar)
    found: Birthday | None = line.values.get("birthday")
    if found is None:
        # another calendar is read anew from the date of birth; the same one leaves a birthday typed by hand
        return [(_("生日历法"), {"birthday_calendar": calendar})] if calendar != row.birthday_calendar else []
    leap = found.leap or bool(line.values.get("leap"))
    if leap and calendar != BirthdayCalendar.LUNAR:
        line.refuse(_("生日"), _("公历生日没有闰月，请把生日历法填为农历"))
        return []
    fields: dict[str, Any] = {
        "birthday_calendar": calendar,
        "birth_month": found.month,
        "birth_day": found.day,
        "birth_leap_month": leap,
    }
    if found.year is not None:
        born = _born(line, found, calendar, leap)
        if born is not None and born > months.months_before(today, 12 * YOUNGEST):
            line.refuse(_("生日"), _("年份不像服务对象的出生年份；只知道月日时请写成文本 05-06"))
            return []
        if born is None:
            return []
        fields["birth_date"] = born
    return [(_("生日"), fields)]


def _born(line: Line, found: Birthday, calendar: str, leap: bool) -> date | None:
    """This function will give the Gregorian date of birth, and hold a solar one against the ID number."""
    try:
        if calendar == BirthdayCalendar.LUNAR:
            return lunar.to_solar(found.year or 0, found.month, found.day, leap)
        born = date(found.year or 0, found.month, found.day)
    except Refusal as refusal:
        line.refuse(_("生日"), refusal.message)
        return None
    except ValueError:
        line.refuse(_("生日"), _("没有这一天，请核对"))
        return None
    number = line.values.get("id_no", "")
    if len(number) == 18 and number[6:14].isdigit() and number[6:14] != born.strftime("%Y%m%d"):
        line.refuse(_("生日"), _("与证件号码第 7 至 14 位的出生日期不一致，请核对"))
        return None
    return born


def _consent(line: Line, row: Contact, today: date) -> list[Part]:
    fields = {key: line.values[key] for key in ("consent_source",) if key in line.values}
    day: date | None = line.values.get("consented_on")
    if day is not None and day > today:
        line.refuse(_("同意接收关怀日期"), _("在今天之后，请核对"))
    elif day is not None and (row.consented_at is None or local_date(row.consented_at) != day):
        fields["consented_at"] = at_time(day, time.min)
    return [(_("同意来源"), fields)] if fields else []
