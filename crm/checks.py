"""What must be true before the house opens: jobs that exist, a broker and keys in production, calendars for the days ahead."""

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

KEYS = ("SECRET_KEY", "PERSONAL_DATA_KEY", "BLIND_INDEX_KEY")
KEY_LENGTH, KEY_SIGNS = 32, 8


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


@register(Tags.security, deploy=True)
def keys_are_secret(**_kwargs: Any) -> list[CheckMessage]:
    """This function will name keys that are too short to be random, or used for two things."""
    keys = {name: str(getattr(settings, name)) for name in KEYS}
    hint = (
        "请用 openssl rand -hex 32 各生成一个，写入环境变量或 *_FILE 指向的文件；已封存数据的密钥不要更换。"
    )
    weak: list[CheckMessage] = [
        Error(f"{name} 太短或太简单，不像随机生成的。", hint=hint, id="crm.E010")
        for name, key in keys.items()
        if len(key) < KEY_LENGTH or len(set(key)) < KEY_SIGNS or "insecure" in key
    ]
    if len(set(keys.values())) < len(keys):
        weak.append(Error("几个密钥用了同一个值，泄露一个就泄露全部。", hint=hint, id="crm.E011"))
    return weak


@register(Tags.security, deploy=True)
def nothing_of_the_workshop_is_on(**_kwargs: Any) -> list[CheckMessage]:
    """This function will name what belongs to development or the demo and not into production."""
    found = (
        (settings.DEBUG, "DEBUG=1：出错页面会显示代码和数据。", "请设置 DEBUG=0。", "crm.E012"),
        (
            settings.DEMO,
            "DEMO=1：演示账号的密码是公开的，也不要求二次验证。",
            "正式使用请设置 DEMO=0，并换一个没有演示数据的数据库。",
            "crm.E013",
        ),
        (
            not settings.PUBLIC_URL.startswith("https://"),
            f"PUBLIC_URL={settings.PUBLIC_URL} 不是 https：密码和客户资料会明文经过网络。",
            "请在前面放一个带证书的反向代理，设置 PUBLIC_URL=https://… 和 BEHIND_PROXY=1。",
            "crm.E014",
        ),
        (
            "*" in settings.ALLOWED_HOSTS,
            "ALLOWED_HOSTS 含有 *：任何域名都能冒充本站。",
            "请写明域名，或留空由 PUBLIC_URL 得出。",
            "crm.E015",
        ),
    )
    return [Error(said, hint=hint, id=number) for wrong, said, hint, number in found if wrong]


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
