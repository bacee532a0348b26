"""Writing down what passed with a customer, and correcting it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crm.models import Customer, LogEntry, Touchpoint, User
from crm.rights import NotAllowed
from crm.services import stamps, touchpoints
from tests.factories import crm as make

pytestmark = pytest.mark.django_db
DAY = timedelta(hours=24)


def correct(row: Touchpoint, by: User, now: Any = make.NOW, reason: str = "", **changes: Any) -> Touchpoint:
    """This function will correct a touchpoint from a page that shows it as it stands."""
    row = Touchpoint.objects.get(pk=row.pk)
    fields: Any = {name: getattr(row, name) for name in touchpoints.TouchpointFields.__annotations__}
    return touchpoints.correct(
        touchpoint=row, by=by, now=now, seen=stamps.of(row), reason=reason, **(fields | changes)
    )


class TestATouchpoint:
    """Of a customer."""

    def test_is_recorded_and_written_down(self, gold: Customer, lin: User) -> None:
        """With a number to quote; a person only by the mask."""
        contact = make.contact(gold, "张伟")
        row = make.touchpoint(gold, " 谈续保 ", contact=contact, outcome="周五寄资料")
        assert row.summary == "谈续保" and row.number == f"WL{row.pk:08d}"
        entry = LogEntry.objects.get(action="crm.touchpoint.recorded")
        assert entry.customer == gold and entry.after and entry.after["contact"] == "张*"

    def test_has_happened(self, gold: Customer) -> None:
        """Now is the latest."""
        assert make.touchpoint(gold, happened_at=make.NOW).pk
        with pytest.raises(touchpoints.HappensInFuture):
            make.touchpoint(gold, happened_at=make.NOW + timedelta(seconds=1))

    def test_says_something(self, gold: Customer) -> None:
        """Blanks are nothing, in the service and in the database."""
        with pytest.raises(touchpoints.SummaryMissing):
            make.touchpoint(gold, "  ")
        row = make.touchpoint(gold)
        with pytest.raises(IntegrityError), transaction.atomic():
            Touchpoint.objects.filter(pk=row.pk).update(summary="")
        with pytest.raises(IntegrityError), transaction.atomic():
            Touchpoint.objects.filter(pk=row.pk).update(happened_at=make.NOW + DAY)

    def test_is_with_somebody_of_the_customer(self, gold: Customer, silver: Customer) -> None:
        """Not of another."""
        with pytest.raises(touchpoints.ContactOfAnother):
            make.touchpoint(gold, contact=make.contact(silver))

    def test_is_not_written_by_the_auditor(self, gold: Customer) -> None:
        """Who changes nothing."""
        with pytest.raises(NotAllowed):
            make.touchpoint(gold, by=make.person("shen", "auditor"))


class TestACorrection:
    """Of what was written."""

    def test_keeps_the_former_wording(self, gold: Customer, lin: User) -> None:
        """In the log, with just what changed."""
        row = correct(make.touchpoint(gold, "谈续保"), lin, summary="谈理赔")
        assert (row.summary, row.corrected_at) == ("谈理赔", make.NOW)
        entry = LogEntry.objects.get(action="crm.touchpoint.corrected")
        assert (entry.before, entry.after) == ({"summary": "谈续保"}, {"summary": "谈理赔"})

    def test_to_the_same_words_writes_nothing(self, gold: Customer, lin: User) -> None:
        """No row of the log, no mark."""
        assert correct(make.touchpoint(gold), lin).corrected_at is None
        assert not LogEntry.objects.filter(action="crm.touchpoint.corrected").exists()

    def test_is_the_writers_for_a_day_and_then_a_managers(
        self, gold: Customer, lin: User, agent: User, manager: User
    ) -> None:
        """To the second; and a manager says why."""
        row = make.touchpoint(gold)
        assert correct(row, lin, make.NOW + DAY, summary="一天整").corrected_at
        for by, now in ((lin, make.NOW + DAY + timedelta(seconds=1)), (agent, make.NOW)):
            with pytest.raises(touchpoints.NotYoursToCorrect):
                correct(row, by, now, summary="太晚", reason="写错了")
        with pytest.raises(touchpoints.CorrectionNeedsReason):
            correct(row, manager, summary="经理改")
        assert correct(row, manager, summary="经理改", reason="日期写错").summary == "经理改"
        assert LogEntry.objects.filter(reason="日期写错").exists()

    def test_of_a_stale_page_is_refused(self, gold: Customer, lin: User) -> None:
        """Somebody was faster."""
        row = make.touchpoint(gold)
        row.refresh_from_db()
        seen = stamps.of(row)
        correct(row, lin, summary="先改")
        fields: Any = {name: getattr(row, name) for name in touchpoints.TouchpointFields.__annotations__}
        with pytest.raises(touchpoints.TouchpointChangedMeanwhile):
            touchpoints.correct(
                touchpoint=row, by=lin, now=make.NOW, seen=seen, **(fields | {"summary": "后改"})
            )

    def test_does_not_reach_into_the_future(self, gold: Customer, lin: User) -> None:
        """Neither does the first writing."""
        with pytest.raises(touchpoints.HappensInFuture):
            correct(make.touchpoint(gold), lin, happened_at=make.NOW + timedelta(seconds=1))
