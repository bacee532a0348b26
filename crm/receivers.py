"""What happens when Django says that somebody logged in or out: our own row of the login begins or ends."""

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.timezone import now as read_clock

from crm import addresses, devices
from crm.models import User
from crm.models.login import Ending
from crm.services import sessions


@receiver(user_logged_in, dispatch_uid="crm.session.begun")
def begin(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """This function will note a login, however it came about."""
    sessions.begin(
        user=user,
        key=str(request.session.session_key),
        device=devices.words(request.META.get("HTTP_USER_AGENT", "")),
        address=addresses.of_client(request.META, settings.PROXIES),
        now=read_clock(),
    )


@receiver(user_logged_out, dispatch_uid="crm.session.ended")
def end(request: HttpRequest, **_kwargs: Any) -> None:
    """This function will end the login of the session that is about to be thrown away."""
    if request.session.session_key:
        sessions.end(key=request.session.session_key, why=Ending.LOGOUT, now=read_clock())
