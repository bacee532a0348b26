"""The database itself refuses overlapping levels, whoever writes them."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from crm.models import Customer
from tests.factories import crm as make
from tiers.models import Assignment

JAN, APR, JUL, OCT = (date(2026, month, 1) for month in (1, 4, 7, 10))


def write(customer: Customer, first: date, end: date | None, scheme: str = "group_vip") -> Assignment:
    """This function will write a level past the services."""
    return Assignment.objects.create(
        customer=customer, scheme=scheme, level="gold", active_from=first, active_to=end, source="测试"
    )


@pytest.mark.django_db
class TestTheDatabase:
    """Holding gold from April to July."""

    @pytest.mark.parametrize(
        ("first", "end"),
        [
            (APR, JUL),
            (JAN, date(2026, 4, 2)),
            (date(2026, 6, 30), OCT),
            (JAN, None),
            (JAN, OCT),
            (date(2026, 5, 1), date(2026, 5, 2)),
        ],
    )
    def test_refuses_a_period_that_overlaps(self, first: date, end: date | None) -> None:
        """By one day or by all."""
        customer = make.customer()
        write(customer, APR, JUL)
        with pytest.raises(IntegrityError, match="do_not_overlap"), transaction.atomic():
            write(customer, first, end)
        assert Assignment.objects.count() == 1

    @pytest.mark.parametrize(("first", "end"), [(JAN, APR), (JUL, OCT), (JUL, None)])
    def test_accepts_a_period_that_touches(self, first: date, end: date | None) -> None:
        """Half-open periods share no day."""
        customer = make.customer()
        write(customer, APR, JUL)
        write(customer, first, end)
        assert Assignment.objects.count() == 2

    def test_accepts_other_customers_and_schemes(self) -> None:
        """Each has periods of its own."""
        customer = make.customer()
        write(customer, APR, JUL)
        write(customer, APR, JUL, scheme="broker_star")
        write(make.customer("乙"), APR, JUL)

    def test_refuses_a_change_that_would_overlap(self) -> None:
        """Reopening an old period, too; saving it as it is does no harm."""
        customer = make.customer()
        old = write(customer, JAN, APR)
        write(customer, APR, JUL)
        old.save()
        with pytest.raises(IntegrityError, match="do_not_overlap"), transaction.atomic():
            Assignment.objects.filter(pk=old.pk).update(active_to=OCT)

    def test_refuses_rows_of_one_statement_that_overlap(self) -> None:
        """Many rows at once are looked at one by one."""
        customer = make.customer()
        rows = [
            Assignment(
                customer=customer,
                scheme="group_vip",
                level="gold",
                active_from=day,
                active_to=JUL,
                source="x",
            )
            for day in (JAN, APR)
        ]
        with pytest.raises(IntegrityError, match="do_not_overlap"), transaction.atomic():
            Assignment.objects.bulk_create(rows)


@pytest.mark.django_db(transaction=True)
class TestTwoWritersAtOnce:
    """Who cannot see each other's rows."""

    def test_one_of_them_is_refused(self) -> None:
        """The second waits for the first and then sees its row."""
        customer = make.customer()
        outcomes: list[str] = []
        together = threading.Barrier(2, timeout=20)

        def run(first: date) -> None:
            try:
                with transaction.atomic():
                    if connection.vendor == "postgresql":
                        Assignment.objects.count()
                    together.wait()
                    write(customer, first, JUL)
                outcomes.append("written")
            except IntegrityError:
                outcomes.append("refused")
            finally:
                connection.close()

        if connection.vendor == "sqlite":
            # one writer at a time: a barrier inside the transaction would only prove the lock
            together = threading.Barrier(1)
        threads = [threading.Thread(target=run, args=(day,)) for day in (JAN, APR)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(outcomes) == ["refused", "written"]
        assert Assignment.objects.count() == 1
