"""Many rows written by one statement, each with values of its own."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from crm import bulk
from crm.models import Customer, FormToken, User
from servicing.models import Commitment, CommitmentEvent
from tests.factories.servicing import promise

EVENT = ("kind", "at", "noticed_at", "by_id", "detail")
FIELDS = ("due_at", "legal_latest", "provisional", "calendar_branch_id")


@pytest.fixture
def three(silver: Customer, gold: Customer, ordinary: Customer) -> list[Commitment]:
    return [promise(one) for one in (silver, gold, ordinary)]


class TestUpdatingRows:
    def test_gives_each_row_its_own_values(self, three: list[Commitment], now: datetime) -> None:
        first, second, third = three
        later = now + timedelta(days=9)
        rows = [
            (first.pk, (later, date(2026, 12, 1), True, first.branch_id)),
            (second.pk, (now + timedelta(days=8), None, False, None)),
        ]

        assert bulk.update_rows(Commitment, FIELDS, rows, count="version") == 2

        found = Commitment.objects.in_bulk()
        assert found[first.pk].due_at == later
        assert (found[first.pk].legal_latest, found[first.pk].provisional) == (date(2026, 12, 1), True)
        assert found[first.pk].calendar_branch == first.branch
        assert found[first.pk].version == first.version + 1
        assert found[second.pk].due_at == now + timedelta(days=8)
        assert found[third.pk].due_at == third.due_at
        assert found[third.pk].version == third.version

    def test_writes_a_column_of_nothing_but_empty_values(self, three: list[Commitment]) -> None:
        Commitment.objects.update(legal_latest=date(2026, 12, 1))
        assert bulk.update_rows(Commitment, ("legal_latest",), [(one.pk, (None,)) for one in three]) == 3
        assert not Commitment.objects.filter(legal_latest__isnull=False).exists()

    def test_counts_only_rows_that_are_there(self, three: list[Commitment]) -> None:
        assert bulk.update_rows(Commitment, ("title",), [(three[0].pk, ("新",)), (10**9, ("无",))]) == 1

    def test_keeps_an_instant_to_the_microsecond_as_the_field_would(
        self, three: list[Commitment], now: datetime
    ) -> None:
        moment = now.replace(microsecond=123456)
        bulk.update_rows(Commitment, ("opened_at",), [(three[0].pk, (moment,))])
        assert Commitment.objects.filter(opened_at=moment).get() == three[0]

    def test_of_no_rows_asks_nothing(self, db: None, django_assert_num_queries: object) -> None:
        assert bulk.update_rows(Commitment, ("title",), []) == 0

    def test_sends_what_rows_share_once(self, three: list[Commitment]) -> None:
        shared = ("同名",)
        with CaptureQueriesContext(connection) as asked:
            assert bulk.update_rows(Commitment, ("title",), [(one.pk, shared) for one in three]) == 3

        assert asked.captured_queries[0]["sql"].count("同名") == 1
        assert set(Commitment.objects.values_list("title", flat=True)) == {"同名"}


class TestInsertingRows:
    def test_gives_each_what_it_belongs_to_and_its_values(
        self, three: list[Commitment], lin: User, now: datetime
    ) -> None:
        shared = ("settled", now, now, lin.pk, {"due_at": "2027-01-06"})
        own = ("redated", now, now, None, {})
        rows = [(three[0].pk, shared), (three[1].pk, shared), (three[2].pk, own)]

        bulk.insert_rows(CommitmentEvent, "commitment", EVENT, rows)

        assert (
            CommitmentEvent.objects.filter(kind="settled", by=lin, detail__due_at="2027-01-06").count() == 2
        )
        last = CommitmentEvent.objects.get(kind="redated")
        assert (last.commitment, last.at, last.by, last.alarm, last.detail) == (three[2], now, None, None, {})

    def test_of_no_rows_asks_nothing(self, db: None, django_assert_num_queries: Callable[[int], Any]) -> None:
        with django_assert_num_queries(0):
            bulk.insert_rows(CommitmentEvent, "commitment", EVENT, [])


class TestAddingNewRows:
    def test_leaves_out_what_stands_and_names_the_rest(self, lin: User, now: datetime) -> None:
        standing = FormToken.objects.create(token="a", user=lin, result="/1", used_at=now)
        again, new = (FormToken(token=one, user=lin, result="/2", used_at=now) for one in ("a", "b"))

        assert not bulk.insert_new([again, new], by="token")

        assert again.pk is None
        assert FormToken.objects.get(token="b").pk == new.pk
        standing.refresh_from_db()
        assert standing.result == "/1"

    def test_says_that_all_are_new(self, lin: User, now: datetime) -> None:
        assert bulk.insert_new([FormToken(token="a", user=lin, result="", used_at=now)])
        assert not bulk.insert_new([FormToken(token="a", user=lin, result="", used_at=now)])
        assert bulk.insert_new([])

    def test_that_break_another_rule_is_an_error(self, silver: Customer) -> None:
        made = promise(silver)
        made.pk, made.occasion, made.state = None, "another", "fulfilled"

        with pytest.raises(IntegrityError), transaction.atomic():
            bulk.insert_new([made], by="kind")
