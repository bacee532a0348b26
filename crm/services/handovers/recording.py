"""What is written down when one customer changed hands, and who hears of it."""

from datetime import datetime

from django.utils.translation import gettext as _

from crm.models import Branch, Customer, Handover, HandoverItem, Message, TeamSeat, User
from crm.models.handover import HandoverCause, ItemState
from crm.services import audit
from crm.signals import customer_handed_over


def settle(item: HandoverItem, *, now: datetime) -> None:
    """This function will note that an item's customer moved, and tell the floors above, in the caller's transaction."""
    item.state, item.done_at = ItemState.MOVED, now
    item.save(update_fields=["state", "done_at"])
    handover, customer = item.handover, item.customer
    customer.refresh_from_db(fields=["owner", "branch", "version"])
    before, after = {"owner": item.former.username}, {"owner": item.taker.username}
    if item.branch_id != item.former_branch_id:
        before["branch"], after["branch"] = item.former_branch.code, item.branch.code
    audit.log(
        action="crm.customer.handed_over",
        subject=customer,
        by=handover.by,
        now=now,
        customer=customer,
        before=before,
        after=after,
        reason=f"{handover.get_cause_display()}：{handover.reason}"[:200],
    )
    _clear_seats(item, now=now)
    customer_handed_over.send(sender=HandoverItem, item=item, by=handover.by, now=now)


def _clear_seats(item: HandoverItem, *, now: datetime) -> None:
    """The keeper has no other seat, and nobody sits in the team of a customer whom they cannot see."""
    customer = item.customer
    for seat in TeamSeat.objects.filter(customer=customer).select_related("user__branch").order_by("pk"):
        if seat.user_id != item.taker_id and item.branch.path.startswith(seat.user.branch.path):
            continue
        before = {"seat": seat.user.username, "seat_kind": seat.kind, "duty": seat.duty}
        seat.delete()
        audit.log(
            action="crm.team.changed",
            subject=customer,
            by=item.handover.by,
            now=now,
            customer=customer,
            before=before,
            after={"seat": ""},
            reason=item.handover.reason,
        )


def note_change(
    *,
    customer: Customer,
    former: User,
    former_branch: Branch,
    by: User | None,
    now: datetime,
    reason: str = "",
) -> Handover:
    """This function will write down a change of keeper that was made among other changes of a customer.

    The customer already shows the new keeper; promises and tickets follow as in every hand-over.
    """
    row = Handover.objects.create(
        cause=HandoverCause.WORKLOAD, reason=reason or _("修改客户资料"), by=by, at=now, finished_at=now
    )
    item = HandoverItem.objects.create(
        handover=row,
        customer=customer,
        former=former,
        taker=customer.owner,
        former_branch=former_branch,
        branch=customer.branch,
    )
    settle(item, now=now)
    return row


def keep_notice(*, item: HandoverItem, message: Message) -> None:
    """This function will note in which message the customer is told of the new keeper."""
    item.notice = message
    item.save(update_fields=["notice"])
