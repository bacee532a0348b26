"""Is the house well? For machines without a login, for head office as a page. It says ages, never data."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm import access, metrics
from crm.internal import internal_only
from crm.selectors import audit_seals, calendars, readiness, schedule, work_health
from crm.selectors.work_health import Level
from crm.time import local_date

UNAVAILABLE = 503
BADGES = {Level.OK: "kept", Level.WARN: "soon", Level.ALARM: "overdue"}


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """This function will answer 200 while pages can be answered, with the ages by which jobs are judged.

    `calendar_days` counts to the next year without a holiday notice; `missing` from sixty days before it.
    `seals` is `late` when the log's tail is unsealed for over two minutes.
    """
    now = timezone.now()
    health = schedule.health(now=now)
    horizon = calendars.horizon(local_date(now), calendars.last_seen())
    tail = audit_seals.tail(now=now)
    ages = {"tick_age": health.tick_age, "oldest_due": health.oldest_due, "unsealed_age": tail.age}
    seconds = {name: round(age.total_seconds()) if age is not None else None for name, age in ages.items()}
    states = {"pages": "ok", "jobs": "ok" if health.well else "late"}
    states["seals"] = "late" if tail.alarm else "ok"
    calendar = {"calendar": "missing" if horizon.alarm else "ok", "calendar_days": horizon.days_left}
    return JsonResponse({**states, **seconds, **calendar})


@login_not_required
@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """This function will answer 200 while pages can be answered, 503 with reasons otherwise.

    A broker that is away is said but does not count: pages and saves go on, and the tick does its work.
    """
    found = readiness.look()
    states = {"database": found.database, "migrations": found.migrations, "broker": found.broker}
    body = {"ready": found.ready, **states, "reasons": found.reasons}
    return JsonResponse(body, status=200 if found.ready else UNAVAILABLE)


@login_not_required
@never_cache
@require_safe
@internal_only
def work(_request: HttpRequest) -> HttpResponse:
    """This function will answer 503 while any sign of the work is alarming, with every figure and its reason."""
    found = work_health.signs(now=timezone.now())
    worst = work_health.worst(found)
    body = {
        "state": worst,
        "figures": {sign.key: sign.figure for sign in found},
        "levels": {sign.key: sign.level for sign in found},
        "reasons": [f"{sign.title}：{sign.words}。{sign.advice}" for sign in found if sign.level != Level.OK],
    }
    return JsonResponse(body, status=UNAVAILABLE if worst == Level.ALARM else 200)


@login_not_required
@never_cache
@require_safe
@internal_only
def figures(_request: HttpRequest) -> HttpResponse:
    """This function will answer the figures that Prometheus reads, of all web processes together."""
    return HttpResponse(metrics.exposition(now=timezone.now()), content_type=metrics.CONTENT_TYPE)


@require_safe
@access.needs("system_view")
def system(request: HttpRequest) -> HttpResponse:
    """This function will show the same signs in plain words, with what to do."""
    found = work_health.signs(now=timezone.now())
    words = {Level.OK: _("正常"), Level.WARN: _("留意"), Level.ALARM: _("告警")}
    rows = [{"sign": sign, "badge": BADGES[sign.level], "word": words[sign.level]} for sign in found]
    worst = work_health.worst(found)
    context = {
        "rows": rows,
        "badge": BADGES[worst],
        "word": words[worst],
        "crumbs": [(_("系统状态"), "")],
    }
    return render(request, "crm/system/status.html", context)
