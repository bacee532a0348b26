"""The due ribbon: every day has its kind, its place and its reason; the sentence says the same."""

import re
from datetime import date, datetime, timedelta

from django.template.loader import render_to_string

from crm.ribbon import Ribbon, build_ribbon
from crm.ribbon.cells import LONGEST, SIDE
from crm.time import SHANGHAI
from crm.time.calendar import ListedDay, WorkCalendar
from crm.time.clocks import Clock, Due, PauseSpan, Unit, compute_due

SPRING = [ListedDay(date(2026, 2, 15) + timedelta(days=n), False, "春节") for n in range(9)]
MAKE_UPS = [ListedDay(date(2026, 2, d), True, "春节") for d in (14, 28)]
CALENDAR = WorkCalendar.build([*SPRING, *MAKE_UPS], [2026])


def due(
    amount: int,
    start: str,
    unit: Unit = Unit.WORKING_DAYS,
    *,
    pauses: tuple[PauseSpan, ...] = (),
    as_of: str | None = None,
    statutory: bool = False,
) -> Due:
    seen = datetime.fromisoformat(as_of).replace(tzinfo=SHANGHAI) if as_of else None
    begins = datetime.fromisoformat(start).replace(tzinfo=SHANGHAI)
    return compute_due(Clock(unit, amount, statutory), begins, calendar=CALENDAR, pauses=pauses, as_of=seen)


def kinds(ribbon: Ribbon) -> list[str]:
    return ["fold" if cell.folded else cell.day.kind.value for cell in ribbon.cells]


class TestAPromiseAcrossTheSpringFestival:
    ribbon = build_ribbon(due(5, "2026-02-12T10:00"), today=date(2026, 2, 25), limit="5 个工作日")

    def test_names_every_day(self) -> None:
        assert kinds(self.ribbon) == ["start", "counted", "makeup", *["holiday"] * 9, *["counted"] * 3]

    def test_numbers_the_counted_days(self) -> None:
        numbers = [cell.day.ordinal for cell in self.ribbon.cells if cell.day.ordinal]
        assert numbers == [1, 2, 3, 4, 5]

    def test_names_the_holiday_once(self) -> None:
        assert [bracket.name for bracket in self.ribbon.brackets] == ["春节"]

    def test_plants_the_flag_with_its_hour_on_the_due_day(self) -> None:
        assert self.ribbon.flag is not None
        assert self.ribbon.flag.word == "23:59"
        assert self.ribbon.cells[-1].day.is_due
        assert self.ribbon.cells[-1].x <= self.ribbon.flag.x < self.ribbon.cells[-1].x + SIDE

    def test_points_at_today(self) -> None:
        assert self.ribbon.caret is not None
        assert self.ribbon.caret.x == self.ribbon.cells[13].middle

    def test_says_it_in_a_sentence(self) -> None:
        assert self.ribbon.sentence == (
            "自 2026-02-12（周四）起算，时限 5 个工作日。计 5 日：02-13、02-14（班）、02-24、02-25、02-26。"
            "不计：春节 9 天。应于 2026-02-26 周四 23:59 前办结。"
        )

    def test_has_a_table_with_a_reason_for_each_day(self) -> None:
        assert len(self.ribbon.rows) == 15
        assert all(row.why for row in self.ribbon.rows)
        assert [row.counts for row in self.ribbon.rows][:4] == [False, True, True, False]


class TestAPausedPromise:
    waiting = PauseSpan(date(2026, 3, 4), None, "等待身份证复印件")

    def test_has_no_flag_and_ends_today(self) -> None:
        paused = due(5, "2026-03-02T10:00", pauses=(self.waiting,), as_of="2026-03-06T09:00")
        ribbon = build_ribbon(paused, today=date(2026, 3, 6))
        assert ribbon.flag is None
        assert kinds(ribbon) == ["start", "counted", "paused", "paused", "paused"]
        assert ribbon.sentence.endswith("现已暂停，恢复后接着计算。")

    def test_has_no_lines_for_the_days_to_come_before_the_law_s_date(self) -> None:
        paused = due(5, "2026-03-02T10:00", pauses=(self.waiting,), as_of="2026-03-06T09:00")
        ribbon = build_ribbon(paused, today=date(2026, 3, 6), ceiling=date(2026, 3, 10))
        assert kinds(ribbon)[-4:] == ["after"] * 4
        assert ribbon.rows[-1].date == "2026-03-06"

    def test_shows_the_reason_cut_to_its_place_and_whole_on_demand(self) -> None:
        ended = PauseSpan(date(2026, 3, 4), date(2026, 3, 5), self.waiting.reason)
        ribbon = build_ribbon(due(5, "2026-03-02T10:00", pauses=(ended,)))
        assert [(b.name, b.whole) for b in ribbon.brackets] == [("等待身份…", "等待身份证复印件")]
        assert "暂停 2 天（等待身份证复印件）" in ribbon.sentence


