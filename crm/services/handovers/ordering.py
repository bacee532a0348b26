"""How a hand-over is ordered: who gets which customer, what goes along, what is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm import rights
from crm.models import Customer, Handover, HandoverItem, User
from crm.refusal import Refusal
from crm.registry import Held, held_by, moving_with
from crm.selectors.staff import KEEPERS
from crm.services import audit
from crm.services.handovers.carrying import carry_out


class NothingToHandOver(Refusal):
    """The takers keep all these customers already, or there are none."""


class TakerCannotKeep(Refusal):
    """The person has left, keeps no customers, or is the one who hands over."""


class NotYourBranches(Refusal):
    """Customers leave their branch; that is for a manager above both (rulebook X-25)."""


class AlreadyWaiting(Refusal):
    """Another hand-over names one of the customers and is not finished."""


class WhyHandOver(Refusal):
    """A hand-over says why."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one taker gets."""

    taker: User
    customers: int
    across: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a hand-over would do: each taker's share, the work that goes along, the work that stays with nobody."""

    chosen: list[tuple[Customer, User]]
    shares: list[Share]
    along: list[Held]
    rest: list[Held]

    @property
    def across(self) -> int:
        """This function will count the customers who would change their branch."""
        return sum(one.across for one in self.shares)


def plan(*, customers: QuerySet[Customer], takers: Sequence[User], former: User | None = None) -> Plan:
    """This function will deal the customers out evenly in the order of their branches and names; it only reads.

    Customers whom a taker keeps already stay where they are.
    """
    people = list({one.pk: one for one in takers}.values())
    ours = [one.pk for one in people]
    found = customers.exclude(owner_id__in=ours).select_related("branch", "owner")
    rows = list(found.order_by("branch__path", "name", "pk"))
    chosen = [(row, people[place % len(people)]) for place, row in enumerate(rows)] if people else []
    shares = [
        Share(
            one,
            sum(1 for _row, taker in chosen if taker is one),
            sum(1 for row, taker in chosen if taker is one and crosses(row, one)),
        )
        for one in people
    ]
    return Plan(chosen, shares, moving_with(found), _rest_of(former, moving_with(found)) if former else [])


def crosses(customer: Customer, taker: User) -> bool:
    """This function will say whether the customer must move to the taker's branch to be seen by the taker."""
    return not customer.branch.path.startswith(taker.branch.path)


def _rest_of(former: User, along: list[Held]) -> list[Held]:
    """What the person holds beside the customers and the work that goes along with them."""
    going = {one.key: one.count for one in along}
    left = [
        Held(one.key, one.title, one.count - going.get(one.key, 0))
        for one in held_by(former)
        if one.key != "customers"
    ]
    return [one for one in left if one.count > 0]


def hand_over(
    *,
    customers: QuerySet[Customer],
    takers: Sequence[User],
    cause: str,
    reason: str,
    by: User,
    now: datetime,
    former: User | None = None,
    rest_taker: User | None = None,
) -> Handover:
    """This function will lay a hand-over out and carry out its first customers; the tick carries out the others.

    `rest_taker` gets what `former` holds at other customers. The same again finds nothing left to hand over.
    Raises NothingToHandOver, TakerCannotKeep, NotYourBranches, AlreadyWaiting, WhyHandOver.
    """
    deal = plan(customers=customers, takers=takers, former=former)
    _check(deal, takers, former, rest_taker, reason, by)
    with transaction.atomic():
        row = Handover.objects.create(
            cause=cause, reason=reason.strip()[:200], former=former, rest_taker=rest_taker, by=by, at=now
        )
        items = [
            HandoverItem(
                handover=row,
                customer=customer,
                former=customer.owner,
                taker=taker,
                former_branch=customer.branch,
                branch=taker.branch if crosses(customer, taker) else customer.branch,
            )
            for customer, taker in deal.chosen
        ]
        try:
            with transaction.atomic():
                HandoverItem.objects.bulk_create(items, batch_size=500)
        except IntegrityError as error:
            raise AlreadyWaiting(_("其中有客户正在另一次交接里，请等那次交接完成后再试。")) from error
        audit.log(
            action="crm.handover.ordered",
            subject=row,
            by=by,
            now=now,
            after={
                "customers": len(items),
                "takers": [one.taker.username for one in deal.shares],
                "former": former.username if former else "",
                "cause": cause,
            },
            reason=row.reason,
        )
        carry_out(handover=row, now=now)
    return row


def _check(
    deal: Plan,
    takers: Sequence[User],
    former: User | None,
    rest_taker: User | None,
    reason: str,
    by: User,
) -> None:
    if not reason.strip():
        raise WhyHandOver(_("请写明交接的原因。"))
    if not deal.chosen and not (rest_taker and deal.rest):
        raise NothingToHandOver(_("没有需要交接的客户：他们已经由接手人管理，或名下没有客户。"))
    for taker in takers:
        if not taker.is_active or taker.role not in KEEPERS or (former and taker.pk == former.pk):
            raise TakerCannotKeep(
                _("%(name)s 不能接手客户，请另选一位在用的客户经理。") % {"name": taker.name}
            )
    if rest_taker and (not rights.may(rest_taker, "ticket_work") or rest_taker == former):
        raise TakerCannotKeep(_("%(name)s 不能接手其余工作，请另选一位。") % {"name": rest_taker.name})
    if deal.across and not rights.may(by, "customer_transfer_branch"):
        raise NotYourBranches(
            _("有 %(n)d 位客户会换机构，须由机构管理者交接，请联系他们。") % {"n": deal.across}
        )
