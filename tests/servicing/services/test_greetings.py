"""The birthday greeting from the schedule to the provider: sent, not too early, not twice, and never without a reason why not."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from crm import queue
from crm.models import Contact, Customer, JobRun, Message, Occurrence, TickState, User
from crm.pulse import Pulse
from crm.services import contacts, dead_letters, holds, messages, tick
from crm.time import SHANGHAI
from servicing.models import Commitment, Evidence
from servicing.selectors.commitments import result
from servicing.services import commitments, greetings
from tests.factories import crm as make
from tests.factories.sending import Gateway, run_delivery
from tests.factories.tiers import give_tier

pytestmark = pytest.mark.django_db

TEN = datetime(2026, 3, 10, 10, 0, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


def born(customer: Customer, month: int = 3, day: int = 11, **fields: object) -> Contact:
    """A person whose birthday is tomorrow, and who agreed to greetings."""
    agreed = {"consented_at": TEN - 9 * DAY, "consent_source": "投保单"}
    return make.contact(customer, birth_month=month, birth_day=day, **(agreed | fields))


def run_schedule(at: datetime, gateway: Gateway) -> None:
    """One tick, everything it starts, and one delivery, with the clock standing still."""
    with time_machine.travel(at, tick=False):
        tick.tick(now=at, pulse=Pulse("", 0.0), start=queue.run_now)
    run_delivery(gateway, at)


@pytest.fixture(autouse=True)
def no_file(settings: object, tmp_path: object) -> None:
    """Deliveries started by the tick go to a folder of the test."""
    settings.MESSAGE_FOLDER = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    """The judge: both the scheduled and the direct delivery go here."""
    gateway = Gateway()
    monkeypatch.setattr("crm.providers.by_channel", gateway.by_channel)
    return gateway


class TestABirthdayTomorrow:
    def test_is_greeted_today(self, gold: Customer, gateway: Gateway) -> None:
        contact = born(gold)
        run_schedule(TEN, gateway)
        message = Message.objects.get(contact=contact)
        assert gateway.accepted == [message.serial]
        assert "明天是您的生日" in message.body and "拒收请回复R" in message.body

    def test_is_not_greeted_before_ten(self, gold: Customer, gateway: Gateway) -> None:
        born(gold)
        run_schedule(TEN - timedelta(seconds=1), gateway)
        assert gateway.accepted == []
        assert Occurrence.objects.get().state == "planned"

    def test_is_not_greeted_twice(self, gold: Customer, gateway: Gateway) -> None:
        born(gold)
        for minutes in range(0, 300, 20):
            run_schedule(TEN + timedelta(minutes=minutes), gateway)
        assert len(gateway.accepted) == 1

    def test_makes_a_promise_that_the_message_keeps(self, gold: Customer, gateway: Gateway) -> None:
        contact = born(gold)
        run_schedule(TEN, gateway)
        promise = Commitment.objects.get(customer=gold)
        assert (promise.state, promise.standard.code, promise.tier) == ("fulfilled", "PA-18.2.7", "gold")
        assert (promise.starts_at, promise.due_at) == (TEN, TEN.replace(hour=20, minute=59, second=59))
        assert (
            Evidence.objects.get(commitment=promise).reference == Message.objects.get(contact=contact).serial
        )

    def test_is_found_for_a_lunar_birthday(self, gold: Customer, gateway: Gateway) -> None:
        # 2026-03-11 is 正月廿三
        born(gold, 1, 23, birthday_calendar="lunar")
        run_schedule(TEN, gateway)
        assert len(gateway.accepted) == 1

    def test_of_a_customer_imported_at_noon_is_still_greeted(self, gold: Customer, gateway: Gateway) -> None:
        run_schedule(TEN, gateway)
        born(gold)
        run_schedule(TEN + timedelta(hours=2), gateway)
        assert len(gateway.accepted) == 1


class TestAPersonWhoGetsNone:
    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ({"consented_at": None, "consent_source": ""}, "无同意"),
            ({"opted_out_at": TEN - DAY}, "已退订"),
            ({"phone": ""}, "无手机号"),
        ],
    )
    def test_is_skipped_with_the_reason(
        self, silver: Customer, gateway: Gateway, fields: dict[str, object], reason: str
    ) -> None:
        born(silver, **fields)
        run_schedule(TEN, gateway)
        row = Occurrence.objects.get()
        assert (row.state, row.reason, gateway.accepted) == ("skipped", reason, [])
        assert not Commitment.objects.exists()

    def test_because_the_customer_is_ordinary_is_not_even_planned(
        self, ordinary: Customer, gateway: Gateway
    ) -> None:
        born(ordinary)
        run_schedule(TEN, gateway)
        assert not Occurrence.objects.exists()

    def test_because_the_level_ended_meanwhile(self, ordinary: Customer, gateway: Gateway) -> None:
        give_tier(ordinary, "gold", date(2026, 1, 1), until=date(2026, 3, 11))
        born(ordinary)
        run_schedule(TEN - DAY, gateway)
        ordinary.assignments.update(active_to=date(2026, 3, 10))
        run_schedule(TEN, gateway)
        assert Occurrence.objects.get().reason == "当日不是银牌或金牌"

    def test_after_an_opt_out_between_planning_and_claiming(self, gold: Customer, gateway: Gateway) -> None:
        contact = born(gold)
        greetings.plan_day(day=TEN.date())
        greetings.open_due(clock=lambda: TEN)
        contacts.opt_out(contact=contact, reason="来电拒绝", by=None, now=TEN)
        run_delivery(gateway, TEN)
        message = Message.objects.get(contact=contact)
        assert (message.state, message.reason, gateway.accepted) == ("skipped", "已退订", [])
        assert Commitment.objects.get().state == "cancelled"


class TestAnOutage:
    def test_of_three_days_ends_in_missed_with_a_reason(self, gold: Customer, gateway: Gateway) -> None:
        for day in (11, 12, 13):
            born(make.customer(f"客户{day}", owner=gold.owner), day=day)
        for customer in Customer.objects.filter(name__startswith="客户"):
            give_tier(customer, "silver")
        run_schedule(TEN - DAY, gateway)
        run_schedule(TEN + 3 * DAY + timedelta(hours=5), gateway)
        rows = Occurrence.objects.order_by("occasion_date")
        assert [row.state for row in rows] == ["missed"] * 3
        assert all("已过" in row.reason for row in rows)
        assert gateway.accepted == []

    def test_leaves_the_broken_promise_on_the_worklist(self, gold: Customer, gateway: Gateway) -> None:
        born(gold)
        run_schedule(TEN - DAY, gateway)
        later = TEN + 3 * DAY
        run_schedule(later, gateway)
        commitments.sweep(now=later)
        promise = Commitment.objects.get()
        assert (promise.state, promise.breached_at) == ("open", promise.due_at)

    @pytest.mark.parametrize("hour", [2, 9, 15])
    def test_sends_nothing_outside_the_hours(self, gold: Customer, gateway: Gateway, hour: int) -> None:
        for day in range(8, 20):
            born(make.customer(f"客户{day}", owner=gold.owner), day=day)
        for customer in Customer.objects.filter(name__startswith="客户"):
            give_tier(customer, "silver")
        run_schedule(TEN - DAY, gateway)
        restart = (TEN + 2 * DAY).replace(hour=hour)
        for minutes in (0, 60, 480, 1380):
            run_schedule(restart + timedelta(minutes=minutes), gateway)
        assert all(9 <= at.astimezone(SHANGHAI).hour <= 20 for at in gateway.times.values())
        settled = Occurrence.objects.exclude(state="planned")
        sent, missed = settled.filter(state="sent").count(), settled.filter(state="missed").count()
        assert sent == len(gateway.accepted)
        assert settled.count() == sent + missed > 0

    def test_that_left_more_than_the_guard_allows_waits(
        self, gold: Customer, gateway: Gateway, settings: object
    ) -> None:
        settings.FLUSH_GUARD = 0  # type: ignore[attr-defined]
        born(gold)
        run_schedule(TEN - DAY, gateway)
        run_schedule(TEN, gateway)
        assert gateway.accepted == []
        assert TickState.objects.get().held_since is not None
        holds.resume(by=None, now=TEN)
        run_schedule(TEN + timedelta(minutes=1), gateway)
        assert len(gateway.accepted) == 1


class TestAResultThatWasNotFiled:
    def test_is_filed_by_the_hourly_run(
        self, gold: Customer, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        born(gold)
        with monkeypatch.context() as broken:
            broken.setattr(greetings, "file_result", fail)
            run_schedule(TEN, gateway)
        assert Commitment.objects.get().state == "open"
        assert greetings.file_left_over(now=TEN).done == 1
        assert Commitment.objects.get().state == "fulfilled"
        assert greetings.file_left_over(now=TEN).done == 0


class TestAGreetingThatFails:
    def test_is_pushed_and_blocks_nobody(
        self, gold: Customer, silver: Customer, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        born(gold)
        born(silver)
        monkeypatch.setattr(greetings, "_post", fail_for(gold))
        greetings.plan_day(day=TEN.date())
        outcome = greetings.open_due(clock=lambda: TEN)
        assert (outcome.done, outcome.failed) == (1, 1)
        assert Occurrence.objects.get(customer=gold).next_try_at == TEN + timedelta(hours=1)
        assert not Commitment.objects.filter(customer=gold).exists()

    def test_turns_its_run_red(
        self, gold: Customer, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        born(gold)
        monkeypatch.setattr(greetings, "_post", fail)
        run_schedule(TEN, gateway)
        assert JobRun.objects.get(job="open_greetings").failed == 1


def fail(*_values: object, **_fields: object) -> None:
    raise RuntimeError("no")


def fail_for(customer: Customer) -> object:
    post = greetings._post

    def maybe(occurrence: Occurrence, contact: Contact, *, now: datetime) -> Message:
        if contact.customer_id == customer.pk:
            raise RuntimeError("no")
        return post(occurrence, contact, now=now)

    return maybe


class TestAGreetingTheProviderGaveUpLater:
    """Accepted is evidence; a failure reported later takes it away again (X-20)."""

    def given_up(self, gold: Customer, gateway: Gateway) -> Message:
        born(gold)
        run_schedule(TEN, gateway)
        message = Message.objects.get()
        later = TEN + timedelta(minutes=5)
        messages.give_up(message, reason="停机", provider="gateway", at=later, now=later)
        return message

    def test_is_unproven(self, gold: Customer, gateway: Gateway) -> None:
        self.given_up(gold, gateway)
        promise = Commitment.objects.get()
        assert (promise.state, result(promise)) == ("fulfilled", "unproven")
        assert promise.events.filter(kind="disproved").count() == 1

    def test_is_unproven_once_however_often_it_is_reported(self, gold: Customer, gateway: Gateway) -> None:
        message = self.given_up(gold, gateway)
        for _again in range(3):
            greetings.file_result(message=message, now=TEN + timedelta(hours=1))
        assert Commitment.objects.get().events.filter(kind="disproved").count() == 1

    def test_is_kept_where_it_arrived_after_all(self, gold: Customer, gateway: Gateway) -> None:
        message = self.given_up(gold, gateway)
        later = TEN + timedelta(minutes=9)
        messages.deliver(message, reference="r", provider="gateway", at=later, now=later)
        assert result(Commitment.objects.get()) == "kept"

    def test_is_kept_by_another_sending(self, gold: Customer, gateway: Gateway, manager: User) -> None:
        message = self.given_up(gold, gateway)
        dead_letters.retry(message=message, by=manager, now=TEN + timedelta(minutes=9))
        run_delivery(gateway, TEN + timedelta(minutes=9))
        assert result(Commitment.objects.get()) == "kept"

    def test_is_found_by_the_hourly_run_where_nobody_listened(
        self, gold: Customer, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as broken:
            original = greetings.file_result
            answers = iter([original, fail])
            broken.setattr(greetings, "file_result", lambda **given: next(answers)(**given))
            self.given_up(gold, gateway)
        assert result(Commitment.objects.get()) == "kept"
        assert greetings.file_left_over(now=TEN + timedelta(hours=1)).done == 1
        assert result(Commitment.objects.get()) == "unproven"
