"""Who would move if a calendar ruled: asked before anything is saved (rulebook X-03)."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Customer, User
from crm.registry import calendar_impact
from crm.selectors import calendars
from crm.services import calendars as services
from crm.time.calendar import WorkCalendar
from crm.time.notice_reading import read_any
from servicing.models import Commitment, CommitmentEvent
from servicing.selectors import settlement
from servicing.services import commitments
from tests.factories import crm as make
from tests.factories.calendars import NOTICE_2027
from tests.factories.servicing import at, promise

# an exchange that the provisional calendar cannot know: 2027-01-04 off, worked on Saturday 2027-01-09
LONGER = NOTICE_2027.replace(
    "1月1日（周五）至3日（周日）放假，共3天。",
    "1月1日（周五）至4日（周一）放假调休，共4天。1月9日（周六）上班。",
)


def candidate() -> WorkCalendar:
    return calendars.candidate(read_any(LONGER))


class TestTheImpact:
    def test_names_who_moves_from_when_to_when_and_writes_nothing(self, silver: Customer) -> None:
        made = promise(silver, triggered_at=at("2026-12-31 10:00"))
        events = CommitmentEvent.objects.count()

        impact = calendar_impact(candidate())

        assert (impact.settled, impact.moved) == (1, 1)
        assert impact.first[0].former == at("2027-01-05 23:59:59")
        assert impact.first[0].due == at("2027-01-06 23:59:59")
        assert (impact.first[0].customer, impact.first[0].owner) == ("银河物流", "林晓")
        assert impact.first[0].url == f"/promises/{made.pk}/"
        assert CommitmentEvent.objects.count() == events
        assert Commitment.objects.get(pk=made.pk).due_at == made.due_at

    def test_is_what_importing_then_does(self, silver: Customer, gold: Customer, head_office: User) -> None:
        rows = [promise(one, triggered_at=at("2026-12-31 10:00"), occasion="x") for one in (silver, gold)]
        told = {one.customer: one.due for one in settlement.impact(candidate(), None, False).first}

        services.publish(reading=read_any(LONGER), by=head_office, now=at("2026-12-31 12:00"))

        for row in rows:
            row.refresh_from_db()
            assert row.due_at == told[row.customer.name]

    def test_masks_the_name_of_a_person(self, lin: User) -> None:
        person = make.customer("单雄信", kind="person", owner=lin)
        promise(person, "PA-17.2", triggered_at=at("2026-12-31 10:00"), tier="ordinary")

        assert [one.customer for one in settlement.impact(candidate(), None, False).first] == ["单*"]

    def test_leaves_out_firm_and_closed_promises(self, silver: Customer, lin: User) -> None:
        promise(silver, triggered_at=at("2026-03-10 10:00"))
        closed = promise(silver, triggered_at=at("2026-12-31 10:00"))
        moment = at("2026-12-31 11:00")
        commitments.fulfil(commitment=closed, at=moment, by=lin, proof=None, now=moment)

        assert settlement.impact(candidate(), None, False).settled == 0

    def test_shows_the_first_fifty_and_counts_all_with_the_same_queries(self, silver: Customer) -> None:
        calendar = candidate()
        promise(silver, triggered_at=at("2026-12-31 10:00"))
        with CaptureQueriesContext(connection) as few:
            settlement.impact(calendar, None, False)
        for minute in range(55):
            promise(silver, triggered_at=at(f"2026-12-31 10:{minute:02d}"))
        with CaptureQueriesContext(connection) as many:
            impact = settlement.impact(calendar, None, False)

        assert (impact.moved, len(impact.first)) == (56, 50)
        assert len(many) == len(few)
