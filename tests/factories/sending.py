"""A gateway for tests: it records every accept, which is the truth, and can refuse, hang or die after accepting."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from crm.models import Contact, Customer, Message, User
from crm.models.message import Channel, MessageClass
from crm.providers.base import Accepted, CannotBeAsked, Fate, Outgoing, Provider, Refused
from crm.providers.in_app import InAppProvider
from crm.pulse import Pulse
from crm.services import delivery, messages, sealed_fields
from crm.services.runs import Outcome
from crm.time import SHANGHAI

# No boot id: the pulse says nothing, so only the wall clock counts in these tests.
NO_PULSE = Pulse("", 0.0)


class Killed(BaseException):
    """The process died here. Not an Exception: nothing in the product may catch it."""


@dataclass
class Gateway:
    """Accepts everything, and does what a test puts into `before` or `after` an accept."""

    name: str = "gateway"
    per_second: float | None = None
    reports_delivery: bool = False
    accepted: list[str] = field(default_factory=list)
    bodies: dict[str, str] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)
    before: Callable[[Outgoing], Refused | None] = lambda _message: None
    after: Callable[[Outgoing], None] = lambda _message: None
    can_be_asked: bool = True

    def submit(self, message: Outgoing, *, now: datetime) -> Accepted | Refused:
        """This function will record the accept between the two faults."""
        refused = self.before(message)
        if refused is not None:
            return refused
        self.accepted.append(message.serial)
        self.bodies[message.serial] = message.body
        self.times.setdefault(message.serial, now)
        self.after(message)
        return Accepted(f"ref-{message.serial}", now)

    def query(self, serial: str, *, now: datetime) -> Fate:
        """This function will answer from the record."""
        if not self.can_be_asked:
            raise CannotBeAsked
        return Accepted(f"ref-{serial}", self.times[serial]) if serial in self.times else None

    @property
    def doubled(self) -> list[str]:
        """The serials that were accepted more than once."""
        return [serial for serial, times in Counter(self.accepted).items() if times > 1]

    def by_channel(self) -> dict[str, Provider]:
        """This function will stand in for the configured providers."""
        return {Channel.SMS: self, Channel.IN_APP: InAppProvider()}


def no_pause(_seconds: float) -> None:
    """This function will not wait: the clock of these tests stands still."""


def run_delivery(gateway: Gateway, at: datetime, *, limit: int = 1000, pulse: Pulse = NO_PULSE) -> Outcome:
    """This function will run one delivery with the clock standing still."""
    return delivery.deliver(
        clock=lambda: at, pause=no_pause, pulse=pulse, providers=gateway.by_channel(), limit=limit
    )


def crowd(owner: User, count: int) -> list[Contact]:
    """This function will make so many organisations with one person each, who agreed to greetings."""
    born = datetime(2020, 1, 1, tzinfo=SHANGHAI)
    customers = Customer.objects.bulk_create(
        Customer(
            number=f"X{n:06d}",
            kind="organisation",
            name=f"单位{n}",
            branch=owner.branch,
            owner=owner,
            created_at=born,
        )
        for n in range(Customer.objects.count(), Customer.objects.count() + count)
    )
    return Contact.objects.bulk_create(_person(one, born) for one in customers)


def _person(customer: Customer, agreed_at: datetime) -> Contact:
    contact = Contact(
        customer=customer, role="first", name="张伟", consented_at=agreed_at, consent_source="投保单"
    )
    sealed_fields.put_phone(contact, f"139{int(customer.number[1:]):08d}")
    return contact


def greeting(contact: Contact, now: datetime, **fields: object) -> Message:
    """This function will post one marketing message."""
    values: dict[str, object] = {
        "kind": "birthday_greeting",
        "message_class": MessageClass.MARKETING,
        "channel": Channel.SMS,
        "body": "生日快乐",
        "now": now,
        "contact": contact,
    }
    return messages.post(**(values | fields))  # type: ignore[arg-type]
