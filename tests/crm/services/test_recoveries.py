"""F12: three days of outage, restarts at 15:00, 09:00 and 02:00. Nothing leaves at night; the report sums up."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from crm import queue
from crm.models import Contact, Customer, Message, Occurrence, Recovery, TickState, User
from crm.pulse import Pulse
from crm.selectors import recoveries
from crm.services import holds, tick
from crm.services import recoveries as reports
from crm.services.tick import guards
from crm.time import SHANGHAI, local
from tests.factories.sending import Gateway, crowd, greeting, run_delivery
from tests.factories.tiers import give_tier
from tests.figures import LONG, keep, size

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(3600 if LONG else 300)]

DOWN = datetime(2026, 3, 10, 9, 30, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
# Birthdays on eight days in a row: greeted on the last day before the outage, in it, on the day of the restart, later.
DAYS = range(10, 18)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: object) -> Gateway:
    settings.MESSAGE_FOLDER = tmp_path  # type: ignore[attr-defined]
    gateway = Gateway()
    monkeypatch.setattr("crm.providers.by_channel", gateway.by_channel)
    return gateway


def populate(lin: User, a_day: int) -> None:
    for day in DAYS:
        people = crowd(lin, a_day)
        Contact.objects.filter(pk__in=[one.pk for one in people]).update(birth_month=3, birth_day=day)
    for customer in Customer.objects.all():
        give_tier(customer, "silver")


def run_schedule(at: datetime, gateway: Gateway) -> None:
    with time_machine.travel(at, tick=False):
        tick.tick(now=at, pulse=Pulse("", 0.0), start=queue.run_now)
    run_delivery(gateway, at)


class TestThreeDaysOfOutage:
    @pytest.mark.parametrize(
        ("hour", "missed_days", "sent_days"),
        # greeted the day before: birthdays of 11th, 12th, 13th fall into the outage; of the 14th on its last day
        [(15, 3, 1), (9, 3, 0), (2, 3, 0)],
    )
    def test_sends_what_still_may_go_and_names_the_rest(
        self, lin: User, head_office: User, gateway: Gateway, hour: int, missed_days: int, sent_days: int
    ) -> None:
        a_day, began = size(3, 150), time.monotonic()
        populate(lin, a_day)
        run_schedule(DOWN, gateway)
        restart = (DOWN + 3 * DAY).replace(hour=hour, minute=0)
        run_schedule(restart, gateway)
        if LONG:  # more than leaves without a look
            holds.resume(by=head_office, now=restart)
        run_schedule(restart + timedelta(minutes=1), gateway)

        report = Recovery.objects.get()
        (line,) = recoveries.lines(report, Customer.objects.all())
        assert (line.parts["missed"], line.parts["made_up"]) == (missed_days * a_day, sent_days * a_day)
        assert line.due == sum(line.parts.values()) == (missed_days + sent_days) * a_day
        for hours in range(1, 48):
            run_schedule(restart + timedelta(hours=hours), gateway)
        assert all(9 <= local(at).hour < 21 for at in gateway.times.values())
        states = Counter(Occurrence.objects.values_list("state", flat=True))
        assert states["sent"] == len(gateway.accepted) == len(set(gateway.accepted))
        assert recoveries.lines(report, Customer.objects.all()) == [line]
        told = f"报告应发 {line.due}，补发 {line.parts['made_up']}，错过 {line.parts['missed']}；时段外 0，重复 0"
        keep("F12", f"停三天，{hour} 时恢复", "SQLite", f"{a_day * len(DAYS)} 个事由", told, began)

    def test_tells_each_keeper_once_whom_to_care_for(self, lin: User, gateway: Gateway) -> None:
        populate(lin, 2)
        run_schedule(DOWN, gateway)
        run_schedule(DOWN + 3 * DAY, gateway)
        (notice,) = Message.objects.filter(kind="greeting_missed")
        assert notice.user == lin
        assert "6 位" in notice.body


class TestAReport:
    def due(self, lin: User, count: int) -> None:
        for one in crowd(lin, count):
            greeting(one, DOWN)

    def test_counts_what_belongs_to_no_occurrence_too(self, lin: User, gateway: Gateway) -> None:
        self.due(lin, 4)
        report = reports.report(began_at=DOWN - DAY, ended_at=DOWN, held=False)
        assert report is not None
        run_delivery(gateway, DOWN)
        (line,) = recoveries.lines(report, Customer.objects.all())
        assert (line.due, line.parts["made_up"]) == (4, 4)

    def test_is_not_written_where_nothing_was_due(self, lin: User) -> None:
        assert reports.report(began_at=DOWN - DAY, ended_at=DOWN, held=False) is None

    def test_is_written_once(self, lin: User) -> None:
        self.due(lin, 1)
        for _again in range(2):
            reports.report(began_at=DOWN - DAY, ended_at=DOWN, held=False)
        assert Recovery.objects.count() == 1

    def test_has_each_thing_in_one_list(self, lin: User, gateway: Gateway) -> None:
        populate(lin, 2)
        run_schedule(DOWN, gateway)
        run_schedule(DOWN + 3 * DAY + timedelta(hours=1), gateway)
        report, everybody = Recovery.objects.get(), Customer.objects.all()
        listed = [row.pk for part in recoveries.Part for row in recoveries.of_part(report, everybody, part)]
        assert sorted(listed) == sorted(
            recoveries.of_part(report, everybody, "").values_list("pk", flat=True)
        )

    def test_says_who_let_it_go_on(self, lin: User, head_office: User, settings: object) -> None:
        settings.FLUSH_GUARD = 3  # type: ignore[attr-defined]
        run_schedule(DOWN - DAY, Gateway())
        self.due(lin, 4)
        with time_machine.travel(DOWN, tick=False):
            tick.tick(now=DOWN, pulse=Pulse("", 0.0), start=lambda *_task, **_given: None)
        report = Recovery.objects.get()
        assert (report.held, report.confirmed_at) == (True, None)
        holds.resume(by=head_office, now=DOWN)
        report.refresh_from_db()
        assert (report.confirmed_at, report.confirmed_by) == (DOWN, head_office)


class TestTheGuardAgainstAFlush:
    def sent_before(self, lin: User, a_day: int) -> None:
        """A steady four weeks."""
        for one in crowd(lin, a_day * 28):
            made = greeting(one, DOWN - 10 * DAY)
            Message.objects.filter(pk=made.pk).update(
                state="accepted", accepted_at=DOWN - 10 * DAY, settled_at=DOWN - 10 * DAY, next_try_at=None
            )

    @pytest.mark.parametrize(("waiting", "held"), [(30, False), (31, True)])
    def test_holds_more_than_three_normal_days(
        self, lin: User, head_office: User, waiting: int, held: bool
    ) -> None:
        self.sent_before(lin, 10)
        for one in crowd(lin, waiting):
            greeting(one, DOWN)
        TickState.objects.create(pk=1, watermark=DOWN.date())
        guards.against_a_flush(DAY, now=DOWN)
        assert (TickState.objects.get().held_since is not None) is held

    def test_lets_a_handful_go_in_a_house_that_hardly_sends(self, lin: User) -> None:
        for one in crowd(lin, 20):
            greeting(one, DOWN)
        TickState.objects.create(pk=1, watermark=DOWN.date())
        guards.against_a_flush(DAY, now=DOWN)
        assert TickState.objects.get().held_since is None


class TestThePage:
    def test_shows_lists_that_sum_up(
        self, lin: User, head_office: User, gateway: Gateway, client_as: Callable[[User], Client]
    ) -> None:
        populate(lin, 2)
        run_schedule(DOWN, gateway)
        run_schedule(DOWN + 3 * DAY, gateway)
        client = client_as(head_office)
        assert "恢复报告" in client.get("/jobs/recoveries/").content.decode()
        shown = client.get(f"/jobs/recoveries/{Recovery.objects.get().pk}/")
        assert shown.context["due"] == sum(count for _key, _word, count in shown.context["parts"])
        part = client.get(f"/jobs/recoveries/{Recovery.objects.get().pk}/", {"part": "missed"})
        assert part.context["page"].paginator.count == 6

    def test_shows_other_branches_nothing(
        self, lin: User, zhou: User, gateway: Gateway, client_as: Callable[[User], Client]
    ) -> None:
        populate(lin, 1)
        run_schedule(DOWN, gateway)
        run_schedule(DOWN + 3 * DAY, gateway)
        User.objects.filter(pk=zhou.pk).update(role="branch_manager")
        shown = client_as(User.objects.get(pk=zhou.pk)).get(f"/jobs/recoveries/{Recovery.objects.get().pk}/")
        assert shown.context["due"] == 0
