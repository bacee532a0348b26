"""Two customer rows are one customer: merging them, and taking that back."""

from crm.services.merging.merge import (
    CannotBeMerged,
    MergedMeanwhile,
    MergeNeedsReason,
    merge,
)
from crm.services.merging.steps import Steps
from crm.services.merging.undo import CannotBeUndone, undo

__all__ = [
    "CannotBeMerged",
    "CannotBeUndone",
    "MergeNeedsReason",
    "MergedMeanwhile",
    "Steps",
    "merge",
    "undo",
]
