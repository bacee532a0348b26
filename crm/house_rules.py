"""Every setting of the rule book with its default (rulebook Part 7 and the settings of Part 0), in one frozen value.

What an institution changed lives in rows (`crm.models.rule`); here is only what may be changed, and how it is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from decimal import Decimal
from typing import Annotated, Any, Literal, get_type_hints

from crm import setting_readers as read
from crm.refusal import Refusal
from crm.setting_readers import ALL_CHANNELS, Bands, Hours, MonthDay, Reader
from crm.time.rules import DeadlineTimeMode, LeapDayObserved, TimeRules

CHANNELS = ("phone", "counter", "wechat", "web", "email", "letter")
SIMPLE_CHANGES = ("contact_name", "phone", "email", "address", "postcode", "handler", "remark", "name_typo")
CHANGES = (
    *SIMPLE_CHANGES,
    *("members", "sum_insured", "beneficiary", "bank_account"),
    *("premium", "occupation", "id_number", "policyholder"),
)
LEAP_DAY_SPELLINGS = {
    **dict.fromkeys(("28 Feb", "Feb 28", "Feb-28", "02-28", "2月28日"), "feb28"),
    **dict.fromkeys(("1 Mar", "Mar 1", "Mar-1", "03-01", "3月1日"), "mar1"),
}
STAR_THRESHOLDS = tuple(Decimal(yuan) for yuan in ("4000", "40000", "100000", "300000", "700000"))
BROKER_SCALE = tuple(Decimal(yuan) for yuan in ("0", "50000", "200000", "500000", "1000000"))


class SettingDoesNotExist(Refusal):
    """The rule book knows no such setting."""


class SettingHasWrongValue(Refusal):
    """The value is not of the kind that the setting needs."""


class SettingsContradict(Refusal):
    """Two settings, each sound by itself, cannot hold together."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What people call a setting, and how a value written for it is read."""

    label: str
    read: Reader[Any]


