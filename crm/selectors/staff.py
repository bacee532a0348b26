"""Reads people, for pickers."""

from django.db.models import QuerySet

from crm.models import Branch, User
from crm.models.staff import Role

PICKABLE = 200
KEEPERS = (Role.ACCOUNT_MANAGER, Role.BRANCH_MANAGER)


def keepers(among: QuerySet[User], branch: Branch | None = None) -> QuerySet[User]:
    """This function will list who can keep customers, by branch and name, of one branch's subtree if given.

    At most 200 are listed, since nobody picks from more: choosing a branch first narrows the list.
    """
    found = among.filter(role__in=KEEPERS).select_related("branch").order_by("branch__path", "name", "id")
    if branch is not None:
        found = found.filter(branch__path__startswith=branch.path)
    return found[:PICKABLE]


def who_can_keep(among: QuerySet[User], branch: Branch) -> QuerySet[User]:
    """This function will list who can keep a customer of a branch: people of that branch and of those above it."""
    above = [int(part) for part in branch.path.strip("/").split("/")]
    return among.filter(role__in=KEEPERS, branch_id__in=above).order_by("name", "id")
