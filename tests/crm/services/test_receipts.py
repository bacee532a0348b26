"""Receipts: twice, late, out of order, unknown and forged, the outcome is the same."""

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from crm.models import Contact, Customer, Message, ProviderState, Receipt, User
from crm.services import receipts
from crm.services.receipts import ReceiptsNotUnderstood
from tests.factories import crm as make
from tests.factories.sending import Gateway, crowd, greeting, run_delivery
from tests.fakes.gateway import SECRET, FakeGateway

pytestmark = pytest.mark.django_db

FAR = FakeGateway()
ADDRESS = "/api/receipts/gateway/"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def message(gold: Customer, now: datetime) -> Message:
    person = make.contact(gold, phone="13912345678", consented_at=now, consent_source="投保单")
    made = greeting(person, now)
    run_delivery(Gateway(name="gateway"), now)
    return made


def push(events: list[dict[str, str]], now: datetime) -> receipts.Taken:
    return receipts.take(
        provider="gateway", reports=receipts.read(json.dumps({"events": events}).encode()), now=now
    )


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def event(row: Message, status: str, now: datetime, name: str = "", **more: str) -> dict[str, str]:
    return FAR.receipt(row.serial, status, event=name, at=now.isoformat(), **more)


class TestAReport:
    def test_of_an_arrival_makes_it_delivered(self, message: Message, now: datetime) -> None:
        push([event(message, "delivered", now + MINUTE)], now + MINUTE)
        assert (state_of(message), message.delivered_at) == ("delivered", now + MINUTE)

    def test_of_a_lasting_failure_makes_it_a_dead_letter(self, message: Message, now: datetime) -> None:
        push([event(message, "failed", now, message="停机")], now)
        assert (state_of(message), message.reason) == ("failed", "停机")

    def test_of_a_delay_changes_nothing(self, message: Message, now: datetime) -> None:
        push([event(message, "delayed", now)], now)
        assert state_of(message) == "accepted"

    def test_that_comes_twice_counts_once(self, message: Message, now: datetime) -> None:
        once = [event(message, "delivered", now)]
        taken = [push(once, now), push(once, now)]
        assert [(one.taken, one.known) for one in taken] == [(1, 0), (0, 1)]
        assert Receipt.objects.count() == 1

    def test_from_before_the_submission_or_ahead_of_us_is_dated_between(
        self, message: Message, now: datetime
    ) -> None:
        push([event(message, "delivered", now + timedelta(days=2))], now + MINUTE)
        assert (state_of(message), message.delivered_at) == ("delivered", now + MINUTE)

    @pytest.mark.parametrize("order", list(permutations(("delayed", "failed", "delivered"))))
    def test_of_each_kind_in_any_order_ends_the_same(
        self, message: Message, now: datetime, order: tuple[str, ...]
    ) -> None:
        for status in order:
            push([event(message, status, now)], now)
        assert state_of(message) == "delivered"

    def test_that_comes_before_our_own_answer_counts(self, gold: Customer, now: datetime) -> None:
        made = greeting(make.contact(gold, consented_at=now, consent_source="投保单"), now)
        gateway = Gateway(after=lambda _one: push([event(made, "delivered", now)], now) and None)
        run_delivery(gateway, now)
        assert state_of(made) == "delivered"


class TestAReportOfAStranger:
    def test_is_counted_and_kept(self, message: Message, now: datetime) -> None:
        taken = push([FAR.receipt("no-such-serial", "delivered")], now)
        assert (taken.taken, taken.unknown) == (0, 1)
        assert ProviderState.objects.get(name="gateway").unknown_receipts == 1

    def test_about_a_message_that_never_left_changes_nothing(self, gold: Customer, now: datetime) -> None:
        waiting = greeting(make.contact(gold), now)
        assert push([event(waiting, "delivered", now)], now).unknown == 1
        assert state_of(waiting) == "planned"


class TestAReply:
    @pytest.mark.parametrize("text", ["R", "r", "TD ", "退订", "拒收请勿再发"])
    def test_that_wants_no_more_opts_out_at_every_customer(
        self, message: Message, silver: Customer, now: datetime, text: str
    ) -> None:
        make.contact(silver, phone="13912345678")
        reply = {"event": "1", "status": "reply", "phone": "13912345678", "text": text, "at": now.isoformat()}
        push([reply], now)
        assert Contact.objects.filter(opted_out_at=now).count() == 2
        assert text not in Receipt.objects.get().detail

    @pytest.mark.parametrize("text", ["谢谢", "好的", ""])
    def test_of_another_kind_changes_nothing(self, message: Message, now: datetime, text: str) -> None:
        push(
            [{"event": "1", "status": "reply", "phone": "13912345678", "text": text, "at": now.isoformat()}],
            now,
        )
        assert not Contact.objects.filter(opted_out_at__isnull=False).exists()


