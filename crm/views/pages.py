"""Small pieces that the doors of every floor share: who is asking, and a page or the fragment of it."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.models import User

REFUSED = 422


def signed_in(request: HttpRequest) -> User:
    """This function will return who is asking; the middleware lets nobody else reach a door."""
    return cast(User, request.user)


def is_htmx(request: HttpRequest) -> bool:
    """This function will say whether htmx asks for a part, not a person going back in history for a page."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def page_or_part(
    request: HttpRequest, *, page: str, part: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """This function will render the whole page, or for htmx the fragment that the page includes."""
    return render(request, part if is_htmx(request) else page, context, status=status)
