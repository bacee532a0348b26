"""Writes down who opened a customer's page. One row an hour says it: who reads all morning reads once."""

from datetime import datetime, timedelta

from crm.models import Customer, LogEntry, User
from crm.services import audit

READ = "crm.customer.read"
APART = timedelta(hours=1)


def note(*, customer: Customer, by: User, now: datetime) -> None:
    """This function will log that somebody reads a customer, unless the log says so within the last hour."""
    lately = LogEntry.objects.filter(customer=customer, by=by, action=READ, at__gt=now - APART)
    if not lately.exists():
        audit.log(action=READ, subject=customer, by=by, now=now, customer=customer)
