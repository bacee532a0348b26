"""In which order a list's rows are read, so that the database takes the right way to the first fifty."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from crm import subtree
from crm.models import User

NEVER = datetime(9999, 12, 31, tzinfo=UTC)


def by_due(user: User, column: str) -> OrderBy:
    """This function will order by a moment, the earliest first, what has none last.

    Who sees the whole house has its rows read in the order of an index. Anybody else's are a few among many: they
    are found first and sorted then, which an expression makes sure of where PostgreSQL cannot tell how few they are.
    """
    if subtree.is_whole(user.branch.path):
        return F(column).asc(nulls_last=True)
    return Coalesce(column, NEVER).asc()


def by_latest(user: User, column: str) -> OrderBy:
    """This function will order by a moment that every row has, the latest first."""
    return F(column).desc() if subtree.is_whole(user.branch.path) else Coalesce(column, NEVER).desc()


def found_first(page: QuerySet[Any]) -> QuerySet[Any]:
    """This function will ask for a page's rows by their keys, in the page's order.

    What is joined to them is then joined to fifty rows, whatever the database thinks of how many were to choose from.
    """
    chosen: QuerySet[Any] = page.model._default_manager.filter(pk__in=page.values("pk"))
    return chosen.order_by(*page.query.order_by)
