"""A provider that fails is left alone, tried again by one message, and handed messages at its own pace."""

from datetime import datetime, timedelta

import pytest

from crm.models import Attempt, Message, ProviderState, User
from crm.providers.base import NeverLeft, Outgoing, Refused
from crm.services import delivery
from crm.services.delivery import breaker, pacing
from tests.factories.sending import NO_PULSE, Gateway, crowd, greeting, run_delivery

pytestmark = pytest.mark.django_db

REST = timedelta(seconds=60)


@pytest.fixture
def gateway(lin: User, head_office: User, now: datetime) -> Gateway:
    for one in crowd(lin, 60):
        greeting(one, now)
    return Gateway()


def time_out(_message: Outgoing) -> None:
    raise TimeoutError


def busy(_message: Outgoing) -> Refused:
    return Refused("服务商限流", lasting=False, of_provider=True)


def not_there(_message: Outgoing) -> Refused:
    raise NeverLeft("连接被拒绝")


class TestAProviderThatKeepsFailing:
    @pytest.mark.parametrize("fault", [busy, not_there])
    def test_is_left_alone_after_ten_failures(self, gateway: Gateway, now: datetime, fault: object) -> None:
        gateway.before = fault  # type: ignore[assignment]
        run_delivery(gateway, now)
        run_delivery(gateway, now + timedelta(seconds=59))
        assert Attempt.objects.count() == 10

    def test_leaves_no_more_than_ten_messages_unknown(self, gateway: Gateway, now: datetime) -> None:
        gateway.after = time_out
        run_delivery(gateway, now)
        states = Message.objects.exclude(kind="provider_rests").values_list("state", flat=True)
        assert (list(states).count("unknown"), list(states).count("planned")) == (10, 50)

    def test_is_told_to_head_office_once(self, gateway: Gateway, now: datetime) -> None:
        gateway.after = time_out
        for minutes in range(5):
            run_delivery(gateway, now + timedelta(minutes=minutes))
        assert Message.objects.filter(kind="provider_rests").count() == 1

    def test_does_not_hold_up_other_providers(self, gateway: Gateway, now: datetime) -> None:
        gateway.after = time_out
        run_delivery(gateway, now)
        notice = Message.objects.get(kind="provider_rests")
        assert notice.state == "accepted"


class TestAProbe:
    def rest(self, gateway: Gateway, now: datetime) -> None:
        gateway.before = busy
        run_delivery(gateway, now)
        gateway.before = lambda _message: None

    def test_is_one_message(self, gateway: Gateway, now: datetime) -> None:
        self.rest(gateway, now)
        gateway.before = busy
        run_delivery(gateway, now + REST)
        assert Attempt.objects.count() == 11

    def test_that_fails_doubles_the_rest(self, gateway: Gateway, now: datetime) -> None:
        self.rest(gateway, now)
        gateway.before = busy
        run_delivery(gateway, now + REST)
        state = ProviderState.objects.get(name="gateway")
        assert state.probe_at == now + REST + 2 * REST

    def test_that_succeeds_lets_all_go(self, gateway: Gateway, now: datetime) -> None:
        self.rest(gateway, now)
        run_delivery(gateway, now + REST)
        assert (len(gateway.accepted), gateway.doubled) == (60, [])
        assert not breaker.is_open("gateway")

    def test_is_won_by_one_worker(self, gateway: Gateway, now: datetime) -> None:
        self.rest(gateway, now)
        won = [breaker.permits("gateway", most=50, now=now + REST) for _worker in range(3)]
        assert won == [1, 0, 0]

    def test_that_never_ended_is_followed_by_another(self, gateway: Gateway, now: datetime) -> None:
        self.rest(gateway, now)
        breaker.permits("gateway", most=50, now=now + REST)
        assert breaker.permits("gateway", most=50, now=now + REST + breaker.PROBE) == 1


class TestARefusalOfOneMessage:
    def test_is_no_failure_of_the_provider(self, gateway: Gateway, now: datetime) -> None:
        gateway.before = lambda _message: Refused("号码无效")
        run_delivery(gateway, now)
        assert (Message.objects.filter(state="failed").count(), breaker.is_open("gateway")) == (60, False)


class TestAPace:
    def test_spreads_messages_over_time(self, gateway: Gateway, now: datetime) -> None:
        gateway.per_second = 20
        waited: list[float] = []

        def clock() -> datetime:
            return now + timedelta(seconds=sum(waited))

        delivery.deliver(
            clock=clock, pause=waited.append, pulse=NO_PULSE, providers=gateway.by_channel(), limit=60
        )
        moments = sorted(gateway.times.values())
        assert len(moments) == 60
        # a second's worth at once after a rest, then never more than twenty a second
        assert moments[-1] - now >= timedelta(seconds=(60 - 21) / 20)
        for first, later in zip(moments[21:], moments[41:], strict=False):
            assert later - first >= timedelta(seconds=0.99)

    def test_that_is_too_slow_gives_the_rest_back(self, gateway: Gateway, now: datetime) -> None:
        gateway.per_second = 0.1
        run_delivery(gateway, now)
        waiting = Message.objects.filter(state="planned")
        assert 0 < len(gateway.accepted) < 5
        assert waiting.count() == 60 - len(gateway.accepted)

    def test_is_kept_by_all_workers_together(self, gateway: Gateway, now: datetime) -> None:
        gateway.per_second = 2
        waits = [pacing.moment(gateway, now=now) for _worker in range(6)]
        assert [wait.total_seconds() for wait in waits] == [0, 0, 0, 0.5, 1, 1.5]

    def test_is_not_spoilt_by_a_clock_that_went_back(self, gateway: Gateway, now: datetime) -> None:
        gateway.per_second = 2
        pacing.moment(gateway, now=now + timedelta(days=1))
        assert pacing.moment(gateway, now=now) == timedelta(0)


class TestTries:
    def test_are_rows_with_their_results(self, gateway: Gateway, now: datetime) -> None:
        Message.objects.exclude(pk=Message.objects.earliest("pk").pk).delete()
        for at, fault in ((now, not_there), (now + timedelta(seconds=5), time_out)):
            gateway.before = fault  # type: ignore[assignment]
            run_delivery(gateway, at)
        gateway.before = lambda _message: None
        run_delivery(gateway, now + timedelta(seconds=1000))
        tries = Attempt.objects.order_by("pk").values_list("result", "detail")
        assert list(tries) == [("never_left", "连接被拒绝"), ("unknown", "TimeoutError"), ("accepted", "")]
