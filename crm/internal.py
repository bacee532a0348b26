"""Who may read figures about the machine without logging in: this machine itself, or whoever has the token."""

import hmac
from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

View = Callable[[HttpRequest], HttpResponse]


def internal_only(view: View) -> View:
    """This function will answer 404 to everybody else; a request that a proxy passed on comes from outside."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not (_has_token(request) or _is_near(request)):
            raise Http404
        return view(request)

    return guarded


def _has_token(request: HttpRequest) -> bool:
    wanted = settings.HEALTH_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(wanted) and hmac.compare_digest(given.encode(), wanted.encode())


def _is_near(request: HttpRequest) -> bool:
    if request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in ip_network(one) for one in settings.HEALTH_ADDRESSES)
