"""Writes who acts for whom while somebody is away. A stand-in ends by itself; nothing changes hands."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from crm import rights
from crm.models import StandIn, User
from crm.refusal import Refusal
from crm.services import audit, messages, persons
from crm.time import local_date

LONGEST = timedelta(days=366)


class CannotStandIn(Refusal):
    """Who was chosen is the person, has left, may not work, does not see the branch, or is away as well."""


class StandInPeriodIsWrong(Refusal):
    """The period is empty or lies in the past."""


class HasAStandIn(Refusal):
    """Somebody else stands in for the person on one of the days."""


class StandInIsOver(Refusal):
    """There is nothing left to end."""


@transaction.atomic
def begin(
    *,
    person: User,
    stand_in: User,
    active_from: date,
    active_to: date,
    reason: str = "",
    by: User | None,
    now: datetime,
) -> StandIn:
    """This function will let a colleague act for a person from a day (included) to a day (excluded), and tell both.

    The person's row stays locked, so that of two at once the second is refused. Raises CannotStandIn,
    StandInPeriodIsWrong, HasAStandIn.
    """
    # both rows, always in the same order, so that two who lend each other do not wait for each other
    known = {pk: persons.held(pk) for pk in sorted({person.pk, stand_in.pk})}
    person, stand_in, today = known[person.pk], known[stand_in.pk], local_date(now)
    if active_from < today:
        raise StandInPeriodIsWrong(_("首日已经过去，请改为今天或以后的日期。"))
    if active_to <= active_from:
        raise StandInPeriodIsWrong(_("末日早于首日，请核对日期。"))
    if active_to - active_from > LONGEST:
        raise StandInPeriodIsWrong(_("代班最长一年，更久的离开请改用交接。"))
    _check_taker(person, stand_in)
    _check_period(person, stand_in, active_from, active_to)
    row = StandIn.objects.create(
        person=person,
        stand_in=stand_in,
        active_from=active_from,
        active_to=active_to,
        reason=reason,
        by=by,
        created_at=now,
    )
    after = {"stand_in": stand_in.username, "from": active_from.isoformat(), "to": active_to.isoformat()}
    audit.log(action="crm.stand_in.begun", subject=person, by=by, now=now, after=after, reason=reason)
    _tell(row, _("%(taker)s 替 %(person)s 代班，%(from)s 至 %(last)s。"), now)
    return row


@transaction.atomic
def end(*, row: StandIn, by: User | None, now: datetime) -> StandIn:
    """This function will end a stand-in at once, or take back one that has not begun, and tell both.

    Raises StandInIsOver.
    """
    persons.held(row.person_id)
    row = StandIn.objects.select_related("person", "stand_in").get(pk=row.pk)
    ends = max(local_date(now), row.active_from)
    if row.active_to <= ends:
        raise StandInIsOver(_("这次代班已经结束，无需再操作。"))
    before, row.active_to = row.active_to, ends
    row.save(update_fields=["active_to"])
    audit.log(
        action="crm.stand_in.ended",
        subject=row.person,
        by=by,
        now=now,
        before={"to": before.isoformat()},
        after={"to": ends.isoformat(), "stand_in": row.stand_in.username},
    )
    _tell(row, _("%(taker)s 替 %(person)s 的代班已提前结束。"), now)
    return row


def partners(person: User, *, now: datetime) -> list[int]:
    """This function will list whose rows ending the stand-ins of a person will hold."""
    return [row.person_id for row in _ahead(person, now)]


def end_all(*, person: User, by: User | None, now: datetime) -> None:
    """This function will end whatever stand-ins a person who leaves took on or asked for; a second time finds none."""
    for row in _ahead(person, now):
        end(row=row, by=by, now=now)


def _ahead(person: User, now: datetime) -> QuerySet[StandIn]:
    mine = StandIn.objects.filter(Q(stand_in=person) | Q(person=person), active_to__gt=local_date(now))
    return mine.filter(active_to__gt=F("active_from")).order_by("pk")


def _check_taker(person: User, taker: User) -> None:
    if taker.pk == person.pk:
        raise CannotStandIn(_("不能替自己代班，请选择一位同事。"))
    if not person.is_active:
        raise CannotStandIn(_("%(name)s 已停用，请改为交接工作。") % {"name": person.name})
    if not taker.is_active or not rights.may(taker, "ticket_work"):
        raise CannotStandIn(_("%(name)s 已停用或不办理客户事务，请另选一位同事。") % {"name": taker.name})
    if not person.branch.path.startswith(taker.branch.path):
        raise CannotStandIn(
            _("%(name)s 看不到 %(branch)s 的客户，请选择同一机构或上级机构的同事。")
            % {"name": taker.name, "branch": person.branch.name}
        )


def _check_period(person: User, taker: User, first: date, end: date) -> None:
    # what was taken back before it began has no day and meets nobody
    with_days = StandIn.objects.filter(active_to__gt=F("active_from"))
    meets = with_days.filter(active_from__lt=end, active_to__gt=first)
    standing = meets.filter(person=person).select_related("stand_in").first()
    if standing is not None:
        raise HasAStandIn(
            _("%(name)s 在 %(first)s 已有 %(taker)s 代班，请先结束那一次，或改日期。")
            % {
                "name": person.name,
                "first": standing.active_from.isoformat(),
                "taker": standing.stand_in.name,
            }
        )
    if meets.filter(person=taker).exists():
        raise CannotStandIn(_("%(name)s 那几天自己也请人代班，请另选一位同事。") % {"name": taker.name})


def _tell(row: StandIn, words: str, now: datetime) -> None:
    named = {
        "taker": row.stand_in.name,
        "person": row.person.name,
        "from": row.active_from,
        "last": row.last_day,
    }
    messages.notify(
        users=[one for one in (row.person, row.stand_in) if one.is_active],
        kind="stand_in",
        body=words % named,
        link=reverse("crm:stand-ins"),
        now=now,
    )
