"""Counts looks at clear data, stops who looks too often, and lets managers release them for the day."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from crm import rights
from crm.models import RevealTally, User
from crm.refusal import Refusal
from crm.selectors import house_rules, staff
from crm.services import audit, messages
from crm.time import local_date

MIN_REASON = 2


class NeedsRelease(Refusal):
    """So many looks on one day need the manager's word."""


class NoMoreToday(Refusal):
    """More looks than this no release allows."""


class ReleaseNeedsReason(Refusal):
    """A release says why somebody must look so often."""


class ReleaseIsNotYours(Refusal):
    """Nobody releases themselves, nor somebody of another branch."""


class NothingToRelease(Refusal):
    """The person did not look at anything on the day, or was released already."""


def count(*, by: User, now: datetime) -> RevealTally:
    """This function will count one more look of the day, inside the transaction that shows the clear text.

    Raises NeedsRelease or NoMoreToday. Of two looks at once each is counted; the managers are told once,
    with the last look that needs no release and with the last one of all.
    """
    rules, day = house_rules.current(), local_date(now)
    free = Q(shown__lt=rules.reveals_free)
    released = Q(released_at__isnull=False, shown__lt=rules.reveals_most)
    with transaction.atomic():
        RevealTally.objects.get_or_create(user=by, day=day)
        mine = RevealTally.objects.filter(user=by, day=day)
        # asked and raised in one statement, so that two looks at once cannot both be the last one
        counted = mine.filter(free | released).update(shown=F("shown") + 1)
        tally = mine.get()
        if not counted:
            _refuse(tally, most=rules.reveals_most)
        if tally.shown in (rules.reveals_free, rules.reveals_most):
            _tell_managers(tally, by=by, last=tally.shown == rules.reveals_most, now=now)
    return tally


def _refuse(tally: RevealTally, *, most: int) -> None:
    if tally.shown >= most:
        raise NoMoreToday(
            _("您今天已查看 %(n)s 次明文，达到每日上限，今天不能再看；确有需要请联系总公司管理员。")
            % {"n": tally.shown}
        )
    raise NeedsRelease(
        _("您今天已查看 %(n)s 次明文，再看须由机构管理者在“明文查看”里放行，已经通知他们。")
        % {"n": tally.shown}
    )


def _tell_managers(tally: RevealTally, *, by: User, last: bool, now: datetime) -> None:
    words = (
        _("%(name)s 今天已查看 %(n)s 次明文，达到每日上限，系统已停止其查看，请核实。")
        if last
        else _("%(name)s 今天已查看 %(n)s 次明文，再看须您放行，请先核实用途。")
    )
    managers = [one for one in staff.managers_of(by.branch) if one.pk != by.pk]
    messages.notify(
        users=managers or staff.head_office(but=by),
        kind="reveal_limit",
        body=words % {"name": by.name, "n": tally.shown},
        now=now,
        link=reverse("crm:reveal-list"),
    )


def release(*, person: User, day: date, reason: str, by: User, now: datetime) -> RevealTally:
    """This function will let somebody go on looking at clear data for the rest of the day, up to the daily most.

    Raises NotAllowed, ReleaseIsNotYours, ReleaseNeedsReason or NothingToRelease; of two releases one counts.
    """
    rights.require(by, "reveal_release")
    if person.pk == by.pk or not person.branch.path.startswith(by.branch.path):
        raise ReleaseIsNotYours(_("不能放行自己，也不能放行其他机构的人，请由其机构管理者或总公司放行。"))
    if len(reason.strip()) < MIN_REASON:
        raise ReleaseNeedsReason(_("请写明放行的理由，例如“年度回访，逐户致电”。"))
    with transaction.atomic():
        open_one = RevealTally.objects.filter(user=person, day=day, released_at__isnull=True)
        given = {"released_at": now, "released_by": by, "release_reason": reason.strip()[:200]}
        if day != local_date(now) or not open_one.update(**given):
            raise NothingToRelease(_("这位员工今天没有待放行的查看，可能已有人放行，请刷新。"))
        tally = RevealTally.objects.get(user=person, day=day)
        audit.log(
            action="crm.reveal.released",
            subject=tally,
            by=by,
            now=now,
            after={"person": person.username, "shown": tally.shown},
            reason=tally.release_reason,
        )
    return tally
