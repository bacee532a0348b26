"""What happens once: laid out once however often it is asked for, and settled once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from crm.models import Occurrence
from crm.models.job import OccurrenceState
from crm.planned import Planned
from crm.services import occurrences

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(now: datetime) -> Planned:
    return Planned(
        kind="x",
        subject="contact:1",
        occasion_date=now.date(),
        channel="sms",
        starts_at=now,
        ends_at=now + timedelta(hours=1),
    )


class TestWhatIsLaidOut:
    def test_stands_once(self, planned: Planned) -> None:
        assert occurrences.lay_out([planned, replace(planned, subject="contact:2")]) == 2
        assert occurrences.lay_out([planned]) == 0
        assert Occurrence.objects.count() == 2

    def test_is_defended_by_the_database(self, planned: Planned) -> None:
        occurrences.lay_out([planned])
        row = Occurrence.objects.get()
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)

    def test_is_not_due_before_its_window(self, planned: Planned, now: datetime) -> None:
        occurrences.lay_out([planned])
        assert occurrences.due(kind="x", now=now - timedelta(seconds=1), limit=9) == []
        assert len(occurrences.due(kind="x", now=now, limit=9)) == 1


class TestASettledOccurrence:
    def test_is_not_settled_again(self, planned: Planned, now: datetime) -> None:
        occurrences.lay_out([planned])
        row = Occurrence.objects.get()
        assert occurrences.settle(occurrence=row, to=OccurrenceState.SENT, now=now)
        assert not occurrences.settle(occurrence=row, to=OccurrenceState.SKIPPED, now=now, reason="已退订")
        row.refresh_from_db()
        assert (row.state, row.reason) == ("sent", "")

    def test_is_not_due_any_more(self, planned: Planned, now: datetime) -> None:
        occurrences.lay_out([planned])
        occurrences.settle(occurrence=Occurrence.objects.get(), to=OccurrenceState.SENT, now=now)
        assert occurrences.due(kind="x", now=now, limit=9) == []


class TestAnOccurrenceThatFailed:
    def test_comes_back_after_an_hour(self, planned: Planned, now: datetime) -> None:
        occurrences.lay_out([planned])
        occurrences.push(Occurrence.objects.get().pk, now=now)
        assert occurrences.due(kind="x", now=now + timedelta(minutes=59), limit=9) == []
        assert len(occurrences.due(kind="x", now=now + timedelta(hours=1), limit=9)) == 1
