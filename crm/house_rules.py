"""Every setting of the rule book with its default (rulebook Part 7 and the settings of Part 0), in one frozen value.

What an institution changed lives in rows (`crm.models.rule`); here is only what may be changed, and how it is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import time
from decimal import Decimal
from typing import Any, Literal, TypeVar

from crm import setting_readers as read
from crm.refusal import Refusal
from crm.setting_readers import ALL_CHANNELS, Hours, MonthDay, Reader
from crm.time.rules import DeadlineTimeMode, LeapDayObserved, TimeRules

Value = TypeVar("Value")

CHANNELS = ("phone", "counter", "wechat", "web", "email", "letter")
SIMPLE_CHANGES = ("contact_name", "phone", "email", "address", "postcode", "handler", "remark", "name_typo")
CHANGES = (
    *SIMPLE_CHANGES,
    *("members", "sum_insured", "beneficiary", "bank_account"),
    *("premium", "occupation", "id_number", "policyholder"),
)
_YUAN = Decimal


class SettingDoesNotExist(Refusal):
    """The rule book knows no such setting."""


class SettingHasWrongValue(Refusal):
    """The value is not of the kind that the setting needs."""


class SettingsContradict(Refusal):
    """Two settings, each sound by itself, cannot hold together."""


def _rule(default: Value, reader: Reader[Any], label: str) -> Value:
    """One setting: its default, how it is read, and what people call it."""
    return field(default=default, metadata={"read": reader, "label": label})


@dataclass(frozen=True, slots=True)
class HouseRules:
    """All choices an institution may make; the defaults are the rule book's."""

    # how time is counted
    business_hours: Hours = _rule((time(9), time(18)), read.hours, "营业时间")
    channel_closing: tuple[tuple[str, time], ...] = _rule(
        (), read.by_key(read.choice(*CHANNELS), read.clock_time), "各渠道收件截止时间"
    )
    deadline_time_mode: DeadlineTimeMode = _rule(
        "end_of_day", read.choice("end_of_day", "close_of_business"), "到期日截止方式"
    )
    after_hours_roll: tuple[str, ...] = _rule((), read.channels(CHANNELS), "非营业时间顺延的渠道")
    feb29_observed: LeapDayObserved = _rule(
        "feb28",
        read.choice(
            "feb28", "mar1", also={"28 Feb": "feb28", "1 Mar": "mar1", "02-28": "feb28", "03-01": "mar1"}
        ),
        "闰日生日的平年日期",
    )
    # alarms and pauses
    pause_long_days: int = _rule(10, read.whole(1), "须批准的暂停工作日数")
    escalate_first_days: int = _rule(1, read.whole(1), "首次升级（超时后工作日）")
    escalate_second_days: int = _rule(3, read.whole(1), "再次升级（超时后工作日）")
    kept_month: Literal["due", "closed"] = _rule("due", read.choice("due", "closed"), "达标率归属月份")
    simple_change_types: tuple[str, ...] = _rule(SIMPLE_CHANGES, read.some_of(CHANGES), "简单信息变更")  # PA-17.2
    # care and sending
    care_lead_days: int = _rule(7, read.whole(), "关怀任务提前天数")
    sms_lead_days: int = _rule(1, read.whole(), "祝福短信提前天数")
    sms_hour: time = _rule(time(10), read.clock_time, "祝福短信时刻")
    send_window: Hours = _rule((time(9), time(20, 59, 59)), read.hours, "发送时段")
    policy_report_due: tuple[MonthDay, MonthDay] = _rule(
        ((7, 31), (1, 31)), read.pair_of(read.month_day), "保单报告到期日"
    )  # PA-18.2.8
    gifts_enabled: bool = _rule(False, read.flag, "启用礼品")
    birthday_cap_first: Decimal = _rule(_YUAN("120.00"), read.money, "第一服务对象生日标准（元）")
    birthday_cap_second: Decimal = _rule(_YUAN("80.00"), read.money, "第二服务对象生日标准（元）")
    festival_cap: Decimal = _rule(_YUAN("200.00"), read.money, "节日标准（元）")
    illness_cap: Decimal = _rule(_YUAN("200.00"), read.money, "探病上限（元）")
    # group tiers
    gold_main_quota: int | None = _rule(None, read.optional(read.whole()), "金牌名额")  # PA-13.1
    gold_new_slots: int = _rule(10, read.whole(), "新客户金牌名额")  # PA-13.2
    silver_quota: tuple[tuple[str, int], ...] = _rule(
        (), read.by_key(read.word, read.whole()), "各机构银牌名额"
    )  # PA-13.3
    extra_large_flag: Literal["manual"] = _rule("manual", read.choice("manual"), "特大型客户标识方式")
    # stars
    star_thresholds: tuple[Decimal, ...] = _rule(
        tuple(_YUAN(n) for n in (4_000, 40_000, 100_000, 300_000, 700_000)), read.scale(5), "星点值门槛"
    )
    star_validity_days: int = _rule(730, read.whole(1), "星级有效期（天）")
    star_maintenance_days: int = _rule(180, read.whole(), "星级维持期（天）")
    rise_list_share: Decimal = _rule(Decimal("0.20"), read.share, "即将升星差额比例")
    fall_list_days: int = _rule(90, read.whole(), "即将降星天数")
    activate_on_payment: bool = _rule(True, read.flag, "缴费即暂时生效")  # CL-7
    recovery_hours: int = _rule(48, read.whole(1), "黄金回收时间（小时）")  # CL-10
    broker_scale: tuple[Decimal, ...] = _rule(
        tuple(_YUAN(n) for n in (0, 50_000, 200_000, 500_000, 1_000_000)), read.scale(5), "经纪星级收入标准"
    )
    # motor
    small_claim_own: Decimal = _rule(_YUAN("3000.00"), read.money, "小额案件本车限额（元）")  # CP-3.4
    small_claim_third: Decimal = _rule(_YUAN("2000.00"), read.money, "小额案件三者限额（元）")  # CP-3.4
    large_claim_threshold: Decimal = _rule(_YUAN("50000.00"), read.money, "大额案件门槛（元）")  # CP-4
    advance_ratio: Decimal | None = _rule(None, read.optional(read.share), "垫付比例")  # PA-18.1.5

    def __post_init__(self) -> None:
        """This function will refuse settings that contradict each other."""
        if self.escalate_second_days < self.escalate_first_days:
            raise SettingsContradict("再次升级不能早于首次升级，请同时核对 escalate_first_days 和 escalate_second_days。")
        for channel in ("", *CHANNELS):
            self.time_rules(channel)

    def time_rules(self, channel: str = "") -> TimeRules:
        """This function will give the rules of time as they hold for a channel; without one, for no channel in particular."""
        opens, closes = self.business_hours
        return TimeRules(
            deadline_time_mode=self.deadline_time_mode,
            opens=opens,
            closes=dict(self.channel_closing).get(channel, closes),
            after_hours_roll=channel in self.after_hours_roll or ALL_CHANNELS in self.after_hours_roll,
            feb29_observed=self.feb29_observed,
            send_from=self.send_window[0],
            send_until=self.send_window[1],
            care_lead_days=self.care_lead_days,
            sms_lead_days=self.sms_lead_days,
            sms_hour=self.sms_hour,
        )

    def with_overrides(self, overrides: Mapping[str, Any]) -> "HouseRules":
        """This function will give these rules with some replaced; raises SettingDoesNotExist, SettingHasWrongValue."""
        return replace(self, **{key: read_value(key, value) for key, value in overrides.items()})


