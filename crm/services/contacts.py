"""Writes the persons served at a customer, and shows their sealed numbers in clear where that is logged."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal, TypedDict, Unpack, cast

from django.db import transaction
from django.utils.translation import gettext as _

from crm import pinyin, rights
from crm.models import Contact, Customer, User
from crm.models.customer import BirthdayCalendar, ContactRole, CustomerKind
from crm.refusal import Refusal
from crm.services import audit, customers, reveal_limits, sealed_fields, stamps
from crm.time import local_date, lunar
from crm.time.birthdays import Birthday

SLOTS = (1, 2)
SEALED = ("phone", "email", "id_no")
MIN_REASON = 2
# Values that the log may name but not repeat.
PERSONAL = frozenset({"birth_date", "birth_month", "birth_day", "birth_leap_month"})


class TwoServiceObjectsAlready(Refusal):
    """At most two persons stand in each role (rulebook PA-16)."""


class RoleDoesNotFit(Refusal):
    """Organisations have first and second service objects, a person customer is served in person."""


class NameIsMissing(Refusal):
    """A service object has a name."""


class BirthDateIsAhead(Refusal):
    """Nobody is born tomorrow."""


class BirthdayIsHalf(Refusal):
    """A birthday is a month and a day."""


class ConsentNeedsSource(Refusal):
    """Consent says where it was given (rulebook X-29)."""


class RevealNeedsReason(Refusal):
    """Clear data is shown for a purpose that stands in the log (rulebook X-30)."""


class NothingToReveal(Refusal):
    """The field is empty."""


class ContactChangedMeanwhile(Refusal):
    """Somebody else saved the person after this one had opened the form."""


class ContactFields(TypedDict, total=False):
    """What may be said about a person beside role and name; phone, mailbox and ID number come in clear."""

    title: str
    phone: str
    email: str
    id_no: str
    birthday_calendar: str
    birth_date: date | None
    birth_month: int | None
    birth_day: int | None
    birth_leap_month: bool
    public_official: bool
    consented_at: datetime | None
    consent_source: str
    opted_out_at: datetime | None


class ContactChanges(ContactFields, total=False):
    """What may be changed."""

    name: str


def record_contact(
    *,
    customer: Customer,
    role: str,
    name: str,
    by: User | None,
    now: datetime,
    **fields: Unpack[ContactFields],
) -> Contact:
    """This function will record a person in the first free seat of a role.

    Raises RoleDoesNotFit, TwoServiceObjectsAlready, and what any of the fields refuses (phones, ID numbers,
    birthdays, consent without a source).
    """
    with transaction.atomic():
        # held until the end, so that two people filling the last seat at once are told apart
        locked = customers.standing(customer)
        contact = Contact(customer=locked, role=role, slot=_free_seat(locked, role))
        fill(contact, {"name": name, **fields}, now)
        contact.save(force_insert=True)
        audit.log(
            action="crm.contact.recorded",
            subject=contact,
            by=by,
            now=now,
            customer=locked,
            after={"role": role, **told(contact, {"name": name, **fields})},
        )
    return contact


def change_contact(
    *, contact: Contact, by: User | None, now: datetime, seen: str = "", **changes: Unpack[ContactChanges]
) -> Contact:
    """This function will change the named fields of a person; the same values again add no log row.

    `seen` is the stamp of the row that was on the screen. Raises ContactChangedMeanwhile where the row has
    another by now, and what recording raises.
    """
    given: dict[str, Any] = dict(changes)
    with transaction.atomic():
        row = Contact.objects.select_for_update().prefetch_related("customer").get(pk=contact.pk)
        if seen and seen != stamps.of(row):
            raise ContactChangedMeanwhile(_("别人刚刚修改过这位服务对象，请核对现在的内容后再保存。"))
        before, was = told(row, given), stamps.state(row)
        fill(row, given, now)
        changed = [field for field, value in stamps.state(row).items() if value != was[field]]
        if changed:
            row.save(update_fields=changed)
            audit.log(
                action="crm.contact.changed",
                subject=row,
                by=by,
                now=now,
                customer=row.customer,
                before=before,
                after=told(row, given),
            )
    return row


def opt_out(*, contact: Contact, reason: str, by: User | None, now: datetime) -> Contact:
    """This function will note that the person wants no more greetings; the first time counts."""
    if contact.opted_out_at is None:
        contact.opted_out_at = now
        with transaction.atomic():
            contact.save(update_fields=["opted_out_at"])
            audit.log(
                action="crm.contact.opted_out",
                subject=contact,
                by=by,
                now=now,
                customer=contact.customer,
                reason=reason,
            )
    return contact


def reveal(
    *,
    contact: Contact,
    field: Literal["name", "phone", "email", "id_no"],
    reason: str,
    by: User,
    now: datetime,
) -> str:
    """This function will log who looks at which field of whom and why, then return the clear text.

    Raises NotAllowed, RevealNeedsReason, NothingToReveal, and NeedsRelease or NoMoreToday for who looked too
    often today. Each look is a log row (rulebook X-30).
    """
    rights.require(by, "customer_reveal")
    if len(reason.strip()) < MIN_REASON:
        raise RevealNeedsReason(_("请写明查看明文的用途，例如“电话回访”。"))
    if field != "name" and not getattr(contact, f"{field}_masked"):
        raise NothingToReveal(_("这一项没有登记，无可查看。"))
    with transaction.atomic():
        reveal_limits.count(by=by, now=now)
        audit.log(
            action="crm.contact.revealed",
            subject=contact,
            by=by,
            now=now,
            customer=contact.customer,
            after={"field": field},
            reason=reason.strip(),
        )
        return contact.name if field == "name" else sealed_fields.clear(contact, field)


def _free_seat(customer: Customer, role: str) -> int:
    return seat(customer, role, customer.contacts.filter(role=role).values_list("slot", flat=True))


def seat(customer: Customer, role: str, taken: Iterable[int]) -> int:
    """This function will name the first free seat of a role, given the taken ones; it asks no row.

    Raises RoleDoesNotFit or TwoServiceObjectsAlready.
    """
    person = customer.kind == CustomerKind.PERSON
    if person != (role == ContactRole.SELF):
        raise RoleDoesNotFit(
            _("个人客户只登记“本人”。") if person else _("单位客户登记第一或第二服务对象，不登记“本人”。")
        )
    free = sorted(set(SLOTS[:1] if person else SLOTS) - set(taken))
    if free:
        return free[0]
    if person:
        raise TwoServiceObjectsAlready(_("已登记过本人的资料，请直接修改。"))
    raise TwoServiceObjectsAlready(
        _("%(role)s最多两位，席位已满，请先修改或更换其中一位。") % {"role": ContactRole(role).label}
    )


def fill(contact: Contact, fields: dict[str, Any], now: datetime) -> None:
    """This function will put the fields into the row, sealing what is personal and checking the rest."""
    today = local_date(now)
    for field, value in fields.items():
        if field == "phone":
            sealed_fields.put_phone(contact, value)
        elif field == "email":
            sealed_fields.put_email(contact, value)
        elif field == "id_no":
            sealed_fields.put_id_no(contact, value, today)
        else:
            setattr(contact, field, value)
    contact.name = contact.name.strip()
    if not contact.name:
        raise NameIsMissing(_("请填写服务对象的姓名。"))
    contact.name_initials = pinyin.person_initials(contact.name)[:40]
    _settle_birthday(contact, fields, today)
    if contact.consented_at and not contact.consent_source.strip():
        raise ConsentNeedsSource(_("登记“同意接收关怀”时须写明来源，如“投保单勾选”。"))


def _settle_birthday(contact: Contact, fields: dict[str, Any], today: date) -> None:
    """This function will complete a birthday from the date of birth where month and day were not given."""
    if contact.birth_date and contact.birth_date > today:
        raise BirthDateIsAhead(_("出生日期在今天之后，请核对。"))
    given = fields.get("birth_month") is not None or fields.get("birth_day") is not None
    born_told = bool({"birth_date", "id_no", "birthday_calendar"} & fields.keys())
    if contact.birth_date and not given and (born_told or contact.birth_month is None):
        _birthday_from_birth_date(contact, contact.birth_date)
    if (contact.birth_month is None) != (contact.birth_day is None):
        raise BirthdayIsHalf(_("生日须同时填写月和日。"))
    if contact.birth_month is None or contact.birth_day is None:
        contact.birth_leap_month = False
        return
    calendar = cast(Literal["solar", "lunar"], contact.birthday_calendar)
    Birthday(calendar, contact.birth_month, contact.birth_day, contact.birth_leap_month)


def _birthday_from_birth_date(contact: Contact, born: date) -> None:
    if contact.birthday_calendar == BirthdayCalendar.LUNAR:
        day = lunar.from_solar(born)
        contact.birth_month, contact.birth_day, contact.birth_leap_month = day.month, day.day, day.leap
    else:
        contact.birth_month, contact.birth_day, contact.birth_leap_month = born.month, born.day, False


def told(contact: Contact, fields: dict[str, Any]) -> dict[str, Any]:
    """This function will say what fields hold for the log: numbers masked, what else is personal only as filled."""
    told: dict[str, Any] = {}
    for field in fields:
        if field in SEALED:
            told[field] = getattr(contact, f"{field}_masked")
        elif field == "name":
            told[field] = contact.shown_name
        elif field in PERSONAL:
            told[field] = "***" if getattr(contact, field) else ""
        else:
            value = getattr(contact, field)
            told[field] = value.isoformat() if isinstance(value, date) else value
    return told
