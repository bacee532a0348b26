"""Delivery: what may leave, leaves once; what may not, says why; what nobody knows is asked about."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest
from pytest_django.fixtures import Settings

from crm.models import Contact, Customer, Message, User
from crm.models.message import Channel, MessageClass, MessageState
from crm.providers.base import NeverLeft, Outgoing, Refused
from crm.services import contacts, delivery, messages
from crm.services.delivery import claiming
from tests.factories import crm as make
from tests.factories.sending import Gateway, Killed, crowd, greeting, no_pause, run_delivery

pytestmark = pytest.mark.django_db

LEASE = timedelta(seconds=61)
SETTLE = timedelta(seconds=901)


@pytest.fixture
def contact(gold: Customer, now: datetime) -> Contact:
    """A person who agreed to greetings."""
    return make.contact(gold, consented_at=now - timedelta(days=9), consent_source="投保单")


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


class TestADueMessage:
    def test_is_sent(self, contact: Contact, gateway: Gateway, now: datetime) -> None:
        message = greeting(contact, now)
        assert run_delivery(gateway, now).done == 1
        assert gateway.accepted == [message.serial]
        assert (state_of(message), message.accepted_at, message.provider) == ("accepted", now, "gateway")

    def test_is_not_sent_too_early(self, contact: Contact, gateway: Gateway, now: datetime) -> None:
        message = greeting(contact, now, not_before=now + timedelta(seconds=1))
        run_delivery(gateway, now)
        assert (gateway.accepted, state_of(message)) == ([], "planned")

    def test_is_not_sent_twice(self, contact: Contact, gateway: Gateway, now: datetime) -> None:
        greeting(contact, now)
        for _again in range(5):
            run_delivery(gateway, now)
        assert len(gateway.accepted) == 1

    def test_may_be_many(self, lin: User, gateway: Gateway, now: datetime) -> None:
        for one in crowd(lin, 120):
            greeting(one, now)
        first = run_delivery(gateway, now, limit=100)
        assert first.left
        assert not run_delivery(gateway, now).left
        assert (len(gateway.accepted), gateway.doubled) == (120, [])


class TestAGreetingThatMayNotBeSent:
    def test_without_consent(self, gold: Customer, gateway: Gateway, now: datetime) -> None:
        message = greeting(make.contact(gold), now)
        run_delivery(gateway, now)
        assert (gateway.accepted, state_of(message), message.reason) == ([], "skipped", "无同意")

    def test_after_an_opt_out_between_planning_and_claiming(
        self, contact: Contact, gateway: Gateway, now: datetime
    ) -> None:
        message = greeting(contact, now, not_before=now + timedelta(hours=1))
        contacts.opt_out(contact=contact, reason="来电拒绝", by=None, now=now)
        run_delivery(gateway, now + timedelta(hours=1))
        assert (gateway.accepted, state_of(message), message.reason) == ([], "skipped", "已退订")

    def test_after_an_opt_out_in_the_middle_of_the_batch(
        self, contact: Contact, gateway: Gateway, now: datetime
    ) -> None:
        other = greeting(contact, now)
        later = greeting(contact, now)

        def opt_out(_message: Outgoing) -> None:
            contacts.opt_out(contact=contact, reason="回复 R", by=None, now=now)

        gateway.after = opt_out
        run_delivery(gateway, now)
        assert (state_of(other), state_of(later)) == ("accepted", "skipped")

    def test_without_a_phone(self, gold: Customer, gateway: Gateway, now: datetime) -> None:
        bare = make.contact(gold, phone="", consented_at=now, consent_source="投保单")
        message = greeting(bare, now)
        run_delivery(gateway, now)
        assert (state_of(message), message.reason) == ("skipped", "无手机号")

    def test_to_a_lapsed_customer(self, contact: Contact, gateway: Gateway, now: datetime) -> None:
        Customer.objects.filter(pk=contact.customer_id).update(status="lapsed")
        message = greeting(contact, now)
        run_delivery(gateway, now)
        assert (state_of(message), message.reason) == ("skipped", "客户已终止")

    def test_but_a_service_notice_is_not_stopped_by_an_opt_out(
        self, contact: Contact, gateway: Gateway, now: datetime
    ) -> None:
        contacts.opt_out(contact=contact, reason="来电拒绝", by=None, now=now)
        message = greeting(contact, now.replace(hour=23), message_class=MessageClass.SERVICE)
        run_delivery(gateway, now.replace(hour=23))
        assert state_of(message) == "accepted"


class TestTheSendWindow:
    @pytest.mark.parametrize(
        ("clock", "sent"), [("08:59:59", False), ("09:00:00", True), ("20:59:59", True), ("21:00:00", False)]
    )
    def test_has_sharp_edges(
        self, contact: Contact, gateway: Gateway, now: datetime, clock: str, sent: bool
    ) -> None:
        hour, minute, second = map(int, clock.split(":"))
        at = now.replace(hour=hour, minute=minute, second=second)
        greeting(contact, at)
        run_delivery(gateway, at)
        assert bool(gateway.accepted) is sent

    def test_moves_a_message_to_the_next_opening(
        self, contact: Contact, gateway: Gateway, now: datetime
    ) -> None:
        at = now.replace(hour=21)
        message = greeting(contact, at)
        run_delivery(gateway, at)
        assert state_of(message) == "planned"
        assert message.next_try_at == now.replace(hour=9) + timedelta(days=1)
        run_delivery(gateway, message.next_try_at)
        assert state_of(message) == "accepted"

    def test_ends_a_message_whose_own_window_does_not_reach_the_opening(
        self, contact: Contact, gateway: Gateway, now: datetime
    ) -> None:
        at = now.replace(hour=21)
        message = greeting(contact, at, not_after=at + timedelta(hours=2))
        run_delivery(gateway, at)
        assert state_of(message) == "missed"
        assert "发送时段已过" in message.reason

    def test_ends_a_batch_that_runs_into_the_evening(
        self, lin: User, gateway: Gateway, now: datetime
    ) -> None:
        seconds = count()
        for one in crowd(lin, 5):
            greeting(one, now)
        providers = gateway.by_channel()
        evening = now.replace(hour=20, minute=59, second=45)
        delivery.deliver(
            clock=lambda: evening + timedelta(seconds=next(seconds)),
            pause=no_pause,
            pulse=run_delivery.__kwdefaults__["pulse"],
            providers=providers,
            limit=5,
        )
        assert 0 < len(gateway.accepted) < 5
        assert all(at.hour == 20 for at in gateway.times.values())


class TestAWorkerThatDies:
    def test_between_claim_and_call_loses_nothing(
        self, contact: Contact, gateway: Gateway, now: datetime
    ) -> None:
        message = greeting(contact, now)
        claiming.take(token="dead", now=now, channel="sms")
        run_delivery(gateway, now)
        assert (gateway.accepted, state_of(message)) == ([], "claimed")
        run_delivery(gateway, now + LEASE)
        assert gateway.accepted == [message.serial]

    def test_before_the_provider_heard_is_tried_again_with_the_same_serial(
        self, contact: Contact, gateway: Gateway, now: datetime
    ) -> None:
        message = greeting(contact, now)
        gateway.before = die
        with pytest.raises(Killed):
            run_delivery(gateway, now)
        gateway.before = lambda _message: None
        run_delivery(gateway, now + LEASE)
        assert (gateway.accepted, state_of(message)) == ([], "unknown")
        run_delivery(gateway, now + LEASE + SETTLE)
        assert (gateway.accepted, state_of(message)) == ([message.serial], "accepted")

    def test_after_the_provider_accepted_is_found_out_by_asking(
        self, contact: Contact, gateway: Gateway, now: datetime
    ) -> None:
        message = greeting(contact, now)
        gateway.after = die
        with pytest.raises(Killed):
            run_delivery(gateway, now)
        run_delivery(gateway, now + LEASE)
        run_delivery(gateway, now + LEASE + SETTLE)
        assert (gateway.accepted, state_of(message)) == ([message.serial], "accepted")
        assert message.accepted_at == now

    def test_again_and_again_doubles_nothing(
        self, lin: User, gateway: Gateway, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(claiming, "BATCH", 1)
        for one in crowd(lin, 40):
            greeting(one, now)
        gateway.after = die
        for _one in range(40):
            with pytest.raises(Killed):
                run_delivery(gateway, now)
        run_delivery(gateway, now + LEASE)
        run_delivery(gateway, now + LEASE + SETTLE)
        assert (len(gateway.accepted), gateway.doubled) == (40, [])
        assert Message.objects.filter(state="accepted").count() == 40

    def test_after_the_window_closed_is_missed_not_resent(
        self, contact: Contact, gateway: Gateway, now: datetime
    ) -> None:
        message = greeting(contact, now, not_after=now + timedelta(minutes=5))
        gateway.before = die
        with pytest.raises(Killed):
            run_delivery(gateway, now)
        gateway.before = lambda _message: None
        run_delivery(gateway, now + LEASE)
        run_delivery(gateway, now + LEASE + SETTLE)
        assert (gateway.accepted, state_of(message)) == ([], "missed")

    def test_leaves_a_staff_notice_that_is_shown_again(
        self, lin: User, gateway: Gateway, now: datetime
    ) -> None:
        notice = messages.notify(users=[lin], kind="broken", body="已超时", now=now)[0]
        Message.objects.filter(pk=notice.pk).update(
            state="submitting", lease_token="dead", lease_until=now, next_try_at=now
        )
        run_delivery(gateway, now + LEASE)
        assert state_of(notice) == "accepted"


class TestASilentProvider:
    def test_leaves_the_message_unknown_and_never_resends(
        self, contact: Contact, gateway: Gateway, now: datetime
    ) -> None:
        message = greeting(contact, now)
        gateway.after = time_out
        assert run_delivery(gateway, now).failed == 1
        assert state_of(message) == "unknown"
        gateway.can_be_asked = False
        for hours in (1, 3, 25, 49):
            run_delivery(gateway, now + timedelta(hours=hours))
        assert (state_of(message), message.next_try_at, len(gateway.accepted)) == ("unknown", None, 1)

    def test_five_hundred_times_is_found_out_five_hundred_times(
        self, lin: User, gateway: Gateway, now: datetime, settings: Settings
    ) -> None:
        settings.BREAKER_FAILURES = 1000
        for one in crowd(lin, 500):
            greeting(one, now)
        gateway.after = time_out
        run_delivery(gateway, now)
        assert Message.objects.filter(state="unknown").count() == 500
        run_delivery(gateway, now + SETTLE)
        assert (len(gateway.accepted), gateway.doubled) == (500, [])
        assert Message.objects.filter(state="accepted").count() == 500


class TestAProviderThatSaysNo:
    def test_for_good_ends_the_message(self, contact: Contact, gateway: Gateway, now: datetime) -> None:
        message = greeting(contact, now)
        gateway.before = lambda _message: Refused("号码无效")
        run_delivery(gateway, now)
        assert (state_of(message), message.reason) == ("failed", "号码无效")

    def test_for_now_is_asked_again(self, contact: Contact, gateway: Gateway, now: datetime) -> None:
        message = greeting(contact, now)
        gateway.before = lambda _message: Refused("超过频率限制", lasting=False)
        run_delivery(gateway, now)
        assert (state_of(message), message.next_try_at) == ("planned", now + timedelta(seconds=5))
        gateway.before = lambda _message: None
        run_delivery(gateway, now + timedelta(seconds=5))
        assert state_of(message) == "accepted"

    def test_by_not_being_there_is_tried_again(
        self, contact: Contact, gateway: Gateway, now: datetime
    ) -> None:
        message = greeting(contact, now)
        gateway.before = never_left
        run_delivery(gateway, now)
        assert state_of(message) == "planned"

    def test_for_now_too_often_fails(self, contact: Contact, gateway: Gateway, now: datetime) -> None:
        message = greeting(contact, now)
        gateway.before = lambda _message: Refused("超过频率限制", lasting=False)
        at = now
        for _try in range(20):
            run_delivery(gateway, at)
            if state_of(message) != "planned":
                break
            assert message.next_try_at is not None
            at = message.next_try_at
        assert (message.state, message.attempts) == ("failed", 11)


class TestAPoisonRow:
    def test_is_pushed_an_hour_ahead_and_blocks_nobody(
        self, contact: Contact, gold: Customer, gateway: Gateway, now: datetime
    ) -> None:
        poisoned = make.contact(gold, "李娜", consented_at=now, consent_source="投保单")
        Contact.objects.filter(pk=poisoned.pk).update(phone_sealed="1.不是密文")
        first, second = greeting(poisoned, now), greeting(contact, now)
        outcome = run_delivery(gateway, now)
        assert (outcome.done, outcome.failed) == (1, 1)
        assert (state_of(first), first.next_try_at) == ("planned", now + timedelta(hours=1))
        assert state_of(second) == "accepted"


class TestTwoWorkers:
    """The second worker runs in the middle of the first one's call, the worst moment there is."""

    def both(self, contact: Contact, gateway: Gateway, now: datetime) -> None:
        for one in crowd(contact.customer.owner, 10):
            greeting(one, now)
        other = Gateway(accepted=gateway.accepted)
        calls = iter([run_delivery])

        def second_worker(_message: Outgoing) -> None:
            for call in calls:
                call(other, now)

        gateway.before = second_worker
        run_delivery(gateway, now)

    def test_never_send_the_same_message(self, contact: Contact, gateway: Gateway, now: datetime) -> None:
        self.both(contact, gateway, now)
        assert (len(gateway.accepted), gateway.doubled) == (10, [])

    def test_are_told_apart_even_if_both_hold_the_same_rows(
        self, contact: Contact, gateway: Gateway, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(claiming, "take", take_without_claiming())
        self.both(contact, gateway, now)
        assert gateway.doubled == []

    def test_would_send_it_twice_if_moves_were_read_then_write(
        self, contact: Contact, gateway: Gateway, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(claiming, "take", take_without_claiming())
        monkeypatch.setattr(messages, "move", move_without_looking)
        self.both(contact, gateway, now)
        assert gateway.doubled


def take_without_claiming() -> Callable[..., list[Message]]:
    """A broken claim: two workers read the same rows before either of them writes."""
    given: list[str] = []

    def take(*, token: str, now: datetime, channel: str, limit: int = 50) -> list[Message]:
        if channel != Channel.SMS or token in given or len(given) == 2:
            return []
        given.append(token)
        return list(Message.objects.filter(state="planned"))

    return take


def move_without_looking(
    message: Message, *, to: MessageState, now: datetime, seen: object, **fields: object
) -> bool:
    """A broken move: it writes without naming the state it expects."""
    Message.objects.filter(pk=message.pk).update(state=to, **fields)
    message.refresh_from_db()
    return True


def die(_message: Outgoing) -> None:
    raise Killed


def time_out(_message: Outgoing) -> None:
    raise TimeoutError


def never_left(_message: Outgoing) -> None:
    raise NeverLeft("连接被拒绝")


class TestAnHourOfStaffNotices:
    def test_reaches_only_people_in_office(self, lin: User, gateway: Gateway, now: datetime) -> None:
        notice = messages.notify(users=[lin], kind="broken", body="已超时", now=now)[0]
        User.objects.filter(pk=lin.pk).update(is_active=False)
        run_delivery(gateway, now)
        assert (state_of(notice), notice.reason) == ("skipped", "员工已停用")
        assert notice.channel == Channel.IN_APP
