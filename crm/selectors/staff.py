"""Reads people: for pickers, for the list, who stands above a branch, and what each of them holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from crm.models import Branch, CalendarDraft, Customer, TeamSeat, User
from crm.models.staff import Role

KEEPERS = (Role.ACCOUNT_MANAGER, Role.BRANCH_MANAGER)


def keepers(among: QuerySet[User], branch: Branch | None = None) -> QuerySet[User]:
    """This function will list who can keep customers, by branch and name, of one branch's subtree if given."""
    found = among.filter(role__in=KEEPERS).select_related("branch").order_by("branch__path", "name", "id")
    if branch is not None:
        found = found.filter(branch__path__startswith=branch.path)
    return found


def managers_of(branch: Branch) -> list[User]:
    """This function will list the managers of the nearest branch upwards that has any."""
    ids = [int(part) for part in branch.path.strip("/").split("/")]
    managers = list(
        User.objects.filter(role=Role.BRANCH_MANAGER, is_active=True, branch_id__in=ids).order_by("pk")
    )
    nearest = max((ids.index(m.branch_id) for m in managers), default=None)
    return [m for m in managers if nearest is not None and ids.index(m.branch_id) == nearest]


def head_office(*, but: User) -> list[User]:
    """This function will list the administrators of the head office except one."""
    return list(User.objects.filter(role=Role.HEAD_OFFICE, is_active=True).exclude(pk=but.pk).order_by("pk"))


@dataclass(frozen=True, slots=True)
class WantedPeople:
    """What a person asks of the list of people; empty means all."""

    text: str = ""
    branch: Branch | None = None
    role: str = ""
    state: str = ""


def listing(among: QuerySet[User], wanted: WantedPeople) -> QuerySet[User]:
    """This function will list people by branch and name, each with branch and supervisor."""
    found = among.select_related("branch", "supervisor").order_by("branch__path", "name", "id")
    if wanted.branch:
        found = found.filter(branch__path__startswith=wanted.branch.path)
    if wanted.role:
        found = found.filter(role=wanted.role)
    if wanted.state:
        found = found.filter(is_active=wanted.state == "active")
    if wanted.text:
        found = found.filter(Q(name__icontains=wanted.text) | Q(username__icontains=wanted.text))
    return found


def tree(among: QuerySet[Branch]) -> QuerySet[Branch]:
    """This function will list branches as a tree, each with how many people in use and customers it has itself."""
    here = User.objects.filter(branch=OuterRef("pk"), is_active=True).order_by().values("branch")
    kept = Customer.objects.filter(branch=OuterRef("pk")).order_by().values("branch")
    return among.annotate(
        people=Coalesce(Subquery(here.annotate(n=Count("pk")).values("n")), 0),
        kept=Coalesce(Subquery(kept.annotate(n=Count("pk")).values("n")), 0),
    ).order_by("path")


def customers_kept(ids: Sequence[int]) -> Mapping[int, int]:
    """This function will count the customers that each of these people keeps, whatever their status."""
    rows = Customer.objects.filter(owner_id__in=ids).order_by().values_list("owner_id")
    return dict(rows.annotate(n=Count("pk")))


def seats_held(ids: Sequence[int]) -> Mapping[int, int]:
    """This function will count in how many customers' teams each of these people sits."""
    rows = TeamSeat.objects.filter(user_id__in=ids).order_by().values_list("user_id")
    return dict(rows.annotate(n=Count("pk")))


def drafts_waiting(ids: Sequence[int]) -> Mapping[int, int]:
    """This function will count the calendars that each of these people submitted and nobody decided yet."""
    rows = CalendarDraft.objects.filter(submitted_by_id__in=ids, decision="").order_by()
    return dict(rows.values_list("submitted_by_id").annotate(n=Count("pk")))
