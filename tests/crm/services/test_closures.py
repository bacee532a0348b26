"""Closing a branch for some days: two administrators, its own promises, never the law's."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from crm import registry
from crm.models import BranchClosure, CalendarNotice, Customer, LogEntry, Message, User
from crm.registry import CalendarImpact
from crm.rights import NotAllowed
from crm.selectors import calendars
from crm.services import closures, proposals
from crm.services.closures import (
    BranchHasAnOpenClosure,
    ClosureNeedsAReason,
    DaysDoNotAddUp,
    NothingWouldChange,
)
from crm.services.proposals import NeedsAnotherPerson, ProposalIsDecided
from servicing.models import Commitment
from servicing.selectors.receipts import receipt_of
from servicing.services import commitments
from tests.factories import crm as make
from tests.factories.servicing import at, promise

# 2026-08-03 is a Monday
MONDAY, TUESDAY, SATURDAY = date(2026, 8, 3), date(2026, 8, 4), date(2026, 8, 8)
BEFORE = at("2026-07-31 10:00")
LAW = "R-4 simple"
FIFTEEN_DAYS_BEFORE = at("2026-07-19 10:00")


@pytest.fixture
def second(db: None) -> User:
    """Another administrator of the head office."""
    return make.person("pei", role="head_office", branch=make.branch_tree().head_office, name="裴岚")


def typhoon(customer: Customer, first: date = MONDAY, last: date = TUESDAY, **more: object) -> BranchClosure:
    told = {"name": "台风停业", "reason": "台风红色预警", **more}
    return closures.propose(branch=customer.branch, first_day=first, last_day=last, **told)  # type: ignore[arg-type]


def closed(
    customer: Customer, by: User, second: User, now: datetime = BEFORE, **more: object
) -> BranchClosure:
    draft = closures.submit(draft=typhoon(customer, **more), by=by, now=now)  # type: ignore[arg-type]
    row, _effect = closures.confirm(draft=draft, by=second, now=now)
    return row


def impact(draft: BranchClosure) -> CalendarImpact:
    return registry.calendar_impact(calendars.with_closure(draft), draft.branch, firm=draft.recount)


class TestProposing:
    def test_saves_nothing(self, silver: Customer) -> None:
        assert typhoon(silver).pk is None
        assert not BranchClosure.objects.exists()

    @pytest.mark.parametrize(
        ("first", "last", "words"),
        [
            (TUESDAY, MONDAY, "末日不能早于首日"),
            (date(2026, 12, 31), date(2027, 1, 1), "按年份分两次"),
            (date(2026, 6, 1), date(2026, 8, 2), "最多停业 62 天"),
        ],
    )
    def test_of_days_that_do_not_add_up_is_refused(
        self, silver: Customer, first: date, last: date, words: str
    ) -> None:
        with pytest.raises(DaysDoNotAddUp, match=words):
            typhoon(silver, first, last)

    def test_of_the_longest_stretch_is_taken(self, silver: Customer) -> None:
        assert typhoon(silver, date(2026, 6, 1), date(2026, 8, 1)).last_day == date(2026, 8, 1)

    def test_of_a_weekend_is_refused_because_nothing_would_change(self, silver: Customer) -> None:
        with pytest.raises(NothingWouldChange, match="本来就不上班"):
            typhoon(silver, SATURDAY, SATURDAY)

    def test_of_opening_what_is_open_is_refused(self, silver: Customer) -> None:
        with pytest.raises(NothingWouldChange, match="不用恢复"):
            typhoon(silver, lifted=True)

    @pytest.mark.parametrize("missing", [{"name": " "}, {"reason": ""}])
    def test_without_a_word_is_refused(self, silver: Customer, missing: dict[str, str]) -> None:
        with pytest.raises(ClosureNeedsAReason):
            typhoon(silver, **missing)


class TestHandingIn:
    def test_changes_no_calendar(self, silver: Customer, head_office: User) -> None:
        closures.submit(draft=typhoon(silver), by=head_office, now=BEFORE)
        assert calendars.everywhere().of(silver.branch).is_working_day(MONDAY)
        assert LogEntry.objects.filter(action="crm.branch_closure.submitted").count() == 1

    def test_of_a_second_one_for_the_branch_waits(
        self, silver: Customer, head_office: User, second: User
    ) -> None:
        closures.submit(draft=typhoon(silver), by=head_office, now=BEFORE)
        with pytest.raises(BranchHasAnOpenClosure, match="已有一份停业安排等待确认"):
            closures.submit(draft=typhoon(silver), by=second, now=BEFORE)

    def test_by_somebody_without_the_right_is_refused(self, silver: Customer, lin: User) -> None:
        with pytest.raises(NotAllowed):
            closures.submit(draft=typhoon(silver), by=lin, now=BEFORE)


class TestConfirming:
    def test_by_its_author_is_refused(self, silver: Customer, head_office: User) -> None:
        draft = closures.submit(draft=typhoon(silver), by=head_office, now=BEFORE)
        with pytest.raises(NeedsAnotherPerson):
            closures.confirm(draft=draft, by=head_office, now=BEFORE)

    def test_by_its_author_is_refused_by_the_table_too(self, silver: Customer, head_office: User) -> None:
        draft = closures.submit(draft=typhoon(silver), by=head_office, now=BEFORE)
        notice = CalendarNotice.objects.order_by("pk").last()
        with pytest.raises(IntegrityError), transaction.atomic():
            BranchClosure.objects.filter(pk=draft.pk).update(
                decision="confirmed", decided_by=head_office, decided_at=BEFORE, notice=notice
            )

    def test_happens_once(self, silver: Customer, head_office: User, second: User) -> None:
        row = closed(silver, head_office, second)
        with pytest.raises(ProposalIsDecided, match="停业安排已确认"):
            closures.confirm(draft=row, by=second, now=BEFORE)

    def test_closes_the_branch_and_all_below_it_but_nobody_else(
        self, silver: Customer, head_office: User, second: User
    ) -> None:
        closed(silver, head_office, second)
        everywhere = calendars.everywhere()
        assert not everywhere.of(silver.branch).is_working_day(MONDAY)
        assert everywhere.of(silver.branch).why(TUESDAY) == "台风停业"
        assert everywhere.national.is_working_day(MONDAY)
        assert everywhere.of(silver.branch.parent).is_working_day(MONDAY)

    def test_leaves_the_years_of_the_country_as_they_are(
        self, silver: Customer, head_office: User, second: User
    ) -> None:
        before = calendars.ruling_notices(10**6)
        closed(silver, head_office, second)
        assert calendars.ruling_notices(10**6) == before

    def test_sent_back_it_changes_nothing_and_frees_the_branch(
        self, silver: Customer, head_office: User, second: User
    ) -> None:
        draft = closures.submit(draft=typhoon(silver), by=head_office, now=BEFORE)
        proposals.send_back(proposal=draft, reason="未报批", by=second, now=BEFORE)
        assert closures.submit(draft=typhoon(silver), by=head_office, now=BEFORE).pk


class TestANewPromise:
    def test_counts_past_the_closed_days(self, silver: Customer, head_office: User, second: User) -> None:
        closed(silver, head_office, second)
        made = promise(silver, triggered_at=BEFORE)  # two working days
        assert made.due_at == at("2026-08-06 23:59:59")
        assert made.calendar_branch == silver.branch

    def test_of_the_law_knows_no_closure(self, silver: Customer, head_office: User, second: User) -> None:
        closed(silver, head_office, second, now=at("2026-07-18 10:00"))
        made = promise(silver, LAW, triggered_at=FIFTEEN_DAYS_BEFORE)
        assert (made.due_at, made.legal_latest) == (at("2026-08-03 23:59:59"), MONDAY)
        assert made.calendar_branch is None

    def test_of_another_branch_knows_no_closure(
        self, silver: Customer, zhou: User, head_office: User, second: User
    ) -> None:
        stranger = make.customer("远方公司", owner=zhou)
        closed(silver, head_office, second)
        assert promise(stranger, triggered_at=BEFORE).due_at == at("2026-08-04 23:59:59")

    def test_has_a_receipt_that_names_the_closed_day(
        self, silver: Customer, head_office: User, second: User
    ) -> None:
        closed(silver, head_office, second)
        receipt = receipt_of(promise(silver, triggered_at=BEFORE))
        assert receipt.agrees
        assert receipt.due is not None
        assert "台风停业" in {step.why for step in receipt.due.steps}

    def test_keeps_its_receipt_after_the_closure_is_lifted(
        self, silver: Customer, head_office: User, second: User
    ) -> None:
        closed(silver, head_office, second)
        made = promise(silver, triggered_at=BEFORE)
        closed(silver, head_office, second, lifted=True)
        made.refresh_from_db()
        assert made.due_at == at("2026-08-06 23:59:59")
        assert receipt_of(made).agrees


class TestARunningPromise:
    def test_keeps_its_date_by_itself(self, silver: Customer, head_office: User, second: User) -> None:
        made = promise(silver, triggered_at=BEFORE)
        closed(silver, head_office, second)
        made.refresh_from_db()
        assert made.due_at == at("2026-08-04 23:59:59")
        assert receipt_of(made).agrees

    def test_is_dated_again_where_two_people_want_it(
        self, silver: Customer, head_office: User, second: User
    ) -> None:
        made = promise(silver, triggered_at=BEFORE)
        closed(silver, head_office, second, recount=True)
        made.refresh_from_db()

        assert made.due_at == at("2026-08-06 23:59:59")
        event = made.events.get(kind="redated")
        assert (event.by, event.detail["former_due"][:10]) == (second, "2026-08-04")
        told = Message.objects.get(kind="promise_redated")
        assert told.user == silver.owner
        assert "台风停业，“测试承诺 PA-18.1.3”的到期日由 2026-08-04 改为 2026-08-06。" in told.body
        assert receipt_of(made).agrees

    def test_of_the_law_is_never_dated_again(self, silver: Customer, head_office: User, second: User) -> None:
        made = promise(silver, LAW, triggered_at=FIFTEEN_DAYS_BEFORE)
        closed(silver, head_office, second, recount=True)
        made.refresh_from_db()
        assert (made.due_at, made.legal_latest) == (at("2026-08-03 23:59:59"), MONDAY)
        assert not made.events.filter(kind="redated").exists()

    def test_that_is_late_stays_late(self, silver: Customer, head_office: User, second: User) -> None:
        made = promise(silver, triggered_at=BEFORE)
        closed(silver, head_office, second, now=at("2026-08-05 00:00"), recount=True)
        made.refresh_from_db()
        assert made.due_at == at("2026-08-04 23:59:59")

    def test_exactly_at_its_due_time_is_not_late_yet(
        self, silver: Customer, head_office: User, second: User
    ) -> None:
        made = promise(silver, triggered_at=BEFORE)
        closed(silver, head_office, second, now=at("2026-08-04 23:59:59"), recount=True)
        made.refresh_from_db()
        assert made.due_at == at("2026-08-06 23:59:59")

    def test_comes_back_when_the_branch_opens_again(
        self, silver: Customer, head_office: User, second: User
    ) -> None:
        made = promise(silver, triggered_at=BEFORE)
        closed(silver, head_office, second, recount=True)
        closed(silver, head_office, second, lifted=True, recount=True, first=TUESDAY, last=TUESDAY)
        made.refresh_from_db()
        assert made.due_at == at("2026-08-05 23:59:59")
        assert receipt_of(made).agrees

    def test_tells_its_owner_once_however_many_move(
        self, silver: Customer, head_office: User, second: User
    ) -> None:
        for _ in range(3):
            promise(silver, triggered_at=BEFORE)
        closed(silver, head_office, second, recount=True)
        assert "另有 2 项承诺也改了期" in Message.objects.get(kind="promise_redated").body

    def test_that_would_move_is_shown_before(self, silver: Customer, gold: Customer) -> None:
        promise(silver, triggered_at=BEFORE)
        promise(gold, LAW, triggered_at=BEFORE)
        from_preview = impact(typhoon(silver, recount=True))
        assert (from_preview.settled, from_preview.moved) == (2, 1)
        assert from_preview.first[0].due == at("2026-08-06 23:59:59")
        assert Commitment.objects.filter(due_at=at("2026-08-04 23:59:59")).exists()

    def test_resumed_after_a_pause_counts_the_closed_days(
        self, silver: Customer, lin: User, head_office: User, second: User
    ) -> None:
        made = promise(silver, triggered_at=BEFORE)
        commitments.pause(commitment=made, reason="appraisal", by=lin, now=at("2026-07-31 11:00"))
        closed(silver, head_office, second, now=at("2026-07-31 12:00"))
        made = commitments.resume(commitment=made, by=lin, now=at("2026-07-31 15:00"))
        assert made.due_at == at("2026-08-06 23:59:59")
