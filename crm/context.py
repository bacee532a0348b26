"""What every page's frame needs: the menu, and the banner of a missing calendar. Nothing here reads the database
once the process has asked for the calendar, but the bell, which counts."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now

from crm import rights, shortcuts
from crm.registry import menu_for
from crm.selectors import calendars, notices
from crm.time import local_date


def frame(request: HttpRequest) -> dict[str, Any]:
    """This function will return the menu entries that the person may see, and the horizon for who can move it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"menu": []}
    shown: dict[str, Any] = {
        "menu": menu_for(user, request.path),
        "key_groups": SimpleLazyObject(lambda: shortcuts.groups_for(user)),
        # asked by the bell of a whole page only, and once
        "unread": SimpleLazyObject(lambda: notices.unread(user, now=now())),
    }
    if rights.may(user, "customer_view"):
        shown["search_url"] = reverse("crm:customer-list")
    if rights.may(user, "calendar_publish"):
        shown["horizon"] = calendars.horizon(local_date(now()), calendars.last_seen())
    return shown
