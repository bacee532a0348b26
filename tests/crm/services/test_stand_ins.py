"""A stand-in: for whom, who may, from which day to which, and what ends it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crm import access
from crm.models import Customer, LogEntry, Message, StandIn, User
from crm.selectors import stand_ins as read
from crm.services import handovers, staff, stand_ins
from tests.factories import crm as make

pytestmark = pytest.mark.django_db
FIRST, END = date(2026, 3, 12), date(2026, 3, 16)


def lend(person: User, taker: User, now: datetime, first: date = FIRST, end: date = END) -> StandIn:
    return stand_ins.begin(
        person=person, stand_in=taker, active_from=first, active_to=end, reason="年假", by=person, now=now
    )


class TestAStandIn:
    def test_tells_both_and_is_written_down(self, lin: User, agent: User, now: datetime) -> None:
        lend(lin, agent, now)

        assert set(Message.objects.filter(kind="stand_in").values_list("user__username", flat=True)) == {
            "lin",
            "qin",
        }
        assert "2026-03-12 至 2026-03-15" in Message.objects.filter(kind="stand_in")[0].body
        assert LogEntry.objects.get(action="crm.stand_in.begun").after["stand_in"] == "qin"

    @pytest.mark.parametrize(
        ("day", "acts"),
        [(FIRST - timedelta(days=1), False), (FIRST, True), (END - timedelta(days=1), True), (END, False)],
    )
    def test_acts_from_the_first_day_to_the_last(
        self, lin: User, agent: User, now: datetime, day: date, acts: bool
    ) -> None:
        lend(lin, agent, now)

        assert (lin.pk in read.lent_to(agent, on=day)) is acts
        assert [row.stand_in for row in read.acting_for([lin], on=day)] == ([agent] if acts else [])

    def test_who_left_acts_for_nobody(self, lin: User, agent: User, now: datetime) -> None:
        lend(lin, agent, now)
        User.objects.filter(pk=agent.pk).update(is_active=False)

        assert read.acting_for([lin], on=FIRST) == []

    def test_may_change_the_customers_only_while_it_runs(
        self, gold: Customer, lin: User, lead: User, now: datetime
    ) -> None:
        peer = make.person("peer", name="同事")
        lend(lin, peer, now)

        allowed = []
        for day in (FIRST - timedelta(days=1), FIRST, END - timedelta(days=1), END):
            read.lend(peer, on=day)
            allowed.append(access.may_edit(peer, gold))
        assert allowed == [False, True, True, False]


class TestWhoCannotStandIn:
    def test_is_the_person(self, lin: User, now: datetime) -> None:
        with pytest.raises(stand_ins.CannotStandIn, match="不能替自己代班"):
            lend(lin, lin, now)

    def test_is_somebody_of_another_branch(self, lin: User, zhou: User, now: datetime) -> None:
        with pytest.raises(stand_ins.CannotStandIn, match="看不到 塘沽营业部"):
            lend(lin, zhou, now)

    def test_is_not_somebody_above(self, lin: User, head_office: User, now: datetime) -> None:
        assert lend(lin, head_office, now).stand_in == head_office

    def test_is_somebody_who_left(self, lin: User, agent: User, now: datetime) -> None:
        staff.switch_off(person=agent, reason="离职", by=None, now=now)
        with pytest.raises(stand_ins.CannotStandIn, match="已停用"):
            lend(lin, agent, now)

    def test_is_an_auditor(self, lin: User, now: datetime) -> None:
        with pytest.raises(stand_ins.CannotStandIn, match="不办理客户事务"):
            lend(lin, make.person("shen", role="auditor"), now)

    def test_is_somebody_who_is_away_on_those_days(
        self, lin: User, lead: User, agent: User, now: datetime
    ) -> None:
        lend(agent, lead, now, FIRST, FIRST + timedelta(days=1))
        with pytest.raises(stand_ins.CannotStandIn, match="自己也请人代班"):
            lend(lin, agent, now)
        assert lend(lin, agent, now, FIRST + timedelta(days=1)).stand_in == agent


class TestThePeriod:
    def test_may_begin_today_but_not_yesterday(self, lin: User, agent: User, now: datetime) -> None:
        today = date(2026, 3, 10)
        with pytest.raises(stand_ins.StandInPeriodIsWrong, match="已经过去"):
            lend(lin, agent, now, today - timedelta(days=1))
        assert lend(lin, agent, now, today).active_from == today

    def test_has_a_day(self, lin: User, agent: User, now: datetime) -> None:
        with pytest.raises(stand_ins.StandInPeriodIsWrong, match="末日早于首日"):
            lend(lin, agent, now, FIRST, FIRST)

    @pytest.mark.parametrize(
        ("first", "end", "fits"),
        [
            (FIRST - timedelta(days=1), FIRST, True),
            (FIRST - timedelta(days=1), FIRST + timedelta(days=1), False),
            (END - timedelta(days=1), END + timedelta(days=1), False),
            (END, END + timedelta(days=1), True),
        ],
    )
    def test_meets_no_other_of_the_person(
        self, lin: User, agent: User, lead: User, now: datetime, first: date, end: date, fits: bool
    ) -> None:
        lend(lin, agent, now)

        if fits:
            lend(lin, lead, now, first, end)
        else:
            with pytest.raises(stand_ins.HasAStandIn, match="已有 秦岚 代班"):
                lend(lin, lead, now, first, end)

    def test_is_guarded_by_the_database_too(self, lin: User, agent: User, lead: User, now: datetime) -> None:
        lend(lin, agent, now)
        said: dict[str, Any] = {"active_from": FIRST, "active_to": END, "created_at": now}
        with pytest.raises(IntegrityError, match="do_not_overlap"), transaction.atomic():
            StandIn.objects.create(person=lin, stand_in=lead, **said)


class TestEndingEarly:
    def test_stops_at_once_and_tells_both(self, lin: User, agent: User, now: datetime) -> None:
        row = lend(lin, agent, now)

        ended = stand_ins.end(row=row, by=lin, now=now + timedelta(days=3))  # the second of four days

        assert (ended.active_to, ended.last_day) == (date(2026, 3, 13), FIRST)
        assert Message.objects.filter(kind="stand_in", body__contains="提前结束").count() == 2
        assert LogEntry.objects.get(action="crm.stand_in.ended").before == {"to": "2026-03-16"}

    def test_before_it_began_leaves_no_day(self, lin: User, agent: User, lead: User, now: datetime) -> None:
        row = stand_ins.end(row=lend(lin, agent, now), by=lin, now=now)

        assert (row.active_to, row.last_day) == (FIRST, None)
        assert lend(lin, lead, now).stand_in == lead

    def test_twice_is_refused(self, lin: User, agent: User, now: datetime) -> None:
        row = lend(lin, agent, now)
        stand_ins.end(row=row, by=lin, now=now)
        with pytest.raises(stand_ins.StandInIsOver, match="已经结束"):
            stand_ins.end(row=row, by=lin, now=now)

    def test_after_the_last_day_is_refused(self, lin: User, agent: User, now: datetime) -> None:
        row = lend(lin, agent, now)
        with pytest.raises(stand_ins.StandInIsOver):
            stand_ins.end(row=row, by=lin, now=now + timedelta(days=6))


class TestAHandoverMeanwhile:
    def test_takes_the_customer_out_of_what_is_lent(
        self, gold: Customer, lin: User, lead: User, now: datetime
    ) -> None:
        peer = make.person("peer")
        lend(lin, peer, now)
        former_branch = gold.branch
        gold.owner = lead
        gold.save()
        handovers.note_change(customer=gold, former=lin, former_branch=former_branch, by=None, now=now)

        read.lend(peer, on=FIRST)
        assert not access.may_edit(peer, gold)


class TestWhoIsSwitchedOff:
    def test_stands_in_for_nobody_any_more_and_the_others_are_told(
        self, lin: User, agent: User, manager: User, now: datetime
    ) -> None:
        running = lend(lin, agent, now, date(2026, 3, 10), END)
        coming = lend(lin, agent, now, date(2026, 4, 1), date(2026, 4, 3))
        Message.objects.all().delete()

        staff.switch_off(person=agent, reason="离职", by=manager, now=now)

        for row in (running, coming):
            row.refresh_from_db()
        assert (running.active_to, coming.active_to) == (date(2026, 3, 10), coming.active_from)
        told = Message.objects.filter(kind="stand_in").values_list("user__username", flat=True)
        assert list(told) == ["lin", "lin"]
        assert LogEntry.objects.filter(action="crm.stand_in.ended").count() == 2

    def test_leaves_those_that_are_over_as_they_were(
        self, lin: User, agent: User, manager: User, now: datetime
    ) -> None:
        over = lend(lin, agent, now, date(2026, 3, 10), date(2026, 3, 11))

        staff.switch_off(person=agent, reason="离职", by=manager, now=now + timedelta(days=3))

        over.refresh_from_db()
        assert over.active_to == date(2026, 3, 11)
        assert not LogEntry.objects.filter(action="crm.stand_in.ended").exists()
