"""The benches still run: tiny books, real rows, no figures."""

from datetime import UTC, datetime

import pytest

from bench import (
    api_import,
    api_import_work,
    book,
    book_load,
    book_rows,
    pages,
    recount,
    recount_work,
    render,
    search,
    search_work,
)
from crm.models import Customer
from servicing.models import Commitment, Ticket

CUSTOMERS, TICKETS = 60, 20


@pytest.fixture
def tiny(db: None) -> None:
    """A book of sixty customers."""
    book_load.load(CUSTOMERS, TICKETS)


class TestTheBook:
    def test_is_the_same_each_time(self) -> None:
        midnight = datetime(2026, 3, 10, 16, tzinfo=UTC)

        assert list(book_rows.customers(9, midnight)) == list(book_rows.customers(9, midnight))

    def test_has_the_shape_that_the_goals_speak_of(self, tiny: None) -> None:
        assert Customer.objects.count() == CUSTOMERS
        assert (Commitment.objects.count(), Ticket.objects.count()) == (5 * CUSTOMERS, TICKETS)
        assert Commitment.objects.running().count() == book_rows.how_many_open(CUSTOMERS, TICKETS)


class TestTheBenches:
    @pytest.mark.parametrize("script", [api_import, book, pages, recount, render, search])
    def test_can_be_started(self, script: object) -> None:
        assert callable(getattr(script, "main", None))

    def test_send_rows_that_are_taken(self, db: None) -> None:
        assert api_import_work.measure(1, 1).keys() == {"customers", "premiums"}

    def test_find_what_they_search_for(self, tiny: None) -> None:
        assert all(
            one["rows"] for one in search_work.measure(CUSTOMERS) if one["what"] != "4 pinyin initials"
        )

    def test_count_as_many_promises_again_as_the_bare_statement(self, tiny: None) -> None:
        recount_work.prepare(CUSTOMERS, 24)

        assert recount_work.measure(1)["rows"] == 24
