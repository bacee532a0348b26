"""The gates of the ground floor: a row of one's own branch subtree, or 404. No view fetches in another way.

Who stands in the head office stands at the root, so its people and its auditors see every branch.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from crm import rights
from crm.models import (
    ApiToken,
    Branch,
    Contact,
    Customer,
    CustomerMerge,
    ImportBatch,
    LoginSession,
    LongJob,
    Message,
    Policy,
    StandIn,
    TeamSeat,
    Touchpoint,
    User,
)
from crm.models.customer import CustomerStatus
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


def visible_policies(user: User) -> QuerySet[Policy]:
    """This function will return the policies of the customers of the person's branch subtree."""
    return Policy.objects.filter(customer__branch__within=user.branch.path)


def policy_by_id(user: User, pk: int) -> Policy:
    """This function will return a policy whoever holds it, or raise Http404 where the person may not know of it."""
    row = visible_policies(user).select_related("customer").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def visible_tokens(user: User) -> QuerySet[ApiToken]:
    """This function will return the person's own API tokens; for who looks after all, those of the subtree."""
    if rights.may(user, "api_token_any"):
        return ApiToken.objects.filter(person__branch__path__startswith=user.branch.path)
    return ApiToken.objects.filter(person=user)


def token(user: User, pk: int) -> ApiToken:
    """This function will return an API token, or raise Http404 where the person may not know of it."""
    row = visible_tokens(user).select_related("person").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def visible_customers(user: User) -> QuerySet[Customer]:
    """This function will return the customers of the person's branch subtree, without merged and withdrawn ones."""
    visible = Customer.objects.filter(branch__within=user.branch.path, merged_into__isnull=True)
    return visible.exclude(status=CustomerStatus.WITHDRAWN)


def visible_staff(user: User) -> QuerySet[User]:
    """This function will return the active people of the person's branch subtree."""
    return User.objects.filter(is_active=True, branch__path__startswith=user.branch.path)


def colleague(user: User, pk: int) -> User:
    """This function will return an active person of one's own branch subtree, or raise Http404."""
    row = visible_staff(user).select_related("branch").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def known_staff(user: User) -> QuerySet[User]:
    """This function will return the people of the person's branch subtree, those who are switched off included."""
    return User.objects.filter(branch__path__startswith=user.branch.path)


def staff_member(user: User, pk: int) -> User:
    """This function will return a person of the branch subtree, switched off or not, or raise Http404."""
    row = known_staff(user).select_related("branch", "supervisor__branch").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def stand_in(user: User, pk: int) -> StandIn:
    """This function will return a stand-in for oneself, for managers one in their subtree, or raise Http404."""
    found = StandIn.objects.filter(person=user)
    if rights.may(user, "people_manage"):
        found |= StandIn.objects.filter(person__branch__path__startswith=user.branch.path)
    row = found.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def own_login(user: User, pk: int) -> LoginSession:
    """This function will return a login of one's own, or raise Http404."""
    row = LoginSession.objects.filter(user=user, pk=pk).first()
    if row is None:
        raise Http404
    return row


def branch(user: User, pk: int) -> Branch:
    """This function will return a branch of the person's subtree, or raise Http404."""
    row = branches(user).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def customer(user: User, pk: int) -> Customer:
    """This function will return the customer, or raise Http404 where the person may not know of it."""
    row = visible_customers(user).select_related("branch", "owner").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def survivor_of(user: User, pk: int) -> int | None:
    """This function will name the customer that another was merged into, where the person may know of it."""
    merged = Customer.objects.filter(pk=pk, merged_into__branch__path__startswith=user.branch.path)
    return merged.values_list("merged_into_id", flat=True).first()


def merge(user: User, pk: int) -> CustomerMerge:
    """This function will return a merge of customers that the person sees, or raise Http404."""
    row = CustomerMerge.objects.filter(
        pk=pk,
        survivor__branch__path__startswith=user.branch.path,
        merged__branch__path__startswith=user.branch.path,
    ).first()
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


def policy(user: User, customer_pk: int, pk: int) -> Policy:
    """This function will return a policy of a customer, or raise Http404."""
    row = visible_policies(user).filter(customer_id=customer_pk).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def touchpoint(user: User, customer_pk: int, pk: int) -> Touchpoint:
    """This function will return a touchpoint of a customer, or raise Http404."""
    row = (
        Touchpoint.objects.filter(
            customer__branch__path__startswith=user.branch.path, customer_id=customer_pk
        )
        .select_related("customer__branch", "customer__owner", "contact", "by")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise Http404
    return row


def seat(user: User, customer_pk: int, pk: int) -> TeamSeat:
    """This function will return a seat in a customer's team, or raise Http404 where the person may not know of it."""
    known = visible_customers(user).filter(pk=customer_pk)
    row = (
        TeamSeat.objects.select_related("customer", "user__branch").filter(pk=pk, customer__in=known).first()
    )
    if row is None:
        raise Http404
    return row


def message(user: User, pk: int) -> Message:
    """This function will return a message to a customer of the person's branches, or raise Http404."""
    found = Message.objects.filter(customer__branch__path__startswith=user.branch.path)
    row = found.select_related("contact", "customer").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def may_edit(user: User, customer: Customer) -> bool:
    """This function will say whether the person may change the customer: owner, team, their managers, and stand-ins.

    The customer must be one that the person can see.
    """
    if not rights.may(user, "customer_edit"):
        return False
    acting = {user.pk, *user.acts_for}
    if user.role in MANAGERS or acting & {customer.owner_id, customer.owner.supervisor_id}:
        return True
    return customer.seats.filter(user__in=acting).exists()


def customer_to_edit(user: User, pk: int) -> Customer:
    """This function will return a customer that the person may change; Http404 if unknown, else NotAllowed."""
    row = customer(user, pk)
    if not may_edit(user, row):
        raise NotAllowed(f"只有客户经理 {row.owner.name}、服务团队及其主管可以修改这位客户，请联系他们。")
    return row


def visible_long_jobs(user: User) -> QuerySet[LongJob]:
    """This function will return the long work that the person began, or may watch in the branch subtree.

    What nobody began belongs to the whole house and is watched from its root.
    """
    seen = Q(requested_by=user)
    if rights.may(user, "jobs_view"):
        seen |= Q(requested_by__branch__path__startswith=user.branch.path)
        if user.branch.parent_id is None:
            seen |= Q(requested_by__isnull=True)
    return LongJob.objects.filter(seen)


def long_job(user: User, pk: int) -> LongJob:
    """This function will return long work that the person may watch, or raise Http404."""
    row = visible_long_jobs(user).select_related("requested_by").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def may_steer(user: User, job: LongJob) -> bool:
    """This function will say whether the person may cancel or resume the work: who began it, and the head office."""
    return job.requested_by_id == user.pk or rights.may(user, "jobs_resume")


def long_job_to_steer(user: User, pk: int) -> LongJob:
    """This function will return work that the person may cancel or resume; Http404 if unknown, else NotAllowed."""
    row = long_job(user, pk)
    if not may_steer(user, row):
        raise NotAllowed("只有发起人和总公司管理员可以取消或继续这项任务，请联系他们。")
    return row


def import_batch(user: User, token: str) -> ImportBatch:
    """This function will return a person's own import, or raise Http404: what a file says is for who brought it."""
    row = ImportBatch.objects.select_related("job", "by__branch").filter(by=user, token=token).first()
    if row is None:
        raise Http404
    return row
