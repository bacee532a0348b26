"""The ground floor's sentences about the data: each is true of what the services write, and names what breaks it."""

from datetime import datetime, timedelta

import pytest

from crm.models import Branch, Customer, LogEntry, Message, Occurrence, TickState, User
from crm.services import audit, audit_seals
from crm.time import local_date
from tests.factories import crm as make
from tests.factories.damage import breaking, drop_trigger, without_trigger

pytestmark = pytest.mark.django_db


class TestBranches:
    def test_of_the_tree_are_well_placed(self, now: datetime) -> None:
        make.branch_tree()
        assert breaking("branch_paths") == []

    @pytest.mark.parametrize("path", ["//", "99/98/", ""])
    def test_with_another_path_are_named(self, path: str) -> None:
        office = make.branch_tree().office
        with without_trigger("crm_branch", "a_branch_keeps_its_path"):
            Branch.objects.filter(pk=office.pk).update(path=path)
        assert breaking("branch_paths") == [str(office.pk)]


class TestActiveCustomers:
    def test_are_kept_by_people_who_work_here(self, gold: Customer) -> None:
        assert breaking("customers_are_kept") == []

    def test_of_somebody_who_left_are_named(self, gold: Customer, lin: User) -> None:
        User.objects.filter(pk=lin.pk).update(is_active=False)
        assert breaking("customers_are_kept") == [gold.number]
        Customer.objects.filter(pk=gold.pk).update(status="lapsed")
        assert breaking("customers_are_kept") == []


class TestAnAcceptedMessage:
    @pytest.fixture
    def message(self, gold: Customer, now: datetime) -> Message:
        person = make.contact(gold)
        occurrence = Occurrence.objects.create(
            kind="birthday_greeting",
            subject=f"contact:{person.pk}",
            occasion_date=local_date(now),
            channel="sms",
            starts_at=now,
            ends_at=now,
            state="sent",
            settled_at=now,
        )
        return Message.objects.create(
            serial="s1",
            kind="birthday_greeting",
            message_class="marketing",
            channel="sms",
            contact=person,
            occurrence=occurrence,
            body="生日快乐",
            state="accepted",
            accepted_at=now,
            created_at=now,
            not_before=now,
        )

    def test_has_its_occurrence(self, message: Message) -> None:
        assert breaking("a_message_has_its_occurrence") == []

    def test_without_one_is_named(self, message: Message) -> None:
        Message.objects.update(occurrence=None)
        assert breaking("a_message_has_its_occurrence") == ["s1"]

    def test_whose_occurrence_did_not_happen_is_named(self, message: Message) -> None:
        Occurrence.objects.update(state="missed", reason="时段已过")
        assert breaking("a_message_has_its_occurrence") == ["s1"]


class TestTheWatermark:
    @pytest.mark.parametrize(("days", "wrong"), [(7, False), (8, True)])
    def test_stays_within_the_horizon(self, days: int, wrong: bool, now: datetime) -> None:
        TickState.objects.create(pk=1, watermark=local_date(now) + timedelta(days=days))
        assert bool(breaking("watermark", now)) is wrong


class TestTheLog:
    def test_is_sealed_in_time(self, now: datetime) -> None:
        audit.log(action="crm.test.done", subject="x:1", by=None, now=now)
        assert breaking("audit_is_sealed", now + timedelta(minutes=2)) == []
        assert breaking("audit_is_sealed", now + timedelta(minutes=2, seconds=1))
        audit_seals.seal(now=now + timedelta(minutes=2))
        assert breaking("audit_is_sealed", now + timedelta(hours=2)) == []
        assert LogEntry.objects.count() == 1

    def test_without_its_trigger_is_named(self) -> None:
        assert breaking("crm_triggers") == []
        drop_trigger("crm_logentry", "crm_logentry_is_kept")
        assert breaking("crm_triggers") == ["crm_logentry_is_kept"]
