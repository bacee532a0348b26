"""Rows of the ground floor, one topic a file; import them from here."""

from crm.models.api import ApiCall, ApiToken, SourceKey
from crm.models.audit import AuditSeal, LogEntry
from crm.models.batch import ImportBatch, ImportRow
from crm.models.bulk import BulkRow, BulkRun
from crm.models.calendar import BranchClosure, CalendarDay, CalendarDraft, CalendarNotice
from crm.models.consent import Consent
from crm.models.customer import Contact, Customer, TeamSeat
from crm.models.form import FormToken
from crm.models.handover import Handover, HandoverItem, StandIn
from crm.models.job import JobRun, Occurrence, TickState
from crm.models.login import LoginSession, LoginTry, RecoveryCode, SecondFactor
from crm.models.long_job import LongJob
from crm.models.merge import CustomerMerge, MergeStep
from crm.models.message import Message
from crm.models.policy import Policy
from crm.models.premium import Premium
from crm.models.reveal import RevealTally
from crm.models.rule import RuleSetting
from crm.models.saved_view import SavedView
from crm.models.sending import Attempt, ProviderState, Receipt, Recovery
from crm.models.staff import Branch, User
from crm.models.touchpoint import Touchpoint

__all__ = [
    "ApiCall",
    "ApiToken",
    "Attempt",
    "AuditSeal",
    "Branch",
    "BranchClosure",
    "BulkRow",
    "BulkRun",
    "CalendarDay",
    "CalendarDraft",
    "CalendarNotice",
    "Consent",
    "Contact",
    "Customer",
    "CustomerMerge",
    "FormToken",
    "Handover",
    "HandoverItem",
    "ImportBatch",
    "ImportRow",
    "JobRun",
    "LogEntry",
    "LoginSession",
    "LoginTry",
    "LongJob",
    "MergeStep",
    "Message",
    "Occurrence",
    "Policy",
    "Premium",
    "ProviderState",
    "Receipt",
    "Recovery",
    "RecoveryCode",
    "RevealTally",
    "RuleSetting",
    "SavedView",
    "SecondFactor",
    "SourceKey",
    "StandIn",
    "TeamSeat",
    "TickState",
    "Touchpoint",
    "User",
]
