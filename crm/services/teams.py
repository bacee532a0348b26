"""Writes who serves a customer beside the keeper, each in a seat with a duty (rulebook BR-2). Every change is logged."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm import rights
from crm.models import Customer, TeamSeat, User
from crm.models.customer import SeatKind
from crm.refusal import Refusal
from crm.services import audit, customers, persons, stamps

ACTION = "crm.team.changed"


class CannotSit(Refusal):
    """The colleague is the keeper, sits already, has left, does no service work, or cannot see the customer."""


class DutyIsMissing(Refusal):
    """Everyone's duty in the team is clear (rulebook BR-2)."""


class HasADeputy(Refusal):
    """A customer has one deputy at most."""


class SeatChangedMeanwhile(Refusal):
    """Somebody else changed the seat or cleared it after the form was opened."""


@transaction.atomic
def seat(*, customer: Customer, user: User, kind: str, duty: str, by: User | None, now: datetime) -> TeamSeat:
    """This function will seat a colleague in a customer's team; the same again is refused as seated already.

    Raises CannotSit, DutyIsMissing, HasADeputy, CustomerWasMerged.
    """
    person = persons.held(user.pk)  # the person first, as hand-overs do
    row = customers.standing(customer)
    _check_person(row, person)
    _check_seat(row, kind, duty)
    made = TeamSeat.objects.create(customer=row, user=person, kind=kind, duty=duty.strip())
    audit.log(action=ACTION, subject=row, by=by, now=now, customer=row, after=told(made))
    return made


@transaction.atomic
def change(*, seat: TeamSeat, seen: str, kind: str, duty: str, by: User | None, now: datetime) -> TeamSeat:
    """This function will give a seat another kind or duty; the same again adds no log row.

    Raises SeatChangedMeanwhile, DutyIsMissing, HasADeputy.
    """
    customer, row = _held(seat, seen)
    before = told(row)
    _check_seat(customer, kind, duty, but=row.pk)
    row.kind, row.duty = kind, duty.strip()
    if (after := told(row)) != before:
        row.save(update_fields=["kind", "duty"])
        audit.log(
            action=ACTION, subject=customer, by=by, now=now, customer=customer, before=before, after=after
        )
    return row


@transaction.atomic
def clear(*, seat: TeamSeat, reason: str = "", by: User | None, now: datetime) -> None:
    """This function will take somebody out of a team. Raises SeatChangedMeanwhile where the seat is empty already."""
    customer, row = _held(seat, "")
    before = told(row)
    row.delete()
    audit.log(
        action=ACTION,
        subject=customer,
        by=by,
        now=now,
        customer=customer,
        before=before,
        after={"seat": ""},
        reason=reason.strip()[:200],
    )


def told(row: TeamSeat) -> dict[str, str]:
    """This function will say a seat as the log keeps it."""
    return {"seat": row.user.username, "seat_kind": row.kind, "duty": row.duty}


def _held(seat: TeamSeat, seen: str) -> tuple[Customer, TeamSeat]:
    """The customer is held first, as in seating and merging, so that two of these cannot wait for each other."""
    customer = customers.standing(seat.customer)
    row = TeamSeat.objects.select_related("user").filter(pk=seat.pk, customer=customer).first()
    if row is None or (seen and stamps.of(row) != seen):
        raise SeatChangedMeanwhile(_("别人刚刚调整过这位成员，请核对现在的服务团队再改。"))
    return customer, row


def _check_person(customer: Customer, person: User) -> None:
    named = {"name": person.name, "customer": customer.shown_name}
    if person.pk == customer.owner_id:
        raise CannotSit(_("%(name)s 是这位客户的客户经理，副经理和成员请另选同事。") % named)
    if not person.is_active or not rights.may(person, "ticket_work"):
        raise CannotSit(_("%(name)s 已停用或不办理服务工作，请另选一位同事。") % named)
    if not customer.branch.path.startswith(person.branch.path):
        raise CannotSit(_("%(name)s 看不到 %(customer)s，请选择同一机构或上级机构的同事。") % named)
    if customer.seats.filter(user=person).exists():
        raise CannotSit(_("%(name)s 已在团队里，请直接修改其身份或职责。") % named)


def _check_seat(customer: Customer, kind: str, duty: str, but: int = 0) -> None:
    if not duty.strip():
        raise DutyIsMissing(_("请写明职责，例如“办理保全变更”。"))
    deputies = customer.seats.filter(kind=SeatKind.DEPUTY).exclude(pk=but).select_related("user")
    if kind == SeatKind.DEPUTY and (deputy := deputies.first()) is not None:
        raise HasADeputy(
            _("%(name)s 已是客户副经理，每位客户只有一位，请先改其身份。") % {"name": deputy.user.name}
        )