@dataclass(frozen=True, slots=True)
class HouseRules:
    """All choices an institution may make; the defaults are the rule book's."""

    # how time is counted
    business_hours: Annotated[Hours, Setting("营业时间", read.hours)] = (time(9), time(18))
    channel_closing: Annotated[
        tuple[tuple[str, time], ...],
        Setting("各渠道收件截止时间", read.by_key(read.choice(*CHANNELS), read.clock_time)),
    ] = ()
    deadline_time_mode: Annotated[
        DeadlineTimeMode, Setting("到期日截止方式", read.choice("end_of_day", "close_of_business"))
    ] = "end_of_day"
    after_hours_roll: Annotated[
        tuple[str, ...], Setting("非营业时间顺延的渠道", read.channels(CHANNELS))
    ] = ()
    feb29_observed: Annotated[
        LeapDayObserved, Setting("闰日生日的平年日期", read.choice("feb28", "mar1", also=LEAP_DAY_SPELLINGS))
    ] = "feb28"
    # alarms and pauses
    pause_long_days: Annotated[int, Setting("须批准的暂停工作日数", read.whole(1))] = 10
    escalate_first_days: Annotated[int, Setting("首次升级（超时后工作日）", read.whole(1))] = 1
    escalate_second_days: Annotated[int, Setting("再次升级（超时后工作日）", read.whole(1))] = 3
    urge_every_hours: Annotated[int, Setting("催办间隔（小时）", read.whole(1))] = 2
    kept_month: Annotated[
        Literal["due", "closed"], Setting("达标率归属月份", read.choice("due", "closed"))
    ] = "due"
    simple_change_types: Annotated[tuple[str, ...], Setting("简单信息变更", read.some_of(CHANGES))] = (
        SIMPLE_CHANGES  # PA-17.2
    )
    # logins
    session_idle_minutes: Annotated[int, Setting("无操作退出（分钟）", read.whole(5, 720))] = 30
    session_hours: Annotated[int, Setting("登录最长（小时）", read.whole(1, 24))] = 12
    # care and sending
    care_lead_days: Annotated[int, Setting("关怀任务提前天数", read.whole())] = 7
    sms_lead_days: Annotated[int, Setting("祝福短信提前天数", read.whole())] = 1
    sms_hour: Annotated[time, Setting("祝福短信时刻", read.clock_time)] = time(10)
    send_window: Annotated[Hours, Setting("发送时段", read.hours)] = (time(9), time(20, 59, 59))
    marketing_per_day: Annotated[int, Setting("每人每天关怀营销上限（条）", read.whole(1))] = 1
    service_per_day: Annotated[int, Setting("每人每天服务通知上限（条）", read.whole(1))] = 3
    occasion_per_year: Annotated[int, Setting("每人同一事由每年上限（条）", read.whole(1))] = 1
    policy_report_due: Annotated[
        tuple[MonthDay, MonthDay], Setting("保单报告到期日", read.pair_of(read.month_day))
    ] = ((7, 31), (1, 31))  # PA-18.2.8
    gifts_enabled: Annotated[bool, Setting("启用礼品", read.flag)] = False
    birthday_cap_first: Annotated[Decimal, Setting("第一服务对象生日标准（元）", read.money)] = Decimal(
        "120.00"
    )
    birthday_cap_second: Annotated[Decimal, Setting("第二服务对象生日标准（元）", read.money)] = Decimal(
        "80.00"
    )
    festival_cap: Annotated[Decimal, Setting("节日标准（元）", read.money)] = Decimal("200.00")
    illness_cap: Annotated[Decimal, Setting("探病上限（元）", read.money)] = Decimal("200.00")
    # personal data
    reveals_free: Annotated[int, Setting("每日无须放行的明文查看次数", read.whole(1))] = 30
    reveals_most: Annotated[int, Setting("每日明文查看次数上限", read.whole(1))] = 100
    merge_undo_days: Annotated[int, Setting("合并客户可撤销天数", read.whole())] = 30
    # group tiers
    gold_main_quota: Annotated[int | None, Setting("金牌名额", read.optional(read.whole()))] = None  # PA-13.1
    gold_new_slots: Annotated[int, Setting("新客户金牌名额", read.whole())] = 10  # PA-13.2
    silver_quota: Annotated[
        tuple[tuple[str, int], ...], Setting("各机构银牌名额", read.by_key(read.word, read.whole()))
    ] = ()  # PA-13.3
    scale_coefficients: Annotated[Bands, Setting("标准保费规模系数（元起）", read.bands)] = ()  # PA-13
    loyalty_coefficients: Annotated[Bands, Setting("客户忠诚度系数（整年起）", read.bands)] = ()  # PA-13
    profit_coefficients: Annotated[Bands, Setting("利润贡献度系数（比例起）", read.bands)] = ()  # PA-13
    extra_large_flag: Annotated[Literal["manual"], Setting("特大型客户标识方式", read.choice("manual"))] = (
        "manual"
    )
    # stars
    star_thresholds: Annotated[tuple[Decimal, ...], Setting("星点值门槛", read.scale(5))] = (
        STAR_THRESHOLDS  # CL-1
    )
    star_validity_days: Annotated[int, Setting("星级有效期（天）", read.whole(1))] = 730  # CL-2
    star_maintenance_days: Annotated[int, Setting("星级维持期（天）", read.whole())] = 180  # CL-2
    rise_list_share: Annotated[Decimal, Setting("即将升星差额比例", read.share)] = Decimal("0.20")  # CL-5
    fall_list_days: Annotated[int, Setting("即将降星天数", read.whole())] = 90  # CL-5
    activate_on_payment: Annotated[bool, Setting("缴费即暂时生效", read.flag)] = True  # CL-7
    broker_scale: Annotated[tuple[Decimal, ...], Setting("经纪星级收入标准", read.scale(5))] = (
        BROKER_SCALE  # BR-4
    )
    # motor
    small_claim_own: Annotated[Decimal, Setting("小额案件本车限额（元）", read.money)] = Decimal(
        "3000.00"
    )  # CP-3.4
    small_claim_third: Annotated[Decimal, Setting("小额案件三者限额（元）", read.money)] = Decimal("2000.00")
    large_claim_threshold: Annotated[Decimal, Setting("大额案件门槛（元）", read.money)] = Decimal(
        "50000.00"
    )  # CP-4
    advance_ratio: Annotated[Decimal | None, Setting("垫付比例", read.optional(read.share))] = (
        None  # PA-18.1.5
    )

    def __post_init__(self) -> None:
        """This function will refuse settings that contradict each other."""
        if self.escalate_second_days < self.escalate_first_days:
            raise SettingsContradict(
                "再次升级不能早于首次升级，请同时核对 escalate_first_days 和 escalate_second_days。"
            )
        if self.reveals_most < self.reveals_free:
            raise SettingsContradict(
                "每日上限不能小于无须放行的次数，请同时核对 reveals_free 和 reveals_most。"
            )
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


_HINTS = get_type_hints(HouseRules, include_extras=True)
SETTINGS: dict[str, Setting] = {name: hint.__metadata__[0] for name, hint in _HINTS.items()}


def label(key: str) -> str:
    """This function will give the Chinese name of a setting; raises SettingDoesNotExist."""
    if key not in SETTINGS:
        raise SettingDoesNotExist(f"没有名为“{key}”的设置；可用的设置：{'、'.join(SETTINGS)}。")
    return SETTINGS[key].label


def read_value(key: str, value: Any) -> Any:
    """This function will read a value written for a setting, strictly; raises SettingDoesNotExist, SettingHasWrongValue."""
    name = label(key)
    try:
        return SETTINGS[key].read(value)
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
    if value and all(isinstance(one, tuple) and isinstance(one[0], Decimal) for one in value):
        return {str(bound): str(one) for bound, one in value}
    if value and all(isinstance(one, time) for one in value):
        return "-".join(str(one) for one in value)
    if value and all(isinstance(one, tuple) for one in value):
        return [f"{month:02}-{day:02}" for month, day in value]
    return [as_json(one) for one in value]