class TestABrokenPromise:
    def test_shows_the_days_it_is_late(self) -> None:
        ribbon = build_ribbon(due(3, "2026-03-02T10:00"), today=date(2026, 3, 7))
        assert ribbon.broken
        assert kinds(ribbon)[-2:] == ["late", "late"]

    def test_is_not_broken_on_its_due_day(self) -> None:
        ribbon = build_ribbon(due(3, "2026-03-02T10:00"), today=date(2026, 3, 5))
        assert not ribbon.broken

    def test_done_in_time_long_ago_is_not_late_today(self) -> None:
        ribbon = build_ribbon(due(3, "2026-03-02T10:00"), today=date(2026, 5, 1), closed=date(2026, 3, 4))
        assert not ribbon.broken
        assert ribbon.caret is None
        assert ribbon.done is not None
        assert ribbon.done.x == ribbon.cells[2].middle


class TestALongPromise:
    ribbon = build_ribbon(due(30, "2026-01-28T10:00"), today=date(2026, 2, 25))

    def test_folds_its_quiet_middle(self) -> None:
        assert "fold" in kinds(self.ribbon)
        assert len(self.ribbon.cells) <= LONGEST + 1

    def test_loses_no_day(self) -> None:
        shown = sum(cell.folded or 1 for cell in self.ribbon.cells)
        assert shown == (date(2026, 3, 17) - date(2026, 1, 28)).days + 1

    def test_keeps_start_today_and_due_day_in_sight(self) -> None:
        seen = {cell.day.date for cell in self.ribbon.cells if not cell.folded}
        assert {date(2026, 1, 28), date(2026, 2, 25), date(2026, 3, 17)} <= seen

    def test_says_which_numbers_a_fold_hides(self) -> None:
        fold = next(cell for cell in self.ribbon.cells if cell.folded)
        assert (fold.span, fold.label) == ("7–13", "18 天")

    def test_of_twenty_four_days_is_not_folded(self) -> None:
        ribbon = build_ribbon(due(23, "2026-03-02T10:00", Unit.NATURAL_DAYS))
        assert len(ribbon.cells) == LONGEST
        assert "fold" not in kinds(ribbon)


class TestAStatutoryCeiling:
    def test_stands_at_the_end_of_its_day(self) -> None:
        ribbon = build_ribbon(due(3, "2026-03-02T10:00"), ceiling=date(2026, 3, 9))
        assert ribbon.ceiling is not None
        assert ribbon.ceiling.x > ribbon.cells[-1].x + SIDE
        assert kinds(ribbon)[-4:] == ["after"] * 4

    def test_is_by_default_the_receipts_own(self) -> None:
        ribbon = build_ribbon(due(30, "2026-02-06T10:00", Unit.NATURAL_DAYS, statutory=True))
        assert "法定最迟 2026-03-09" in ribbon.sentence


class TestAProvisionalPromise:
    ribbon = build_ribbon(due(8, "2026-12-25T10:00"))

    def test_dashes_only_the_days_of_the_unpublished_year(self) -> None:
        dashed = {cell.day.date.year for cell in self.ribbon.cells if cell.day.provisional}
        solid = {cell.day.date.year for cell in self.ribbon.cells if not cell.day.provisional}
        assert (dashed, solid) == ({2027}, {2026})

    def test_says_why_it_may_move(self) -> None:
        assert self.ribbon.sentence.endswith("2027 年放假安排尚未公布，此日期为暂定。")


class TestOtherUnits:
    def test_a_same_day_promise_is_one_cell(self) -> None:
        ribbon = build_ribbon(due(0, "2026-03-02T10:00", Unit.SAME_DAY))
        assert kinds(ribbon) == ["start"]
        assert ribbon.cells[0].day.is_due

    def test_an_hour_clock_passes_through_days_without_numbers(self) -> None:
        ribbon = build_ribbon(due(48, "2026-02-13T15:30", Unit.HOURS))
        assert kinds(ribbon) == ["start", "elapsed", "elapsed"]
        assert ribbon.flag is not None
        assert ribbon.flag.word == "15:30"


class TestTheDrawing:
    def test_needs_no_inline_style_and_stays_inside_its_box(self) -> None:
        ribbon = build_ribbon(due(5, "2026-02-12T10:00"), today=date(2026, 2, 25), ceiling=date(2026, 3, 4))
        markup = render_to_string("components/_ribbon.html", {"ribbon": ribbon, "sentence": True})
        assert "style=" not in markup
        assert all(int(x) < ribbon.width for x in re.findall(r' x="(\d+)"', markup))
        assert ribbon.sentence in markup

    def test_without_a_clock_is_nothing(self) -> None:
        assert render_to_string("components/_ribbon.html", {"ribbon": None}).strip() == ""
