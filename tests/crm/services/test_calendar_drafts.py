"""Two administrators of the head office publish a holiday notice."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from crm.models import CalendarDraft, CalendarNotice, Customer, LogEntry, Message, User
from crm.rights import NotAllowed
from crm.selectors import calendars
from crm.services import calendar_drafts, proposals
from crm.services.calendar_drafts import YearHasAnOpenDraft
from crm.services.calendars import NoticeContradictsItself
from crm.services.proposals import (
    NeedsAnotherPerson,
    ProposalIsDecided,
    ProposalIsNotYours,
    SendingBackNeedsAReason,
)
from tests.factories import crm as make
from tests.factories.calendars import NOTICE_2027
from tests.factories.servicing import at, promise

LATE = datetime.fromisoformat("2026-12-21T10:00:00+08:00")


@pytest.fixture
def second(db: None) -> User:
    """Another administrator of the head office."""
    return make.person("pei", role="head_office", branch=make.branch_tree().head_office, name="裴岚")


@pytest.fixture
def draft(head_office: User) -> CalendarDraft:
    """The notice of 2027, handed in by 唐宁."""
    return calendar_drafts.submit(text=NOTICE_2027, by=head_office, now=LATE)


def version_2027() -> int:
    return CalendarNotice.objects.filter(year=2027).count()


class TestHandingIn:
    def test_changes_no_calendar(self, draft: CalendarDraft) -> None:
        assert draft.year == 2027
        assert not calendars.current().is_published(2027)
        assert LogEntry.objects.filter(action="crm.calendar_draft.submitted").count() == 1

    def test_of_a_text_with_a_contradiction_is_refused_with_its_words(self, head_office: User) -> None:
        text = NOTICE_2027.replace("4月25日（周日）上班", "4月25日（周六）上班")
        with pytest.raises(NoticeContradictsItself, match="2027-04-25 是周日，不是周六"):
            calendar_drafts.submit(text=text, by=head_office, now=LATE)
        assert not CalendarDraft.objects.exists()

    def test_of_a_second_one_for_the_year_waits_until_the_first_is_decided(
        self, draft: CalendarDraft, second: User
    ) -> None:
        with pytest.raises(YearHasAnOpenDraft, match="2027 年已有一份通知等待确认"):
            calendar_drafts.submit(text=NOTICE_2027, by=second, now=LATE)

    def test_is_for_the_head_office(self, manager: User) -> None:
        with pytest.raises(NotAllowed):
            calendar_drafts.submit(text=NOTICE_2027, by=manager, now=LATE)


class TestConfirming:
    def test_by_another_person_makes_it_the_ruling_notice(self, draft: CalendarDraft, second: User) -> None:
        done, _effect = calendar_drafts.confirm(draft=draft, by=second, now=LATE)

        current = calendars.current()
        assert current.is_published(2027)
        assert not current.is_working_day(date(2027, 2, 12))
        assert current.is_working_day(date(2027, 1, 31))
        assert (done.decision, done.decided_by, done.notice) == (
            "confirmed",
            second,
            CalendarNotice.objects.get(year=2027),
        )
        assert LogEntry.objects.filter(action="crm.calendar_draft.confirmed", by=second).count() == 1

    def test_by_its_author_is_refused(self, draft: CalendarDraft, head_office: User) -> None:
        with pytest.raises(NeedsAnotherPerson, match="请另一位有权限的同事核对后确认"):
            calendar_drafts.confirm(draft=draft, by=head_office, now=LATE)
        assert not version_2027()

    def test_by_its_author_is_refused_by_the_table_too(self, draft: CalendarDraft, head_office: User) -> None:
        notice = CalendarNotice.objects.get(year=2026)
        with pytest.raises(IntegrityError), transaction.atomic():
            CalendarDraft.objects.filter(pk=draft.pk).update(
                decision="confirmed", decided_by=head_office, decided_at=LATE, notice=notice
            )

    def test_happens_once(self, draft: CalendarDraft, second: User) -> None:
        calendar_drafts.confirm(draft=draft, by=second, now=LATE)
        with pytest.raises(ProposalIsDecided, match="已确认"):
            calendar_drafts.confirm(draft=draft, by=second, now=LATE)
        assert version_2027() == 1

    def test_settles_provisional_promises_and_tells_their_owners(
        self, draft: CalendarDraft, second: User, silver: Customer
    ) -> None:
        made = promise(silver, triggered_at=at("2026-12-31 10:00"))
        before = made.due_at

        calendar_drafts.confirm(draft=draft, by=second, now=at("2026-12-31 12:00"))
        made.refresh_from_db()

        assert (made.provisional, made.due_at) == (False, before)
        assert not Message.objects.filter(kind="promise_redated").exists()

    def test_returns_to_a_reading_that_was_corrected_since(
        self, draft: CalendarDraft, second: User, head_office: User
    ) -> None:
        calendar_drafts.confirm(draft=draft, by=second, now=LATE)
        other = NOTICE_2027.replace("10月9日（周六）", "10月16日（周六）")
        for text in (other, NOTICE_2027):
            again = calendar_drafts.submit(text=text, by=head_office, now=LATE)
            calendar_drafts.confirm(draft=again, by=second, now=LATE)

        assert version_2027() == 3
        assert calendars.current().is_working_day(date(2027, 10, 9))
        assert not calendars.current().is_working_day(date(2027, 10, 16))


class TestANewYearThatTakesDecemberAlong:
    TEXT = NOTICE_2027.replace(
        "1月1日（周五）至3日（周日）放假，共3天。",
        "2026年12月31日（周四）至2027年1月3日（周日）放假调休，共4天。2026年12月26日（周六）上班。",
    )

    def test_corrects_the_year_before_as_well(self, head_office: User, second: User) -> None:
        draft = calendar_drafts.submit(text=self.TEXT, by=head_office, now=LATE)
        calendar_drafts.confirm(draft=draft, by=second, now=LATE)

        current = calendars.current()
        assert not current.is_working_day(date(2026, 12, 31))
        assert current.is_working_day(date(2026, 12, 26))
        assert current.why(date(2026, 2, 17)) == "春节"
        assert CalendarNotice.objects.filter(year=2026).count() == 2

    def test_shows_the_same_in_the_candidate_before_anything_is_saved(self, db: None) -> None:
        candidate = calendars.candidate(calendar_drafts.read_any(self.TEXT))
        assert not candidate.national.is_working_day(date(2026, 12, 31))
        assert candidate.national.is_published(2027)
        assert calendars.current().is_working_day(date(2026, 12, 31))


class TestSendingBack:
    def test_says_why_and_frees_the_year(self, draft: CalendarDraft, second: User, head_office: User) -> None:
        done = proposals.send_back(proposal=draft, reason=" 国庆一段与官网不符 ", by=second, now=LATE)
        assert (done.decision, done.returned_because) == ("returned", "国庆一段与官网不符")
        calendar_drafts.submit(text=NOTICE_2027, by=head_office, now=LATE)

    def test_without_a_reason_is_refused(self, draft: CalendarDraft, second: User) -> None:
        with pytest.raises(SendingBackNeedsAReason):
            proposals.send_back(proposal=draft, reason=" ", by=second, now=LATE)

    def test_is_different_from_taking_back_which_only_the_author_does(
        self, draft: CalendarDraft, second: User, head_office: User
    ) -> None:
        with pytest.raises(ProposalIsNotYours):
            proposals.withdraw(proposal=draft, by=second, now=LATE)
        assert proposals.withdraw(proposal=draft, by=head_office, now=LATE).decision == "withdrawn"
