"""Who stands in for an owner hears what the owner hears: told, not too early, not twice; and sees what is lent."""

from datetime import date, timedelta

import pytest

from crm.models import Customer, Message, StandIn, User
from crm.selectors import stand_ins as read
from crm.services import stand_ins
from servicing import access
from servicing.selectors import commitments as lists
from servicing.services import commitments
from tests.factories import crm as make
from tests.factories.servicing import at, promise, ticket

pytestmark = pytest.mark.django_db
TRIGGERED = at("2026-03-10 10:00")  # a silver change: amber from 03-11 00:00, due Thursday 03-12 23:59:59
AMBER = at("2026-03-11 00:00")
BROKEN = at("2026-03-13 00:00")


def lend(person: User, taker: User, first: str, end: str) -> StandIn:
    return stand_ins.begin(
        person=person,
        stand_in=taker,
        active_from=date.fromisoformat(first),
        active_to=date.fromisoformat(end),
        by=person,
        now=TRIGGERED,
    )


def told(kind: str) -> list[str]:
    rows = Message.objects.filter(kind=f"promise_{kind}").order_by("user__username")
    return list(rows.values_list("user__username", flat=True))


class TestAWarning:
    @pytest.mark.parametrize(
        ("first", "end", "hears"),
        [
            ("2026-03-12", "2026-03-14", False),  # begins a day later
            ("2026-03-11", "2026-03-14", True),  # the first day, from 00:00
            ("2026-03-10", "2026-03-12", True),  # the last day
            ("2026-03-10", "2026-03-11", False),  # the day after
        ],
    )
    def test_reaches_the_stand_in_on_the_days_lent(
        self, silver: Customer, lin: User, agent: User, first: str, end: str, hears: bool
    ) -> None:
        promise(silver, triggered_at=TRIGGERED)
        lend(lin, agent, first, end)

        commitments.sweep(now=AMBER)

        assert told("warned") == (["lin", "qin"] if hears else ["lin"])

    def test_waits_for_the_opening_and_names_the_absent(
        self, silver: Customer, lin: User, agent: User
    ) -> None:
        promise(silver, triggered_at=TRIGGERED)
        lend(lin, agent, "2026-03-11", "2026-03-14")

        commitments.sweep(now=AMBER)

        notice = Message.objects.get(kind="promise_warned", user=agent)
        assert notice.not_before == at("2026-03-11 09:00")
        assert notice.body.endswith("（您正在替 林晓 代班）")
        assert "代班" not in Message.objects.get(kind="promise_warned", user=lin).body

    def test_is_not_told_twice(self, silver: Customer, lin: User, agent: User) -> None:
        promise(silver, triggered_at=TRIGGERED)
        lend(lin, agent, "2026-03-11", "2026-03-14")

        for hour in range(3):
            commitments.sweep(now=AMBER + timedelta(hours=hour))

        assert told("warned") == ["lin", "qin"]

    def test_of_a_friday_night_reaches_who_stands_in_when_it_leaves(
        self, silver: Customer, lin: User, agent: User
    ) -> None:
        promise(silver, triggered_at=at("2026-03-10 10:00"))
        lend(lin, agent, "2026-03-16", "2026-03-17")  # the Monday after

        commitments.sweep(now=at("2026-03-13 19:00"))

        assert "qin" in told("broken")


class TestTheLadder:
    def test_reaches_owner_stand_in_and_supervisor_once(
        self, silver: Customer, lin: User, agent: User
    ) -> None:
        promise(silver, triggered_at=TRIGGERED)
        lend(lin, agent, "2026-03-11", "2026-03-20")

        commitments.sweep(now=BROKEN)

        assert told("broken") == ["he", "lin", "qin"]

    def test_tells_a_supervisor_who_stands_in_once(self, silver: Customer, lin: User, lead: User) -> None:
        promise(silver, triggered_at=TRIGGERED)
        lend(lin, lead, "2026-03-11", "2026-03-20")

        commitments.sweep(now=BROKEN)

        assert told("broken") == ["he", "lin"]

    def test_tells_who_stands_in_for_the_supervisor(
        self, silver: Customer, lin: User, lead: User, agent: User
    ) -> None:
        promise(silver, triggered_at=TRIGGERED)
        lend(lead, agent, "2026-03-11", "2026-03-20")

        commitments.sweep(now=BROKEN)

        assert told("broken") == ["he", "lin", "qin"]


class TestWhatIsLent:
    def test_stands_among_ones_own_work_while_it_runs(self, silver: Customer, lin: User, agent: User) -> None:
        made, taken = promise(silver, triggered_at=TRIGGERED), ticket(silver)
        lend(lin, agent, "2026-03-11", "2026-03-13")

        seen = []
        for day in (10, 11, 12, 13):
            read.lend(agent, on=date(2026, 3, day))
            rows = lists.worklist(agent, mine=True, now=TRIGGERED)
            seen.append((made in rows, taken in access.own_tickets(agent)))
        assert seen == [(False, False), (True, True), (True, True), (False, False)]

    def test_is_all_that_a_stand_in_from_elsewhere_sees(
        self, silver: Customer, lin: User, agent: User, zhou: User
    ) -> None:
        lent, others = promise(silver, triggered_at=TRIGGERED), make.customer("别家", owner=make.person("wu"))
        kept = promise(others, triggered_at=TRIGGERED)
        mine, theirs = ticket(silver), ticket(others)
        # who took it on here and was moved to another branch meanwhile
        row = lend(lin, agent, "2026-03-11", "2026-03-13")
        StandIn.objects.filter(pk=row.pk).update(stand_in=zhou)

        read.lend(zhou, on=date(2026, 3, 11))
        assert lent in access.visible_commitments(zhou) and kept not in access.visible_commitments(zhou)
        assert mine in access.visible_tickets(zhou) and theirs not in access.visible_tickets(zhou)
        read.lend(zhou, on=date(2026, 3, 13))
        assert not access.visible_commitments(zhou) and not access.visible_tickets(zhou)
