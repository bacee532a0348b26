"""Reads saved views: the person's own, and what colleagues of the same branch share."""

from django.db.models import Q, QuerySet

from crm.models import SavedView, User


def offered(user: User, list_key: str) -> list[SavedView]:
    """This function will list the views of a list that the person may open, own ones first, in one query."""
    mine = Q(owner=user)
    shared = Q(shared=True, owner__branch_id=user.branch_id, owner__is_active=True)
    found = SavedView.objects.filter(mine | shared, list=list_key).select_related("owner").order_by("name")
    return sorted(found, key=lambda view: view.owner_id != user.pk)


def own(user: User) -> QuerySet[SavedView]:
    """This function will list a person's own views, list by list."""
    return SavedView.objects.filter(owner=user).order_by("list", "name")
