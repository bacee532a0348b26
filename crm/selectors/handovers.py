"""Reads hand-overs: whom one may hand over, what one may see of what was handed over."""

from collections.abc import Collection

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from crm import access
from crm.models import Customer, Handover, HandoverItem, User
from crm.models.handover import ItemState


def may_be_handed_over(
    user: User, *, ids: Collection[int] = (), former: User | None = None
) -> QuerySet[Customer]:
    """This function will return the customers that the person may give to others: one's own, or as their manager.

    Of these ids, or all that `former` keeps.
    """
    found = access.visible_customers(user)
    found = found.filter(owner=former) if former else found.filter(pk__in=ids)
    if user.role in access.MANAGERS:
        return found
    return found.filter(Q(owner=user) | Q(owner__supervisor=user))


def visible(user: User) -> QuerySet[Handover]:
    """This function will return the hand-overs that touch one's own branches, newest first, with their numbers."""
    path = user.branch.path
    items = HandoverItem.objects.filter(handover=OuterRef("pk")).filter(
        Q(branch__path__startswith=path) | Q(former_branch__path__startswith=path)
    )
    found = Handover.objects.filter(Exists(items) | Q(former__branch__path__startswith=path) | Q(by=user))
    return (
        found.select_related("former", "rest_taker", "by")
        .annotate(
            total=Count("items"),
            moved=Count("items", filter=Q(items__state=ItemState.MOVED)),
            waiting=Count("items", filter=Q(items__state=ItemState.PLANNED)),
        )
        .order_by("-at", "-pk")
    )


def items_of(handover: Handover, user: User) -> QuerySet[HandoverItem]:
    """This function will list the customers of a hand-over that the person may know of."""
    path = user.branch.path
    seen = Q(branch__path__startswith=path) | Q(former_branch__path__startswith=path)
    return (
        handover.items.filter(seen)
        .select_related("customer", "former", "taker", "former_branch", "branch", "notice")
        .order_by("pk")
    )
