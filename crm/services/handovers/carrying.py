"""How a hand-over is carried out: one customer, one transaction; a stop in the middle loses and doubles nothing."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.models import Customer, Handover, HandoverItem, TeamSeat, User
from crm.models.handover import ItemState
from crm.services import audit, messages, persons
from crm.services.handovers.recording import settle
from crm.services.runs import Outcome
from crm.signals import work_handed_over

logger = logging.getLogger(__name__)

AT_ONCE = 50


def carry_out_waiting(*, now: datetime) -> Outcome:
    """This function will carry on with every hand-over that is not finished; two at once do each customer once."""
    total = Outcome()
    for row in Handover.objects.filter(finished_at__isnull=True).order_by("at"):
        total = total + carry_out(handover=row, now=now)
    return total


def carry_out(*, handover: Handover, now: datetime, limit: int = AT_ONCE) -> Outcome:
    """This function will move the next customers of a hand-over, and the rest of the work after the last one."""
    waiting = handover.items.filter(state=ItemState.PLANNED).order_by("pk").values_list("pk", flat=True)
    done = failed = 0
    ids = list(waiting[:limit])
    for pk in ids:
        try:
            done += _carry_one(pk, now=now)
        except Exception:
            failed += 1
            logger.exception("item %d of hand-over %d could not be carried out", pk, handover.pk)
    left = waiting.exists()
    if not left:
        _finish(handover, now=now)
    return Outcome(done=done, failed=failed, left=left and not failed)


@transaction.atomic
def _carry_one(pk: int, *, now: datetime) -> bool:
    """This function will move one customer; False where another process did. All or nothing."""
    item = HandoverItem.objects.select_for_update(no_key=True).get(pk=pk)
    if item.state != ItemState.PLANNED:
        return False
    taker = persons.held(item.taker_id)
    customer = Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=item.customer_id)
    if customer.owner_id != item.former_id:
        return _leave(item, _("客户经理已被别人改过"), now=now)
    if not taker.is_active:
        return _leave(item, _("接手人已停用"), now=now)
    Customer.objects.filter(pk=customer.pk).update(owner=taker, branch=item.branch, version=F("version") + 1)
    settle(item, now=now)
    return True


def _leave(item: HandoverItem, why: str, *, now: datetime) -> bool:
    item.state, item.note, item.done_at = ItemState.LEFT, why, now
    item.save(update_fields=["state", "note", "done_at"])
    return True


@transaction.atomic
def _finish(handover: Handover, *, now: datetime) -> None:
    """This function will hand over the rest of the work and tell the takers, once."""
    won = Handover.objects.filter(pk=handover.pk, finished_at__isnull=True).update(finished_at=now)
    if not won:
        return
    handover.finished_at = now
    if handover.former is not None and handover.rest_taker is not None:
        _hand_seats_over(handover, handover.former, handover.rest_taker, now=now)
        work_handed_over.send(
            sender=Handover,
            former=handover.former,
            taker=handover.rest_taker,
            reason=handover.reason,
            by=handover.by,
            now=now,
        )
    _tell_the_takers(handover, now=now)


def _hand_seats_over(handover: Handover, former: User, taker: User, *, now: datetime) -> None:
    """Where the taker can sit, the taker sits; where not, the seat goes."""
    for seat in TeamSeat.objects.filter(user=former).select_related("customer__branch"):
        customer = seat.customer
        sits = customer.owner_id == taker.pk or customer.seats.filter(user=taker).exists()
        if sits or not customer.branch.path.startswith(taker.branch.path):
            seat.delete()
        else:
            seat.user = taker
            seat.save(update_fields=["user"])
        audit.log(
            action="crm.team.changed",
            subject=customer,
            by=handover.by,
            now=now,
            customer=customer,
            before={"seat": former.username},
            after={"seat": taker.username if seat.pk else ""},
            reason=handover.reason,
        )


def _tell_the_takers(handover: Handover, *, now: datetime) -> None:
    moved = handover.items.filter(state=ItemState.MOVED).order_by()
    for pk, number in moved.values_list("taker").annotate(n=Count("pk")):
        messages.notify(
            users=[User.objects.get(pk=pk)],
            kind="handover",
            body=_("有 %(n)d 位客户交接给您，连同他们未办结的承诺和工单。") % {"n": number},
            link=reverse("crm:handover-detail", args=[handover.pk]),
            now=now,
            nudge=False,
        )
