"""Setting a rule for the installation."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from crm.house_rules import HouseRules, SettingDoesNotExist, SettingHasWrongValue, SettingsContradict
from crm.models import LogEntry, RuleSetting, User
from crm.selectors import house_rules as selectors
from crm.services import house_rules
from crm.services.house_rules import RuleChangeHasNoReason


@pytest.mark.django_db
class TestAnUntouchedHouse:
    def test_has_the_rule_books_settings(self) -> None:
        assert selectors.current() == HouseRules()

    def test_asks_one_query(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            selectors.current()


@pytest.mark.django_db
class TestARuleThatIsSet:
    def test_holds_from_now_on(self, head_office: User, now: datetime) -> None:
        house_rules.set_rule(key="gold_main_quota", value=30, reason="年度评定", by=head_office, now=now)
        assert selectors.current().gold_main_quota == 30

    def test_is_replaced_by_the_next_decision_and_stays_as_history(
        self, head_office: User, now: datetime
    ) -> None:
        for hours, value in enumerate(["120.00", "130.00", "125.00"]):
            later = now + timedelta(hours=hours)
            house_rules.set_rule(
                key="birthday_cap_first", value=value, reason="调整", by=head_office, now=later
            )
        assert str(selectors.current().birthday_cap_first) == "125.00"
        assert RuleSetting.objects.count() == 3

    def test_is_logged_with_what_was_before(self, head_office: User, now: datetime) -> None:
        house_rules.set_rule(
            key="gifts_enabled", value="on", reason=" 合规部已批准 ", by=head_office, now=now
        )
        entry = LogEntry.objects.get(action="crm.rule.set")
        assert (entry.before, entry.after) == ({"gifts_enabled": False}, {"gifts_enabled": True})
        assert (entry.by, entry.reason, entry.subject) == (head_office, "合规部已批准", "rule:gifts_enabled")

    def test_a_row_of_a_setting_that_is_gone_stops_nothing(self, now: datetime) -> None:
        RuleSetting.objects.create(key="abolished", value=1, reason="旧版本", set_at=now)
        assert selectors.current() == HouseRules()


@pytest.mark.django_db
class TestARuleThatIsRefused:
    @pytest.mark.parametrize(
        ("key", "value", "reason", "refusal"),
        [
            ("gold_quota", 3, "x", SettingDoesNotExist),
            ("gold_main_quota", "many", "x", SettingHasWrongValue),
            ("escalate_first_days", 9, "x", SettingsContradict),
            ("gold_main_quota", 3, "  ", RuleChangeHasNoReason),
        ],
    )
    def test_leaves_no_trace(
        self, key: str, value: object, reason: str, refusal: type[Exception], now: datetime
    ) -> None:
        with pytest.raises(refusal):
            house_rules.set_rule(key=key, value=value, reason=reason, by=None, now=now)
        assert not RuleSetting.objects.exists()
        assert not LogEntry.objects.filter(action="crm.rule.set").exists()
