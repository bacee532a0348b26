"""Reads a customer's team: who serves it in which seat, what is missing, who may be seated, and what changed."""

from collections.abc import Sequence

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm import rights
from crm.models import Customer, LogEntry, TeamSeat, User
from crm.models.customer import SeatKind

ORDER = (SeatKind.LEADER, SeatKind.DEPUTY, SeatKind.MEMBER)
HISTORY = ("crm.team.changed", "crm.customer.handed_over")
SHOWN = 30


def seats_of(customer: Customer) -> list[TeamSeat]:
    """This function will list the seats of a team: leaders, deputy, members."""
    rank = Case(
        *(When(kind=kind, then=Value(n)) for n, kind in enumerate(ORDER)), output_field=IntegerField()
    )
    return list(customer.seats.select_related("user__branch").order_by(rank, "user__name", "pk"))


def missing(seats: Sequence[TeamSeat]) -> list[str | Promise]:
    """This function will name what a team of BR-2 still lacks beside the keeper: a deputy, a member with a duty."""
    lacks: list[str | Promise] = []
    if not any(one.kind == SeatKind.DEPUTY for one in seats):
        lacks.append(_("客户副经理"))
    if not any(one.kind == SeatKind.MEMBER and one.duty for one in seats):
        lacks.append(_("写明职责的成员"))
    return lacks


def colleagues(customer: Customer) -> QuerySet[User]:
    """This function will list who could serve a customer beside the keeper: who works in its branch or above it."""
    ids = [int(part) for part in customer.branch.path.strip("/").split("/")]
    working = rights.table()["ticket_work"]["roles"]
    found = User.objects.filter(is_active=True, role__in=working, branch_id__in=ids)
    return found.exclude(pk=customer.owner_id).order_by("-branch__path", "name", "pk")


def candidates(customer: Customer) -> QuerySet[User]:
    """This function will list who may be seated: colleagues who are not in the team yet."""
    return colleagues(customer).exclude(pk__in=TeamSeat.objects.filter(customer=customer).values("user"))


def history(customer: Customer) -> list[LogEntry]:
    """This function will list the latest changes of keeper and team, newest first."""
    rows = LogEntry.objects.filter(customer=customer, action__in=HISTORY).select_related("by")
    return list(rows.order_by("-at", "-pk")[:SHOWN])
