"""Is the work being done? Every sign of it by age and number, with a level and what to do; never a ping, never a name."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils.translation import gettext as _

from crm import registry
from crm.backup import shelf
from crm.models import JobRun, Message, TickState
from crm.models.message import MessageClass, MessageState
from crm.selectors import audit_seals, calendars
from crm.time import local_date
from crm.words import span

STALLED = timedelta(seconds=120)
SKEW = timedelta(seconds=5)
MB = 1024 * 1024


class Level(StrEnum):
    """How bad a sign is."""

    OK = "ok"
    WARN = "warn"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: its figure for machines, its words for people, how bad it is and what to do."""

    key: str
    title: str
    figure: float | None
    words: str
    level: Level = Level.OK
    advice: str = ""
    # whether a worker that is started again could cure it
    of_progress: bool = False


def signs(*, now: datetime) -> list[Sign]:
    """This function will read every sign at one instant, in a fixed number of small queries."""
    state = TickState.objects.filter(pk=1).first()
    found = [_tick(state, now), *_backlogs(state, now), _unknown(), _held(state), _stalled(now)]
    return [*found, _seals(now), _calendar(now), _disk(), _backup(now), *_skew(now)]


def worst(found: list[Sign]) -> Level:
    """This function will say the worst level among the signs."""
    levels = {sign.level for sign in found}
    return next((level for level in (Level.ALARM, Level.WARN) if level in levels), Level.OK)


def _graded(value: float, warn: float, alarm: float) -> Level:
    if value > alarm:
        return Level.ALARM
    return Level.WARN if value > warn else Level.OK


def _tick(state: TickState | None, now: datetime) -> Sign:
    title, advice = _("上次节拍"), _("请确认节拍（beat）和作业进程（worker）在运行，再看它们的日志。")
    if state is None or state.ticked_at is None:
        return Sign("tick_age", title, None, _("还没有运行过"), Level.ALARM, advice, of_progress=True)
    age = max((now - state.ticked_at).total_seconds(), 0.0)
    level = _graded(age, settings.HEALTH_WARN_SECONDS, settings.HEALTH_TICK_SECONDS)
    words = _("%(age)s前") % {"age": span(now - state.ticked_at)}
    return Sign("tick_age", title, round(age), words, level, advice, of_progress=True)


def _backlogs(state: TickState | None, now: datetime) -> Iterator[Sign]:
    """What is held for a person's word is not late; its hold is a sign of its own."""
    held = bool(state and state.held_since)
    clock = held and state is not None and state.held_kind == "clock"
    planned = Message.objects.filter(state=MessageState.PLANNED, next_try_at__lte=now)
    if held:
        planned = planned.filter(message_class=MessageClass.STAFF)
    oldest = planned.order_by("next_try_at").values_list("next_try_at", flat=True).first()
    yield _age("oldest_message", _("最早一条待发消息"), oldest, now)
    for backlog in registry.backlogs():
        yield _age(f"oldest_{backlog.key}", str(backlog.title), None if clock else backlog.oldest(now), now)


def _age(key: str, title: str, since: datetime | None, now: datetime) -> Sign:
    advice = _("积压没有在处理：请重启作业进程；仍不消退时看作业页里失败的运行。")
    if since is None:
        return Sign(key, title, None, _("没有积压"), of_progress=True)
    age = (now - since).total_seconds()
    level = _graded(age, settings.HEALTH_WARN_SECONDS, settings.HEALTH_ALARM_SECONDS)
    words = _("已等 %(age)s") % {"age": span(now - since)}
    return Sign(key, title, round(age), words, level, advice, of_progress=True)


def _unknown() -> Sign:
    count = Message.objects.filter(state=MessageState.UNKNOWN).count()
    words = _("%(count)d 条") % {"count": count}
    advice = _("服务商没有及时回答；系统会按流水号去问，长时间不消退时请向服务商核对。")
    return Sign("unknown_sends", _("结果未知的消息"), count, words, Level.WARN if count else Level.OK, advice)


