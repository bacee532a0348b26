"""Small pieces that the doors of every floor share: who is asking, and a page or the fragment of it."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.models import Customer, User

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


def below_customer(customer: Customer, title: str) -> list[tuple[str, str]]:
    """This function will lead from the list of customers over the customer's page to a page about the customer."""
    return [
        (_("客户"), reverse("crm:customer-list")),
        (customer.shown_name, reverse("crm:customer-detail", args=[customer.pk])),
        (title, ""),
    ]
