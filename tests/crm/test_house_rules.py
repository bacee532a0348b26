"""The settings of the rule book: defaults, strict reading, and writing back."""

from datetime import time
from decimal import Decimal
from typing import Any

import pytest

from crm import house_rules as book
from crm.house_rules import HouseRules, SettingDoesNotExist, SettingHasWrongValue, SettingsContradict
from crm.time.rules import TimeRules
from servicing.models.ticket import ChangeType, TicketChannel

# rulebook Part 7, typed by hand
PART_7 = {
    "business_hours": "09:00:00-18:00:00",
    "deadline_time_mode": "end_of_day",
    "after_hours_roll": [],
    "gifts_enabled": False,
    "gold_main_quota": None,
    "gold_new_slots": 10,
    "silver_quota": [],
    "extra_large_flag": "manual",
    "birthday_cap_first": "120.00",
    "birthday_cap_second": "80.00",
    "festival_cap": "200.00",
    "illness_cap": "200.00",
    "feb29_observed": "feb28",
    "care_lead_days": 7,
    "sms_lead_days": 1,
    "sms_hour": "10:00:00",
    "send_window": "09:00:00-20:59:59",
    "policy_report_due": ["07-31", "01-31"],
    "star_thresholds": ["4000", "40000", "100000", "300000", "700000"],
    "star_validity_days": 730,
    "star_maintenance_days": 180,
    "rise_list_share": "0.20",
    "fall_list_days": 90,
    "broker_scale": ["0", "50000", "200000", "500000", "1000000"],
    "small_claim_own": "3000.00",
    "small_claim_third": "2000.00",
    "large_claim_threshold": "50000.00",
    "advance_ratio": None,
}
PART_0 = {"pause_long_days": 10, "escalate_first_days": 1, "escalate_second_days": 3, "kept_month": "due"}

CHANGED: dict[str, Any] = {
    "reveals_free": 20,
    "merge_undo_days": 10,
    "reveals_most": 80,
    "business_hours": "08:30-17:30",
    "session_idle_minutes": 60,
    "session_hours": 10,
    "marketing_per_day": 2,
    "service_per_day": 5,
    "occasion_per_year": 2,
    "channel_closing": {"counter": "17:00"},
    "deadline_time_mode": "close_of_business",
    "after_hours_roll": ["counter", "phone"],
    "feb29_observed": "mar1",
    "pause_long_days": 15,
    "escalate_first_days": 2,
    "urge_every_hours": 4,
    "escalate_second_days": 5,
    "kept_month": "closed",
    "simple_change_types": ["phone"],
    "care_lead_days": 0,
    "sms_lead_days": 2,
    "sms_hour": "09:30",
    "send_window": ["10:00", "20:00"],
    "policy_report_due": ["08-15", "02-15"],
    "gifts_enabled": True,
    "birthday_cap_first": "130.50",
    "birthday_cap_second": 90,
    "festival_cap": Decimal("210.00"),
    "illness_cap": "0",
    "gold_main_quota": 30,
    "gold_new_slots": 0,
    "silver_quota": {"1200": 5},
    "scale_coefficients": {"0": "0.90", "1000000": "1.25"},
    "loyalty_coefficients": {"5": "1.10"},
    "profit_coefficients": {"0.2": "1.5"},
    "extra_large_flag": "manual",
    "star_thresholds": ["1", "2", "3", "4", "5.5"],
    "star_validity_days": 365,
    "star_maintenance_days": 0,
    "rise_list_share": "0.15",
    "fall_list_days": 60,
    "activate_on_payment": False,
    "broker_scale": [0, 1, 2, 3, 4],
    "small_claim_own": "5000",
    "small_claim_third": "5000",
    "large_claim_threshold": "80000",
    "advance_ratio": "0.5",
}


class TestTheDefaults:
    def test_are_those_of_the_rule_book(self) -> None:
        rules = HouseRules()
        for key, value in (PART_7 | PART_0).items():
            assert book.as_json(getattr(rules, key)) == value, key

    def test_give_the_rules_of_time_their_own_defaults(self) -> None:
        assert HouseRules().time_rules() == TimeRules()
        assert HouseRules().time_rules("counter") == TimeRules()

    def test_words_of_channels_and_changes_are_those_of_tickets(self) -> None:
        assert set(book.CHANNELS) == set(TicketChannel.values)
        assert set(book.CHANGES) == set(ChangeType.values)

    def test_every_setting_has_a_chinese_name(self) -> None:
        assert all(any("一" <= letter <= "鿿" for letter in book.label(key)) for key in book.SETTINGS)


