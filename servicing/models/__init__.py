"""Rows of the promise floor, one topic a file; import them from here."""

from servicing.models.commitment import Commitment, CommitmentEvent, Evidence, LostEvidence, Pause
from servicing.models.standard import ServiceStandard
from servicing.models.standard_draft import StandardDraft
from servicing.models.ticket import MissingPaper, Ticket, TicketEntry

__all__ = [
    "Commitment",
    "CommitmentEvent",
    "Evidence",
    "LostEvidence",
    "MissingPaper",
    "Pause",
    "ServiceStandard",
    "StandardDraft",
    "Ticket",
    "TicketEntry",
]
