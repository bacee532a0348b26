"""The legal moves of a ticket, one table. What is not listed is refused, never skipped."""

from django.utils.translation import gettext as _

from crm.refusal import Refusal
from servicing.models.ticket import TicketState

RECEIVED, WAITING = TicketState.RECEIVED, TicketState.WAITING
CLOSED, WITHDRAWN = TicketState.CLOSED, TicketState.WITHDRAWN

MOVES: dict[str, dict[str, str]] = {
    "reply": {RECEIVED: RECEIVED, WAITING: WAITING},
    "note": {RECEIVED: RECEIVED, WAITING: WAITING, CLOSED: CLOSED, WITHDRAWN: WITHDRAWN},
    "complete_papers": {RECEIVED: RECEIVED, WAITING: RECEIVED},
    "pause": {RECEIVED: WAITING},
    "resume": {WAITING: RECEIVED},
    "transfer": {RECEIVED: RECEIVED, WAITING: WAITING},
    "close": {RECEIVED: CLOSED},
    "withdraw": {RECEIVED: WITHDRAWN, WAITING: WITHDRAWN},
}

NAMES = {
    "reply": "答复",
    "note": "备注",
    "complete_papers": "登记资料齐备",
    "pause": "暂停",
    "resume": "恢复",
    "transfer": "转派",
    "close": "办结",
    "withdraw": "撤回",
}


class IllegalMove(Refusal):
    """The ticket's state does not allow the move."""


def after(state: str, move: str) -> str:
    """This function will return the state that a move leads to; raises IllegalMove where there is none."""
    try:
        return MOVES[move][state]
    except KeyError:
        raise IllegalMove(
            _("工单“%(state)s”时不能%(move)s。") % {"state": TicketState(state).label, "move": NAMES[move]}
        ) from None


def legal(state: str) -> list[str]:
    """This function will list the moves that a state allows, in the table's order."""
    return [move for move, table in MOVES.items() if state in table]
