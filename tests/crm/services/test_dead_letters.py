"""Dead letters: a person retries or voids them, once, by right, with a reason that stands in the log."""

from datetime import datetime, timedelta

import pytest

from crm.models import Customer, LogEntry, Message, User
from crm.models.message import MessageState
from crm.providers.base import CannotBeAsked, Outgoing, Refused
from crm.rights import NotAllowed
from crm.selectors import sending
from crm.services import dead_letters, messages
from crm.services.dead_letters import NotADeadLetter, SayWhy, WindowIsOver
from tests.factories import crm as make
from tests.factories.sending import Gateway, crowd, greeting, run_delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def dead(gold: Customer, now: datetime) -> Message:
    made = greeting(make.contact(gold, consented_at=now, consent_source="投保单"), now)
    run_delivery(Gateway(before=lambda _one: Refused("号码无效")), now)
    made.refresh_from_db()
    return made


@pytest.fixture
def unknown(gold: Customer, now: datetime) -> Message:
    made = greeting(make.contact(gold, consented_at=now, consent_source="投保单"), now)
    gateway = Gateway(after=time_out, can_be_asked=False)
    for hours in (0, 1, 3, 25):
        run_delivery(gateway, now + timedelta(hours=hours))
    made.refresh_from_db()
    assert (made.state, made.next_try_at) == ("unknown", None)
    return made


def time_out(_message: Outgoing) -> None:
    raise TimeoutError


class TestARetry:
    def test_sends_it_again(self, dead: Message, manager: User, now: datetime) -> None:
        serial = dead.serial
        dead_letters.retry(message=dead, by=manager, now=now)
        gateway = Gateway()
        run_delivery(gateway, now)
        assert gateway.accepted == [serial]
        assert LogEntry.objects.filter(action="crm.message.retried", by=manager).count() == 1

    def test_starts_counting_tries_anew(self, dead: Message, manager: User, now: datetime) -> None:
        dead_letters.retry(message=dead, by=manager, now=now)
        assert (dead.attempts, dead.reason, dead.next_try_at) == (0, "", now)

    def test_of_what_the_provider_could_not_bring_leaves_under_a_new_serial(
        self, gold: Customer, manager: User, now: datetime
    ) -> None:
        made = greeting(make.contact(gold, consented_at=now, consent_source="投保单"), now)
        run_delivery(Gateway(), now)
        made.refresh_from_db()
        serial = made.serial
        messages.give_up(made, reason="停机", provider="gateway", at=now, now=now)
        dead_letters.retry(message=made, by=manager, now=now)
        gateway = Gateway()
        run_delivery(gateway, now)
        assert gateway.accepted == [made.serial]
        assert made.serial != serial

    def test_after_its_window_is_refused(self, dead: Message, manager: User, now: datetime) -> None:
        Message.objects.filter(pk=dead.pk).update(not_after=now)
        dead.refresh_from_db()
        with pytest.raises(WindowIsOver):
            dead_letters.retry(message=dead, by=manager, now=now + timedelta(seconds=1))

    def test_of_an_unknown_one_needs_to_say_what_was_found_out(
        self, unknown: Message, manager: User, now: datetime
    ) -> None:
        with pytest.raises(SayWhy):
            dead_letters.retry(message=unknown, by=manager, now=now)
        serial = unknown.serial
        dead_letters.retry(message=unknown, reason="客户说没有收到", by=manager, now=now)
        assert (unknown.state, unknown.serial) == ("planned", serial)

    def test_by_somebody_without_the_right_is_refused(self, dead: Message, lin: User, now: datetime) -> None:
        with pytest.raises(NotAllowed):
            dead_letters.retry(message=dead, by=lin, now=now)

    def test_happens_once(self, dead: Message, manager: User, now: datetime) -> None:
        again = Message.objects.get(pk=dead.pk)
        dead_letters.retry(message=dead, by=manager, now=now)
        with pytest.raises(NotADeadLetter):
            dead_letters.retry(message=again, by=manager, now=now)

    def test_of_an_unknown_one_that_is_still_being_asked_about_is_refused(
        self, unknown: Message, manager: User, now: datetime
    ) -> None:
        Message.objects.filter(pk=unknown.pk).update(next_try_at=now)
        with pytest.raises(NotADeadLetter):
            dead_letters.retry(message=unknown, reason="已核实", by=manager, now=now)


