"""What the tests with a real web server do inside an installation: people with logins, customers, and counting after."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db.models import Count
from django.test import Client
from django.utils import timezone

from crm.models import Contact, Customer, LogEntry, Touchpoint, User
from crm.services import book
from servicing.models import Commitment, Ticket, TicketEntry
from tests.crm.book.workbooks import CONTACT_HEADER, CUSTOMER_HEADER, workbook
from tests.factories import crm as make
from tests.factories.sending import greeting
from tests.factories.servicing import ticket


def furnish(people: int, customers: int, tickets: int = 0) -> dict[str, Any]:
    """This function will make an office at work: keepers with a login each, their customers, and tickets of the first."""
    keepers = [make.person(f"keeper{n}") for n in range(people)]
    firms = [make.customer(f"单位{n}", owner=keepers[n % people]) for n in range(customers)]
    now = timezone.now()
    return {
        "sessions": [_log_in(one) for one in keepers],
        "customers": [one.pk for one in firms],
        "tickets": [
            (row.number, row.version)
            for row in (ticket(firms[0], "complaint", received_at=now, now=now) for _one in range(tickets))
        ],
    }


def _log_in(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def taken_in() -> dict[str, Any]:
    """This function will list what requests stand by their subject, and count the rows that one consists of."""
    return {
        "subjects": Counter(Ticket.objects.values_list("subject", flat=True)),
        "parts": parts(),
    }


def parts() -> list[int]:
    """This function will count tickets, their promises, first lines and acts in the log: all the same where none is half."""
    return [
        Ticket.objects.count(),
        Commitment.objects.filter(occasion__startswith="ticket:", events__kind="opened").count(),
        TicketEntry.objects.count(),
        LogEntry.objects.filter(action="servicing.ticket.opened").count(),
    ]


def effects() -> dict[str, dict[str, int]]:
    """This function will count what stands by the words that were typed."""
    return {
        "ticket": dict(Ticket.objects.values_list("subject").annotate(n=Count("pk"))),
        "touchpoint": dict(Touchpoint.objects.values_list("summary").annotate(n=Count("pk"))),
    }


def names() -> dict[str, str]:
    """This function will say the name of every customer."""
    return {str(pk): name for pk, name in Customer.objects.values_list("pk", "name")}


def replies() -> dict[str, list[str]]:
    """This function will say what was answered to every ticket."""
    found: dict[str, list[str]] = {}
    for number, body in TicketEntry.objects.filter(kind="reply").values_list("ticket__number", "body"):
        found.setdefault(number, []).append(body)
    return found


def import_people(phone: str, id_no: str) -> None:
    """This function will hand in a workbook with a customer and a person; the worker tries it out."""
    manager = make.person("guo", role="branch_manager")
    with TemporaryDirectory() as folder:
        sheets = {
            "客户": [CUSTOMER_HEADER, ("K1", "单位", "滨海晨光机械有限公司", "120101", "keeper0")],
            "服务对象": [CONTACT_HEADER, ("K1", "第一服务对象", "陈建国", "总经理", phone, id_no, "", "")],
        }
        content = workbook(Path(folder) / "b.xlsx", sheets).read_bytes()
    book.hand_in(chunks=[content], name="客户.xlsx", by=manager, now=timezone.now())


def greet_everybody() -> None:
    """This function will post a message to every person."""
    for contact in Contact.objects.all():
        greeting(contact, timezone.now(), message_class="service", kind="expiry")
