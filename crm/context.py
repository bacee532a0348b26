"""What every page's frame needs: the menu, and the banner of a missing calendar. Nothing here reads the database
once the process has asked for the calendar."""

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import now

from crm import rights
from crm.registry import menu_for
from crm.selectors import calendars
from crm.time import local_date


def frame(request: HttpRequest) -> dict[str, Any]:
    """This function will return the menu entries that the person may see, and the horizon for who can move it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"menu": []}
    shown: dict[str, Any] = {"menu": menu_for(user, request.path)}
    if rights.may(user, "calendar_publish"):
        shown["horizon"] = calendars.horizon(local_date(now()), calendars.last_seen())
    return shown
