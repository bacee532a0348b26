"""The group's top-customer club: one person of each gold customer, for as long as it is gold (rulebook PA-16.1)."""

from collections import defaultdict
from datetime import datetime

from django.utils.translation import gettext as _

from crm.models import Contact, Customer
from crm.models.customer import ContactRole
from crm.selectors.staff import managers_of
from crm.services import messages
from tiers.models import ClubMembership, Level, RatingRow, RatingRun
from tiers.rules.club import Person, club_member


def renew(run: RatingRun, *, now: datetime) -> None:
    """This function will end memberships of who is no longer gold, begin those of the new, and tell whose person is missing.

    A membership that never began, because a correction came before, is removed.
    """
    day = run.effective_from
    assert day is not None
    gold = dict(
        RatingRow.objects.filter(run=run, level=Level.GOLD).values_list("customer_id", "customer__name")
    )
    running = ClubMembership.objects.filter(active_to__isnull=True)
    over = running.exclude(customer__in=list(gold))
    over.filter(active_from__gte=day).delete()
    over.filter(active_from__lt=day).update(active_to=day)
    without = sorted(gold.keys() - set(running.values_list("customer_id", flat=True)))
    people: dict[int, list[Contact]] = defaultdict(list)
    for one in Contact.objects.filter(customer__in=without).order_by("slot", "pk"):
        people[one.customer_id].append(one)
    new, missing = [], []
    for customer in without:
        person = _member(people[customer])
        if person is None:
            missing.append(customer)
        else:
            new.append(ClubMembership(customer_id=customer, contact=person, run=run, active_from=day))
    ClubMembership.objects.bulk_create(new, batch_size=500)
    _ask(missing, now=now)


def _member(people: list[Contact]) -> Contact | None:
    asked = [Person(str(one.pk), one.title, one.role == ContactRole.FIRST) for one in people]
    found = club_member("gold", asked)
    return next((one for one in people if found is not None and str(one.pk) == found.name), None)


def _ask(missing: list[int], *, now: datetime) -> None:
    """This function will ask keeper and branch for the person, one notice a customer."""
    for customer in Customer.objects.filter(pk__in=missing).select_related("branch", "owner"):
        body = _(
            "%(name)s 已评为金牌，请登记董事长（没有的为总经理）为第一服务对象，以加入顶级客户俱乐部。"
        ) % {"name": customer.name}
        users = {user.pk: user for user in (customer.owner, *managers_of(customer.branch))}
        messages.notify(users=list(users.values()), kind="rating.club", body=body, now=now, nudge=False)
