"""Recording and changing policies."""

from datetime import date

import pytest

from crm.models import LogEntry
from crm.services import policies, stamps
from tests.factories import crm as make

pytestmark = pytest.mark.django_db


class TestAPolicy:
    """Of a customer."""

    def test_is_recorded_and_written_down(self) -> None:
        """With its premium in fen."""
        policy = make.policy(make.customer(), number="P1", premium_fen=12345)
        assert policy.premium_fen == 12345
        row = LogEntry.objects.get(action="crm.policy.recorded")
        assert row.after and row.after["number"] == "P1" and row.after["ends_date"] == "2026-12-31"

    def test_refuses_a_number_twice(self) -> None:
        """Numbers are unique."""
        customer = make.customer()
        make.policy(customer, number="P1")
        with pytest.raises(policies.PolicyNumberIsTaken, match="P1"):
            make.policy(customer, number="P1")

    def test_refuses_cover_that_ends_before_it_begins(self) -> None:
        """One day of cover is the least."""
        customer = make.customer()
        with pytest.raises(policies.CoverEndsBeforeItBegins):
            make.policy(customer, effective=date(2026, 1, 2), ends=date(2026, 1, 1))
        assert make.policy(customer, effective=date(2026, 1, 1), ends=date(2026, 1, 1)).pk

    def test_refuses_a_negative_premium(self) -> None:
        """Zero is the least."""
        customer = make.customer()
        with pytest.raises(policies.PremiumIsNegative):
            make.policy(customer, premium_fen=-1)
        assert make.policy(customer, premium_fen=0).pk

    def test_changes_only_what_differs(self) -> None:
        """The same values again add no log row."""
        policy = make.policy(make.customer())
        for _time in range(2):
            policies.change_policy(policy=policy, status="terminated", by=None, now=make.NOW)
        row = LogEntry.objects.get(action="crm.policy.changed")
        assert (row.before, row.after) == ({"status": "in_force"}, {"status": "terminated"})

    def test_refuses_a_stale_change(self) -> None:
        """Somebody else saved since the form was opened; nothing of either is lost."""
        policy = make.policy(make.customer())
        policy.refresh_from_db()
        seen = stamps.of(policy)
        policies.change_policy(policy=policy, premium_fen=1, by=None, now=make.NOW, seen=seen)
        with pytest.raises(policies.PolicyChangedMeanwhile):
            policies.change_policy(policy=policy, status="lapsed", by=None, now=make.NOW, seen=seen)
        policy.refresh_from_db()
        assert (policy.premium_fen, policy.status) == (1, "in_force")
