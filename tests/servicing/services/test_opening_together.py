"""Promises of one occasion opened at once, and a ticket in few statements."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Customer, User
from servicing.models import Commitment, CommitmentEvent, ServiceStandard, Ticket
from servicing.selectors import standards, terms
from servicing.services import commitments, tickets
from servicing.services.tickets import intake
from tests.factories.servicing import at, ticket

COMPLAINT = ("R-4 simple", "PA-18.2.1-complaint")
MOST = 8


def together(customer: Customer, now: datetime, codes: tuple[str, ...] = COMPLAINT) -> list[Commitment]:
    """This function will open the company's promise and the law's for one occasion."""
    return commitments.open_together(
        customer=customer,
        standards=list(standards.all_in_force(codes, now).values()),
        occasion="ticket:1",
        about="迟迟没有答复",
        triggered_at=now,
        owner=customer.owner,
        tier="silver",
        now=now,
        terms=terms.in_force(),
    )


class TestPromisesOpenedTogether:
    def test_are_what_each_would_be_by_itself(self, silver: Customer, gold: Customer, now: datetime) -> None:
        told = (
            "kind",
            "due_at",
            "starts_at",
            "look_again_at",
            "provisional",
            "calendar_version",
            "time_rules",
        )
        for row in together(silver, now):
            alone = commitments.open_clocked(
                customer=gold,
                standard=row.standard,
                occasion=row.occasion,
                title=row.title,
                triggered_at=now,
                owner=gold.owner,
                tier="silver",
                now=now,
            )
            kept = Commitment.objects.get(pk=row.pk)
            assert [getattr(kept, name) for name in told] == [getattr(alone, name) for name in told]
            assert row.title == f"{row.standard.name}：迟迟没有答复"
            events = [CommitmentEvent.objects.get(commitment=one, kind="opened") for one in (row, alone)]
            assert events[0].detail == events[1].detail
            assert (events[0].at, events[0].alarm) == (now, None)

    def test_under_no_standard_are_none(self, silver: Customer, now: datetime) -> None:
        assert together(silver, now, ()) == []


class TestWhatStandsAlready:
    def test_is_given_back_in_its_place(self, silver: Customer, now: datetime) -> None:
        first = together(silver, now)
        again = together(silver, now)

        assert [one.pk for one in again] == [one.pk for one in first]
        assert CommitmentEvent.objects.filter(kind="opened").count() == 2

    def test_lets_the_other_be_opened(self, silver: Customer, now: datetime) -> None:
        (law,) = together(silver, now, COMPLAINT[:1])
        both = together(silver, now)

        assert both[0] == law
        assert both[1].standard.code == COMPLAINT[1]
        assert Commitment.objects.count() == CommitmentEvent.objects.filter(kind="opened").count() == 2


class TestAPromiseLaterThanTheLaw:
    def test_says_so_once(self, silver: Customer, now: datetime) -> None:
        late = ServiceStandard.objects.get(code=COMPLAINT[1], active_to__isnull=True)
        ServiceStandard.objects.filter(pk=late.pk).update(active_to=now)
        late.pk, late.version, late.amount, late.active_from, late.digest = None, 99, 90, now, "90"
        late.save(force_insert=True)

        _law, company = together(silver, now)

        assert company.events.get(kind="over_ceiling").detail["ceiling"].startswith("R-4 simple")


class TestANumberThatIsTaken:
    def test_is_drawn_again_and_leaves_nothing_behind(
        self, silver: Customer, gold: Customer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(intake, "NUMBERS_A_DAY", 2)

        made = {ticket(one, "complaint", received_at=at("2026-03-10 09:00")).number for one in (silver, gold)}

        assert made == {"GD260310-00000", "GD260310-00001"}
        assert Commitment.objects.count() == 4
        assert set(Commitment.objects.values_list("occasion", flat=True)) == {f"ticket:{one}" for one in made}


class TestATicket:
    def test_is_taken_in_by_few_statements(self, silver: Customer, lin: User, now: datetime) -> None:
        ticket(silver, "complaint")  # builds the calendar
        with CaptureQueriesContext(connection) as asked:
            row = tickets.open_ticket(
                customer=silver,
                kind="complaint",
                channel="phone",
                subject="迟迟没有答复",
                received_at=now,
                by=lin,
                now=now,
            )
        said = [one["sql"] for one in asked]

        assert Ticket.objects.get(pk=row.pk).ceiling and row.promise
        assert len([one for one in said if "SAVEPOINT" not in one]) <= MOST, "\n".join(said)
        # its own, and of those who call it inside a transaction
        assert len([one for one in said if one.startswith("SAVEPOINT")]) <= 1
