"""The sweep: each moment of a promise's ladder is noticed once, dated when it became true."""

from datetime import datetime, timedelta

import pytest
from django.db import OperationalError

from crm.models import Customer, Message, User
from servicing.models import Commitment, CommitmentEvent
from servicing.services import commitments
from tests.factories.servicing import at, promise

TRIGGERED = at("2026-03-10 10:00")  # a silver change: due Thursday 03-12 23:59:59
DUE = at("2026-03-12 23:59:59")


def kinds(made: Commitment) -> list[str]:
    return list(made.events.order_by("at", "pk").values_list("kind", flat=True))


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=f"promise_{kind}").values_list("user__username", flat=True))


class TestAPromiseThatNobodyTouches:
    def test_is_left_alone_before_its_amber_moment(self, silver: Customer) -> None:
        made = promise(silver, triggered_at=TRIGGERED)

        swept = commitments.sweep(now=at("2026-03-10 23:59:59"))

        assert (swept.done, kinds(made)) == (0, ["opened"])

    def test_warns_its_owner_once(self, silver: Customer) -> None:
        made = promise(silver, triggered_at=TRIGGERED)

        for hour in range(3):
            commitments.sweep(now=at("2026-03-11 00:00") + timedelta(hours=hour))

        assert kinds(made) == ["opened", "warned"]
        assert told("warned") == {"lin"}

    def test_is_not_broken_at_the_due_second(self, silver: Customer) -> None:
        made = promise(silver, triggered_at=TRIGGERED)

        commitments.sweep(now=DUE)
        made.refresh_from_db()

        assert made.breached_at is None

    def test_breaks_a_second_later_and_tells_owner_and_supervisor(self, silver: Customer) -> None:
        made = promise(silver, triggered_at=TRIGGERED)

        commitments.sweep(now=DUE + timedelta(seconds=1))
        made.refresh_from_db()

        assert (made.state, made.breached_at) == ("open", DUE)
        assert told("broken") == {"lin", "he"}

    def test_climbs_to_the_branch_manager_after_three_working_days(self, silver: Customer) -> None:
        made = promise(silver, triggered_at=TRIGGERED)

        for day in range(12, 20):
            commitments.sweep(now=at(f"2026-03-{day} 00:00:01"))
        made.refresh_from_db()

        # Thursday's deadline: Friday is working day one, then Monday and Tuesday
        levels = dict(made.events.filter(kind="escalated").values_list("alarm", "at"))
        assert levels == {"escalated:1": at("2026-03-14 00:00"), "escalated:2": at("2026-03-18 00:00")}
        assert told("escalated_2") == {"guo"}
        assert made.look_again_at is None


class TestAnOutage:
    def test_writes_every_event_with_its_true_time_but_tells_only_the_present(self, silver: Customer) -> None:
        made = promise(silver, triggered_at=TRIGGERED)

        commitments.sweep(now=at("2026-03-25 10:00"))

        assert kinds(made) == ["opened", "broken", "escalated", "escalated"]
        assert made.events.get(kind="broken").at == DUE + timedelta(seconds=1)
        assert set(Message.objects.values_list("kind", flat=True)) == {"promise_escalated_2"}

    def test_messages_of_the_night_leave_at_the_next_opening(self, silver: Customer) -> None:
        promise(silver, triggered_at=TRIGGERED)

        commitments.sweep(now=at("2026-03-14 00:00:30"))  # a Saturday

        assert set(Message.objects.values_list("not_before", flat=True)) == {at("2026-03-16 09:00")}


class TestTwoSweepsAtOnce:
    def test_only_the_first_wins_the_row(self, silver: Customer) -> None:
        made = promise(silver, triggered_at=TRIGGERED)
        seen = made.look_again_at
        assert seen
        late = DUE + timedelta(seconds=1)

        assert commitments.look_at(pk=made.pk, seen=seen, now=late) == 1
        assert commitments.look_at(pk=made.pk, seen=seen, now=late) == 0
        assert CommitmentEvent.objects.filter(commitment=made, kind="broken").count() == 1

    def test_without_naming_the_moment_seen_the_alarm_would_ring_twice(self, silver: Customer) -> None:
        """The guard is the conditional UPDATE; the unique alarm is what stands behind it."""
        made = promise(silver, triggered_at=TRIGGERED)
        late = DUE + timedelta(seconds=1)
        seen = made.look_again_at
        assert seen
        commitments.look_at(pk=made.pk, seen=seen, now=late)
        Commitment.objects.filter(pk=made.pk).update(look_again_at=seen)  # as if nobody had taken the row

        assert commitments.look_at(pk=made.pk, seen=seen, now=late) == 1
        assert CommitmentEvent.objects.filter(commitment=made, kind="broken").count() == 1


class TestARowThatCannotBeLookedAt:
    def test_is_put_off_an_hour_and_stops_nobody(
        self, silver: Customer, gold: Customer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bad = promise(silver, triggered_at=TRIGGERED)
        good = promise(gold, triggered_at=TRIGGERED)
        Commitment.objects.filter(pk=bad.pk).update(time_rules={"opens": "25:99"})
        late = DUE + timedelta(seconds=1)

        swept = commitments.sweep(now=late)
        bad.refresh_from_db()
        good.refresh_from_db()

        assert (swept.done, swept.failed) == (1, 1)
        assert bad.look_again_at == late + timedelta(hours=1)
        assert good.breached_at == DUE


class TestABusyDatabase:
    def test_costs_a_row_a_minute_not_an_hour(
        self, silver: Customer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = promise(silver, triggered_at=TRIGGERED)
        late = DUE + timedelta(seconds=1)

        def busy(**_given: object) -> int:
            raise OperationalError("database is locked")

        with monkeypatch.context() as patch:
            patch.setattr(commitments.looking, "look_at", busy)
            swept = commitments.sweep(now=late)

        assert (swept.done, swept.failed) == (0, 1)
        assert commitments.sweep(now=late).done == 1
        assert made.events.filter(kind="broken").count() == 1


class TestAnswerAfterTheSweep:
    def test_never_heals_the_breach(self, silver: Customer, lin: User) -> None:
        made = promise(silver, triggered_at=TRIGGERED)
        late = at("2026-03-13 09:00")
        commitments.sweep(now=late)

        done = commitments.fulfil(
            commitment=made, at=late, by=lin, proof=commitments.Proof("reply", "GD1#1"), now=late
        )

        assert done.breached_at == DUE
        assert done.events.filter(kind="broken").count() == 1


class TestASweepOfMany:
    def test_stops_at_its_limit_and_goes_on_next_time(self, silver: Customer, now: datetime) -> None:
        for _ in range(5):
            promise(silver, triggered_at=TRIGGERED)
        late = DUE + timedelta(seconds=1)

        swept = [commitments.sweep(now=late, limit=3) for _ in range(3)]

        assert [(one.done, one.left) for one in swept] == [(3, True), (2, False), (0, False)]
