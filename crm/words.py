"""Pure wording of time for the screen: what is left, what is over, which day. Reads no clock."""

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy

from crm.keeping import kept
from crm.keeping import said as _
from crm.time import SHANGHAI, local_date

WEEKDAYS = (
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
WHOLE_DAYS_FROM = 3  # from three days on, the hours no longer help anyone to decide


def weekday(day: date) -> str:
    """This function will name the day of the week, 周一 to 周日."""
    return _weekdays()[day.weekday()]


@kept
def _weekdays() -> list[str]:
    return [str(word) for word in WEEKDAYS]


def span(length: timedelta) -> str:
    """This function will say a length of time in its two largest useful units, cut down, never rounded up.

    From three days on only days are said; under a minute it says 不到 1 分钟. A negative length counts as zero.
    """
    days, rest = divmod(max(length, timedelta(0)), DAY)
    hours, minutes = rest // HOUR, rest % HOUR // MINUTE
    if days >= WHOLE_DAYS_FROM or (days and not hours):
        return _("%(days)d 天") % {"days": days}
    if days:
        return _("%(days)d 天 %(hours)d 小时") % {"days": days, "hours": hours}
    if hours and minutes:
        return _("%(hours)d 小时 %(minutes)d 分") % {"hours": hours, "minutes": minutes}
    if hours:
        return _("%(hours)d 小时") % {"hours": hours}
    return _("%(minutes)d 分钟") % {"minutes": minutes} if minutes else _("不到 1 分钟")


def relative(*, now: datetime, due_at: datetime, working_days: int | None = None) -> str:
    """This function will say how much time is left, 剩余 …, or by how much it is over, 已超时 ….

    `working_days` is the number of working days after today's date up to and including the due date; given,
    what is left is said in working days. Exactly at `due_at` is still in time (rulebook X-05).
    """
    if now > due_at:
        return _("已超时 %(span)s") % {"span": span(now - due_at)}
    if working_days:
        return _("剩余 %(span)s") % {"span": _working_span(now, due_at, working_days)}
    return _("剩余 %(span)s") % {"span": span(due_at - now)}


def outcome(*, closed_at: datetime, due_at: datetime, working_days: int | None = None) -> str:
    """This function will say how a promise ended: 提前 1 个工作日办结, 按时办结 or 迟 2 天办结.

    `working_days` counts those after the day it ended up to and including the due day; without it whole days count.
    """
    if closed_at > due_at:
        return _("迟 %(span)s办结") % {"span": span(closed_at - due_at)}
    if working_days:
        return _("提前 %(days)d 个工作日办结") % {"days": working_days}
    days = (local_date(due_at) - local_date(closed_at)).days
    if working_days is None and days:
        return _("提前 %(days)d 天办结") % {"days": days}
    return _("按时办结")


def _working_span(now: datetime, due_at: datetime, working_days: int) -> str:
    """This function will say working days and the hours beside them; the hours are those of the clock face."""
    here, there = now.astimezone(SHANGHAI), due_at.astimezone(SHANGHAI)
    hours = timedelta(hours=there.hour - here.hour, minutes=there.minute - here.minute)
    if hours < timedelta(0):
        working_days, hours = working_days - 1, hours + DAY
    if not working_days:
        return span(due_at - now)
    if working_days >= WHOLE_DAYS_FROM or hours < HOUR:
        return _("%(days)d 个工作日") % {"days": working_days}
    return _("%(days)d 个工作日 %(hours)d 小时") % {"days": working_days, "hours": hours // HOUR}


def ago(*, then: datetime, now: datetime) -> str:
    """This function will say how long ago an instant was; within a minute it says 刚刚."""
    return _("刚刚") if now - then < MINUTE else _("%(span)s前") % {"span": span(now - then)}


def day_words(day: date, today: date) -> str:
    """This function will say a date as 今天, 明天, 昨天, or as month and day with the weekday."""
    near = {0: _("今天"), 1: _("明天"), -1: _("昨天")}.get((day - today).days)
    if near:
        return near
    return f"{full_day(day)} {weekday(day)}" if day.year != today.year else f"{short_day(day)} {weekday(day)}"


def short_day(day: date) -> str:
    """This function will write a date as mm-dd."""
    return f"{day:%m-%d}"


def full_day(day: date) -> str:
    """This function will write a date as yyyy-mm-dd."""
    return day.isoformat()


def instant_words(instant: datetime) -> str:
    """This function will write an instant as yyyy-mm-dd HH:mm in Shanghai."""
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def short_instant(instant: datetime) -> str:
    """This function will write an instant as mm-dd HH:mm in Shanghai."""
    return f"{instant.astimezone(SHANGHAI):%m-%d %H:%M}"


def slot_words(slot: str) -> str:
    """This function will write a slot of the schedule as people write it: 2026-11-22 or 2026-11-22 08:45."""
    try:
        moment = datetime.fromisoformat(slot)
    except ValueError:
        return slot
    if "T" not in slot or moment == datetime.combine(moment.date(), time.min):
        return full_day(moment.date())
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment.second else f"{moment:%Y-%m-%d %H:%M}"


def deadline_words(due_at: datetime) -> str:
    """This function will write a deadline as yyyy-mm-dd, weekday, HH:mm in Shanghai."""
    day = local_date(due_at)
    return f"{full_day(day)} {weekday(day)} {due_at.astimezone(SHANGHAI):%H:%M}"
