"""Two administrators of the head office change a standard."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from crm.models import Customer, LogEntry, User
from crm.rights import NotAllowed
from crm.services import proposals
from crm.services.audit import subject_of
from crm.services.proposals import (
    NeedsAnotherPerson,
    ProposalIsDecided,
    ProposalIsNotYours,
    SendingBackNeedsAReason,
    SubmitterMayNoLonger,
)
from servicing.catalogue import StandardIsUnsound, entry_of
from servicing.models import ServiceStandard, StandardDraft
from servicing.selectors import standard_drafts as selectors
from servicing.selectors import standards
from servicing.services import standard_drafts as drafts
from servicing.services import standards as publishing
from servicing.services.standard_drafts import (
    ChangeIsStale,
    ChangeSaysNothing,
    StandardHasAnOpenDraft,
    StartsInThePast,
)
from servicing.services.standards import (
    BeforeTheNewestVersion,
    ChangeHasNoReason,
    LongerThanTheLaw,
    TheLawIsNotOurs,
)
from servicing.standard_changes import Change, LimitCannotBe
from tests.factories import crm as make
from tests.factories.servicing import promise

CODE = "PA-18.1.3"


@pytest.fixture
def second(db: None) -> User:
    """Another administrator of the head office."""
    return make.person("pei", role="head_office", branch=make.branch_tree().head_office, name="裴岚")


def newest(code: str = CODE) -> ServiceStandard:
    row = standards.newest(code)
    assert row is not None
    return row


def change(code: str = CODE, **fields: object) -> Change:
    row = newest(code)
    same = Change(row.unit, row.amount, row.wording, tuple(row.pause_reasons), tuple(row.evidence))
    return replace(same, **fields)  # type: ignore[arg-type]


def submitted(
    by: User, now: datetime, code: str = CODE, *, active_from: datetime | None = None, **fields: object
) -> StandardDraft:
    return drafts.submit(
        base=newest(code),
        change=change(code, **(fields or {"amount": 1})),
        active_from=active_from,
        reason="提速",
        by=by,
        now=now,
    )


@pytest.fixture
def draft(head_office: User, now: datetime) -> StandardDraft:
    """One working day instead of two, proposed by 唐宁."""
    return submitted(head_office, now)


class TestProposing:
    def test_changes_no_standard(self, draft: StandardDraft) -> None:
        assert (draft.code, draft.amount, draft.decision) == (CODE, 1, "")
        assert newest().version == 1
        assert LogEntry.objects.get(subject=subject_of(draft)).reason == "提速"

    def test_twice_is_the_same_as_once(self, draft: StandardDraft, head_office: User, now: datetime) -> None:
        assert submitted(head_office, now) == draft
        assert LogEntry.objects.filter(action="servicing.standard_draft.submitted").count() == 1

    def test_another_change_waits_until_the_first_is_decided(
        self, draft: StandardDraft, head_office: User, second: User, now: datetime
    ) -> None:
        for by, amount in ((second, 1), (head_office, 4)):
            with pytest.raises(StandardHasAnOpenDraft, match="已有一份修改等待确认"):
                submitted(by, now, amount=amount)

    def test_is_for_the_head_office(self, manager: User, now: datetime) -> None:
        with pytest.raises(NotAllowed):
            submitted(manager, now)

    def test_without_a_reason_is_refused(self, head_office: User, now: datetime) -> None:
        with pytest.raises(ChangeHasNoReason):
            drafts.submit(
                base=newest(), change=change(amount=1), active_from=None, reason=" ", by=head_office, now=now
            )

    def test_without_a_reason_is_refused_by_the_table_too(self, draft: StandardDraft) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            StandardDraft.objects.filter(pk=draft.pk).update(reason="")

    def test_of_a_second_one_is_refused_by_the_table_too(self, draft: StandardDraft) -> None:
        draft.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            draft.save(force_insert=True)


class TestAChangeThatCannotBe:
    def test_says_nothing(self, head_office: User, now: datetime) -> None:
        reordered = tuple(reversed(newest().pause_reasons))
        for fields in ({"amount": 2}, {"pause_reasons": reordered}):
            with pytest.raises(ChangeSaysNothing):
                submitted(head_office, now, **fields)

    def test_is_longer_than_the_law(self, head_office: User, now: datetime) -> None:
        with pytest.raises(LongerThanTheLaw, match="长于法定上限“R-4 simple”（15 日）"):
            submitted(head_office, now, "PA-18.2.1-complaint", amount=16)

    def test_touches_the_law_itself(self, head_office: User, now: datetime) -> None:
        with pytest.raises(TheLawIsNotOurs):
            submitted(head_office, now, "R-4 simple", amount=10)

    @pytest.mark.parametrize(
        ("code", "fields"),
        [
            (CODE, {"amount": 0}),
            (CODE, {"amount": 1000}),
            (CODE, {"unit": "yearly"}),
            (CODE, {"unit": "fortnights"}),
            ("PA-17.4", {"unit": "working_days"}),
            ("PA-18.2.7", {"amount": 2}),
        ],
    )
    def test_is_no_limit(
        self, code: str, fields: dict[str, object], head_office: User, now: datetime
    ) -> None:
        with pytest.raises(LimitCannotBe):
            submitted(head_office, now, code, **fields)

    def test_pauses_a_clock_of_hours(self, head_office: User, now: datetime) -> None:
        with pytest.raises(StandardIsUnsound, match="不能暂停"):
            submitted(head_office, now, unit="hours", amount=20)

    def test_began_yesterday(self, head_office: User, now: datetime) -> None:
        with pytest.raises(StartsInThePast):
            submitted(head_office, now, active_from=now - timedelta(days=1), amount=1)

    def test_starts_from_a_version_that_was_replaced(
        self, draft: StandardDraft, second: User, head_office: User, now: datetime
    ) -> None:
        old = newest()
        drafts.confirm(draft=draft, by=second, now=now)
        with pytest.raises(ChangeIsStale, match="又发布了新版本"):
            drafts.submit(
                base=old, change=change(amount=3), active_from=None, reason="x", by=head_office, now=now
            )


class TestConfirming:
    def test_by_another_person_publishes_the_version(
        self, draft: StandardDraft, second: User, head_office: User, now: datetime
    ) -> None:
        done = drafts.confirm(draft=draft, by=second, now=now)
        row = newest()
        assert (row.version, row.amount, row.active_from) == (2, 1, now)
        assert (done.decision, done.decided_by, done.published) == ("confirmed", second, row)
        entry = LogEntry.objects.get(action="servicing.standard.published")
        assert (entry.by, entry.after["approver"]) == (head_office, "pei")
        assert LogEntry.objects.filter(action="servicing.standard_draft.confirmed", by=second).count() == 1

    def test_by_its_author_is_refused(self, draft: StandardDraft, head_office: User, now: datetime) -> None:
        with pytest.raises(NeedsAnotherPerson, match="另一位有权限的同事"):
            drafts.confirm(draft=draft, by=head_office, now=now)
        assert newest().version == 1

    def test_by_its_author_is_refused_by_the_table_too(
        self, draft: StandardDraft, head_office: User, now: datetime
    ) -> None:
        with pytest.raises(IntegrityError, match=r"(?i)nobody_confirms_an_own_change"), transaction.atomic():
            StandardDraft.objects.filter(pk=draft.pk).update(
                decision="confirmed", decided_by=head_office, decided_at=now, published=newest()
            )

    def test_by_somebody_without_the_right_is_refused(
        self, draft: StandardDraft, manager: User, now: datetime
    ) -> None:
        with pytest.raises(NotAllowed):
            drafts.confirm(draft=draft, by=manager, now=now)

    def test_happens_once(self, draft: StandardDraft, second: User, now: datetime) -> None:
        drafts.confirm(draft=draft, by=second, now=now)
        with pytest.raises(ProposalIsDecided, match="已确认"):
            drafts.confirm(draft=draft, by=second, now=now)
        assert newest().version == 2

    def test_of_a_stale_change_is_refused(
        self, draft: StandardDraft, head_office: User, second: User, now: datetime
    ) -> None:
        entry = replace(entry_of(newest()), amount=3)
        publishing.publish(entry=entry, reason="另行发布", by=head_office, approver=second, now=now)
        later = now + timedelta(hours=1)
        assert "又发布了新版本" in drafts.obstacle(StandardDraft.objects.get(pk=draft.pk), now=later)
        with pytest.raises(ChangeIsStale):
            drafts.confirm(draft=draft, by=second, now=later)
        assert (newest().version, newest().amount) == (2, 3)

    def test_of_somebody_who_lost_the_right_meanwhile_is_refused(
        self, draft: StandardDraft, head_office: User, second: User, now: datetime
    ) -> None:
        User.objects.filter(pk=head_office.pk).update(role="auditor")
        with pytest.raises(SubmitterMayNoLonger):
            drafts.confirm(draft=draft, by=second, now=now)

    def test_keeps_the_date_and_version_of_promises_that_run(
        self, draft: StandardDraft, second: User, silver: Customer, now: datetime
    ) -> None:
        running = promise(silver, CODE)
        before = (running.due_at, running.standard_id)
        drafts.confirm(draft=draft, by=second, now=now)
        running.refresh_from_db()
        assert (running.due_at, running.standard_id) == before
        later = promise(silver, CODE, triggered_at=now + timedelta(seconds=1))
        assert later.standard.version == 2


class TestAVersionThatIsStillAhead:
    def test_leaves_the_present_one_in_force_until_then(
        self, head_office: User, second: User, now: datetime
    ) -> None:
        then = now + timedelta(days=10)
        row = submitted(head_office, now, active_from=then, amount=1)
        drafts.confirm(draft=row, by=second, now=now)
        assert standards.in_force(CODE, now).amount == 2
        assert standards.in_force(CODE, then - timedelta(seconds=1)).amount == 2
        assert standards.in_force(CODE, then).amount == 1

    def test_confirmed_after_its_day_takes_effect_at_once(
        self, head_office: User, second: User, now: datetime
    ) -> None:
        row = submitted(head_office, now, active_from=now + timedelta(days=1), amount=1)
        late = now + timedelta(days=3)
        assert drafts.obstacle(row, now=late) == ""
        published = drafts.confirm(draft=row, by=second, now=late).published
        assert published is not None and published.active_from == late

    def test_is_followed_only_by_what_begins_after_it(
        self, head_office: User, second: User, now: datetime
    ) -> None:
        then = now + timedelta(days=10)
        drafts.confirm(draft=submitted(head_office, now, active_from=then, amount=1), by=second, now=now)
        for early in (None, now + timedelta(days=5), then):
            with pytest.raises(BeforeTheNewestVersion, match="第 2 版将于 2026-03-20 10:00 生效"):
                submitted(head_office, now, active_from=early, amount=3)
        again = submitted(head_office, now, active_from=then + timedelta(days=1), amount=3)
        drafts.confirm(draft=again, by=second, now=now)
        assert [standards.in_force(CODE, then + timedelta(days=n)).amount for n in (-1, 0, 1)] == [2, 1, 3]


class TestSendingBack:
    def test_says_why_and_frees_the_standard(
        self, draft: StandardDraft, second: User, head_office: User, now: datetime
    ) -> None:
        done = proposals.send_back(proposal=draft, reason=" 先报批 ", by=second, now=now)
        assert (done.decision, done.returned_because) == ("returned", "先报批")
        assert submitted(head_office, now) != draft

    def test_without_a_reason_is_refused(self, draft: StandardDraft, second: User, now: datetime) -> None:
        with pytest.raises(SendingBackNeedsAReason):
            proposals.send_back(proposal=draft, reason=" ", by=second, now=now)
        with pytest.raises(IntegrityError), transaction.atomic():
            StandardDraft.objects.filter(pk=draft.pk).update(
                decision="returned", decided_by=second, decided_at=now
            )

    def test_is_different_from_taking_back_which_only_the_author_does(
        self, draft: StandardDraft, second: User, head_office: User, now: datetime
    ) -> None:
        with pytest.raises(ProposalIsNotYours):
            proposals.withdraw(proposal=draft, by=second, now=now)
        assert proposals.withdraw(proposal=draft, by=head_office, now=now).decision == "withdrawn"

    def test_a_decision_names_who_and_when(self, draft: StandardDraft) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            StandardDraft.objects.filter(pk=draft.pk).update(decision="withdrawn")


class TestThePreview:
    def test_shows_what_running_promises_would_have_got_and_says_what_is_loosened(
        self, head_office: User, silver: Customer
    ) -> None:
        running = promise(silver, CODE)
        entry = change(amount=5).applied_to(entry_of(newest()))
        shown = selectors.preview(head_office, newest(), entry)
        assert [(one.label, one.before, one.after) for one in shown.differences] == [
            ("时限", "2 个工作日", "5 个工作日")
        ]
        assert shown.loosened == ("时限由“2 个工作日”放宽为“5 个工作日”",)
        assert shown.running == 1
        assert shown.turns == {"earlier": 0, "later": 1, "same": 0, "paused": 0}
        assert shown.sample[0].due == running.due_at
        assert shown.sample[0].would == datetime.fromisoformat("2026-03-17T23:59:59+08:00")

    def test_looks_at_fifty_promises_in_a_few_queries(
        self,
        head_office: User,
        silver: Customer,
        django_assert_max_num_queries: object,
    ) -> None:
        for number in range(52):
            promise(silver, CODE, occasion=f"many:{number}")
        entry = change(amount=1).applied_to(entry_of(newest()))
        base = newest()
        with django_assert_max_num_queries(5):  # type: ignore[operator]
            shown = selectors.preview(head_office, base, entry)
        assert (shown.running, len(shown.sample), shown.turns["earlier"]) == (52, 50, 50)
        assert not shown.loosened
