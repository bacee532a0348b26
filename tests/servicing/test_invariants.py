"""The promise floor's sentences about the data: true of what the services write, and naming what breaks them."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from crm.models import Customer
from servicing.leading import trigger_names
from servicing.models import Commitment, CommitmentEvent, Pause, Ticket
from servicing.models.ticket import ChangeType, TicketKind
from servicing.services import commitments
from tests.factories import servicing as make
from tests.factories.damage import breaking, drop_trigger, run, without_check

pytestmark = pytest.mark.django_db


class TestATicketInTheList:
    def test_that_is_led_by_nothing_is_named(self, gold: Customer) -> None:
        ticket = make.ticket(gold, "complaint")
        assert breaking("tickets_are_led") == []
        drop_trigger("servicing_ticket", trigger_names(connection.vendor)[-2])
        Ticket.objects.filter(pk=ticket.pk).update(lead=None)
        assert breaking("tickets_are_led") == [ticket.number]
        assert breaking("servicing_triggers") == [trigger_names(connection.vendor)[-2]]

    def test_whose_promise_was_moved_behind_it_is_named(self, gold: Customer, now: datetime) -> None:
        ticket = make.ticket(gold, "complaint")
        drop_trigger("servicing_commitment", trigger_names(connection.vendor)[-1])
        Commitment.objects.filter(pk=ticket.promise_id).update(due_at=now)
        assert breaking("tickets_are_led") == [ticket.number]


class TestAnOpenTicket:
    @pytest.mark.parametrize("papers", [True, False])
    @pytest.mark.parametrize("kind", TicketKind.values)
    def test_of_any_kind_and_tier_has_its_clocks(
        self, kind: str, papers: bool, gold: Customer, ordinary: Customer
    ) -> None:
        for customer in (gold, ordinary):
            for change in ChangeType.values if kind == "change" else [""]:
                make.ticket(customer, kind, change_type=change, papers_complete=papers)
        assert breaking("tickets_have_their_clocks") == []
        assert breaking("ticket_and_promise_name_one_customer") == []

    def test_that_lost_its_promise_is_named(self, gold: Customer) -> None:
        ticket = make.ticket(gold, "complaint")
        Ticket.objects.filter(pk=ticket.pk).update(promise=None)
        assert breaking("tickets_have_their_clocks") == [ticket.number]

    def test_that_lost_its_ceiling_is_named(self, gold: Customer) -> None:
        ticket = make.ticket(gold, "complaint")
        Ticket.objects.filter(pk=ticket.pk).update(ceiling=None)
        assert breaking("tickets_have_their_clocks") == [ticket.number]

    def test_with_a_promise_of_another_kind_is_named(self, gold: Customer) -> None:
        ticket = make.ticket(gold, "complaint")
        other = make.promise(gold, "PA-18.1.3")
        Ticket.objects.filter(pk=ticket.pk).update(promise=other)
        assert breaking("tickets_have_their_clocks") == [ticket.number]

    def test_that_was_reclassified_is_well(self, gold: Customer, manager: object, now: datetime) -> None:
        ticket = make.ticket(gold, "change")
        commitments.reclassify(
            commitment=ticket.promise,
            standard=make.standards.in_force("PA-simple", now),
            reason="实为简单变更",
            by=None,
            approver=manager,
            now=now,
        )
        assert breaking("tickets_have_their_clocks") == []

    def test_of_another_customer_than_its_promise_is_named(self, gold: Customer, silver: Customer) -> None:
        ticket = make.ticket(gold, "enquiry")
        Ticket.objects.filter(pk=ticket.pk).update(customer=silver)
        assert breaking("ticket_and_promise_name_one_customer") == [ticket.number]


class TestCustomersWhoAreGone:
    @pytest.mark.parametrize("status", ["lapsed", "deceased"])
    def test_are_promised_nothing(self, status: str, silver: Customer, now: datetime) -> None:
        row = make.promise(silver)
        assert breaking("nobody_gone_is_promised") == []
        Customer.objects.filter(pk=silver.pk).update(status=status)
        assert breaking("nobody_gone_is_promised") == [str(row.pk)]
        commitments.cancel(commitment=row, kind="baseless", reason="客户已终止", by=None, now=now)
        assert breaking("nobody_gone_is_promised") == []


class TestPauses:
    @pytest.fixture
    def paused(self, silver: Customer, now: datetime) -> Commitment:
        row = make.promise(silver)
        return commitments.pause(commitment=row, reason="appraisal", by=None, now=now)

    def test_run_one_at_a_time(self, paused: Commitment, now: datetime) -> None:
        assert breaking("one_running_pause") == []
        run("DROP INDEX one_running_pause_per_commitment")
        Pause.objects.create(commitment=paused, reason="appraisal", started_at=now)
        assert breaking("one_running_pause") == [str(paused.pk)]

    def test_stand_behind_every_paused_promise(self, paused: Commitment, now: datetime) -> None:
        assert breaking("paused_means_a_pause") == []
        Pause.objects.update(ended_at=now)
        assert breaking("paused_means_a_pause") == [str(paused.pk)]

    def test_do_not_run_beside_an_open_promise(self, silver: Customer, now: datetime) -> None:
        row = make.promise(silver)
        Pause.objects.create(commitment=row, reason="appraisal", started_at=now)
        assert breaking("paused_means_a_pause") == [str(row.pk)]


class TestAPromiseThatIsDueForALook:
    @pytest.mark.parametrize(("seconds", "wrong"), [(599, False), (600, True)])
    def test_has_ten_minutes(self, seconds: int, wrong: bool, silver: Customer) -> None:
        row = make.promise(silver)
        assert row.look_again_at is not None
        found = breaking("looked_at_in_time", row.look_again_at + timedelta(seconds=seconds))
        assert found == ([str(row.pk)] if wrong else [])


class TestABreach:
    @pytest.fixture
    def broken(self, silver: Customer) -> Commitment:
        row = make.promise(silver)
        commitments.sweep(now=row.due_at + timedelta(seconds=1))
        row.refresh_from_db()
        assert row.breached_at
        return row

    def test_stands_at_the_due_time_and_is_written(self, broken: Commitment) -> None:
        assert breaking("a_breach_is_at_the_due_time") == []
        assert breaking("a_breach_is_written") == []
        assert breaking("servicing_triggers") == []

    def test_at_another_time_is_named(self, broken: Commitment, now: datetime) -> None:
        drop_trigger("servicing_commitment", "servicing_commitment_breached_at_stays")
        assert breaking("servicing_triggers") == ["servicing_commitment_breached_at_stays"]
        with without_check("servicing_commitment", "a_breach_happens_at_the_due_time"):
            Commitment.objects.filter(pk=broken.pk).update(breached_at=now)
        assert breaking("a_breach_is_at_the_due_time") == [str(broken.pk)]

    def test_without_an_event_is_named(self, broken: Commitment) -> None:
        CommitmentEvent.objects.filter(kind="broken").delete()
        assert breaking("a_breach_is_written") == [str(broken.pk)]


class TestAKeptPromise:
    @pytest.mark.parametrize("proof", [None, commitments.Proof("call", "T-1")])
    def test_is_proven_or_written(
        self, proof: commitments.Proof | None, silver: Customer, now: datetime
    ) -> None:
        row = make.promise(silver)
        commitments.fulfil(commitment=row, at=now, by=None, proof=proof, now=now)
        assert breaking("kept_is_proven_or_written") == []

    def test_with_neither_is_named(self, silver: Customer, now: datetime) -> None:
        row = make.promise(silver)
        commitments.fulfil(commitment=row, at=now, by=None, proof=None, now=now)
        CommitmentEvent.objects.filter(kind="fulfilled").delete()
        assert breaking("kept_is_proven_or_written") == [str(row.pk)]


def test_every_trigger_of_the_database_is_watched() -> None:
    """A trigger that a migration adds is named by some sentence, so that a rebuilt table does not lose it unseen."""
    table = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(table)
        standing = {row[0] for row in cursor.fetchall()}
    for name in standing:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class JOIN pg_trigger ON tgrelid = pg_class.oid WHERE tgname = %s"
                if connection.vendor == "postgresql"
                else "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name = %s",
                [name],
            )
            drop_trigger(cursor.fetchone()[0], name)
    keys = ("crm_triggers", "tiers_triggers", "servicing_triggers")
    assert {name for key in keys for name in breaking(key)} == standing
