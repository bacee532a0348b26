"""The team that serves a customer: one keeper, one deputy, members with duties (rulebook BR-2), and what is logged."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from crm import access
from crm.models import Customer, LogEntry, TeamSeat, User
from crm.models.customer import SeatKind
from crm.selectors import teams as read
from crm.services import customers, handovers, stamps, teams
from tests.factories import crm as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def mate(lin: User) -> User:
    return make.person("mate", name="同事")


def sit(
    customer: Customer, user: User, now: datetime, kind: str = "member", duty: str = "办理保全"
) -> TeamSeat:
    return teams.seat(customer=customer, user=user, kind=kind, duty=duty, by=customer.owner, now=now)


class TestSeatingAColleague:
    def test_gives_a_seat_a_kind_a_duty_and_a_line_in_the_log(
        self, gold: Customer, agent: User, now: datetime
    ) -> None:
        seat = sit(gold, agent, now, "deputy", " 理赔协调 ")
        assert (seat.kind, seat.duty) == (SeatKind.DEPUTY, "理赔协调")
        entry = LogEntry.objects.get(action="crm.team.changed", customer=gold)
        assert entry.after == {"seat": "qin", "seat_kind": "deputy", "duty": "理赔协调"}

    def test_lets_the_colleague_change_the_customer(self, gold: Customer, mate: User, now: datetime) -> None:
        assert not access.may_edit(mate, gold)
        sit(gold, mate, now)
        assert access.may_edit(mate, gold)

    def test_is_refused_twice(self, gold: Customer, agent: User, now: datetime) -> None:
        sit(gold, agent, now)
        with pytest.raises(teams.CannotSit, match="已在团队里"):
            sit(gold, agent, now)
        with pytest.raises(IntegrityError), transaction.atomic():
            TeamSeat.objects.create(customer=gold, user=agent)

    def test_is_refused_to_the_keeper(self, gold: Customer, now: datetime) -> None:
        with pytest.raises(teams.CannotSit, match="客户经理"):
            sit(gold, gold.owner, now, "deputy")

    def test_is_refused_to_who_cannot_see_the_customer(
        self, gold: Customer, zhou: User, now: datetime
    ) -> None:
        with pytest.raises(teams.CannotSit, match="看不到"):
            sit(gold, zhou, now)

    def test_is_refused_to_who_has_left_or_only_audits(
        self, gold: Customer, mate: User, now: datetime
    ) -> None:
        User.objects.filter(pk=mate.pk).update(is_active=False)
        with pytest.raises(teams.CannotSit, match="已停用"):
            sit(gold, mate, now)
        User.objects.filter(pk=mate.pk).update(is_active=True, role="auditor")
        with pytest.raises(teams.CannotSit, match="不办理服务工作"):
            sit(gold, mate, now)

    def test_needs_a_duty(self, gold: Customer, agent: User, now: datetime) -> None:
        with pytest.raises(teams.DutyIsMissing):
            sit(gold, agent, now, duty="  ")

    def test_has_room_for_one_deputy(self, gold: Customer, agent: User, mate: User, now: datetime) -> None:
        sit(gold, agent, now, "deputy")
        with pytest.raises(teams.HasADeputy, match="秦岚"):
            sit(gold, mate, now, "deputy")

    def test_waits_for_no_merged_customer(
        self, gold: Customer, silver: Customer, agent: User, now: datetime
    ) -> None:
        Customer.objects.filter(pk=silver.pk).update(merged_into=gold)
        with pytest.raises(customers.CustomerWasMerged):
            sit(silver, agent, now)


class TestChangingASeat:
    def test_keeps_both_wordings_in_the_log(self, gold: Customer, agent: User, now: datetime) -> None:
        seat = sit(gold, agent, now)
        teams.change(seat=seat, seen=stamps.of(seat), kind="leader", duty="统筹", by=gold.owner, now=now)
        entry = LogEntry.objects.filter(action="crm.team.changed").latest("pk")
        assert (entry.before or {})["duty"] == "办理保全" and (entry.after or {})["seat_kind"] == "leader"

    def test_to_the_same_writes_nothing(self, gold: Customer, agent: User, now: datetime) -> None:
        seat = sit(gold, agent, now)
        teams.change(seat=seat, seen=stamps.of(seat), kind=seat.kind, duty=seat.duty, by=None, now=now)
        assert LogEntry.objects.filter(action="crm.team.changed").count() == 1

    def test_that_somebody_else_changed_is_refused(self, gold: Customer, agent: User, now: datetime) -> None:
        seat = sit(gold, agent, now)
        seen = stamps.of(seat)
        teams.change(seat=seat, seen=seen, kind="member", duty="回访", by=None, now=now)
        with pytest.raises(teams.SeatChangedMeanwhile):
            teams.change(seat=seat, seen=seen, kind="member", duty="续保", by=None, now=now)

    def test_leaves_the_only_deputy_a_deputy(self, gold: Customer, agent: User, now: datetime) -> None:
        seat = sit(gold, agent, now, "deputy")
        teams.change(seat=seat, seen="", kind="deputy", duty="另一项", by=None, now=now)
        assert TeamSeat.objects.get(pk=seat.pk).duty == "另一项"


class TestClearingASeat:
    def test_takes_the_colleague_out_once(self, gold: Customer, agent: User, now: datetime) -> None:
        seat = sit(gold, agent, now)
        teams.clear(seat=seat, by=gold.owner, now=now)
        assert not gold.seats.exists()
        assert LogEntry.objects.filter(action="crm.team.changed").latest("pk").after == {"seat": ""}
        with pytest.raises(teams.SeatChangedMeanwhile):
            teams.clear(seat=seat, by=gold.owner, now=now)


class TestANewKeeper:
    def test_who_sat_in_the_team_leaves_the_seat_and_the_log_says_so(
        self, gold: Customer, mate: User, now: datetime
    ) -> None:
        sit(gold, mate, now)
        handovers.hand_over(
            customers=Customer.objects.filter(pk=gold.pk),
            takers=[mate],
            cause="workload",
            reason="分工",
            by=gold.owner,
            now=now,
        )
        assert not gold.seats.exists()
        assert LogEntry.objects.filter(action="crm.team.changed").latest("pk").before == {
            "seat": "mate",
            "seat_kind": "member",
            "duty": "办理保全",
        }

    def test_changed_among_other_fields_leaves_the_seat_too(
        self, gold: Customer, mate: User, agent: User, now: datetime
    ) -> None:
        sit(gold, mate, now)
        sit(gold, agent, now, "deputy", "理赔协调")
        customers.change_customer(customer=gold, version=gold.version, owner=mate, by=None, now=now)
        left = gold.seats.get()
        assert (left.user, left.kind, left.duty) == (agent, SeatKind.DEPUTY, "理赔协调")


class TestWhatATeamLacks:
    def test_is_a_deputy_and_a_member_with_a_duty(
        self, gold: Customer, agent: User, mate: User, now: datetime
    ) -> None:
        assert [str(one) for one in read.missing(read.seats_of(gold))] == ["客户副经理", "写明职责的成员"]
        sit(gold, agent, now, "deputy")
        sit(gold, mate, now)
        seats = read.seats_of(gold)
        assert read.missing(seats) == [] and [one.kind for one in seats] == ["deputy", "member"]

    def test_offers_colleagues_who_are_not_in_it(
        self, gold: Customer, agent: User, mate: User, zhou: User, now: datetime
    ) -> None:
        sit(gold, agent, now)
        offered = list(read.candidates(gold))
        assert mate in offered and not {agent, gold.owner, zhou} & set(offered)
