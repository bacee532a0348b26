"""Publishing standards: versions, two people, and the law's ceiling."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from crm.models import LogEntry, User
from crm.rights import NotAllowed
from crm.time import SHANGHAI
from servicing.catalogue import Entry, entry_of, shipped
from servicing.models import ServiceStandard
from servicing.selectors import standards as selectors
from servicing.services import standards
from servicing.services.standards import ChangeHasNoReason, LongerThanTheLaw, NeedsASecondPerson
from tests.factories import crm as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(head_office: User) -> User:
    """Another administrator of the head office."""
    return make.person("song", role="head_office", branch=head_office.branch, name="宋青")


def changed(standard: str = "PA-17.1", **fields: object) -> Entry:
    return replace(shipped()[standard], **fields)  # type: ignore[arg-type]


class TestTheShippedCatalogue:
    def test_is_loaded_once(self, now: datetime) -> None:
        assert standards.load_shipped(now=now) == 0
        assert ServiceStandard.objects.count() == len(shipped())

    def test_holds_for_promises_that_began_long_ago(self) -> None:
        assert selectors.in_force("PA-17.1", datetime(1999, 5, 1, tzinfo=SHANGHAI)).version == 1

    def test_a_changed_entry_becomes_a_new_version(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        book = {**shipped(), "PA-17.1": changed(amount=4)}
        monkeypatch.setattr(standards, "shipped", lambda: book)
        assert [standards.load_shipped(now=now), standards.load_shipped(now=now)] == [1, 0]
        before, after = ServiceStandard.objects.filter(code="PA-17.1").order_by("version")
        assert (before.amount, before.active_to) == (5, now)
        assert (after.version, after.amount, after.active_from, after.active_to) == (2, 4, now, None)

    def test_a_release_leaves_the_institutions_own_limit_alone(
        self, now: datetime, head_office: User, second: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        standards.publish(entry=changed(amount=3), reason="提速", by=head_office, approver=second, now=now)
        book = {**shipped(), "PA-17.1": changed(amount=4)}
        monkeypatch.setattr(standards, "shipped", lambda: book)
        assert standards.load_shipped(now=now + timedelta(days=1)) == 0
        assert selectors.in_force("PA-17.1", now + timedelta(days=2)).amount == 3


class TestANewVersion:
    def test_holds_from_now_on_and_closes_the_former(
        self, now: datetime, head_office: User, second: User
    ) -> None:
        row = standards.publish(
            entry=changed(amount=4), reason="提速", by=head_office, approver=second, now=now
        )
        assert (row.version, row.amount) == (2, 4)
        assert selectors.in_force("PA-17.1", now - timedelta(seconds=1)).amount == 5
        assert selectors.in_force("PA-17.1", now).amount == 4

    def test_is_logged_with_both_people_and_what_was_before(
        self, now: datetime, head_office: User, second: User
    ) -> None:
        standards.publish(entry=changed(amount=4), reason="提速", by=head_office, approver=second, now=now)
        entry = LogEntry.objects.get(action="servicing.standard.published")
        assert (entry.by, entry.after["approver"], entry.reason) == (head_office, "song", "提速")
        assert (entry.before["amount"], entry.after["amount"], entry.after["version"]) == (5, 4, 2)

    def test_that_says_the_same_is_no_new_version(
        self, now: datetime, head_office: User, second: User
    ) -> None:
        row = standards.publish(entry=changed(), reason="无", by=head_office, approver=second, now=now)
        assert row.version == 1
        assert not LogEntry.objects.filter(action="servicing.standard.published").exists()

    def test_can_return_to_what_was_before(self, now: datetime, head_office: User, second: User) -> None:
        for hours, amount in ((0, 4), (1, 5)):
            later = now + timedelta(hours=hours)
            standards.publish(
                entry=changed(amount=amount), reason="调整", by=head_office, approver=second, now=later
            )
        assert [row.amount for row in ServiceStandard.objects.filter(code="PA-17.1").order_by("version")] == [
            5,
            4,
            5,
        ]
        assert standards.load_shipped(now=now + timedelta(hours=2)) == 0

    def test_may_be_a_code_of_the_institutions_own(
        self, now: datetime, head_office: User, second: User
    ) -> None:
        entry = changed(code="OWN-1", name="批改回执", kind="receipt")
        row = standards.publish(entry=entry, reason="新增", by=head_office, approver=second, now=now)
        assert (row.version, row.active_from, entry_of(row)) == (1, now, entry)


class TestWhoPublishes:
    def test_needs_a_second_person(self, now: datetime, head_office: User) -> None:
        with pytest.raises(NeedsASecondPerson, match="另一位"):
            standards.publish(
                entry=changed(amount=4), reason="提速", by=head_office, approver=head_office, now=now
            )

    def test_both_must_be_of_the_head_office(self, now: datetime, head_office: User, manager: User) -> None:
        for by, approver in ((head_office, manager), (manager, head_office)):
            with pytest.raises(NotAllowed, match="发布服务标准"):
                standards.publish(entry=changed(amount=4), reason="提速", by=by, approver=approver, now=now)

    def test_must_say_why(self, now: datetime, head_office: User, second: User) -> None:
        with pytest.raises(ChangeHasNoReason):
            standards.publish(entry=changed(amount=4), reason=" ", by=head_office, approver=second, now=now)


class TestTheLawsCeiling:
    @pytest.mark.parametrize(
        ("amount", "unit"), [(16, "natural_days"), (12, "working_days"), (361, "hours"), (60, "working_days")]
    )
    def test_a_longer_company_limit_is_refused(
        self, amount: int, unit: str, now: datetime, head_office: User, second: User
    ) -> None:
        entry = changed("PA-18.2.1-complaint", amount=amount, unit=unit, pause_reasons=())
        with pytest.raises(LongerThanTheLaw, match="长于法定上限“R-4 simple”（15 日）"):
            standards.publish(entry=entry, reason="放宽", by=head_office, approver=second, now=now)
        assert selectors.in_force("PA-18.2.1-complaint", now).version == 1

    @pytest.mark.parametrize(("amount", "unit"), [(15, "natural_days"), (11, "working_days"), (360, "hours")])
    def test_an_equal_or_shorter_one_passes(
        self, amount: int, unit: str, now: datetime, head_office: User, second: User
    ) -> None:
        entry = changed("PA-18.2.1-complaint", amount=amount, unit=unit, pause_reasons=())
        row = standards.publish(entry=entry, reason="放宽", by=head_office, approver=second, now=now)
        assert row.version == 2

    def test_another_start_is_another_matter(self, now: datetime, head_office: User, second: User) -> None:
        entry = changed("PA-18.2.1-complaint", amount=20, start="调查结束")
        assert (
            standards.publish(entry=entry, reason="x", by=head_office, approver=second, now=now).amount == 20
        )

    def test_every_shipped_company_limit_keeps_within_the_law(self) -> None:
        for entry in shipped().values():
            standards.refuse_longer_than_law(entry)
