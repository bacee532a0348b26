"""The outbox: saved with its reason or not at all, settled once, and heard of by the floors above."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from crm.models import Customer, Message, User
from crm.models.message import MessageState
from crm.services import messages
from crm.signals import message_settled
from tests.factories import crm as make
from tests.factories.sending import greeting

pytestmark = pytest.mark.django_db


class TestAPostedMessage:
    def test_waits_for_its_moment(self, gold: Customer, now: datetime) -> None:
        later = now + timedelta(hours=2)
        message = greeting(make.contact(gold), now, not_before=later)
        assert (message.state, message.next_try_at, message.customer) == ("planned", later, gold)

    def test_goes_with_the_change_that_caused_it(self, gold: Customer, now: datetime) -> None:
        contact = make.contact(gold)
        with pytest.raises(RuntimeError), transaction.atomic():
            greeting(contact, now)
            raise RuntimeError("the change failed")
        assert not Message.objects.exists()

    def test_has_a_serial_of_its_own(self, gold: Customer, now: datetime) -> None:
        contact = make.contact(gold)
        assert greeting(contact, now).serial != greeting(contact, now).serial


class TestAMessageThatSomebodyElseMoved:
    def test_is_not_moved_again(self, gold: Customer, now: datetime) -> None:
        message = greeting(make.contact(gold), now)
        as_seen = {"state": MessageState.PLANNED}
        assert messages.settle(message, to=MessageState.SKIPPED, reason="已退订", now=now, seen=as_seen)
        assert not messages.settle(message, to=MessageState.MISSED, reason="晚了", now=now, seen=as_seen)
        message.refresh_from_db()
        assert (message.state, message.reason, message.next_try_at) == ("skipped", "已退订", None)


class TestWhoHearsOfASettledMessage:
    def test_hears_the_new_state(self, gold: Customer, now: datetime) -> None:
        heard: list[str] = []

        def listen(*, message: Message, **_kwargs: object) -> None:
            heard.append(message.state)

        message = greeting(make.contact(gold), now)
        message_settled.connect(listen)
        try:
            messages.accept(
                message, reference="1", provider="x", at=now, now=now, seen={"state": MessageState.PLANNED}
            )
        finally:
            message_settled.disconnect(listen)
        assert heard == ["accepted"]

    def test_cannot_undo_what_the_provider_took(self, gold: Customer, now: datetime) -> None:
        def fail(**_kwargs: object) -> None:
            raise RuntimeError("the receiver failed")

        message = greeting(make.contact(gold), now)
        message_settled.connect(fail)
        try:
            messages.accept(
                message, reference="1", provider="x", at=now, now=now, seen={"state": MessageState.PLANNED}
            )
        finally:
            message_settled.disconnect(fail)
        message.refresh_from_db()
        assert message.state == "accepted"


class TestANotice:
    def test_reaches_each_person_once(self, lin: User, lead: User, now: datetime) -> None:
        messages.notify(users=[lin, lead], kind="broken", body="已超时", now=now, link="/")
        assert sorted(Message.objects.values_list("user__username", flat=True)) == ["he", "lin"]
