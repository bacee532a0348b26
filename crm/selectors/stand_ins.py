"""Who stands in for whom on a day. Periods are half-open: the last day is the one before the end."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import SimpleLazyObject

from crm import rights
from crm.models import StandIn, User

SHOWN = 20


def on_day(day: date) -> Q:
    """This function will return the condition of the stand-ins that run on a day."""
    return Q(active_from__lte=day, active_to__gt=day)


def lent_to(user: User, *, on: date) -> frozenset[int]:
    """This function will return the ids of the people for whom somebody acts on a day."""
    found = StandIn.objects.filter(on_day(on), stand_in=user)
    return frozenset(found.values_list("person_id", flat=True))


def somebody_lends(*, on: date) -> Exists:
    """This function will ask, inside a query of rows with a `user`, whether they act for anybody on a day: mostly not."""
    return Exists(StandIn.objects.filter(on_day(on), stand_in=OuterRef("user")))


def lend(user: User, *, on: date) -> None:
    """This function will fill in for whom somebody acts on a day; doors call it, the rows are read when first asked."""
    user.acts_for = SimpleLazyObject(lambda: lent_to(user, on=on))


def acting_for(people: Iterable[User], *, on: date) -> list[StandIn]:
    """This function will list who acts for these people on a day, as far as they are still here."""
    found = StandIn.objects.filter(
        on_day(on), person__in=[one.pk for one in people], stand_in__is_active=True
    )
    return list(found.select_related("person", "stand_in").order_by("pk"))


def of(person: User) -> QuerySet[StandIn]:
    """This function will list who stood, stands and will stand in for a person, the latest first."""
    rows = StandIn.objects.filter(person=person).select_related("person", "stand_in", "by")
    return rows.order_by("-active_from", "-pk")[:SHOWN]


def taken_on(person: User, *, today: date) -> QuerySet[StandIn]:
    """This function will list for whom a person stands in or will, the nearest first."""
    rows = StandIn.objects.filter(stand_in=person, active_to__gt=today).select_related("person", "stand_in")
    return rows.order_by("active_from", "pk")[:SHOWN]


def takers(person: User) -> QuerySet[User]:
    """This function will list who may stand in for a person: colleagues of the branch, and who stands above it."""
    ids = [int(part) for part in person.branch.path.strip("/").split("/")]
    working = rights.table()["ticket_work"]["roles"]
    found = User.objects.filter(is_active=True, role__in=working, branch_id__in=ids).exclude(pk=person.pk)
    return found.select_related("branch").order_by("-branch__path", "name", "pk")