class TestVoiding:
    def test_ends_it_with_the_reason(self, dead: Message, manager: User, now: datetime) -> None:
        dead_letters.void(message=dead, reason="已电话告知", by=manager, now=now)
        assert (dead.state, dead.reason) == ("voided", "已电话告知")
        assert run_delivery(Gateway(), now + timedelta(days=1)).done == 0

    @pytest.mark.parametrize("reason", ["", " ", "x"])
    def test_without_a_reason_is_refused(
        self, dead: Message, manager: User, now: datetime, reason: str
    ) -> None:
        with pytest.raises(SayWhy):
            dead_letters.void(message=dead, reason=reason, by=manager, now=now)

    def test_of_what_is_on_its_way_is_refused(self, gold: Customer, manager: User, now: datetime) -> None:
        waiting = greeting(make.contact(gold), now)
        with pytest.raises(NotADeadLetter):
            dead_letters.void(message=waiting, reason="不要了", by=manager, now=now)


class TestAllOfOneCause:
    def fail(self, lin: User, now: datetime) -> None:
        people = crowd(lin, 12)
        for number, person in enumerate(people):
            greeting(person, now, not_after=now + timedelta(hours=1 if number % 4 == 0 else 9))
        answers = iter(["号码无效", "黑名单"] * 6)
        run_delivery(Gateway(before=lambda _one: Refused(next(answers))), now)

    def test_are_counted_by_cause(self, lin: User, now: datetime) -> None:
        self.fail(lin, now)
        found = sending.causes(sending.dead(Customer.objects.all()), now=now + timedelta(hours=2))
        assert [(one.reason, one.count, one.open) for one in found] == [("号码无效", 6, 3), ("黑名单", 6, 6)]

    def test_are_retried_but_for_those_whose_window_is_over(
        self, lin: User, manager: User, now: datetime
    ) -> None:
        self.fail(lin, now)
        dead = sending.of_cause(
            sending.dead(Customer.objects.all()), state="failed", channel="sms", reason="号码无效"
        )
        dealt = dead_letters.retry_all(dead=dead, reason="", by=manager, now=now + timedelta(hours=2))
        assert (dealt.done, dealt.over, dealt.left) == (3, 3, False)
        assert Message.objects.filter(state=MessageState.FAILED).count() == 9

    def test_are_voided_together(self, lin: User, manager: User, now: datetime) -> None:
        self.fail(lin, now)
        dead = sending.of_cause(
            sending.dead(Customer.objects.all()), state="failed", channel="sms", reason="黑名单"
        )
        assert dead_letters.void_all(dead=dead, reason="不再联系", by=manager, now=now).done == 6


class TestALetterThatCannotBePrepared:
    def test_is_a_dead_letter_after_a_day(self, gold: Customer, now: datetime) -> None:
        person = make.contact(gold, consented_at=now, consent_source="投保单")
        type(person).objects.filter(pk=person.pk).update(phone_sealed="1.不是密文")
        made = greeting(person, now)
        for hour in range(26):
            run_delivery(Gateway(), now + timedelta(hours=hour))
        made.refresh_from_db()
        assert (made.state, made.attempts) == ("failed", 24)


class TestAProviderThatCannotBeAsked:
    def test_is_no_failure_of_the_provider(self, unknown: Message, now: datetime) -> None:
        assert str(CannotBeAsked()) == ""
        assert sending.figures(now=now).resting == ()
        assert sending.figures(now=now).unknown == 1
