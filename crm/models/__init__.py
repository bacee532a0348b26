"""Rows of the ground floor, one topic a file; import them from here."""

from crm.models.audit import AuditSeal, LogEntry
from crm.models.calendar import CalendarDay, CalendarDraft, CalendarNotice
from crm.models.customer import Contact, Customer
from crm.models.form import FormToken
from crm.models.job import JobRun, Occurrence, TickState
from crm.models.message import Message
from crm.models.policy import Policy
from crm.models.rule import RuleSetting
from crm.models.staff import Branch, User

__all__ = [
    "AuditSeal",
    "Branch",
    "CalendarDay",
    "CalendarDraft",
    "CalendarNotice",
    "Contact",
    "Customer",
    "FormToken",
    "JobRun",
    "LogEntry",
    "Message",
    "Occurrence",
    "Policy",
    "RuleSetting",
    "TickState",
    "User",
]
