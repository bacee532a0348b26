"""Everything that may be done to a promise; one verb a function, each in its own transaction."""

from servicing.services.commitments.closing import Proof, add_evidence, cancel, fulfil, lose_evidence
from servicing.services.commitments.ledger import (
    AlreadyClosed,
    AlreadyPaused,
    ChangedMeanwhile,
    NotPaused,
    is_late,
)
from servicing.services.commitments.looking import SweepResult, look_at, sweep
from servicing.services.commitments.moving import (
    MustDiffer,
    check_handover,
    check_taker,
    reclassify,
    transfer,
)
from servicing.services.commitments.opening import open_clocked, open_together, open_windowed
from servicing.services.commitments.pausing import pause, resume
from servicing.services.commitments.settling import settle
from servicing.services.commitments.urging import urge

__all__ = [
    "AlreadyClosed",
    "AlreadyPaused",
    "ChangedMeanwhile",
    "MustDiffer",
    "NotPaused",
    "Proof",
    "SweepResult",
    "add_evidence",
    "cancel",
    "check_handover",
    "check_taker",
    "fulfil",
    "is_late",
    "look_at",
    "lose_evidence",
    "open_clocked",
    "open_together",
    "open_windowed",
    "pause",
    "reclassify",
    "resume",
    "settle",
    "sweep",
    "transfer",
    "urge",
]
