"""Judges and writes the 服务对象 sheet. A person is recognised by ID number, else by name, within a role."""

import copy
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm import privacy
from crm.book.lines import Line, Outcome
from crm.book.sheets import CONTACTS
from crm.book.shelf import Scope, set_twins_aside, slices
from crm.models import Contact, Customer, LogEntry, Occurrence
from crm.models.customer import ContactRole, CustomerKind
from crm.models.job import OccurrenceState
from crm.refusal import Refusal
from crm.services import audit, contacts
from crm.services.book import contact_fields, kept_rows

# What decides whether a row changes anything, with the columns that follow it and its name in the log.
# Sealed texts differ at every sealing; their indexes do not.
FOLLOWERS: dict[str, tuple[str, ...]] = {
    "name": ("name_initials",),
    "title": (),
    "phone_index": ("phone_sealed", "phone_masked", "phone_tail_index"),
    "id_no_index": ("id_no_sealed", "id_no_masked"),
    "birthday_calendar": (),
    "birth_date": (),
    "birth_month": (),
    "birth_day": (),
    "birth_leap_month": (),
    "public_official": (),
    "consented_at": (),
    "consent_source": (),
}


class ContactImporter:
    """Makes service objects and changes them, at most two of each role (rulebook PA-16)."""

    sheet = CONTACTS
    together = "customer"

    def former(self, line: Line) -> dict[str, Any]:
        """This function will name what a change changed, with the columns that follow."""
        names = [name for field in line.before for name in (field, *FOLLOWERS[field])]
        return {name: getattr(line.former, name) for name in names}

    def rows(self, pks: Iterable[int]) -> QuerySet[Contact]:
        """This function will find persons whom a batch wrote."""
        return Contact.objects.filter(pk__in=pks)

    def take_back(self, row: Contact, before: dict[str, Any], scope: Scope) -> None:
        """This function will delete a new person with what was only planned, or restore a changed one."""
        if before:
            kept_rows.restore(row, before)
            return
        Occurrence.objects.filter(contact=row, state=OccurrenceState.PLANNED).delete()
        kept_rows.remove(row)

    def judge(self, lines: Sequence[Line], scope: Scope) -> None:
        """This function will judge each line against the persons who stand and those of this file."""
        people = _people(lines, scope)
        keys: dict[int, object] = {}
        for line in lines:
            customer = scope.customer_of(line)
            if customer is None or "name" not in line.values:
                continue
            role = line.values.get("role") or _usual_role(customer)
            if role is None:
                if not any(reason.column == "对象类别" for reason in line.reasons):
                    line.refuse(_("对象类别"), _("单位客户须填第一服务对象或第二服务对象"))
                continue
            _judge(line, customer, role, people[line.values["customer"]], scope)
            if not line.reasons:
                keys[line.number] = (line.values["customer"], role, line.row.slot)
        set_twins_aside(lines, keys)

    def save(self, lines: Sequence[Line], scope: Scope) -> None:
        """This function will write new persons at once and changed ones one by one."""
        Contact.objects.bulk_create([line.row for line in lines if line.outcome is Outcome.NEW])
        for line in lines:
            if line.outcome is Outcome.UPDATE:
                columns = [name for field in line.before for name in (field, *FOLLOWERS[field])]
                standing = {field: getattr(line.former, field) for field in line.before}
                values = {name: getattr(line.row, name) for name in columns}
                if not Contact.objects.filter(pk=line.row.pk, **standing).update(**values):
                    raise IntegrityError("contact changed meanwhile")
        audit.log_many([_entry(line, scope) for line in lines])


def _judge(line: Line, customer: Customer, role: str, people: list[Contact], scope: Scope) -> None:
    same = [person for person in people if person.role == role]
    known = _meant(line, same) or _recognised(line, same)
    row = copy.copy(known) if known else Contact(customer=customer, role=role)
    if known is None:
        try:
            row.slot = contacts.seat(customer, role, [person.slot for person in same])
        except Refusal as refusal:
            line.refuse(_("对象类别"), refusal.message)
    contact_fields.fill(line, row, scope.now)
    if line.reasons:
        return
    line.row = row
    if known is None:
        people.append(row)
    elif known.pk is not None:
        line.before = {field: known for field in FOLLOWERS if getattr(row, field) != getattr(known, field)}
        line.former = known
        line.outcome = Outcome.UPDATE if line.before else Outcome.UNCHANGED


def _people(lines: Iterable[Line], scope: Scope) -> dict[str, list[Contact]]:
    """This function will gather the persons who stand at the customers that the rows name."""
    named = {line.values.get("customer") for line in lines}
    numbers = {c.pk: number for number, c in scope.customers.items() if number in named and c.pk is not None}
    people: dict[str, list[Contact]] = defaultdict(list)
    for some in slices(sorted(numbers)):
        for person in Contact.objects.filter(customer_id__in=some):
            people[numbers[person.customer_id]].append(person)
    return people


def _usual_role(customer: Customer) -> str | None:
    return ContactRole.SELF.value if customer.kind == CustomerKind.PERSON else None


def _meant(line: Line, people: list[Contact]) -> Contact | None:
    """This function will find the person whom the sender's own key means."""
    return next((p for p in people if line.known is not None and p.pk == line.known.pk), None)


def _recognised(line: Line, people: list[Contact]) -> Contact | None:
    """This function will find the person whom a row means: the same ID number, else the same name.

    Two people of one name with different ID numbers are two people.
    """
    number = line.values.get("id_no", "").upper()
    index = privacy.id_no_index(number) if number else ""
    named = [p for p in people if p.name == line.values["name"] and not (index and p.id_no_index)]
    return next((p for p in people if index and p.id_no_index == index), next(iter(named), None))


def _entry(line: Line, scope: Scope) -> LogEntry:
    row: Contact = line.row
    new = line.outcome is Outcome.NEW
    fields = {"name", "title", "phone", "id_no"} if new else {f.removesuffix("_index") for f in line.before}
    before = None if new else contacts.told(next(iter(line.before.values())), dict.fromkeys(fields))
    after = contacts.told(row, dict.fromkeys(fields))
    return audit.entry(
        action="crm.contact.recorded" if new else "crm.contact.changed",
        subject=row,
        by=scope.by,
        now=scope.now,
        customer=row.customer,
        before=before,
        after={"role": row.role, **after} if new else after,
        reason=_("导入批次 %(batch)s") % {"batch": scope.batch},
    )
