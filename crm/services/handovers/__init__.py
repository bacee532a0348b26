"""Customers change hands: laid out with a reason, carried out customer by customer, written down for good."""

from crm.services.handovers.carrying import carry_out, carry_out_waiting
from crm.services.handovers.ordering import (
    AlreadyWaiting,
    NothingToHandOver,
    NotYourBranches,
    Plan,
    TakerCannotKeep,
    WhyHandOver,
    hand_over,
    plan,
)
from crm.services.handovers.recording import keep_notice, note_change

__all__ = [
    "AlreadyWaiting",
    "NotYourBranches",
    "NothingToHandOver",
    "Plan",
    "TakerCannotKeep",
    "WhyHandOver",
    "carry_out",
    "carry_out_waiting",
    "hand_over",
    "keep_notice",
    "note_change",
    "plan",
]
