"""Proposing a change of a standard and deciding on it: two administrators of the head office publish a standard.

What a limit may be is checked in `servicing.standard_changes`, the law's ceiling where standards are published;
that the deciding person is another one stands as a constraint too.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm import rights
from crm.models import User
from crm.refusal import Refusal
from crm.services import proposals
from servicing.catalogue import Entry, entry_of
from servicing.models import ServiceStandard, StandardDraft
from servicing.models.standard import Authority
from servicing.selectors import standards as selectors
from servicing.selectors.standard_drafts import change_of
from servicing.services import standards
from servicing.services.standards import ChangeHasNoReason, TheLawIsNotOurs
from servicing.standard_changes import Change


class ChangeIsStale(Refusal):
    """Another version was published since the change was written."""


class ChangeSaysNothing(Refusal):
    """The standard would be the same as it is."""


class StandardHasAnOpenDraft(Refusal):
    """Two changes of one standard cannot wait at once."""


class StartsInThePast(Refusal):
    """A version takes effect on confirmation or later, never earlier."""


@transaction.atomic
def submit(
    *,
    base: ServiceStandard,
    change: Change,
    active_from: datetime | None,
    reason: str,
    by: User,
    now: datetime,
) -> StandardDraft:
    """This function will propose a change of a standard for another administrator to confirm.

    The same proposal again gives back the one that waits. Raises what `check` raises, ChangeHasNoReason,
    StandardHasAnOpenDraft while another one waits.
    """
    rights.require(by, StandardDraft.right)
    if not reason.strip():
        raise ChangeHasNoReason(_("请写明修改服务标准的理由。"))
    entry = check(base=base, change=change, active_from=active_from, now=now)
    waiting = StandardDraft.objects.filter(code=base.code, decision="").first()
    if waiting is not None and waiting.submitted_by_id == by.pk and _same(waiting, entry, active_from):
        return waiting
    try:
        with transaction.atomic():
            draft = StandardDraft.objects.create(
                code=base.code,
                base=base,
                unit=entry.unit,
                amount=entry.amount,
                wording=entry.wording,
                pause_reasons=list(entry.pause_reasons),
                evidence=list(entry.evidence),
                active_from=active_from,
                reason=reason.strip()[:200],
                submitted_by=by,
                submitted_at=now,
            )
    except IntegrityError:  # the table allows one open draft a standard, also for two people at once
        told = _("“%(code)s”已有一份修改等待确认，请先处理那一份。") % {"code": base.code}
        raise StandardHasAnOpenDraft(told) from None
    proposals.log("submitted", draft, by=by, now=now, reason=draft.reason)
    return draft


def check(*, base: ServiceStandard, change: Change, active_from: datetime | None, now: datetime) -> Entry:
    """This function will give the standard as it would be, if nothing stands against it. Nothing is written.

    Raises TheLawIsNotOurs, ChangeIsStale, LimitCannotBe, StandardIsUnsound, ChangeSaysNothing, StartsInThePast,
    BeforeTheNewestVersion, LongerThanTheLaw.
    """
    if base.authority == Authority.STATUTORY:
        raise TheLawIsNotOurs(_("法定上限随产品更新，不能自行修改；请修改公司承诺。"))
    _refuse_stale(base)
    before = entry_of(base)
    entry = change.applied_to(before)
    if entry == before:
        raise ChangeSaysNothing(_("没有改动任何内容，请修改后再提交。"))
    if active_from is not None and active_from <= now:
        raise StartsInThePast(_("生效日期须在今天之后；要立即生效，请留空。"))
    standards.refuse_before_the_newest(base, active_from or now, now=now)
    standards.refuse_longer_than_law(entry)
    return entry


def obstacle(draft: StandardDraft, *, now: datetime) -> str:
    """This function will say what would stop a waiting change as things stand now; empty where nothing does."""
    later = draft.active_from if draft.active_from and draft.active_from > now else None
    try:
        check(base=draft.base, change=change_of(draft), active_from=later, now=now)
    except Refusal as refusal:
        return refusal.message
    return ""


@transaction.atomic
def confirm(*, draft: StandardDraft, by: User, now: datetime) -> StandardDraft:
    """This function will publish a proposed change; a date that has passed meanwhile means now.

    Running promises keep their version and their date (rulebook X-15). Raises what `proposals.confirmable` raises,
    ChangeIsStale, and what publishing raises.
    """
    row = proposals.confirmable(draft, by=by)
    _refuse_stale(row.base)
    row.published = standards.publish(
        entry=change_of(row).applied_to(entry_of(row.base)),
        reason=row.reason,
        by=row.submitted_by,
        approver=by,
        now=now,
        since=row.active_from,
    )
    return proposals.confirmed(row, by=by, now=now)


def _same(waiting: StandardDraft, entry: Entry, active_from: datetime | None) -> bool:
    return (change_of(waiting).applied_to(entry), waiting.active_from) == (entry, active_from)


def _refuse_stale(base: ServiceStandard) -> None:
    newest = selectors.newest(base.code)
    if newest is None or newest.pk != base.pk:
        raise ChangeIsStale(
            _("“%(code)s”在这之后又发布了新版本，这份修改已过时；请按新版本重新填写。") % {"code": base.code}
        )
