"""Lets only open logins through: ended, idle, outlived ones lead to the login page with the reason; who must have a
second factor and has none is led to it and can do nothing else."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user, logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.backends import db
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode
from django.utils.timezone import now as read_clock

from crm.models import LoginSession, User
from crm.models.login import Ending
from crm.selectors import stand_ins
from crm.services import second_factors, sessions
from crm.time import local_date

# What somebody may do who has yet to register a second factor.
ON_THE_WAY = frozenset(
    {"crm:second-factor", "crm:second-factor-start", "crm:second-factor-confirm", "logout"}
)


class SessionStore(db.SessionStore):
    """Django's own session rows, read together with the login that stands beside them: one query for who comes in."""

    login: LoginSession | None = None

    def load(self) -> dict[str, Any]:
        """This function will read the session with its login, or alone where nobody has logged in by it."""
        self.login = sessions.opened(key=self.session_key, now=read_clock()) if self.session_key else None
        return self.decode(self.login.kept) if self.login else super().load()  # type: ignore[attr-defined]


class Authentication(AuthenticationMiddleware):
    """Django's own, spared the query for a person who was read with the session."""

    def process_request(self, request: HttpRequest) -> None:
        """This function will say who is asking, at once: nobody gets any further without being asked for."""
        super().process_request(request)
        request.user = _read_along(request) or get_user(request)


def _read_along(request: HttpRequest) -> User | None:
    """This function will return the person read with the session, on Django's own conditions; whoever else is Django's."""
    session = request.session
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    login: LoginSession | None = getattr(session, "login", None)
    if login is None or str(login.user_id) != session.get(SESSION_KEY) or not login.user.is_active:
        return None
    known = constant_time_compare(session.get(HASH_SESSION_KEY, ""), login.user.get_session_auth_hash())
    return login.user if known else None


class LiveSessions:
    """Stands behind Django's own authentication and before the rule that everything needs a login."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """This function will keep the next step of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """This function will end what has ended, and answer htmx in a way that moves the whole page."""
        why = self._look(request)
        response = self.get_response(request)
        if _is_the_bell(request) and request.headers.get("HX-Request") == "true" and _to_the_login(response):
            # whatever is half written on the page stays there; the next click leads to the login
            return HttpResponse(status=204)
        if request.user.is_authenticated or not _to_the_login(response):
            return response
        htmx = request.headers.get("HX-Request") == "true"
        if not why and not htmx:
            return response
        back = _page_of(request) if htmx else request.get_full_path()
        target = (
            f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back} | ({'why': why} if why else {}))}"
        )
        return _moved(request, target)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """This function will lead to the second factor whoever must have one; fails closed for every other page."""
        login = getattr(request, "login_session", None)
        if login is None or login.second or not second_factors.required(request.user):  # type: ignore[arg-type]
            return None
        if request.resolver_match and request.resolver_match.view_name in ON_THE_WAY:
            return None
        return _moved(request, resolve_url("crm:second-factor"))

    def _look(self, request: HttpRequest) -> str:
        """This function will return why the request's login has ended, or nothing."""
        if not request.user.is_authenticated:
            return ""
        now, row = read_clock(), getattr(request.session, "login", None)
        found = sessions.look(user=request.user, row=row, now=now, active=not _is_the_bell(request))
        if isinstance(found, Ending):
            logout(request)
            return str(found)
        request.login_session = found  # type: ignore[attr-defined]
        if found.lends:  # type: ignore[attr-defined]
            stand_ins.lend(request.user, on=local_date(now))
        return ""


def _is_the_bell(request: HttpRequest) -> bool:
    """This function will say whether the page asks by itself, which keeps no login alive and ends no page."""
    return request.path == resolve_url("crm:notice-count")


def _to_the_login(response: HttpResponse) -> bool:
    return isinstance(response, HttpResponseRedirect) and response.url.startswith(
        resolve_url(settings.LOGIN_URL)
    )


def _page_of(request: HttpRequest) -> str:
    """This function will return the page that an htmx request was made from; the fragment's address is no page."""
    parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    return f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"


def _moved(request: HttpRequest, target: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
