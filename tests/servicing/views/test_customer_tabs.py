"""The promise floor's tabs of a customer's page."""

from collections.abc import Callable

import pytest
from django.test import Client

from crm.models import Customer, User
from tests.factories.servicing import ticket

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
TABS = ("promises", "tickets")


class TestTheTabs:
    """Of one customer."""

    def test_show_promises_and_tickets(self, client_as: LogIn, lin: User, silver: Customer) -> None:
        """Of this customer alone, as fragments for htmx."""
        row, other = ticket(silver), ticket(silver, "change")
        for tab in TABS:
            part = client_as(lin).get(f"/customers/{silver.pk}/{tab}/", headers={"HX-Request": "true"})
            assert row.number in part.text and other.number in part.text and "<html" not in part.text

    def test_are_pages_without_script(
        self, client_as: LogIn, lin: User, gold: Customer, silver: Customer
    ) -> None:
        """With the way back to the customer."""
        row = ticket(silver)
        for tab in TABS:
            page = client_as(lin).get(f"/customers/{gold.pk}/{tab}/")
            assert "<html" in page.text and f'href="/customers/{gold.pk}/"' in page.text
            assert row.number not in page.text

    def test_are_on_the_customers_page(self, client_as: LogIn, lin: User, gold: Customer) -> None:
        """In the order of the shelf."""
        text = client_as(lin).get(f"/customers/{gold.pk}/?tab=promises").text
        assert f'hx-get="/customers/{gold.pk}/promises/"' in text and "?tab=tickets" in text

    def test_of_another_branch_are_unknown(self, client_as: LogIn, zhou: User, gold: Customer) -> None:
        """404."""
        for tab in TABS:
            assert client_as(zhou).get(f"/customers/{gold.pk}/{tab}/").status_code == 404
            assert Client().get(f"/customers/{gold.pk}/{tab}/").status_code == 302
