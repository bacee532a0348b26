"""A change of level in the log reads as people say it."""

from crm import log_lines
from crm.models import Customer, LogEntry


class TestTheLogOfALevel:
    def test_names_the_level_in_chinese(self, gold: Customer) -> None:
        entry = LogEntry.objects.get(action="tiers.assignment.given")
        told = " ".join(change for line in log_lines.of([entry]) for change in line.changes)
        assert "级别：金牌" in told and "gold" not in told
