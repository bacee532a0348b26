"""Customers change hands: with their work, once, with a trace, and they are told."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from crm.models import Customer, Handover, HandoverItem, LogEntry, Message, User
from crm.models.message import MessageState
from crm.services import customers, handovers, staff
from servicing.models import Commitment, Ticket
from servicing.services import handovers as follow_up
from servicing.services import tickets
from tests.factories import crm as make
from tests.factories import servicing as promise_floor
from tests.factories.sending import Gateway, run_delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def mei(lead: User) -> User:
    """The colleague who takes over."""
    return make.person("mei", name="梅芳", supervisor=lead)


def give(
    former: User, *takers: User, by: User, now: datetime, cause: str = "leaving", rest: User | None = None
) -> Handover:
    """This function will hand over all that somebody keeps."""
    return handovers.hand_over(
        customers=Customer.objects.filter(owner=former),
        takers=takers,
        cause=cause,
        reason="离职交接",
        former=former,
        rest_taker=rest,
        by=by,
        now=now,
    )


def told(item: HandoverItem) -> Commitment:
    return Commitment.objects.get(occasion=f"handover:{item.pk}")


class TestALeaver:
    def test_gives_customers_with_their_promises_and_tickets(
        self, gold: Customer, ordinary: Customer, mei: User, manager: User, now: datetime
    ) -> None:
        lin = gold.owner
        ticket = promise_floor.ticket(gold, "complaint", received_at=now)
        due = ticket.promise.due_at if ticket.promise else None
        row = give(lin, mei, by=manager, now=now)
        for customer in (gold, ordinary):
            customer.refresh_from_db()
            assert customer.owner_id == mei.pk
        ticket.refresh_from_db()
        assert ticket.owner_id == mei.pk and ticket.promise is not None
        assert (ticket.promise.owner_id, ticket.promise.due_at) == (mei.pk, due)
        assert row.finished_at == now
        assert Message.objects.filter(user=mei, kind="handover").count() == 1
        entry = LogEntry.objects.get(action="crm.customer.handed_over", customer=gold)
        assert (entry.before, entry.after) == ({"owner": "lin"}, {"owner": "mei"})

    def test_can_be_switched_off_afterwards(
        self, gold: Customer, ordinary: Customer, agent: User, mei: User, manager: User, now: datetime
    ) -> None:
        lin, elsewhere = gold.owner, make.customer("别人的客户", owner=manager)
        elsewhere.team.add(lin)
        taken = promise_floor.ticket(elsewhere, "complaint", received_at=now)
        tickets.transfer(ticket=taken, owner=lin, reason="分工", by=manager, now=now)
        give(lin, mei, by=manager, now=now, rest=agent)
        staff.switch_off(person=lin, reason="离职", by=manager, now=now)
        taken.refresh_from_db()
        assert taken.owner_id == agent.pk
        assert list(elsewhere.team.all()) == [agent]

    def test_gives_nothing_a_second_time(
        self, gold: Customer, mei: User, manager: User, now: datetime
    ) -> None:
        lin = gold.owner
        give(lin, mei, by=manager, now=now)
        with pytest.raises(handovers.NothingToHandOver):
            give(lin, mei, by=manager, now=now)
        assert HandoverItem.objects.count() == 1

    def test_can_be_spread_evenly(
        self, lin: User, mei: User, lead: User, manager: User, now: datetime
    ) -> None:
        for n in range(5):
            make.customer(f"客户{n}", owner=lin)
        give(lin, mei, lead, by=manager, now=now)
        assert sorted((mei.customers.count(), lead.customers.count())) == [2, 3]


class TestARefusedHandover:
    def test_needs_a_reason(self, gold: Customer, mei: User, manager: User, now: datetime) -> None:
        with pytest.raises(handovers.WhyHandOver):
            handovers.hand_over(
                customers=Customer.objects.all(),
                takers=[mei],
                cause="workload",
                reason=" ",
                by=manager,
                now=now,
            )

    def test_needs_somebody_who_keeps_customers(
        self, gold: Customer, agent: User, manager: User, now: datetime
    ) -> None:
        with pytest.raises(handovers.TakerCannotKeep, match="秦岚"):
            give(gold.owner, agent, by=manager, now=now)
        User.objects.filter(pk=agent.pk).update(role="account_manager", is_active=False)
        agent.refresh_from_db()
        with pytest.raises(handovers.TakerCannotKeep):
            give(gold.owner, agent, by=manager, now=now)

    def test_between_branches_is_for_managers(
        self, gold: Customer, lin: User, zhou: User, head_office: User, now: datetime
    ) -> None:
        with pytest.raises(handovers.NotYourBranches, match="1 位"):
            give(lin, zhou, by=lin, now=now)
        give(lin, zhou, by=head_office, now=now)
        gold.refresh_from_db()
        assert (gold.owner_id, gold.branch_id) == (zhou.pk, zhou.branch_id)

    def test_names_a_customer_who_waits_already(
        self, gold: Customer, mei: User, lead: User, manager: User, now: datetime
    ) -> None:
        waiting = Handover.objects.create(cause="workload", reason="前一次", by=manager, at=now)
        HandoverItem.objects.create(
            handover=waiting,
            customer=gold,
            former=gold.owner,
            taker=lead,
            former_branch=gold.branch,
            branch=gold.branch,
        )
        with pytest.raises(handovers.AlreadyWaiting):
            give(gold.owner, mei, by=manager, now=now)


class TestALongHandover:
    @pytest.fixture
    def begun(self, lin: User, mei: User, manager: User, now: datetime) -> Handover:
        for n in range(53):
            make.customer(f"客户{n:02d}", owner=lin)
        return give(lin, mei, by=manager, now=now)

    def test_goes_on_by_itself_and_ends(self, begun: Handover, mei: User, now: datetime) -> None:
        assert mei.customers.count() == 50 and begun.finished_at is None
        handovers.carry_out_waiting(now=now)
        begun.refresh_from_db()
        assert mei.customers.count() == 53 and begun.finished_at == now
        assert handovers.carry_out_waiting(now=now).done == 0
        assert Message.objects.filter(user=mei, kind="handover").count() == 1

    def test_leaves_whom_somebody_else_moved(
        self, begun: Handover, lead: User, manager: User, now: datetime
    ) -> None:
        late = begun.items.filter(state="planned").first()
        assert late is not None
        Customer.objects.filter(pk=late.customer_id).update(owner=lead)
        handovers.carry_out_waiting(now=now)
        late.refresh_from_db()
        assert late.state == "left" and "别人" in late.note
        assert Customer.objects.get(pk=late.customer_id).owner_id == lead.pk

    def test_leaves_whom_a_leaver_was_to_take(self, begun: Handover, mei: User, now: datetime) -> None:
        User.objects.filter(pk=mei.pk).update(is_active=False)
        handovers.carry_out_waiting(now=now)
        assert begun.items.filter(state="left", note="接手人已停用").count() == 3


class TestTheCustomer:
    def test_is_told_by_message_and_the_promise_is_kept_then(
        self, ordinary: Customer, mei: User, manager: User, now: datetime
    ) -> None:
        make.contact(ordinary, "张伟", phone="13912345678")
        item = give(ordinary.owner, mei, by=manager, now=now).items.get()
        promise = told(item)
        assert promise.standard.code == "R-8" and promise.owner_id == mei.pk
        assert promise.due_at is not None and (promise.due_at - now).days in (29, 30)
        assert item.notice is not None and "梅芳" in item.notice.body and "离职" in item.notice.body
        run_delivery(Gateway(), now)
        promise.refresh_from_db()
        assert promise.state == "fulfilled" and promise.evidence.count() == 1
        run_delivery(Gateway(), now + timedelta(hours=1))
        assert Message.objects.filter(kind="handover_notice").count() == 1

    def test_is_not_woken(self, ordinary: Customer, mei: User, manager: User, now: datetime) -> None:
        make.contact(ordinary, "张伟", phone="13912345678")
        night = now.replace(hour=23)
        item = give(ordinary.owner, mei, by=manager, now=night).items.get()
        run_delivery(Gateway(), night + timedelta(hours=1))
        assert told(item).state == "open"
        run_delivery(Gateway(), night + timedelta(hours=10))
        assert told(item).state == "fulfilled"

    def test_without_a_phone_is_called_and_the_call_is_noted(
        self, ordinary: Customer, mei: User, manager: User, now: datetime
    ) -> None:
        item = give(ordinary.owner, mei, by=manager, now=now).items.get()
        assert item.notice is None and told(item).state == "open"
        follow_up.note_told(commitment=told(item), way="phone", note="本人接听", by=mei, now=now)
        assert told(item).state == "fulfilled"

    def test_who_was_called_gets_no_message(
        self, ordinary: Customer, mei: User, manager: User, now: datetime
    ) -> None:
        make.contact(ordinary, "张伟", phone="13912345678")
        item = give(ordinary.owner, mei, by=manager, now=now).items.get()
        follow_up.note_told(commitment=told(item), way="phone", note="", by=mei, now=now)
        run_delivery(Gateway(), now)
        item.refresh_from_db()
        assert item.notice is not None and item.notice.state == MessageState.SKIPPED

    def test_of_another_cause_is_told_only_if_vip(
        self, gold: Customer, ordinary: Customer, mei: User, manager: User, now: datetime
    ) -> None:
        row = give(gold.owner, mei, by=manager, now=now, cause="workload")
        kinds = Commitment.objects.filter(occasion__startswith="handover:").values_list("kind", "customer_id")
        assert list(kinds) == [("handover_notice", gold.pk)] and row.items.count() == 2

    def test_who_is_no_customer_any_more_is_not_told(
        self, ordinary: Customer, mei: User, manager: User, now: datetime
    ) -> None:
        Customer.objects.filter(pk=ordinary.pk).update(status="lapsed")
        give(ordinary.owner, mei, by=manager, now=now)
        assert not Commitment.objects.filter(occasion__startswith="handover:").exists()


class TestAnotherKeeperInTheForm:
    def test_is_a_handover_too(self, gold: Customer, mei: User, manager: User, now: datetime) -> None:
        ticket = promise_floor.ticket(gold, "complaint", received_at=now)
        gold.refresh_from_db()
        customers.change_customer(customer=gold, version=gold.version, owner=mei, by=manager, now=now)
        item = HandoverItem.objects.get()
        assert (item.former.username, item.taker_id, item.state) == ("lin", mei.pk, "moved")
        assert Ticket.objects.get(pk=ticket.pk).owner_id == mei.pk


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
class TestTwoWorkersAtOnce:
    def test_move_each_customer_once(self, now: datetime) -> None:
        manager = make.person("guo", role="branch_manager")
        lin, mei = make.person("lin"), make.person("mei")
        for n in range(60):
            make.customer(f"客户{n:02d}", owner=lin)
        row = give(lin, mei, by=manager, now=now)
        barrier = threading.Barrier(2)

        def work() -> None:
            barrier.wait(30)
            handovers.carry_out_waiting(now=now)
            connection.close()

        threads = [threading.Thread(target=work) for _one in range(2)]
        for one in threads:
            one.start()
        for one in threads:
            one.join(60)
        assert mei.customers.count() == 60
        assert LogEntry.objects.filter(action="crm.customer.handed_over").count() == 60
        row.refresh_from_db()
        assert row.finished_at is not None
        assert Message.objects.filter(user=mei, kind="handover").count() == 1
