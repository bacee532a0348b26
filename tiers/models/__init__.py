"""The rows of the rank floor."""

from tiers.models.assignment import Assignment, Level, Scheme
from tiers.models.star import StarCount, StarMove, StarPoints, StarState

__all__ = ["Assignment", "Level", "Scheme", "StarCount", "StarMove", "StarPoints", "StarState"]