class TestAChangedSetting:
    def test_every_setting_can_be_changed_and_written_back(self) -> None:
        assert set(CHANGED) == set(book.SETTINGS)
        rules = book.from_overrides(CHANGED)
        written = {key: book.as_json(getattr(rules, key)) for key in CHANGED}
        assert book.from_overrides(written) == rules
        unchanged = [key for key in CHANGED if getattr(rules, key) == getattr(HouseRules(), key)]
        assert unchanged == ["extra_large_flag"]

    def test_defaults_are_read_back_as_themselves(self) -> None:
        rules = HouseRules()
        assert book.from_overrides({key: book.as_json(getattr(rules, key)) for key in book.SETTINGS}) == rules

    @pytest.mark.parametrize("on", [True, "on", "true", {"counter": True, "phone": False}, ["counter"]])
    def test_the_roll_can_be_on_for_all_channels_or_some(self, on: Any) -> None:
        rules = book.from_overrides({"after_hours_roll": on})
        assert rules.time_rules("counter").after_hours_roll
        everywhere = on in (True, "on", "true")
        assert rules.time_rules("phone").after_hours_roll is everywhere
        assert rules.time_rules().after_hours_roll is everywhere

    def test_a_channel_can_close_at_its_own_hour(self) -> None:
        rules = book.from_overrides({"channel_closing": {"counter": "17:00"}})
        assert rules.time_rules("counter").closes == time(17)
        assert rules.time_rules("phone").closes == time(18)

    @pytest.mark.parametrize("written", ["1 Mar", "Mar-1", "03-01", "3月1日", "mar1"])
    def test_the_leap_day_has_several_spellings(self, written: str) -> None:
        assert book.from_overrides({"feb29_observed": written}).feb29_observed == "mar1"

    def test_rules_can_be_keys_of_a_table(self) -> None:
        assert hash(book.from_overrides(CHANGED)) == hash(book.from_overrides(CHANGED))


class TestAnUnsoundSetting:
    def test_an_unknown_key_is_refused_with_the_known_ones(self) -> None:
        with pytest.raises(SettingDoesNotExist, match=r"没有名为“gold_quota”的设置.*gold_main_quota"):
            book.from_overrides({"gold_quota": 1})

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("gifts_enabled", 1),
            ("gifts_enabled", "yes"),
            ("gold_new_slots", "ten"),
            ("gold_new_slots", True),
            ("gold_new_slots", -1),
            ("gold_new_slots", 1.5),
            ("gold_new_slots", None),
            ("star_validity_days", 0),
            ("birthday_cap_first", 120.5),
            ("birthday_cap_first", "120.001"),
            ("birthday_cap_first", "-1"),
            ("birthday_cap_first", "NaN"),
            ("birthday_cap_first", "Infinity"),
            ("birthday_cap_first", True),
            ("birthday_cap_first", []),
            ("rise_list_share", "1.01"),
            ("star_thresholds", ["1", "2", "3", "4"]),
            ("star_thresholds", ["1", "3", "2", "4", "5"]),
            ("star_thresholds", "12345"),
            ("business_hours", "18:00-09:00"),
            ("business_hours", "9-18"),
            ("business_hours", ["09:00"]),
            ("business_hours", {"opens": 1, "closes": 2}),
            ("send_window", "09:00:00+08:00-20:00"),
            ("sms_hour", "25:00"),
            ("sms_hour", 10),
            ("policy_report_due", ["07-31"]),
            ("policy_report_due", ["02-30", "01-31"]),
            ("policy_report_due", ["0731", "0131"]),
            ("deadline_time_mode", "noon"),
            ("deadline_time_mode", ["end_of_day"]),
            ("after_hours_roll", ["fax"]),
            ("after_hours_roll", {"fax": True}),
            ("after_hours_roll", {"phone": "maybe"}),
            ("after_hours_roll", 3),
            ("channel_closing", ["17:00"]),
            ("channel_closing", {"fax": "17:00"}),
            ("silver_quota", {"": 3}),
            ("loyalty_coefficients", {"5": "1.125"}),
            ("loyalty_coefficients", {"5": "1.10", "5.0": "1.20"}),
            ("loyalty_coefficients", {"five": "1.10"}),
            ("loyalty_coefficients", "1.10"),
            ("loyalty_coefficients", ["1.10"]),
            ("silver_quota", {"1200": "some"}),
            ("simple_change_types", ["telephone"]),
            ("simple_change_types", "phone"),
            ("simple_change_types", [["phone"]]),
            ("feb29_observed", "29 Feb"),
        ],
    )
    def test_a_wrong_value_is_refused_in_a_sentence(self, key: str, value: Any) -> None:
        with pytest.raises(
            SettingHasWrongValue, match=rf"设置“{book.label(key)}”（{key}）不能是 .*，应为.+。"
        ):
            book.from_overrides({key: value})

    def test_a_channel_cannot_close_before_it_opens(self) -> None:
        with pytest.raises(Exception, match="营业时间"):
            book.from_overrides({"channel_closing": {"counter": "08:00"}})

    def test_the_second_step_of_the_ladder_is_not_before_the_first(self) -> None:
        with pytest.raises(SettingsContradict, match="再次升级不能早于首次升级"):
            book.from_overrides({"escalate_first_days": 4})
