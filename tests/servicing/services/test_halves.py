"""What is taken in stands whole or not at all, whichever statement is the last that the process lives to see (F26)."""

from typing import Any

import pytest
from django.db import connection

from crm.models import Customer, LogEntry
from servicing.models import Commitment, Ticket, TicketEntry
from tests.factories.sending import Killed
from tests.factories.servicing import ticket

pytestmark = pytest.mark.django_db(transaction=True)


class Doom:
    """Lets so many statements pass, then the process is dead."""

    def __init__(self, statements: int) -> None:
        self.left = statements

    def __call__(self, execute: Any, *query: Any) -> Any:
        if self.left == 0:
            raise Killed
        self.left -= 1
        return execute(*query)


def parts() -> list[int]:
    return [one.objects.count() for one in (Ticket, Commitment, TicketEntry, LogEntry)]


class TestAnIntakeThatDies:
    def test_before_any_of_its_statements_leaves_nothing(self, silver: Customer) -> None:
        before, deaths = parts(), 0
        while True:
            try:
                with connection.execute_wrapper(Doom(deaths)):
                    ticket(silver)
                break
            except Killed:
                deaths += 1
            assert parts() == before, f"statement {deaths}"
        assert deaths >= len(parts())  # it died before each of them at least
        assert all(now > then for now, then in zip(parts(), before, strict=True))
