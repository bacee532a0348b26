"""What every page's frame shows of the person: the number unread, and the banner of a missing calendar. Nothing here
reads the database once the process has asked for the calendar, but the bell, which counts."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now

from crm import rights
from crm.selectors import calendars, notices
from crm.time import local_date


def frame(request: HttpRequest) -> dict[str, Any]:
    """This function will return what the frame asks for late, and the horizon for who can move it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    # asked by the bell of a whole page only, and once
    shown: dict[str, Any] = {"unread": SimpleLazyObject(lambda: notices.unread(user, now=now()))}
    if rights.may(user, "calendar_publish"):
        shown["horizon"] = calendars.horizon(local_date(now()), calendars.last_seen())
    return shown
