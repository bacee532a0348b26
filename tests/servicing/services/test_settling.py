"""What happens to promises when a year's holidays are published (rulebook X-03)."""

from datetime import date, datetime, timedelta

import pytest

from crm.models import Customer, Message, User
from crm.services import calendars, stand_ins
from servicing.selectors.receipts import receipt_of
from servicing.services import commitments
from tests.factories.servicing import at, promise


@pytest.fixture
def notice_2027() -> str:
    """An invented notice: new year's day with the two days of the weekend and a Monday."""
    return """
year = 2027
number = "测试通知"
published_on = 2026-12-20
source = "测试"
version = 1

[[holiday]]
name = "元旦"
from = 2027-01-01
to = 2027-01-04
"""


class TestACalendarThatArrives:
    def test_moves_what_was_provisional_and_tells_its_owner(
        self, silver: Customer, head_office: User, notice_2027: str
    ) -> None:
        made = promise(silver, triggered_at=at("2026-12-31 10:00"))

        calendars.import_notice(text=notice_2027, by=head_office, now=at("2026-12-31 12:00"))
        made.refresh_from_db()

        # 01-01 … 01-03 off, 01-04 off by the notice, so days 1 and 2 are 01-05 and 01-06
        assert (made.due_at, made.provisional) == (at("2027-01-06 23:59:59"), False)
        assert made.events.get(kind="settled").detail["former_due"].startswith("2027-01-05")
        assert Message.objects.get(kind="promise_redated").user == silver.owner
        assert receipt_of(made).agrees

    def test_leaves_firm_promises_where_they_are(
        self, silver: Customer, head_office: User, notice_2027: str
    ) -> None:
        made = promise(silver, triggered_at=at("2026-12-28 10:00"))
        before = made.due_at

        calendars.import_notice(text=notice_2027, by=head_office, now=at("2026-12-29 12:00"))
        made.refresh_from_db()

        assert made.due_at == before
        assert not made.events.filter(kind="settled").exists()

    def test_does_not_judge_closed_promises_again(
        self, silver: Customer, lin: User, head_office: User, notice_2027: str
    ) -> None:
        made = promise(silver, triggered_at=at("2026-12-31 10:00"))
        moment = at("2026-12-31 11:00")
        commitments.fulfil(commitment=made, at=moment, by=lin, proof=None, now=moment)

        calendars.import_notice(text=notice_2027, by=head_office, now=at("2026-12-31 12:00"))
        made.refresh_from_db()

        assert made.due_at == at("2027-01-05 23:59:59")

    def test_twice_settles_once(self, silver: Customer, notice_2027: str, now: datetime) -> None:
        made = promise(silver, triggered_at=at("2026-12-31 10:00"))

        for _ in range(2):
            calendars.import_notice(text=notice_2027, by=None, now=at("2026-12-31 12:00"))
            commitments.settle(why="放假安排已公布", now=at("2026-12-31 12:00"))

        assert made.events.filter(kind="settled").count() == 1

    def test_keeps_old_receipts_as_they_were_counted(
        self, silver: Customer, lin: User, notice_2027: str
    ) -> None:
        made = promise(silver, triggered_at=at("2026-12-31 10:00"))
        moment = at("2026-12-31 11:00")
        done = commitments.fulfil(commitment=made, at=moment, by=lin, proof=None, now=moment)

        calendars.import_notice(text=notice_2027, by=None, now=at("2026-12-31 12:00"))

        assert receipt_of(done).agrees

    def test_tells_who_stands_in_for_the_owner_too(
        self, silver: Customer, lead: User, head_office: User, notice_2027: str
    ) -> None:
        owner, today = silver.owner, date(2026, 12, 31)
        stand_ins.begin(
            person=owner,
            stand_in=lead,
            active_from=today,
            active_to=today + timedelta(days=9),
            by=owner,
            now=at("2026-12-31 09:00"),
        )
        promise(silver, triggered_at=at("2026-12-31 10:00"))

        calendars.import_notice(text=notice_2027, by=head_office, now=at("2026-12-31 12:00"))

        told = Message.objects.filter(kind="promise_redated")
        assert {one.user for one in told} == {owner, lead}
