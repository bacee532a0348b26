"""Totals for the figures at /metrics: counts only, read from the rows."""

from datetime import datetime

from django.db.models import Count

from crm.models import LogEntry, Message
from crm.models.message import MessageState

# Reveals, exports and logins: what a leak looks like first.
WATCHED = {
    "reveal": "crm.contact.revealed",
    "search": "crm.customer.searched",
    "login": "crm.login.succeeded",
    "login_failed": "crm.login.failed",
}


def due_messages(now: datetime) -> int:
    """This function will count the messages that are due and not sent."""
    return Message.objects.filter(state=MessageState.PLANNED, next_try_at__lte=now).count()


def messages_by_state() -> dict[str, int]:
    """This function will count messages by state."""
    return dict(Message.objects.values_list("state").annotate(n=Count("pk")).order_by("state"))


def acts() -> dict[str, int]:
    """This function will count the watched acts of the log; every export is one that ends in `.exported`."""
    found = dict(LogEntry.objects.values_list("action").annotate(n=Count("pk")).order_by("action"))
    counted = {name: found.get(action, 0) for name, action in WATCHED.items()}
    counted["export"] = sum(n for action, n in found.items() if action.endswith(".exported"))
    return counted
