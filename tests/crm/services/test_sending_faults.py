"""Faults of a provider, over a real line: dying after an accept, errors, floods, silence, nonsense, receipts of all kinds.

The far side's own record is the judge: 0 lost, 0 doubled. Quick here; `script/faults` asks for the long form
and keeps the figures.
"""

import json
import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx
import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from crm.models import Attempt, Contact, Message, ProviderState, Receipt, User
from crm.providers import gateway as adapter
from crm.providers.base import Accepted, Outgoing, Provider, Refused
from crm.providers.gateway import GatewayProvider
from crm.providers.in_app import InAppProvider
from crm.services import contacts, delivery, receipts
from crm.services.delivery import claiming
from tests.factories.sending import NO_PULSE, Gateway, Killed, crowd, greeting, no_pause, run_delivery
from tests.fakes.gateway import SECRET, FakeGateway, running
from tests.figures import LONG, keep, size

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(3600 if LONG else 120)]

SETTLED = timedelta(seconds=1000)
STEP = timedelta(minutes=5)


def report(fault: str, case: str, *, sent: int, lost: int, doubled: int, told: str, began: float) -> None:
    """This function will keep the figures of a long run."""
    on = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    keep(fault, case, on, f"{sent} 条", f"丢失 {lost}，重复 {doubled}；{told}", began)


@pytest.fixture
def far() -> Iterator[FakeGateway]:
    with running(FakeGateway()) as gateway:
        yield gateway


class Dying(GatewayProvider):
    """The process dies between the provider's accept and our own write."""

    alive = False

    def submit(self, message: Outgoing, *, now: datetime) -> Accepted | Refused:
        """This function will hand over the message, and die if it must."""
        answer = super().submit(message, now=now)
        if not self.alive:
            raise Killed
        return answer


def deliver(provider: Provider, at: datetime) -> None:
    """This function will run one delivery with the clock standing still."""
    delivery.deliver(
        clock=lambda: at,
        pause=no_pause,
        pulse=NO_PULSE,
        providers={"sms": provider, "in_app": InAppProvider()},
        limit=100_000,
    )


