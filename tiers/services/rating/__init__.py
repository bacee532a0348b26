"""Ratings: asked for, computed piece by piece, handed in, approved by another person, published at once."""

from tiers.services.rating.computing import KIND
from tiers.services.rating.publishing import (
    BookHasMoved,
    IsHandedInAlready,
    ListIsOver,
    OpinionIsMissing,
    approve,
    submit,
)
from tiers.services.rating.reporting import report
from tiers.services.rating.requesting import (
    QuotaBranchIsUnknown,
    RunIsNotOpen,
    RunIsOpenAlready,
    YearIsNotOver,
    YearIsPublished,
    discard,
    request,
)
from tiers.services.rating.trying import try_out

__all__ = [
    "KIND",
    "BookHasMoved",
    "IsHandedInAlready",
    "ListIsOver",
    "OpinionIsMissing",
    "QuotaBranchIsUnknown",
    "RunIsNotOpen",
    "RunIsOpenAlready",
    "YearIsNotOver",
    "YearIsPublished",
    "approve",
    "discard",
    "report",
    "request",
    "submit",
    "try_out",
]
