"""Two acts on one promise at the same moment: the second waits, and meets the promise as the first one left it."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction

from crm.models import Customer, User
from servicing.models import Commitment, Ticket
from servicing.selectors import standards
from servicing.services import commitments
from servicing.services.commitments import Proof
from tests.factories.servicing import at, promise, ticket

TRIGGERED = at("2026-03-02 09:00")
LATER = TRIGGERED + timedelta(hours=1)


def after(first: Callable[[], object], second: Callable[[], object]) -> list[str]:
    """This function will do the second act while the first is not committed; it returns what went wrong."""
    wrong: list[str] = []

    def act() -> None:
        try:
            second()
        except Exception as error:
            wrong.append(repr(error))
        finally:
            connection.close()

    thread = Thread(target=act)
    with transaction.atomic():
        first()
        _until_somebody_waits(thread)
    thread.join()
    return wrong


def _until_somebody_waits(thread: Thread) -> None:
    thread.start()
    while thread.is_alive() and not _somebody_waits():
        thread.join(0.02)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.only_on("postgresql")  # SQLite lets one writer in at a time
@pytest.mark.django_db(transaction=True)
class TestAnActThatWaited:
    @pytest.fixture
    def made(self, silver: Customer) -> Commitment:
        return promise(silver, "PA-18.1.4-general", triggered_at=TRIGGERED)

    def fulfil(self, made: Commitment, by: User) -> Commitment:
        proof = Proof(kind="reply", reference="GD1#1")
        return commitments.fulfil(commitment=made, at=LATER, by=by, proof=proof, now=LATER)

    def test_for_a_handover_finds_the_promise_in_its_new_hands(
        self, made: Commitment, lin: User, agent: User
    ) -> None:
        def hand_over() -> None:
            commitments.transfer(commitment=made, owner=agent, reason="休假", by=lin, now=LATER)

        assert after(hand_over, lambda: self.fulfil(made, lin)) == []
        made.refresh_from_db()
        assert (made.state, made.owner) == ("fulfilled", agent)

    def test_for_another_class_judges_by_the_new_standard(
        self, made: Commitment, lin: User, manager: User
    ) -> None:
        investigation = standards.in_force("PA-18.1.4-investigation", LATER)

        def reclassify() -> None:
            commitments.reclassify(
                commitment=made, standard=investigation, reason="需调查", by=lin, approver=manager, now=LATER
            )

        def pause() -> None:
            commitments.pause(commitment=made, reason="papers", by=lin, now=LATER)

        assert after(reclassify, pause) == []
        made.refresh_from_db()
        assert (made.state, made.standard) == ("paused", investigation)


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
class TestAnActOnATicketsPromise:
    def test_waits_for_the_ticket_before_it_holds_the_promise(self, silver: Customer, agent: User) -> None:
        row = ticket(silver, "complaint", received_at=TRIGGERED)
        assert row.promise is not None
        proof = Proof(kind="reply", reference="GD1#1")

        def act() -> None:
            try:
                commitments.fulfil(commitment=row.promise, at=LATER, by=agent, proof=proof, now=LATER)
            finally:
                connection.close()

        thread = Thread(target=act)
        with transaction.atomic():
            Ticket.objects.select_for_update(no_key=True).get(pk=row.pk)
            _until_somebody_waits(thread)
            # whoever works on the ticket gets its promise at once: nobody waits in a circle
            assert Commitment.objects.select_for_update(nowait=True, no_key=True).get(pk=row.promise_id)
        thread.join()
        row.refresh_from_db()
        assert row.lead_id == row.ceiling_id
