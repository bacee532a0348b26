"""The ticket list against an oracle that reads every row and sorts it in Python."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from crm.models import Customer, User
from crm.refusal import Refusal
from servicing.models import Commitment, Ticket
from servicing.models.commitment import State
from servicing.models.ticket import TicketKind, TicketState
from servicing.selectors import tickets
from servicing.selectors.tickets import Wanted
from servicing.services import tickets as desk
from tests.factories import servicing as make
from tests.factories.crm import NOW
from tests.factories.damage import breaking

pytestmark = pytest.mark.django_db
UNFINISHED = (TicketState.RECEIVED, TicketState.WAITING)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def book(seed: int, customers: Sequence[Customer], approver: User) -> None:
    """This function will take in tickets and do to each what comes next by chance; refused acts leave no trace."""
    dice = random.Random(seed)
    for _one in range(18):
        customer, kind = dice.choice(customers), dice.choice(TicketKind.values)
        received = NOW - timedelta(minutes=dice.choice((0, 0, 5, 900, 4000)))
        row = make.ticket(customer, kind, received_at=received, now=NOW, papers_complete=dice.random() < 0.7)
        for act in dice.sample(
            ("papers", "pause", "resume", "reply", "close", "withdraw"), dice.randrange(4)
        ):
            try:
                with transaction.atomic():
                    _do(act, row, NOW + timedelta(hours=dice.randrange(30)), approver)
            except Refusal:
                continue


def _do(act: str, row: Ticket, now: datetime, approver: User) -> None:
    by = row.owner
    {
        "papers": lambda: desk.complete_papers(ticket=row, by=by, now=now, approver=approver),
        "pause": lambda: desk.pause(ticket=row, reason="papers", by=by, now=now, note="缺证明"),
        "resume": lambda: desk.resume(ticket=row, by=by, now=now, approver=approver),
        "reply": lambda: desk.reply(ticket=row, body="已答复", by=by, now=now),
        "close": lambda: desk.close(ticket=row, summary="办好了", by=by, now=now),
        "withdraw": lambda: desk.withdraw(ticket=row, reason="客户不办了", by=by, now=now),
    }[act]()


def slowly(user: User, wanted: Wanted) -> list[int]:
    """This function will say what the list must hold, from whole rows and nothing that is kept for lists."""
    found = []
    for row in Ticket.objects.select_related("branch", "customer", "promise", "ceiling"):
        mine = row.owner_id in (user.pk, *user.acts_for)
        if not mine and (wanted.mine or not row.branch.path.startswith(user.branch.path)):
            continue
        if wanted.kind and row.kind != wanted.kind:
            continue
        if wanted.state and row.state not in (UNFINISHED if wanted.state == "open" else (wanted.state,)):
            continue
        if wanted.text and not any(
            wanted.text.lower() in one.lower() for one in (row.number, row.subject, row.customer.name)
        ):
            continue
        found.append(row)
    if wanted.state in ("open", *UNFINISHED):
        return [row.pk for row in sorted(found, key=lambda row: (_nearest(row), row.received_at, row.pk))]
    return [row.pk for row in sorted(found, key=lambda row: (row.received_at, row.pk), reverse=True)]


def _nearest(row: Ticket) -> datetime:
    both = [one for one in (row.promise, row.ceiling) if one is not None]
    return min((one.due_at for one in both if one.state == State.OPEN and one.due_at), default=NEVER)


@pytest.fixture
def readers(agent: User, manager: User, head_office: User, zhou: User) -> list[User]:
    agent.acts_for = frozenset({zhou.pk})
    return [agent, manager, head_office, zhou]


class TestAnyBook:
    @pytest.mark.parametrize("seed", range(4))
    def test_is_listed_as_if_every_row_were_sorted(
        self,
        seed: int,
        gold: Customer,
        silver: Customer,
        ordinary: Customer,
        manager: User,
        readers: list[User],
    ) -> None:
        book(seed, (gold, silver, ordinary), manager)
        asked = [
            Wanted(text, kind, state, mine)
            for state in ("open", "received", "waiting", "closed", "withdrawn", "")
            for kind in ("", "complaint", "change")
            for mine in (False, True)
            for text in ("", gold.name[:2])
        ]
        for user in readers:
            for wanted in random.Random(seed).sample(asked, 12):
                listed = tickets.listing(user, wanted)
                assert list(listed.values_list("pk", flat=True)) == slowly(user, wanted), wanted
                assert [row.ticket.pk for row in tickets.rows(listed[2:7], now=NOW)] == slowly(user, wanted)[
                    2:7
                ]

    @pytest.mark.parametrize("seed", range(4))
    def test_shows_the_promise_that_leads_each_ticket(
        self, seed: int, gold: Customer, silver: Customer, ordinary: Customer, manager: User
    ) -> None:
        book(seed, (gold, silver, ordinary), manager)
        shown = tickets.rows(Ticket.objects.order_by("pk"), now=NOW)
        leads = [row.lead.promise if row.lead else None for row in shown]
        assert leads == [tickets.lead_of(row) for row in Ticket.objects.order_by("pk")]
        assert breaking("tickets_are_led") == []


class TestWhatLeadsATicket:
    def test_follows_an_update_past_all_services(self, gold: Customer) -> None:
        row, soon = make.ticket(gold, "complaint"), NOW + timedelta(minutes=1)
        assert row.promise is not None
        Commitment.objects.filter(pk=row.ceiling_id).update(due_at=soon)
        row.refresh_from_db()
        assert (row.lead_id, row.next_due_at) == (row.ceiling_id, soon)

    def test_follows_many_promises_written_by_one_statement(self, gold: Customer) -> None:
        rows = [make.ticket(gold, "complaint") for _one in range(3)]
        Commitment.objects.update(state=State.FULFILLED, fulfilled_at=NOW, look_again_at=None)
        for row in rows:
            row.refresh_from_db()
            assert (row.lead_id, row.next_due_at) == (row.promise_id, None)

    def test_is_the_companys_promise_where_both_are_due_at_once(self, gold: Customer) -> None:
        row = make.ticket(gold, "complaint")
        Commitment.objects.filter(pk__in=(row.promise_id, row.ceiling_id)).update(due_at=NOW)
        row.refresh_from_db()
        assert (row.lead_id, row.next_due_at) == (row.promise_id, NOW)

    def test_cannot_be_written_by_hand(self, gold: Customer) -> None:
        row = make.ticket(gold, "complaint")
        right = Ticket.objects.values("lead", "next_due_at").get(pk=row.pk)
        Ticket.objects.filter(pk=row.pk).update(lead=None, next_due_at=timezone.now())
        assert Ticket.objects.values("lead", "next_due_at").get(pk=row.pk) == right

    def test_is_written_with_a_ticket_saved_whole(self, gold: Customer) -> None:
        row = make.ticket(gold, "complaint")
        row.save()
        assert row.next_due_at is None  # what this process holds is old
        row.refresh_from_db()
        assert row.lead_id in (row.promise_id, row.ceiling_id)

    def test_is_gone_with_its_promises(self, gold: Customer) -> None:
        row = make.ticket(gold, "complaint")
        Ticket.objects.filter(pk=row.pk).update(promise=None, ceiling=None)
        row.refresh_from_db()
        assert (row.lead_id, row.next_due_at) == (None, None)
