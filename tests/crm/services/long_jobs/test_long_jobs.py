"""Long work: done once however often it is interrupted, cancelled between pieces, given up when it cannot go on."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from crm.models import LogEntry, LongJob, User
from crm.models.long_job import QUIET, LongJobState
from crm.services import long_jobs
from crm.services.long_jobs import working
from tests.factories import counting

pytestmark = pytest.mark.django_db
LEASE = timedelta(seconds=settings.LEASE_SECONDS)
ALL = [f"n{number}" for number in range(35)]


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


def turn(clock: Clock) -> LongJob:
    long_jobs.work(clock=clock)
    return LongJob.objects.latest("pk")


class TestWorkThatNothingDisturbs:
    def test_does_every_row_once_and_says_so(self, lin: User, clock: Clock) -> None:
        counting.request(lin, clock.now)

        job = turn(clock)

        assert counting.counted() == ALL
        assert (job.state, job.done, job.ok, job.total, job.percent) == ("done", 35, 35, 35, 100)
        assert (job.phase, job.result, job.lease_token, job.finished_at) == (
            "正在数",
            {"last": 35},
            "",
            clock.now,
        )
        assert counting.ends() == ["done"]

    def test_is_not_done_again(self, lin: User, clock: Clock) -> None:
        counting.request(lin, clock.now)
        turn(clock)
        assert long_jobs.work(clock=clock).done == 0
        assert counting.counted() == ALL

    def test_is_left_for_others_after_its_turn(
        self, lin: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(working, "TURN_SECONDS", -1.0)
        counting.request(lin, clock.now)

        outcome = long_jobs.work(clock=clock)

        job = LongJob.objects.get()
        assert outcome.left
        assert (job.state, job.done, job.lease_token) == ("running", 10, "")
        for _turn in range(3):
            turn(clock)
        assert counting.counted() == ALL


class TestNothingToDo:
    def test_is_no_work(self, db: None, clock: Clock) -> None:
        assert not long_jobs.work(clock=clock).left


class TestTheSameWorkAskedForTwice:
    def test_is_one_row_while_it_is_unfinished(self, lin: User, clock: Clock) -> None:
        first = counting.request(lin, clock.now, key="a")
        assert counting.request(lin, clock.now, key="a") == first
        assert counting.request(lin, clock.now, key="b") != first

    def test_is_a_new_row_afterwards(self, lin: User, clock: Clock) -> None:
        first = counting.request(lin, clock.now, key="a", rows=1)
        turn(clock)
        assert counting.request(lin, clock.now, key="a") != first

    def test_is_forbidden_by_the_database(self, lin: User, clock: Clock) -> None:
        first = counting.request(lin, clock.now, key="a")
        first.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            first.save(force_insert=True)


class TestAPieceThatDies:
    def test_leaves_whole_pieces_and_goes_on_at_the_cursor(self, lin: User, clock: Clock) -> None:
        counting.request(lin, clock.now, dies_at=15)

        job = turn(clock)

        assert counting.counted() == ALL[:10]
        assert (job.state, job.done, job.cursor) == ("running", 10, {"next": 10})
        assert "自动重试" in job.note
        clock.now += working.REST
        job = turn(clock)
        clock.now += working.REST
        job = turn(clock) if job.waiting else job
        assert counting.counted() == ALL
        assert job.state == "done"

    def test_rests_before_it_is_tried_again(self, lin: User, clock: Clock) -> None:
        counting.request(lin, clock.now, dies_at=15)
        turn(clock)
        clock.now += working.REST - timedelta(seconds=1)
        assert long_jobs.work(clock=clock).done == 0


class TestAWorkerThatIsGone:
    def test_keeps_the_work_until_its_lease_is_over(self, lin: User, clock: Clock) -> None:
        job = counting.request(lin, clock.now)
        taken = working._take(clock.now)
        assert taken is not None

        clock.now += LEASE - timedelta(seconds=1)
        assert long_jobs.work(clock=clock).done == 0
        clock.now += timedelta(seconds=1)
        assert turn(clock).state == "done"
        assert counting.counted() == ALL
        job.refresh_from_db()
        assert job.state == LongJobState.DONE

    def test_writes_nothing_when_it_comes_back(self, lin: User, clock: Clock) -> None:
        counting.request(lin, clock.now)
        taken = working._take(clock.now)
        assert taken is not None
        job, token = taken
        clock.now += LEASE
        turn(clock)

        with pytest.raises(long_jobs.LeaseIsLost):
            working._piece(job.pk, token, lambda cursor, now: pytest.fail("wrote"), {}, clock)
        assert counting.counted() == ALL

    def test_is_given_up_when_none_ever_gets_on(self, lin: User, clock: Clock) -> None:
        counting.request(lin, clock.now, breaks_on_opening=True)
        for _attempt in range(working.MOST_ATTEMPTS):
            assert turn(clock).waiting
            clock.now += LEASE
        job = turn(clock)
        assert (job.state, job.attempts) == ("failed", working.MOST_ATTEMPTS + 1)
        assert counting.ends() == ["failed"]


class TestARefusal:
    def test_ends_the_work_with_its_sentence(self, lin: User, clock: Clock) -> None:
        counting.request(lin, clock.now, refuse=True)
        job = turn(clock)
        assert (job.state, job.note) == ("failed", "请先补上文件。")

    def test_of_a_kind_that_is_no_more_says_what_to_do(self, lin: User, clock: Clock) -> None:
        long_jobs.request(kind="gone", title="旧任务", by=lin, now=clock.now)
        assert "重新发起" in turn(clock).note


class TestCancelling:
    def test_what_waits_ends_it_at_once(self, lin: User, clock: Clock) -> None:
        job = counting.request(lin, clock.now)
        long_jobs.cancel(pk=job.pk, by=lin, now=clock.now)
        job.refresh_from_db()
        assert (job.state, counting.counted(), counting.ends()) == ("cancelled", [], ["cancelled"])

    def test_what_runs_stops_it_before_the_next_piece(self, lin: User, clock: Clock) -> None:
        job = counting.request(lin, clock.now)
        taken = working._take(clock.now)
        assert taken is not None
        long_jobs.cancel(pk=job.pk, by=lin, now=clock.now)
        job.refresh_from_db()
        assert job.state == "running"

        working._turn(*taken, clock)

        job.refresh_from_db()
        assert (job.state, counting.counted()) == ("cancelled", [])

    def test_what_a_dead_worker_held_ends_it(self, lin: User, clock: Clock) -> None:
        job = counting.request(lin, clock.now)
        working._take(clock.now)
        long_jobs.cancel(pk=job.pk, by=lin, now=clock.now)
        clock.now += LEASE
        assert turn(clock).state == "cancelled"

    def test_twice_is_once_and_written_down_once(self, lin: User, clock: Clock) -> None:
        job = counting.request(lin, clock.now)
        long_jobs.cancel(pk=job.pk, by=lin, now=clock.now)
        long_jobs.cancel(pk=job.pk, by=lin, now=clock.now)
        assert LogEntry.objects.filter(action="crm.long_job.cancelled").count() == 1

    def test_what_is_done_is_refused(self, lin: User, clock: Clock) -> None:
        job = counting.request(lin, clock.now, rows=1)
        turn(clock)
        with pytest.raises(long_jobs.CannotBeCancelled):
            long_jobs.cancel(pk=job.pk, by=lin, now=clock.now)


class TestResuming:
    def test_goes_on_where_the_work_stopped(
        self, lin: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(working, "TURN_SECONDS", -1.0)
        job = counting.request(lin, clock.now)
        turn(clock)
        long_jobs.cancel(pk=job.pk, by=lin, now=clock.now)
        assert counting.counted() == ALL[:10]
        monkeypatch.undo()

        long_jobs.resume(pk=job.pk, by=lin, now=clock.now)

        assert turn(clock).state == "done"
        assert counting.counted() == ALL

    def test_what_is_done_or_runs_is_refused(self, lin: User, clock: Clock) -> None:
        job = counting.request(lin, clock.now, rows=1)
        with pytest.raises(long_jobs.CannotBeResumed):
            long_jobs.resume(pk=job.pk, by=lin, now=clock.now)
        turn(clock)
        with pytest.raises(long_jobs.CannotBeResumed):
            long_jobs.resume(pk=job.pk, by=lin, now=clock.now)

    def test_beside_newer_work_of_the_same_key_is_refused(self, lin: User, clock: Clock) -> None:
        job = counting.request(lin, clock.now, key="a")
        long_jobs.cancel(pk=job.pk, by=lin, now=clock.now)
        counting.request(lin, clock.now, key="a")
        with pytest.raises(long_jobs.CannotBeResumed):
            long_jobs.resume(pk=job.pk, by=lin, now=clock.now)


class TestWhatThePageAsks:
    def test_quiet_begins_after_a_minute(self, lin: User, now: datetime) -> None:
        job = counting.request(lin, now)
        assert not job.quiet(now + QUIET)
        assert job.quiet(now + QUIET + timedelta(seconds=1))

    def test_nobody_guesses_an_end_below_five_percent(self, lin: User, now: datetime) -> None:
        job = counting.request(lin, now, rows=100)
        job.state, job.started_at, job.total, job.done = "running", now - timedelta(seconds=10), 100, 4
        assert job.left(now) is None
        job.done = 5
        assert job.left(now) == timedelta(seconds=190)


class TestOldRows:
    @pytest.mark.parametrize(("age", "gone"), [(timedelta(days=90), 0), (timedelta(days=90, seconds=1), 1)])
    def test_are_deleted_after_ninety_days(self, lin: User, clock: Clock, age: timedelta, gone: int) -> None:
        counting.request(lin, clock.now, rows=1)
        turn(clock)
        assert long_jobs.forget(now=clock.now + age) == gone


class TestTwoWorkersThatSawTheSameRow:
    def test_have_one_winner(self, lin: User, now: datetime) -> None:
        job = counting.request(lin, now)
        assert [working._win(job.pk, token, now) for token in ("a", "b")] == [True, False]

    def test_take_different_rows_where_there_are_two(self, lin: User, now: datetime) -> None:
        counting.request(lin, now, key="a")
        counting.request(lin, now, key="b")
        first, second = working._take(now), working._take(now)
        assert first is not None
        assert second is not None
        assert first[0].pk != second[0].pk
        assert working._take(now) is None
