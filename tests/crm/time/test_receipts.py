"""The receipt reads aloud: each day, whether it counts, and why."""

from datetime import date, datetime

from crm.time.clocks import Clock, Due, PauseSpan, Unit, compute_due
from crm.time.rules import DEFAULT_RULES, TimeRules
from crm.time.shipped import shipped_calendar

CALENDAR = shipped_calendar()


def due(clock: Clock, start: str, *pauses: PauseSpan, rules: TimeRules = DEFAULT_RULES) -> Due:
    start_at = datetime.fromisoformat(f"{start}+08:00")
    return compute_due(clock, start_at, calendar=CALENDAR, pauses=pauses, rules=rules)


def lines(answer: Due) -> list[tuple[str, bool, str, int | None]]:
    return [(f"{step.date:%m-%d}", step.counts, step.why, step.ordinal) for step in answer.steps]


class TestAWorkingDayReceipt:
    def test_tells_the_spring_festival(self) -> None:
        answer = due(Clock(Unit.WORKING_DAYS, 3), "2026-02-12T10:00")
        assert lines(answer) == [
            ("02-12", False, "起算日，不计入（工作日）", 0),
            ("02-13", True, "工作日", 1),
            ("02-14", True, "调休上班", 2),
            *[(f"02-{day}", False, "春节", None) for day in range(15, 24)],
            ("02-24", True, "工作日", 3),
        ]

    def test_names_the_reason_of_a_pause(self) -> None:
        answer = due(
            Clock(Unit.WORKING_DAYS, 2),
            "2026-03-02T10:00",
            PauseSpan(date(2026, 3, 4), date(2026, 3, 5), "等待补件"),
        )
        assert lines(answer) == [
            ("03-02", False, "起算日，不计入（工作日）", 0),
            ("03-03", True, "工作日", 1),
            ("03-04", False, "暂停：等待补件", None),
            ("03-05", False, "暂停：等待补件", None),
            ("03-06", True, "工作日", 2),
        ]

    def test_while_paused_ends_with_what_is_known(self) -> None:
        answer = compute_due(
            Clock(Unit.WORKING_DAYS, 5),
            datetime.fromisoformat("2026-03-02T10:00+08:00"),
            calendar=CALENDAR,
            pauses=[PauseSpan(date(2026, 3, 4), None)],
            as_of=datetime.fromisoformat("2026-03-05T10:00+08:00"),
        )
        assert lines(answer)[2:] == [("03-04", False, "暂停", None), ("03-05", False, "暂停", None)]

    def test_shows_receipt_out_of_hours_rolling_on(self) -> None:
        answer = due(Clock(Unit.WORKING_DAYS, 1), "2026-03-21T10:00", rules=TimeRules(after_hours_roll=True))
        assert lines(answer) == [
            ("03-21", False, "非营业时间收到，顺延（周末）", None),
            ("03-22", False, "非营业时间收到，顺延（周末）", None),
            ("03-23", False, "起算日，不计入（工作日）", 0),
            ("03-24", True, "工作日", 1),
        ]

    def test_can_be_left_out(self) -> None:
        start = datetime.fromisoformat("2026-03-02T10:00+08:00")
        assert (
            compute_due(Clock(Unit.WORKING_DAYS, 5), start, calendar=CALENDAR, with_steps=False).steps == ()
        )


class TestOtherReceipts:
    def test_natural_days_count_on_holidays(self) -> None:
        assert lines(due(Clock(Unit.NATURAL_DAYS, 2), "2026-04-30T16:00")) == [
            ("04-30", False, "起算日，不计入（工作日）", 0),
            ("05-01", True, "自然日（劳动节）", 1),
            ("05-02", True, "自然日（劳动节）", 2),
        ]

    def test_a_same_day_is_one_line_in_time_and_more_after_closing(self) -> None:
        same_day = Clock(Unit.SAME_DAY, 0)
        assert lines(due(same_day, "2026-03-18T17:30")) == [("03-18", True, "当日办结（工作日）", 0)]
        assert lines(due(same_day, "2026-03-20T18:30")) == [
            ("03-20", False, "已过当日截止时间，顺延", 0),
            ("03-21", False, "周末", None),
            ("03-22", False, "周末", None),
            ("03-23", True, "当日办结（工作日）", 1),
        ]
        assert lines(due(same_day, "2026-04-04T10:00"))[0] == ("04-04", False, "清明节，顺延", 0)

    def test_a_paused_same_day_names_the_pause(self) -> None:
        answer = due(
            Clock(Unit.SAME_DAY, 0),
            "2026-03-18T10:00",
            PauseSpan(date(2026, 3, 18), date(2026, 3, 20), "外部鉴定"),
        )
        assert lines(answer) == [
            ("03-18", False, "暂停：外部鉴定", 0),
            ("03-19", False, "暂停：外部鉴定", None),
            ("03-20", True, "当日办结（工作日）", 1),
        ]

    def test_hours_do_not_stop(self) -> None:
        assert lines(due(Clock(Unit.HOURS, 48), "2026-03-13T16:30")) == [
            ("03-13", True, "16:30:00 起计时", 0),
            ("03-14", True, "连续计时，周末不停表", None),
            ("03-15", True, "连续计时，16:30:00 到期，周末不停表", None),
        ]

    def test_business_hours_skip_days_off(self) -> None:
        answer = due(Clock(Unit.BUSINESS_HOURS, 2), "2026-03-13T17:00")
        assert [(step.date.day, step.counts) for step in answer.steps] == [
            (13, True),
            (14, False),
            (15, False),
            (16, True),
        ]
