"""The import of a book of customers: handed in, tried out, confirmed, undone. `commit_file` does it here and now."""

from crm import long_jobs
from crm.book import shelf
from crm.services.book.batches import (
    BatchHasMovedOn,
    UndoIsTooLate,
    confirm,
    forget_uploads,
    hand_in,
    undo,
)
from crm.services.book.committing import carry_out, commit_file
from crm.services.book.contacts import ContactImporter
from crm.services.book.customers import CustomerImporter
from crm.services.book.planning import Cause, Plan, plan, plan_file
from crm.services.book.policies import PolicyImporter
from crm.services.book.premiums import PremiumImporter
from crm.services.book.undoing import UNDOING
from crm.services.book.work import CHECKING, COMMITTING

sheets = shelf.sheets

__all__ = [
    "BatchHasMovedOn",
    "Cause",
    "Plan",
    "UndoIsTooLate",
    "carry_out",
    "commit_file",
    "confirm",
    "forget_uploads",
    "hand_in",
    "plan",
    "plan_file",
    "sheets",
    "undo",
]

shelf.add_importer(CustomerImporter())
shelf.add_importer(ContactImporter())
shelf.add_importer(PolicyImporter())
shelf.add_importer(PremiumImporter())
for one in (CHECKING, COMMITTING, UNDOING):
    long_jobs.add_kind(one)
