"""The rows of the rank floor."""

from tiers.models.assignment import Assignment, Level, Scheme
from tiers.models.run import ClubMembership, RatingRow, RatingRun, RatingSubmission
from tiers.models.star import StarCount, StarMove, StarPoints, StarState

__all__ = [
    "Assignment",
    "ClubMembership",
    "Level",
    "RatingRow",
    "RatingRun",
    "RatingSubmission",
    "Scheme",
    "StarCount",
    "StarMove",
    "StarPoints",
    "StarState",
]