class TestABodyThatIsNone:
    @pytest.mark.parametrize(
        "body",
        [
            b"", b"[]", b"{}", b"\xff", b'{"events": 1}', b'{"events": [1]}', b'{"events": [{}]}', b"[" * 100_000,
            b'{"events": [{"event": "1", "serial": "a", "status": "eaten", "at": "2026-01-01T00:00:00+08:00"}]}',
            b'{"events": [{"event": "1", "serial": "a", "status": "failed", "at": "2026-01-01T00:00:00"}]}',
            b'{"events": [{"event": "", "serial": "a", "status": "failed", "at": "2026-01-01T00:00:00+08:00"}]}',
            b'{"events": [{"event": "1", "serial": "", "status": "failed", "at": "2026-01-01T00:00:00+08:00"}]}',
            b'{"events": [{"event": "a\\u0000", "serial": "a", "status": "failed", "at": "2026-01-01T00:00:00+08:00"}]}',
        ],
    )  # fmt: skip
    def test_is_refused_whole(self, body: bytes) -> None:
        with pytest.raises(ReceiptsNotUnderstood):
            receipts.read(body)

    def test_of_too_many_is_refused(self) -> None:
        many = [FAR.receipt(str(n), "delivered") for n in range(501)]
        with pytest.raises(ReceiptsNotUnderstood):
            receipts.read(json.dumps({"events": many}).encode())


class TestTheDoor:
    @pytest.fixture(autouse=True)
    def _secrets(self, settings: Settings, monkeypatch: pytest.MonkeyPatch, now: datetime) -> Iterator[None]:
        settings.MESSAGE_GATEWAY_SECRETS = (SECRET,)
        monkeypatch.setattr("crm.views.receipts.read_clock", lambda: now)
        yield

    def post(self, body: bytes, headers: dict[str, str], address: str = ADDRESS) -> int:
        return (
            Client(enforce_csrf_checks=True)
            .post(address, body, content_type="application/json", headers=headers)
            .status_code
        )

    def test_takes_a_signed_push(self, message: Message, now: datetime) -> None:
        body, headers = FAR.signed([event(message, "delivered", now)], at=now)
        assert (self.post(body, headers), state_of(message)) == (200, "delivered")

    def test_refuses_another_signature_and_changes_nothing(self, message: Message, now: datetime) -> None:
        body, headers = FAR.signed(
            [event(message, "delivered", now)], at=now, secrets=("another-secret-0123456789",)
        )
        assert (self.post(body, headers), state_of(message)) == (401, "accepted")
        assert ProviderState.objects.get(name="gateway").forged_receipts == 1

    def test_refuses_a_changed_body(self, message: Message, now: datetime) -> None:
        body, headers = FAR.signed([event(message, "failed", now)], at=now)
        assert self.post(body.replace(b"failed", b"delivered"), headers) == 401

    def test_refuses_an_old_push(self, message: Message, now: datetime) -> None:
        body, headers = FAR.signed([event(message, "delivered", now)], at=now - 6 * MINUTE)
        assert self.post(body, headers) == 401

    def test_refuses_a_body_that_is_too_large(self, now: datetime) -> None:
        body, headers = FAR.signed([{"x": "x" * 300_000}], at=now)
        assert self.post(body, headers) == 413

    def test_says_400_to_a_signed_body_that_is_none(self, now: datetime) -> None:
        body, headers = FAR.signed([{"x": "y"}], at=now)
        assert self.post(body, headers) == 400

    def test_is_not_there_for_providers_that_have_no_secret(self, now: datetime, settings: Settings) -> None:
        body, headers = FAR.signed([], at=now)
        assert self.post(body, headers, "/api/receipts/other/") == 404
        settings.MESSAGE_GATEWAY_SECRETS = ()
        assert self.post(body, headers) == 404


class TestManyReceipts:
    """F9 in short: each report up to three times, shuffled, with strangers among them."""

    def test_shuffled_and_repeated_end_as_the_provider_knows(self, lin: User, now: datetime) -> None:
        for person in crowd(lin, 60):
            greeting(person, now)
        run_delivery(Gateway(), now)
        chance, events, truth = random.Random(9), [], {}
        for message in Message.objects.order_by("pk"):
            wanted = chance.choice([["delivered"], ["failed"], ["failed", "delivered"], ["delayed"], []])
            truth[message.serial] = {"delivered": "delivered", "failed": "failed"}.get(
                "delivered" if "delivered" in wanted else "failed" if "failed" in wanted else "", "accepted"
            )
            events += [event(message, status, now) for status in wanted] * chance.randint(1, 3)
        events += [FAR.receipt(f"stranger-{n}", "delivered") for n in range(20)]
        chance.shuffle(events)
        for start in range(0, len(events), 7):
            push(events[start : start + 7], now)
        assert dict(Message.objects.values_list("serial", "state")) == truth
        assert ProviderState.objects.get(name="gateway").unknown_receipts == 20
