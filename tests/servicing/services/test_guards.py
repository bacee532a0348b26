"""What stands behind the first guard: the second caller of a moment, the row read by two."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.house_rules import HouseRules
from crm.models import Contact, Customer, Message, User
from crm.rights import NotAllowed
from crm.services import contacts
from crm.services.delivery import claiming, submitting
from servicing.models import Commitment, Ticket
from servicing.services import commitments
from servicing.services.commitments import Proof, closing, opening
from servicing.services.tickets import thread
from tests.factories import crm as make
from tests.factories.sending import Gateway, greeting, no_pause
from tests.factories.servicing import at, promise, ticket

TRIGGERED = at("2026-03-10 10:00")  # PA-18.1.3 is due on Thursday 03-12


class TestALookThatComesSecond:
    """Both read the row while it was due for a look; the other one wrote first."""

    def test_wins_nothing(self, silver: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
        made = promise(silver, triggered_at=TRIGGERED)
        seen = made.look_again_at
        assert seen
        late = at("2026-03-13 00:00:00")
        between = commitments.looking.timing.moments

        def other_first(*given: object) -> object:
            monkeypatch.setattr(commitments.looking.timing, "moments", between)
            assert commitments.look_at(pk=made.pk, seen=seen, now=late) == 1
            return between(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(commitments.looking.timing, "moments", other_first)

        assert commitments.look_at(pk=made.pk, seen=seen, now=late) == 0
        assert made.events.filter(kind="broken").count() == 1


class TestALongPause:
    @pytest.fixture
    def paused(self, silver: Customer, lin: User) -> Commitment:
        made = promise(silver, "PA-18.1.4-general", triggered_at=at("2026-03-02 09:00"))
        return commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-04 09:00"))

    def test_is_told_once(self, paused: Commitment) -> None:
        for day in range(18, 25):
            commitments.sweep(now=at(f"2026-03-{day} 09:00"))

        assert paused.events.filter(kind="escalated").count() == 1
        assert set(Message.objects.values_list("user__username", flat=True)) == {"lin", "guo"}

    def test_is_approved_by_a_manager_only(self, paused: Commitment, lin: User, lead: User) -> None:
        with pytest.raises(NotAllowed):
            commitments.resume(commitment=paused, by=lin, approver=lead, now=at("2026-03-20 09:00"))


class TestAPromiseAfterTheCeiling:
    def test_says_so_once(self, silver: Customer, now: datetime) -> None:
        received = at("2026-04-30 16:00")
        promise(silver, "保险法 24 refusal notice", triggered_at=received, occasion="claim:1")
        made = promise(silver, "PA-18.1.2-XL", triggered_at=received, occasion="claim:1")

        opening.note_ceiling(made, opening.of_occasion(made), now=now)

        assert made.events.filter(kind="over_ceiling").count() == 1


class TestAnOccasion:
    def test_is_looked_for_before_anything_is_written(self, silver: Customer) -> None:
        promise(silver, occasion="ticket:1")

        with CaptureQueriesContext(connection) as asked:
            promise(silver, occasion="ticket:1")

        assert not [one for one in asked.captured_queries if one["sql"].startswith("INSERT")]


class TestATicketRow:
    def test_is_changed_by_the_one_who_read_it_last(self, silver: Customer) -> None:
        taken = ticket(silver, "complaint")
        stale = Ticket.objects.get(pk=taken.pk)
        thread.change(taken, "reply")

        with pytest.raises(thread.StaleTicket):
            thread.change(stale, "reply")


class TestAProof:
    def test_that_cannot_be_looked_up_is_refused(self, silver: Customer, lin: User, now: datetime) -> None:
        with pytest.raises(closing.ReasonMissing):
            commitments.add_evidence(
                commitment=promise(silver), proof=Proof("reply", " "), by=lin, at=now, now=now
            )


class TestAMessageInHand:
    def test_is_not_sent_where_the_person_opted_out_while_it_was_being_written(
        self, silver: Customer, now: datetime
    ) -> None:
        message = greeting(make.contact(silver, consented_at=now, consent_source="投保单"), now)
        claiming.take(token="mine", now=now, channel="sms")
        message.refresh_from_db()
        gateway = Gateway()

        def clock() -> datetime:
            contacts.opt_out(
                contact=Contact.objects.get(pk=message.contact_id), reason="来电", by=None, now=now
            )
            return now

        desk = submitting.Desk("mine", gateway, HouseRules(), clock, no_pause)
        submitting.hand_over(message, desk)

        assert gateway.accepted == []

    def test_is_not_claimed_by_another(self, silver: Customer, now: datetime) -> None:
        message = greeting(make.contact(silver), now)
        assert claiming.take(token="first", now=now, channel="sms") == [message]

        claiming.reserve([message.pk], token="second", now=now, until=now + timedelta(minutes=1))
        message.refresh_from_db()

        assert message.lease_token == "first"


class TestTheCostOfAnAct:
    """Statements beside BEGIN, COMMIT and savepoints; committed, so that a change is seen."""

    def cost(self, asked: CaptureQueriesContext) -> int:
        return len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]])

    @pytest.fixture(autouse=True)
    def _known_calendar(self, silver: Customer) -> None:
        promise(silver)  # the table of working days is built

    @pytest.mark.parametrize(("kind", "statements"), [("enquiry", 12), ("change", 12), ("complaint", 16)])
    def test_of_taking_in_a_ticket(self, kind: str, statements: int, silver: Customer) -> None:
        Customer.objects.select_related("branch", "owner").get(pk=silver.pk)

        with CaptureQueriesContext(connection) as asked:
            ticket(silver, kind)

        assert self.cost(asked) <= statements

    def test_of_a_look_that_breaks_a_promise_and_tells_two(self, silver: Customer) -> None:
        made = promise(silver, triggered_at=TRIGGERED)
        assert made.look_again_at
        terms = commitments.looking.selector.in_force()

        with CaptureQueriesContext(connection) as asked:
            commitments.look_at(pk=made.pk, seen=made.look_again_at, now=at("2026-03-13 00:00"), terms=terms)

        # who stands in for them is one question
        assert self.cost(asked) <= 7
