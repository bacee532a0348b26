"""What must be true before the house opens: jobs that exist, a broker in production, calendars for the days ahead."""

import os
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError
from django.utils import timezone

from crm import providers
from crm.celery import app
from crm.schedule import JOBS
from crm.selectors import calendars
from crm.time import local_date


@register()
def jobs_exist(**_kwargs: Any) -> list[CheckMessage]:
    """This function will name jobs of the schedule whose task nobody has written."""
    return [
        Error(f"作业 {job.name} 的任务 {job.task} 不存在。", hint="请核对 crm/schedule.py。", id="crm.E001")
        for job in JOBS
        if job.task not in app.tasks
    ]


@register()
def production_has_a_broker(**_kwargs: Any) -> list[CheckMessage]:
    """This function will ask for a broker of its own where the database is one of its own."""
    if settings.EMBEDDED or os.environ.get("BROKER_URL"):
        return []
    return [
        Error(
            "使用独立数据库时必须设置 BROKER_URL。",
            hint="例如 BROKER_URL=redis://redis:6379/0",
            id="crm.E002",
        )
    ]


@register()
def the_provider_is_known(**_kwargs: Any) -> list[CheckMessage]:
    """This function will refuse a provider that does not exist, before the first message needs it."""
    if settings.MESSAGE_PROVIDER in providers.PROVIDERS:
        return []
    known = "、".join(providers.PROVIDERS)
    return [Error(f"MESSAGE_PROVIDER={settings.MESSAGE_PROVIDER!r} 不认识，可选：{known}。", id="crm.E003")]


@register(Tags.database)
def the_calendar_reaches_ahead(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """This function will warn, sixty days ahead, of a year whose holiday notice is not loaded."""
    if not databases:
        return []
    try:
        horizon = calendars.horizon(local_date(timezone.now()), calendars.current())
    except DatabaseError:
        return []  # before the first migration there is nothing to ask
    if not horizon.alarm:
        return []
    return [
        Warning(
            f"{horizon.year} 年的放假通知尚未导入，涉及该年的时限暂定。",
            hint="国务院办公厅公布后，请在“日历”页粘贴原文，或运行 manage.py import_calendar 导入。",
            id="crm.W001",
        )
    ]
