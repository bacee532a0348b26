"""The tick: once at a time, no day left out, outages noticed, moved clocks distrusted, everything started once a slot."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from crm import queue
from crm.models import JobRun, LogEntry, Message, Occurrence, TickState, User
from crm.pulse import Pulse
from crm.schedule import JOBS
from crm.services import holds, runs
from crm.services.tick import Ticked, lease, slot_of, tick
from crm.services.tick.clockwatch import Beat, judge
from crm.time import local_date
from tests.factories import crm as make
from tests.factories.sending import NO_PULSE, Gateway, crowd, greeting, run_delivery

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
PERIODIC = [job.name for job in JOBS if not job.per_day]


class Starts:
    """Remembers what a tick started instead of running it."""

    def __init__(self) -> None:
        self.tasks: list[str] = []

    def __call__(self, task: str, **_arguments: Any) -> None:
        self.tasks.append(task)


def beat(now: datetime, pulse: Pulse = NO_PULSE) -> Ticked:
    return tick(now=now, pulse=pulse, start=Starts())


class TestTheFirstTick:
    def test_begins_the_schedule_today(self, now: datetime) -> None:
        done = beat(now)
        assert done.days == [local_date(now) + timedelta(days=n) for n in range(8)]
        assert TickState.objects.get().watermark == local_date(now) + 7 * DAY

    def test_starts_every_job(self, now: datetime) -> None:
        assert beat(now).started == PERIODIC


class TestASecondTick:
    def test_in_the_same_slot_starts_nothing(self, now: datetime) -> None:
        beat(now)
        assert beat(now + timedelta(seconds=1)).started == []

    def test_in_the_next_minute_starts_what_runs_every_minute(self, now: datetime) -> None:
        beat(now)
        started = beat(now + MINUTE).started
        assert started == [
            "open_greetings",
            "deliver_messages",
            "sweep_commitments",
            "work_on_jobs",
            "carry_out_handovers",
            "seal_audit",
        ]

    def test_while_another_ticks_does_nothing(self, now: datetime) -> None:
        assert lease.take(now=now)
        assert not beat(now).ours
        assert not JobRun.objects.exists()

    def test_takes_over_from_one_that_died(self, now: datetime) -> None:
        assert lease.take(now=now)
        assert beat(now + timedelta(seconds=61)).ours

    def test_unrolls_one_more_day_each_day(self, now: datetime) -> None:
        beat(now)
        assert beat(now + DAY).days == [local_date(now) + 8 * DAY]


class TestATickThatLostItsLease:
    def test_writes_nothing_any_more(self, now: datetime) -> None:
        token = lease.take(now=now)
        assert token
        assert lease.take(now=now + timedelta(seconds=61))
        assert not lease.write(token, watermark=date(2030, 1, 1))
        assert TickState.objects.get().watermark != date(2030, 1, 1)


class TestADayThatCouldNotBePlanned:
    def test_holds_the_watermark_until_it_is(self, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(_task: str, **_arguments: Any) -> None:
            raise RuntimeError("no")

        with monkeypatch.context() as broken:
            broken.setattr(queue, "run_now", fail)
            assert beat(now).failed == ["plan_greetings"]
        assert TickState.objects.get().watermark == local_date(now) - DAY
        assert len(beat(now + MINUTE).days) == 8


class TestThreeDaysOfOutage:
    def test_are_three_more_days_to_unroll(self, now: datetime) -> None:
        beat(now)
        done = beat(now + 3 * DAY)
        assert done.verdict.outage == 3 * DAY
        assert done.days == [local_date(now) + timedelta(days=n) for n in (8, 9, 10)]

    def test_longer_than_the_horizon_leaves_no_day_out(self, now: datetime) -> None:
        beat(now)
        beat(now + 20 * DAY)
        slots = JobRun.objects.filter(job="plan_greetings").order_by("slot").values_list("slot", flat=True)
        assert list(slots) == [(local_date(now) + timedelta(days=n)).isoformat() for n in range(28)]


class TestABacklogAfterAnOutage:
    def posted(self, count: int, now: datetime) -> None:
        for one in crowd(make.customer().owner, count):
            greeting(one, now)

    def test_over_the_guard_waits_for_a_person(self, head_office: User, now: datetime, settings: Any) -> None:
        settings.FLUSH_GUARD = 3
        beat(now - MINUTE * 30)
        self.posted(4, now)
        beat(now)
        gateway = Gateway()
        run_delivery(gateway, now)
        assert gateway.accepted == []
        assert TickState.objects.get().held_kind == "backlog"
        holds.resume(by=head_office, now=now)
        run_delivery(gateway, now)
        assert len(gateway.accepted) == 4
        assert LogEntry.objects.filter(action="crm.sending.resumed", by=head_office).count() == 1

    def test_at_the_guard_leaves_at_once(self, now: datetime, settings: Any) -> None:
        settings.FLUSH_GUARD = 4
        beat(now - MINUTE * 30)
        self.posted(4, now)
        beat(now)
        assert TickState.objects.get().held_since is None

    def test_without_an_outage_is_an_ordinary_morning(self, now: datetime, settings: Any) -> None:
        settings.FLUSH_GUARD = 3
        beat(now - MINUTE)
        self.posted(4, now)
        beat(now)
        assert TickState.objects.get().held_since is None

    def test_tells_head_office_once(self, head_office: User, now: datetime, settings: Any) -> None:
        settings.FLUSH_GUARD = 3
        beat(now - MINUTE * 30)
        self.posted(4, now)
        beat(now)
        beat(now + MINUTE * 30)
        assert Message.objects.filter(user=head_office, kind="sending_held").count() == 1


class TestAMovedClock:
    """The machine's pulse goes on by a minute while the wall clock goes elsewhere."""

    @pytest.mark.parametrize(
        "jump", [timedelta(hours=2), timedelta(hours=-2), timedelta(days=1), timedelta(seconds=-31)]
    )
    def test_stops_what_goes_to_customers(self, head_office: User, now: datetime, jump: timedelta) -> None:
        beat(now, Pulse("boot", 1000.0))
        contact = make.contact(make.customer(), consented_at=now, consent_source="投保单")
        greeting(contact, now + min(jump, timedelta(0)))
        beat(now + MINUTE + jump, Pulse("boot", 1060.0))
        gateway = Gateway()
        run_delivery(gateway, now + MINUTE + jump, pulse=Pulse("boot", 1060.0))
        state = TickState.objects.get()
        assert (gateway.accepted, state.held_kind) == ([], "clock")
        assert Message.objects.filter(user=head_office, kind="sending_held", state="accepted").exists()

    def test_is_noticed_by_the_delivery_before_the_next_tick(self, now: datetime) -> None:
        beat(now, Pulse("boot", 1000.0))
        greeting(make.contact(make.customer(), consented_at=now, consent_source="投保单"), now)
        gateway = Gateway()
        run_delivery(gateway, now + timedelta(hours=2), pulse=Pulse("boot", 1060.0))
        assert gateway.accepted == []

    def test_unrolls_no_day_and_misses_nothing(self, now: datetime) -> None:
        beat(now, Pulse("boot", 1000.0))
        done = beat(now + DAY, Pulse("boot", 1060.0))
        assert (done.days, done.started) == ([], ["deliver_messages", "seal_audit"])

    def test_that_came_back_does_not_use_up_the_slots_it_ran_ahead_of(
        self, head_office: User, now: datetime
    ) -> None:
        beat(now, Pulse("boot", 1000.0))
        beat(now + timedelta(hours=2), Pulse("boot", 1060.0))
        beat(now + 2 * MINUTE, Pulse("boot", 1120.0))
        holds.resume(by=head_office, now=now + 2 * MINUTE)
        later = now + timedelta(hours=2)
        assert "deliver_messages" in beat(later, Pulse("boot", 1000.0 + 7200)).started

    def test_sends_nothing_twice_once_a_person_resumed(self, head_office: User, now: datetime) -> None:
        gateway = Gateway()
        beat(now, Pulse("boot", 1000.0))
        greeting(make.contact(make.customer(), consented_at=now, consent_source="投保单"), now)
        run_delivery(gateway, now, pulse=Pulse("boot", 1000.0))
        beat(now + timedelta(hours=2), Pulse("boot", 1060.0))
        beat(now + 2 * MINUTE, Pulse("boot", 1120.0))
        holds.resume(by=head_office, now=now + 2 * MINUTE)
        run_delivery(gateway, now + 2 * MINUTE, pulse=Pulse("boot", 1120.0))
        assert len(gateway.accepted) == 1


