"""Ratings: asked for, computed piece by piece, handed in, approved by another person, published at once."""

from tiers.services.rating.computing import KIND
from tiers.services.rating.requesting import (
    QuotaBranchIsUnknown,
    RunIsNotOpen,
    RunIsOpenAlready,
    YearIsNotOver,
    YearIsPublished,
    discard,
    request,
)

__all__ = [
    "KIND",
    "QuotaBranchIsUnknown",
    "RunIsNotOpen",
    "RunIsOpenAlready",
    "YearIsNotOver",
    "YearIsPublished",
    "discard",
    "request",
]