_SETTINGS = {one.name: one.metadata for one in fields(HouseRules)}


def keys() -> tuple[str, ...]:
    """This function will list every setting, in the order of the rule book."""
    return tuple(_SETTINGS)


def label(key: str) -> str:
    """This function will give the Chinese name of a setting; raises SettingDoesNotExist."""
    if key not in _SETTINGS:
        raise SettingDoesNotExist(f"没有名为“{key}”的设置；可用的设置：{'、'.join(_SETTINGS)}。")
    return str(_SETTINGS[key]["label"])


def read_value(key: str, value: Any) -> Any:
    """This function will read a value written for a setting, strictly; raises SettingDoesNotExist, SettingHasWrongValue."""
    name = label(key)
    try:
        return _SETTINGS[key]["read"](value)
    except ValueError as expected:
        raise SettingHasWrongValue(f"设置“{name}”（{key}）不能是 {value!r}，应为{expected}。") from None


def from_overrides(overrides: Mapping[str, Any]) -> HouseRules:
    """This function will give the rule book's settings with some replaced; an unknown key or a wrong value is refused."""
    return HouseRules().with_overrides(overrides)


def as_json(value: Any) -> Any:
    """This function will write a setting's value so that JSON can hold it and `read_value` reads the same back."""
    if isinstance(value, Decimal | time):
        return str(value)
    if isinstance(value, tuple):
        return _tuple_as_json(value)
    return value


def _tuple_as_json(value: tuple[Any, ...]) -> Any:
    if value and all(isinstance(one, tuple) and isinstance(one[0], str) for one in value):
        return {key: as_json(one) for key, one in value}
    if value and all(isinstance(one, time) for one in value):
        return "-".join(str(one) for one in value)
    if value and all(isinstance(one, tuple) for one in value):
        return [f"{month:02}-{day:02}" for month, day in value]
    return [as_json(one) for one in value]