class TestWhatLiesBetweenTwoBeats:
    AT = datetime.fromisoformat("2026-03-10T10:00:00+08:00")

    @pytest.mark.parametrize(
        ("wall", "went", "boots", "jumped", "out"),
        [
            (60, 60, "aa", False, False),
            (660, 60, "aa", False, True),  # exactly ten minutes ahead is still believed
            (661, 60, "aa", True, False),
            (30, 60, "aa", False, False),
            (29, 60, "aa", True, False),
            (86400, 86400, "aa", False, True),  # asleep or stopped: the pulse went on
            (86400, 3, "ab", False, True),  # restarted
            (-31, 3, "ab", True, False),  # restarted with a clock that went back
            (300, 300, "aa", False, False),
        ],
    )
    def test_is_told_apart(self, wall: int, went: int, boots: str, jumped: bool, out: bool) -> None:
        before = Beat(self.AT, Pulse(boots[0], 1000.0))
        after = Beat(self.AT + timedelta(seconds=wall), Pulse(boots[1], 1000.0 + went))
        verdict = judge(before, after)
        assert (verdict.jump is not None, verdict.outage is not None) == (jumped, out)


class TestAHostThatDisagreesWithItsDatabase:
    """The tests' clock stands in March, the database server's does not; SQLite has no clock of its own."""

    def test_is_told_to_head_office_once_a_day(self, head_office: User, now: datetime) -> None:
        beat(now)
        beat(now + MINUTE)
        once = 1 if connection.vendor == "postgresql" else 0
        assert Message.objects.filter(user=head_office, kind="clock_skew").count() == once
        assert JobRun.objects.filter(job="clock_skew", note__contains="校准时钟").count() == once


