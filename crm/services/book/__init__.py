"""The import of a book of customers: `plan_file` says what would happen, `commit_file` does it."""

from crm.book import shelf
from crm.services.book.committing import carry_out, commit_file
from crm.services.book.contacts import ContactImporter
from crm.services.book.customers import CustomerImporter
from crm.services.book.planning import Cause, Plan, plan, plan_file
from crm.services.book.policies import PolicyImporter
from crm.services.book.uploading import check_upload, commit_upload, forget_uploads

sheets = shelf.sheets

__all__ = [
    "Cause",
    "Plan",
    "carry_out",
    "check_upload",
    "commit_file",
    "commit_upload",
    "forget_uploads",
    "plan",
    "plan_file",
    "sheets",
]

shelf.add_importer(CustomerImporter())
shelf.add_importer(ContactImporter())
shelf.add_importer(PolicyImporter())
