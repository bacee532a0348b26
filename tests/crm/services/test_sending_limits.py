"""What one person may be sent: so much a day, one occasion a year, asked inside the claim."""

from datetime import date, datetime, timedelta

import pytest

from crm.models import Contact, Customer, Message, Occurrence, RuleSetting, User
from crm.services import contacts
from tests.factories import crm as make
from tests.factories.sending import Gateway, crowd, greeting, run_delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(gold: Customer, now: datetime) -> Contact:
    return make.contact(gold, phone="13912345678", consented_at=now, consent_source="投保单")


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def occurrence(contact: Contact, day: date, now: datetime) -> Occurrence:
    return Occurrence.objects.create(
        kind="birthday_greeting",
        subject=f"contact:{contact.pk}",
        occasion_date=day,
        channel="sms",
        customer_id=contact.customer_id,
        contact=contact,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
    )


class TestASecondGreetingOnTheSameDay:
    def test_waits_for_the_next_opening(self, contact: Contact, now: datetime) -> None:
        first, second = greeting(contact, now), greeting(contact, now)
        gateway = Gateway()
        run_delivery(gateway, now)
        assert (state_of(first), state_of(second), len(gateway.accepted)) == ("accepted", "planned", 1)
        assert second.next_try_at == now.replace(hour=9) + timedelta(days=1)
        run_delivery(gateway, second.next_try_at)
        assert state_of(second) == "accepted"

    def test_is_missed_where_its_window_ends_today(self, contact: Contact, now: datetime) -> None:
        greeting(contact, now)
        second = greeting(contact, now, not_after=now.replace(hour=20))
        run_delivery(Gateway(), now)
        assert (state_of(second), second.reason) == ("missed", "当天已达每人上限（1 条），不再补发")

    def test_to_the_same_phone_at_another_customer_waits_too(
        self, contact: Contact, silver: Customer, now: datetime
    ) -> None:
        twin = make.contact(silver, phone="13912345678", consented_at=now, consent_source="投保单")
        greeting(contact, now)
        second = greeting(twin, now)
        run_delivery(Gateway(), now)
        assert state_of(second) == "planned"

    def test_leaves_where_the_house_allows_two(self, contact: Contact, now: datetime) -> None:
        RuleSetting.objects.create(key="marketing_per_day", value=2, reason="试", set_at=now)
        for _one in range(3):
            greeting(contact, now)
        gateway = Gateway()
        run_delivery(gateway, now)
        assert len(gateway.accepted) == 2

    def test_counts_from_midnight_to_midnight(self, contact: Contact, now: datetime) -> None:
        gateway = Gateway()
        greeting(contact, now)
        run_delivery(gateway, now.replace(hour=20, minute=59, second=59))
        greeting(contact, now)
        run_delivery(gateway, now.replace(hour=9) + timedelta(days=1))
        assert len(gateway.accepted) == 2

    def test_does_not_count_what_was_refused(self, contact: Contact, now: datetime) -> None:
        Message.objects.filter(pk=greeting(contact, now).pk).update(
            state="failed", reason="号码无效", submitted_at=now
        )
        gateway = Gateway()
        greeting(contact, now)
        run_delivery(gateway, now)
        assert len(gateway.accepted) == 1


class TestServiceNotices:
    def test_are_three_a_day(self, contact: Contact, now: datetime) -> None:
        for _one in range(4):
            greeting(contact, now, message_class="service", kind="expiry")
        gateway = Gateway()
        run_delivery(gateway, now)
        assert len(gateway.accepted) == 3

    def test_are_counted_apart_from_greetings(self, contact: Contact, now: datetime) -> None:
        for _one in range(3):
            greeting(contact, now, message_class="service", kind="expiry")
        greeting(contact, now)
        gateway = Gateway()
        run_delivery(gateway, now)
        assert len(gateway.accepted) == 4


class TestTheSameOccasion:
    def send(self, contact: Contact, days: list[date], now: datetime) -> list[str]:
        made = []
        for ahead, day in enumerate(days):
            moment = now + timedelta(days=ahead)
            made.append(greeting(contact, moment, occurrence=occurrence(contact, day, moment)))
            run_delivery(Gateway(), moment)
        return [state_of(one) for one in made]

    def test_is_greeted_once_a_year(self, contact: Contact, now: datetime) -> None:
        assert self.send(contact, [date(2026, 3, 11), date(2026, 3, 20)], now) == ["accepted", "skipped"]

    def test_comes_again_after_a_lunar_year(self, contact: Contact, now: datetime) -> None:
        assert self.send(contact, [date(2026, 1, 2), date(2026, 12, 21)], now) == ["accepted", "accepted"]

    def test_of_another_person_under_the_same_phone_is_another(
        self, contact: Contact, silver: Customer, now: datetime
    ) -> None:
        twin = make.contact(silver, phone="13912345678", consented_at=now, consent_source="投保单")
        assert self.send(contact, [date(2026, 3, 11)], now) == ["accepted"]
        assert self.send(twin, [date(2026, 9, 1)], now + timedelta(days=1)) == ["accepted"]

    def test_of_the_same_person_at_two_customers_is_one(
        self, contact: Contact, silver: Customer, now: datetime
    ) -> None:
        twin = make.contact(silver, phone="13912345678", consented_at=now, consent_source="投保单")
        assert self.send(contact, [date(2026, 3, 11)], now) == ["accepted"]
        assert self.send(twin, [date(2026, 3, 11)], now + timedelta(days=1)) == ["skipped"]


class TestOptOutsDuringARunningBatch:
    """F42: nobody who has opted out is sent anything after the commit."""

    def test_are_obeyed_from_their_commit_on(self, lin: User, now: datetime) -> None:
        people = crowd(lin, 200)
        for one in people:
            greeting(one, now)
        gateway, gone = Gateway(), set()

        def opt_out(_message: object) -> None:
            if len(gateway.accepted) == 100:
                served = set(
                    Message.objects.filter(serial__in=gateway.accepted).values_list("contact", flat=True)
                )
                for one in [person for person in people if person.pk not in served][::2]:
                    contacts.opt_out(contact=one, reason="回复 R", by=None, now=now)
                    gone.add(one.pk)

        gateway.after = opt_out
        run_delivery(gateway, now)
        reached = set(Message.objects.filter(state="accepted").values_list("contact", flat=True))
        assert len(gone) == 50
        assert (reached & gone, len(reached), gateway.doubled) == (set(), 150, [])