class TestResumingWhatRuns:
    def test_is_refused_with_a_sentence(self, now: datetime) -> None:
        beat(now)
        with pytest.raises(holds.NothingIsHeld, match="无需恢复"):
            holds.resume(by=None, now=now)


class TestASlot:
    @pytest.mark.parametrize(
        ("every", "name"),
        [
            (MINUTE, "2026-03-10T10:07:00"),
            (timedelta(hours=1), "2026-03-10T10:00:00"),
            (DAY, "2026-03-10T00:00:00"),
        ],
    )
    def test_is_counted_from_midnight_in_shanghai(self, every: timedelta, name: str) -> None:
        assert slot_of(every, datetime.fromisoformat("2026-03-10T02:07:31+00:00")) == name


class TestARunOfAJob:
    def test_is_begun_once_a_slot(self, now: datetime) -> None:
        assert runs.begin(job="x", slot="1", now=now)
        assert runs.begin(job="x", slot="1", now=now) is None

    def test_says_what_it_did_and_turns_red_when_rows_failed(self, now: datetime) -> None:
        run = runs.begin(job="x", slot="1", now=now)
        assert run
        with pytest.raises(runs.SomeRowsFailed), runs.recorded(run.pk, clock=lambda: now) as add:
            add(runs.Outcome(done=3, failed=1))
        run.refresh_from_db()
        assert (run.done, run.failed, run.finished_at) == (3, 1, now)

    def test_keeps_the_words_of_a_crash(self, now: datetime) -> None:
        run = runs.begin(job="x", slot="1", now=now)
        assert run
        with pytest.raises(ZeroDivisionError), runs.recorded(run.pk, clock=lambda: now):
            raise ZeroDivisionError("零")
        run.refresh_from_db()
        assert (run.failed, run.note) == (1, "ZeroDivisionError: 零")

    def test_is_forgotten_after_a_month_if_it_ended_well(self, now: datetime) -> None:
        for slot, failed in (("1", 0), ("2", 1)):
            JobRun.objects.create(
                job="x", slot=slot, started_at=now, heartbeat_at=now, finished_at=now, failed=failed
            )
        runs.forget(now=now + 31 * DAY)
        assert list(JobRun.objects.values_list("slot", flat=True)) == ["2"]


def test_a_day_of_ticks_by_five_at_once_doubles_nothing(now: datetime) -> None:
    for minute in range(0, 1440, 10):
        for _ticker in range(5):
            beat(now + minute * MINUTE)
    assert Occurrence.objects.count() == Occurrence.objects.distinct().count()
    assert JobRun.objects.filter(job="sweep_commitments").count() == 144
