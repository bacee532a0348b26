"""The gates of the ground floor: a row of one's own branch subtree, or 404. No view fetches in another way.

Who stands in the head office stands at the root, so its people and its auditors see every branch.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from crm import rights
from crm.models import Branch, Contact, Customer, User
from crm.models.staff import Role
from crm.rights import NotAllowed

MANAGERS = (Role.BRANCH_MANAGER, Role.HEAD_OFFICE)

View = Callable[Concatenate[HttpRequest, ...], HttpResponse]


def needs(right: str) -> Callable[[View], View]:
    """This function will make a decorator that lets only holders of a right into a view (NotAllowed → 403)."""
    rights.table()[right]

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            rights.require(request.user, right)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def branches(user: User) -> QuerySet[Branch]:
    """This function will return the person's branch and everything below it."""
    return Branch.objects.under(user.branch)


def visible_customers(user: User) -> QuerySet[Customer]:
    """This function will return the customers of the person's branch subtree."""
    return Customer.objects.filter(branch__path__startswith=user.branch.path)


def visible_staff(user: User) -> QuerySet[User]:
    """This function will return the active people of the person's branch subtree."""
    return User.objects.filter(is_active=True, branch__path__startswith=user.branch.path)


def customer(user: User, pk: int) -> Customer:
    """This function will return the customer, or raise Http404 where the person may not know of it."""
    row = visible_customers(user).select_related("branch", "owner").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def contact(user: User, customer_pk: int, pk: int) -> Contact:
    """This function will return a person served at a customer, or raise Http404."""
    row = (
        Contact.objects.filter(customer__branch__path__startswith=user.branch.path, customer_id=customer_pk)
        .select_related("customer__branch", "customer__owner")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise Http404
    return row


def may_edit(user: User, customer: Customer) -> bool:
    """This function will say whether the person may change the customer: owner, team, and their managers.

    The customer must be one that the person can see.
    """
    if not rights.may(user, "customer_edit"):
        return False
    if user.role in MANAGERS or user.pk in (customer.owner_id, customer.owner.supervisor_id):
        return True
    return customer.team.filter(pk=user.pk).exists()


def customer_to_edit(user: User, pk: int) -> Customer:
    """This function will return a customer that the person may change; Http404 if unknown, else NotAllowed."""
    row = customer(user, pk)
    if not may_edit(user, row):
        raise NotAllowed(f"只有客户经理 {row.owner.name}、服务团队及其主管可以修改这位客户，请联系他们。")
    return row
