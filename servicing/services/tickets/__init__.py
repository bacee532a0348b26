"""Everything that may be done to a ticket; one verb a function, each in its own transaction."""

from servicing.services.tickets.closing import close, withdraw
from servicing.services.tickets.intake import complete_papers, open_ticket
from servicing.services.tickets.thread import StaleTicket, note, reply
from servicing.services.tickets.waiting import ask_papers, papers_arrived, pause, resume, transfer

__all__ = [
    "StaleTicket",
    "ask_papers",
    "close",
    "complete_papers",
    "note",
    "open_ticket",
    "papers_arrived",
    "pause",
    "reply",
    "resume",
    "transfer",
    "withdraw",
]
