"""Reading a notice file, and refusing one that contradicts itself."""

from datetime import date

import pytest

from crm.refusal import Refusal
from crm.time.calendar import ListedDay
from crm.time.notices import (
    HolidayEndsBeforeItBegins,
    MakeUpDayIsAWeekday,
    NoticeIsUnreadable,
    NoticeNamesADayTwice,
    NoticeNamesAnotherYear,
    missing_statutory_days,
    parse_notice,
)

HEAD = 'year = 2026\nsource = "国务院办公厅通知"\n'
SPRING = '[[holiday]]\nname = "春节"\nfrom = 2026-02-15\nto = 2026-02-23\nmakeup = [2026-02-14, 2026-02-28]\n'


def holiday(body: str) -> str:
    return f'{HEAD}[[holiday]]\nname = "春节"\n{body}\n'


class TestANotice:
    def test_lists_its_days_in_order_with_where_it_comes_from(self) -> None:
        notice = parse_notice(
            'number = "国办发明电〔2025〕7号"\npublished_on = 2025-11-04\naddress = "https://www.gov.cn/x"\n'
            + HEAD
            + SPRING
        )
        assert notice.year == 2026
        assert notice.number == "国办发明电〔2025〕7号"
        assert notice.published_on == date(2025, 11, 4)
        assert notice.days[0] == ListedDay(date(2026, 2, 14), True, "春节")
        assert notice.days[1] == ListedDay(date(2026, 2, 15), False, "春节")
        assert [day.date for day in notice.days] == sorted(day.date for day in notice.days)
        assert len(notice.days) == 11

    def test_needs_no_number_and_a_holiday_may_be_one_day(self) -> None:
        notice = parse_notice(holiday("from = 2026-05-01"))
        assert (notice.number, notice.published_on, notice.version) == ("", None, 1)
        assert notice.days == (ListedDay(date(2026, 5, 1), False, "春节"),)

    def test_may_hold_only_the_make_up_day_of_the_next_new_year(self) -> None:
        assert parse_notice(holiday("makeup = [2026-12-26]")).days[0].working

    def test_shows_which_statutory_days_it_does_not_list(self) -> None:
        missing = missing_statutory_days(parse_notice(HEAD + SPRING))
        assert [day.name for day in missing[:2]] == ["元旦", "清明节"]
        assert not any(day.name == "春节" for day in missing)


class TestANoticeThatContradictsItself:
    @pytest.mark.parametrize(
        ("text", "refusal", "said"),
        [
            (
                holiday("from = 2026-02-15\nmakeup = [2026-02-13]"),
                MakeUpDayIsAWeekday,
                "2026-02-13 是周一至周五",
            ),
            (holiday("from = 2027-01-01"), NoticeNamesAnotherYear, "2027 年的文件"),
            (holiday("from = 2026-01-01\nmakeup = [2025-12-27]"), NoticeNamesAnotherYear, "2025-12-27"),
            (HEAD + SPRING + SPRING, NoticeNamesADayTwice, "2026-02-14 被列出两次"),
            (holiday("from = 2026-02-14\nmakeup = [2026-02-14]"), NoticeNamesADayTwice, "只保留一处"),
            (holiday("from = 2026-02-15\nto = 2026-02-10"), HolidayEndsBeforeItBegins, "不成立"),
            (holiday("from = 2026-02-15\nto = 2026-12-10"), HolidayEndsBeforeItBegins, "不成立"),
        ],
    )
    def test_is_refused_by_name_and_in_chinese(self, text: str, refusal: type[Refusal], said: str) -> None:
        with pytest.raises(refusal, match=said):
            parse_notice(text)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("year = ", "TOML"),
            (SPRING, "缺少“year”"),
            ("year = 2026\n" + SPRING, "缺少“source”"),
            (HEAD, "缺少“holiday”"),
            (HEAD + "holiday = []", "没有列出任何假期"),
            (HEAD + "holiday = [1]", "holiday"),
            ("colour = 1\n" + HEAD + SPRING, "不认识的项“colour”"),
            (holiday("from = 2026-02-15\nuntil = 2026-02-16"), "不认识的项“until”"),
            (holiday('from = "2026-02-15"'), "“from”写法不对"),
            (holiday("from = 2026-02-15T00:00:00"), "“from”写法不对"),
            (holiday('from = 2026-02-15\nmakeup = ["x"]'), "不是日期"),
            (holiday("to = 2026-02-15"), "缺少“from”"),
            (HEAD + '[[holiday]]\nname = " "\nfrom = 2026-02-15', "不能为空"),
            (HEAD + f'[[holiday]]\nname = "{"春" * 21}"\nfrom = 2026-02-15', "太长"),
            ("year = 1989\n" + SPRING, "1989"),
            ("year = true\n" + SPRING, "写法不对"),
        ],
    )
    def test_so_is_one_that_cannot_be_read(self, text: str, said: str) -> None:
        with pytest.raises(NoticeIsUnreadable, match=said):
            parse_notice(text)
