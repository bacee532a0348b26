"""Reads people, for pickers."""

from django.db.models import QuerySet

from crm.models import Branch, User
from crm.models.staff import Role

KEEPERS = (Role.ACCOUNT_MANAGER, Role.BRANCH_MANAGER)


def keepers(among: QuerySet[User], branch: Branch | None = None) -> QuerySet[User]:
    """This function will list who can keep customers, by branch and name, of one branch's subtree if given."""
    found = among.filter(role__in=KEEPERS).select_related("branch").order_by("branch__path", "name", "id")
    if branch is not None:
        found = found.filter(branch__path__startswith=branch.path)
    return found
