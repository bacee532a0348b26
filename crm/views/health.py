"""The one page without a login beside the login itself: is the house well? It says ages, never data."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.selectors import audit_seals, calendars, schedule
from crm.time import local_date


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