class TestDyingAfterTheAccept:
    """F7."""

    def test_ends_in_accepted_by_asking(
        self, lin: User, far: FakeGateway, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        count, began = size(25, 500), time.monotonic()
        monkeypatch.setattr(claiming, "BATCH", 1)
        for person in crowd(lin, count):
            greeting(person, now)
        provider = Dying(far.address, [SECRET], per_second=1000)
        provider.per_second = None
        for _death in range(count):
            with pytest.raises(Killed):
                deliver(provider, now)
        provider.alive = True
        deliver(provider, now + timedelta(seconds=61))
        for runs in range(1, 4):
            deliver(provider, now + runs * SETTLED)
        accepted = Message.objects.filter(state="accepted").count()
        lost, doubled = count - len(set(far.accepted)), len(far.doubled)
        report(
            "F7",
            "受理后进程死亡",
            sent=count,
            lost=lost,
            doubled=doubled,
            told=f"已受理 {accepted}",
            began=began,
        )
        assert (accepted, lost, doubled) == (count, 0, 0)


class TestAProviderInTrouble:
    """F8: everything fails for half an hour, then the provider is well again."""

    @pytest.mark.parametrize("fault", ["500", "late_500", "429", "slow", "drop", "drop_before", "garbage"])
    def test_loses_nothing_and_doubles_nothing(
        self, lin: User, far: FakeGateway, now: datetime, monkeypatch: pytest.MonkeyPatch, fault: str
    ) -> None:
        count, began = size(30, 2000), time.monotonic()
        hurried = httpx.Client(timeout=httpx.Timeout(0.2), trust_env=False)
        monkeypatch.setattr(adapter, "_client", lambda: hurried)
        for person in crowd(lin, count):
            greeting(person, now, message_class="service", kind="expiry")
        far.fault, far.delay = fault, 0.5 if fault == "slow" else 0.0
        provider = GatewayProvider(far.address, [SECRET], per_second=1000)
        provider.per_second = None
        deliver(provider, now)
        failures = Attempt.objects.count()
        at = now
        while at < now + 6 * STEP:
            at += STEP
            deliver(provider, at)
        tried = Attempt.objects.count()
        far.fault, far.delay = "", 0.0
        while Message.objects.filter(state__in=("planned", "unknown"), contact__isnull=False).exists():
            at += STEP
            deliver(provider, at)
            assert at < now + timedelta(days=3), Message.objects.values_list("state", flat=True).distinct()
        lost, doubled = count - len(set(far.accepted)), len(far.doubled)
        told = f"熔断前 {failures} 次，半小时共 {tried} 次，同时在途 {far.most_in_flight}"
        report("F8", f"服务商 {fault}", sent=count, lost=lost, doubled=doubled, told=told, began=began)
        assert (lost, doubled) == (0, 0)
        # one worker, one line; a slow far side goes on sleeping after we have hung up
        assert far.most_in_flight == 1 or fault == "slow"
        assert failures <= 20 and tried <= failures + 20
        assert Message.objects.filter(state="accepted", contact__isnull=False).count() == count


class TestReceiptsOfAllKinds:
    """F9: twice, shuffled, of strangers, forged."""

    def test_leave_what_the_provider_knows(
        self, lin: User, far: FakeGateway, now: datetime, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        count, began = size(80, 10_000), time.monotonic()
        for person in crowd(lin, count):
            greeting(person, now)
        while Message.objects.filter(state="planned").exists():
            run_delivery(Gateway(), now)
        chance, events, truth = random.Random(9), [], {}
        for serial in Message.objects.order_by("pk").values_list("serial", flat=True):
            wanted = chance.choice(
                [["delivered"], ["failed"], ["failed", "delivered"], ["delayed", "delivered"]]
            )
            truth[serial] = "delivered" if "delivered" in wanted else "failed"
            events += [far.receipt(serial, status, at=now.isoformat()) for status in wanted] * 2
        strangers = size(10, 500)
        events += [far.receipt(f"stranger-{n}", "delivered") for n in range(strangers)]
        chance.shuffle(events)
        forged = self.forge(far, list(truth), now, settings, monkeypatch, size(10, 500))
        for start in range(0, len(events), 250):
            body = json.dumps({"events": events[start : start + 250]}).encode()
            receipts.take(provider="gateway", reports=receipts.read(body), now=now)
        standing = dict(Message.objects.values_list("serial", "state"))
        wrong = sum(standing[serial] != state for serial, state in truth.items())
        told = f"回执 {len(events)}，无主 {strangers}，伪造 {forged} 全拒，终态不符 {wrong}"
        report("F9", "乱序、重复、伪造的回执", sent=count, lost=wrong, doubled=0, told=told, began=began)
        assert (wrong, ProviderState.objects.get(name="gateway").unknown_receipts) == (0, strangers)

    def forge(
        self,
        far: FakeGateway,
        serials: list[str],
        now: datetime,
        settings: Settings,
        monkeypatch: pytest.MonkeyPatch,
        count: int,
    ) -> int:
        settings.MESSAGE_GATEWAY_SECRETS = (SECRET,)
        monkeypatch.setattr("crm.views.receipts.read_clock", lambda: now)
        client, before = Client(), Receipt.objects.count()
        for number in range(count):
            events = [far.receipt(serials[number % len(serials)], "failed")]
            body, headers = far.signed(events, at=now, secrets=("not-the-secret-0123456789",))
            answer = client.post(
                "/api/receipts/gateway/", body, content_type="application/json", headers=headers
            )
            assert answer.status_code == 401
        assert Receipt.objects.count() == before
        assert set(Message.objects.values_list("state", flat=True)) == {"accepted"}
        return count


class TestOptingOutDuringARun:
    """F42."""

    def test_is_obeyed_from_the_commit_on(self, lin: User, now: datetime) -> None:
        count, leaving, began = size(100, 5000), size(20, 500), time.monotonic()
        people = crowd(lin, count)
        for person in people:
            greeting(person, now)
        gateway, gone = Gateway(), set[int]()

        def opt_out(_message: Outgoing) -> None:
            if len(gateway.accepted) == count // 2:
                waiting = Message.objects.exclude(serial__in=gateway.accepted).values_list(
                    "contact", flat=True
                )
                for person in Contact.objects.filter(pk__in=list(waiting)[:leaving]):
                    contacts.opt_out(contact=person, reason="短信回复退订", by=None, now=now)
                    gone.add(person.pk)

        gateway.after = opt_out
        while Message.objects.filter(state="planned").exists():
            run_delivery(gateway, now)
        reached = set(Message.objects.filter(state="accepted").values_list("contact", flat=True))
        sent, wrong = len(gateway.accepted), len(reached & gone)
        report(
            "F42", "途中退订", sent=sent, lost=count - leaving - sent, doubled=len(gateway.doubled),
            told=f"退订 {len(gone)}，退订后发出 {wrong}", began=began,
        )  # fmt: skip
        assert (len(gone), wrong, sent, gateway.doubled) == (leaving, 0, count - leaving, [])
