"""Takes in a new customer together with the person who is on the line; both are recorded, or neither."""

from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from crm.models import Branch, Customer, User
from crm.models.customer import ContactRole, CustomerKind
from crm.refusal import Refusal
from crm.services import contacts, customers


class CallerNeedsName(Refusal):
    """A phone number belongs to somebody."""


class NewcomerFields(TypedDict):
    """What the form of a new customer asks."""

    name: str
    kind: str
    registration_no: str
    number: str
    stage: str
    branch: Branch
    owner: User


def take_in(
    *, phone: str, contact_name: str, by: User, now: datetime, **fields: Unpack[NewcomerFields]
) -> Customer:
    """This function will record a customer, and who can be reached there where a phone or a name was given.

    A person customer is reached in person; somebody at an organisation becomes its first service object.
    Raises CallerNeedsName, and what recording customers and contacts raises.
    """
    person = fields["kind"] == CustomerKind.PERSON
    name = fields["name"] if person else contact_name.strip()
    if phone.strip() and not name:
        raise CallerNeedsName(_("请填写联系人的姓名，号码才知道是谁的。"))
    with transaction.atomic():
        customer = customers.record_customer(**fields, by=by, now=now)
        if phone.strip() or (name and not person):
            role = ContactRole.SELF if person else ContactRole.FIRST
            contacts.record_contact(customer=customer, role=role, name=name, phone=phone, by=by, now=now)
    return customer
