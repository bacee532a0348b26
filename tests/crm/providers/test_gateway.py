"""The gateway's contract, against a far side that delays, fails, drops after accepting and talks nonsense."""

import socket
from collections.abc import Iterator
from datetime import datetime

import httpx
import pytest
from django.core.exceptions import ImproperlyConfigured

from crm.providers import gateway as adapter
from crm.providers.base import Accepted, CannotBeAsked, Delivered, NeverLeft, Outgoing, Refused, Undelivered
from crm.providers.gateway import GarbledAnswer, GatewayProvider
from tests.fakes.gateway import SECRET, FakeGateway, running

MESSAGE = Outgoing("a1", "birthday_greeting", "sms", "13912345678", "生日快乐\n祝好")


@pytest.fixture
def far() -> Iterator[FakeGateway]:
    with running(FakeGateway()) as gateway:
        yield gateway


@pytest.fixture
def provider(far: FakeGateway) -> GatewayProvider:
    return GatewayProvider(far.address, [SECRET], per_second=20)


class TestASignedMessage:
    def test_is_accepted_with_a_reference(
        self, far: FakeGateway, provider: GatewayProvider, now: datetime
    ) -> None:
        assert provider.submit(MESSAGE, now=now) == Accepted("gw-a1", now)
        assert (far.accepted, far.texts["a1"]) == (["a1"], MESSAGE.body)

    def test_is_refused_for_the_wrong_secret_and_can_be_tried_again(
        self, far: FakeGateway, now: datetime
    ) -> None:
        stranger = GatewayProvider(far.address, ["another-secret-0123456789"], per_second=20)
        answer = stranger.submit(MESSAGE, now=now)
        assert answer == Refused("服务商不认签名", lasting=False, of_provider=True)
        assert far.accepted == []

    def test_is_known_by_the_old_secret_and_by_the_new_one(self, far: FakeGateway, now: datetime) -> None:
        both = GatewayProvider(far.address, ["a-new-secret-01234567890123", SECRET], per_second=20)
        assert isinstance(both.submit(MESSAGE, now=now), Accepted)
        far.secrets = ("a-new-secret-01234567890123",)
        assert isinstance(both.submit(MESSAGE, now=now), Accepted)

    def test_without_an_address_never_leaves(self, provider: GatewayProvider, now: datetime) -> None:
        assert provider.submit(Outgoing("a1", "x", "sms", "", "x"), now=now) == Refused("没有接收地址")


class TestAClearNo:
    @pytest.mark.parametrize(
        ("fault", "answer"),
        [
            ("no", Refused("号码无效（INVALID）")),
            ("not_now", Refused("该号码超限（LIMIT）", lasting=False)),
            ("429", Refused("服务商限流", lasting=False, of_provider=True)),
        ],
    )
    def test_is_a_refusal(
        self, far: FakeGateway, provider: GatewayProvider, now: datetime, fault: str, answer: Refused
    ) -> None:
        far.fault = fault
        assert provider.submit(MESSAGE, now=now) == answer
        assert far.accepted == []


class TestNobodyKnows:
    @pytest.mark.parametrize(
        "fault", ["drop", "drop_before", "500", "late_500", "garbage", "list", "huge", "redirect"]
    )
    def test_after_an_answer_that_is_neither_yes_nor_no(
        self, far: FakeGateway, provider: GatewayProvider, now: datetime, fault: str
    ) -> None:
        far.fault = fault
        with pytest.raises((GarbledAnswer, httpx.HTTPError)):
            provider.submit(MESSAGE, now=now)

    def test_after_a_time_out(
        self, far: FakeGateway, provider: GatewayProvider, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        far.delay = 0.5
        hurried = httpx.Client(timeout=httpx.Timeout(0.1), trust_env=False)
        monkeypatch.setattr(adapter, "_client", lambda: hurried)
        with pytest.raises(httpx.ReadTimeout):
            provider.submit(MESSAGE, now=now)

    def test_times_are_three_seconds_to_connect_and_ten_to_read(self) -> None:
        assert (adapter.TIMEOUT.connect, adapter.TIMEOUT.read) == (3, 10)


class TestAGatewayThatIsNotThere:
    def test_heard_nothing(self, now: datetime) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        absent = GatewayProvider(f"http://127.0.0.1:{port}", [SECRET], per_second=20)
        with pytest.raises(NeverLeft):
            absent.submit(MESSAGE, now=now)
        with pytest.raises(CannotBeAsked):
            absent.query("a1", now=now)


class TestAskingForASerial:
    def test_that_was_never_seen(self, provider: GatewayProvider, now: datetime) -> None:
        assert provider.query("a1", now=now) is None

    @pytest.mark.parametrize(
        ("fate", "kind"), [("accepted", Accepted), ("delivered", Delivered), ("failed", Undelivered)]
    )
    def test_that_was_taken(
        self, far: FakeGateway, provider: GatewayProvider, now: datetime, fate: str, kind: type
    ) -> None:
        provider.submit(MESSAGE, now=now)
        far.fates["a1"] = fate
        assert isinstance(provider.query("a1", now=now), kind)

    def test_of_a_gateway_in_trouble_leaves_it_open(
        self, far: FakeGateway, provider: GatewayProvider, now: datetime
    ) -> None:
        far.fault = "500"
        with pytest.raises(CannotBeAsked):
            provider.query("a1", now=now)


class TestSettingsThatAreNotSafe:
    @pytest.mark.parametrize("address", ["http://sms.example.com", "ftp://127.0.0.1", "", "127.0.0.1:9"])
    def test_an_address_without_https_elsewhere(self, address: str) -> None:
        with pytest.raises(ImproperlyConfigured, match="https"):
            GatewayProvider(address, [SECRET], per_second=20)

    @pytest.mark.parametrize("secrets", [[], ["short"], [SECRET, "short"]])
    def test_a_short_secret(self, secrets: list[str]) -> None:
        with pytest.raises(ImproperlyConfigured, match="24"):
            GatewayProvider("https://sms.example.com", secrets, per_second=20)
