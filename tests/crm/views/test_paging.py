"""Pages of long lists: exact up to the bound, "or more" beyond it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Customer
from crm.views import paging
from crm.views.paging import Pages

pytestmark = pytest.mark.django_db


class TestAListBelowTheBound:
    def test_is_counted_exactly(self, gold: Customer, silver: Customer, ordinary: Customer) -> None:
        pages = Pages(Customer.objects.order_by("pk"), 2)
        assert (pages.count, pages.more, pages.num_pages) == (3, False, 2)
        assert list(pages.page(2).object_list) == [Customer.objects.order_by("pk")[2]]


class TestAListAtTheBound:
    @pytest.mark.parametrize(("bound", "count", "more"), [(2, 2, True), (3, 3, False), (4, 3, False)])
    def test_says_more_only_beyond_it(
        self,
        bound: int,
        count: int,
        more: bool,
        gold: Customer,
        silver: Customer,
        ordinary: Customer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(paging, "MOST_COUNTED", bound)
        pages = Pages(Customer.objects.order_by("pk"), 2)
        assert (pages.count, pages.more) == (count, more)


class TestAListThatWasCountedBefore:
    def test_is_not_counted_again(self, gold: Customer) -> None:
        with CaptureQueriesContext(connection) as asked:
            pages = Pages(Customer.objects.order_by("pk"), 2, known=50_000)
            assert (pages.count, pages.more, pages.num_pages) == (50_000, False, 25_000)
        assert len(asked) == 0