def _held(state: TickState | None) -> Sign:
    if state is None or state.held_since is None:
        return Sign("held", _("对客户的发送"), 0, _("正常"))
    advice = _("请在作业页核对原因和待发数目，再确认恢复。")
    return Sign("held", _("对客户的发送"), 1, state.held_reason, Level.WARN, advice)


def _stalled(now: datetime) -> Sign:
    rows = JobRun.objects.filter(finished_at__isnull=True, heartbeat_at__lt=now - STALLED)
    count = rows.filter(heartbeat_at__gt=now - timedelta(days=1)).aggregate(n=Count("pk"))["n"]
    words = _("%(count)d 次") % {"count": count}
    advice = _("有作业开始后没有结束：多半是进程中途被结束；下一时段会再跑，反复出现请看日志。")
    return Sign("stalled_runs", _("停住的运行"), count, words, Level.WARN if count else Level.OK, advice)


def _seals(now: datetime) -> Sign:
    tail = audit_seals.tail(now=now)
    age = round(tail.age.total_seconds()) if tail.age is not None else None
    level = _graded(age or 0, audit_seals.TAIL_TOO_OLD.total_seconds(), settings.HEALTH_ALARM_SECONDS)
    advice = _("操作记录没有按时封存：请看作业页里“封条”一行的运行。")
    return Sign("unsealed_age", _("操作记录的封存"), age, tail.words(), level, advice)


def _calendar(now: datetime) -> Sign:
    horizon = calendars.horizon(local_date(now), calendars.current())
    words = _("%(year)d 年的放假通知尚未导入，还有 %(days)d 天") % {
        "year": horizon.year,
        "days": max(horizon.days_left, 0),
    }
    advice = _("放假通知公布后，请在日历页粘贴原文导入；此前跨年的到期日标为暂定。")
    level = Level.WARN if horizon.alarm else Level.OK
    return Sign("calendar_days", _("放假日历"), horizon.days_left, words, level, advice)


def _disk() -> Sign:
    free = shutil.disk_usage(settings.VAR if settings.VAR.exists() else "/").free // MB
    level = _graded(-free, -settings.HEALTH_DISK_WARN_MB, -settings.HEALTH_DISK_ALARM_MB)
    advice = _("请清理磁盘或扩容；空间用尽后无法登记，也无法备份。")
    return Sign(
        "disk_free_mb", _("磁盘剩余"), free, _("%(free).1f GB") % {"free": free / 1024}, level, advice
    )


def _backup(now: datetime) -> Sign:
    title = _("上次备份")
    advice = _("请看作业页“备份”一行；也可以在服务器上运行 manage.py backup。")
    made = shelf.newest_at(settings.BACKUP_FOLDER)
    if made is None:
        return Sign("backup_age", title, None, _("还没有备份"), Level.WARN, advice)
    age = now - made
    hours = age.total_seconds() / 3600
    level = _graded(hours, settings.BACKUP_WARN_HOURS, 2 * settings.BACKUP_WARN_HOURS)
    return Sign(
        "backup_age", title, round(age.total_seconds()), _("%(age)s前") % {"age": span(age)}, level, advice
    )


def skew(*, now: datetime) -> timedelta | None:
    """This function will say how far the database's clock is ahead of ours; SQLite has no clock of its own."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        ahead: timedelta = cursor.fetchone()[0] - now
    return ahead


def _skew(now: datetime) -> Iterator[Sign]:
    ahead = skew(now=now)
    if ahead is None:
        return
    seconds = abs(ahead).total_seconds()
    level = Level.ALARM if abs(ahead) > SKEW else Level.OK
    words = _("相差 %(seconds).1f 秒") % {"seconds": seconds}
    advice = _("服务器与数据库的时间不一致：请校准时钟（NTP）。")
    yield Sign("clock_skew", _("数据库时钟"), round(seconds, 1), words, level, advice)
