"""Customers who stand twice in the demo: two pairs to be compared, one merged, one merged and parted again."""

from datetime import datetime, timedelta

from crm.models import Contact, Customer, User
from crm.models.customer import ContactRole, CustomerKind
from crm.registry import DemoStage
from crm.services import contacts, customers, merging, sealed_fields

RECORDED = timedelta(days=60)
MERGED = timedelta(days=3, hours=5)
PARTED = timedelta(days=3, hours=4)


def record(stage: DemoStage) -> None:
    """This function will record three persons and a firm a second time, then merge two of the pairs and part one."""
    guo = User.objects.select_related("branch").get(username="guo")
    persons = Contact.objects.filter(
        customer__owner__username="lin", role=ContactRole.SELF, customer__merged_into__isnull=True
    )
    known = persons.exclude(phone_sealed="").exclude(birth_date=None).order_by("pk")
    pairs = [(one.customer, _again(one, stage.now - RECORDED)) for one in known[:3]]
    _firm_again(stage.now - RECORDED)
    for (first, second), parted in zip(pairs[1:], (False, True), strict=False):
        first.refresh_from_db()
        merge = merging.merge(
            survivor=first,
            merged=second,
            versions=(first.version, second.version),
            taken_over=(),
            reason="手机和生日相同，柜面重复建档",
            by=guo,
            now=stage.now - MERGED,
        )
        if parted:
            merging.undo(merge=merge, by=guo, now=stage.now - PARTED)


def _again(person: Contact, then: datetime) -> Customer:
    """The same person at the counter: same phone, same birthday, no number shown."""
    wang = User.objects.select_related("branch").get(username="wang")
    agent = User.objects.select_related("branch").get(username="qin")
    row = customers.record_customer(
        name=person.customer.name,
        kind=CustomerKind.PERSON,
        branch=wang.branch,
        owner=wang,
        by=agent,
        now=then,
    )
    contacts.record_contact(
        customer=row,
        role=ContactRole.SELF,
        name=person.name,
        by=agent,
        now=then,
        phone=sealed_fields.clear(person, "phone"),
        birthday_calendar=person.birthday_calendar,
        birth_date=person.birth_date,
    )
    return row


def _firm_again(then: datetime) -> None:
    lin = User.objects.select_related("branch").get(username="lin")
    firms = Customer.objects.filter(owner=lin, kind=CustomerKind.ORGANISATION, merged_into__isnull=True)
    firm = firms.order_by("-pk").first()
    if firm is None:
        return
    customers.record_customer(
        name=f"{firm.name}（分厂）"[:80],
        kind=CustomerKind.ORGANISATION,
        branch=lin.branch,
        owner=lin,
        by=lin,
        now=then,
        registration_no=firm.registration_no,
    )
