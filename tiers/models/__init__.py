"""The rows of the rank floor."""

from tiers.models.assignment import Assignment, Level, Scheme

__all__ = ["Assignment", "Level", "Scheme"]
