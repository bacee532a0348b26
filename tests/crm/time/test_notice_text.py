"""Reading the State Council's notices as published, and refusing what garbles them (rulebook X-03).

The numbered lines in `notices/*.txt` are as published; 2008, 2009, 2012, 2013 and 2015 stand between the usual
opening and closing sentences, because their copies begin at the first line.
"""

from datetime import date
from pathlib import Path

import pytest

from crm.time.calendar import ListedDay
from crm.time.notice_text import Reading, read_notice_text
from crm.time.shipped import shipped_notices

TEXTS = {
    int(path.stem): path.read_text("utf-8") for path in Path(__file__).with_name("notices").glob("*.txt")
}
READ = {year: read_notice_text(text) for year, text in sorted(TEXTS.items())}
SHIPPED = {notice.year: set(notice.days) for notice in shipped_notices()}


def listed(name: str, working: bool, *days: str) -> set[ListedDay]:
    return {ListedDay(date.fromisoformat(day), working, name) for day in days}


# What later notices of the same year changed: the texts here are the yearly ones.
ADDED_LATER = {
    2015: listed("抗战胜利70周年纪念日", False, "2015-09-03", "2015-09-04", "2015-09-05")
    | listed("抗战胜利70周年纪念日", True, "2015-09-06"),
    2019: listed("劳动节", False, "2019-05-02", "2019-05-03", "2019-05-04")
    | listed("劳动节", True, "2019-04-28", "2019-05-05"),
    2020: listed("春节", False, "2020-01-31", "2020-02-01", "2020-02-02"),
}
TAKEN_BACK_LATER = {2020: listed("春节", True, "2020-02-01")}


def days_of(year: int) -> set[ListedDay]:
    """The days of a year by its own notice, and by the next one's for the end of December."""
    notice = READ[year].notice
    assert notice is not None, READ[year].problems
    following = READ[year + 1].carried if year + 1 in READ else ()
    return {*notice.days, *following}


def garbled(year: int, right: str, wrong: str) -> Reading:
    assert right in TEXTS[year]
    return read_notice_text(TEXTS[year].replace(right, wrong, 1))


class TestTheNoticesOf2008To2026:
    @pytest.mark.parametrize("year", sorted(TEXTS))
    def test_are_read_without_a_wrong_day(self, year: int) -> None:
        later, taken_back = ADDED_LATER.get(year, set()), TAKEN_BACK_LATER.get(year, set())
        assert days_of(year) - taken_back | later == SHIPPED[year]

    def test_are_nineteen(self) -> None:
        assert sorted(TEXTS) == list(range(2008, 2027))

    def test_say_where_they_come_from(self) -> None:
        notice = read_notice_text(TEXTS[2026], address="https://www.gov.cn/x").notice
        assert notice is not None
        assert (notice.year, notice.number, notice.published_on) == (
            2026,
            "国办发明电〔2025〕7号",
            date(2025, 11, 4),
        )
        assert (notice.source, notice.address) == ("国务院办公厅通知", "https://www.gov.cn/x")

    def test_are_dated_in_chinese_digits_too(self) -> None:
        notice = READ[2010].notice
        assert notice is not None and notice.published_on == date(2009, 12, 7)

    def test_are_shown_holiday_by_holiday_in_their_own_words(self) -> None:
        spring = READ[2026].holidays[1]
        assert spring.name == "春节"
        assert spring.text.startswith("二、春节：2月15日（农历腊月二十八、周日）至23日")
        assert (spring.off[0], spring.off[-1]) == (date(2026, 2, 15), date(2026, 2, 23))
        assert spring.worked == (date(2026, 2, 14), date(2026, 2, 28))

    def test_carry_the_end_of_the_december_before(self) -> None:
        assert set(READ[2019].carried) == listed("元旦", False, "2018-12-30", "2018-12-31") | listed(
            "元旦", True, "2018-12-29"
        )

    def test_make_no_day_off_of_an_encouraged_new_years_eve(self) -> None:
        spring = READ[2024].holidays[1]
        assert date(2024, 2, 9) not in spring.off
        assert spring.encouraged == ("鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。",)


class TestAPastedText:
    def test_may_have_blanks_half_width_signs_and_hard_line_ends(self) -> None:
        text = TEXTS[2026].translate(str.maketrans("（）：，", "():,"))
        wrapped = "\n".join(text[place : place + 17] for place in range(0, len(text), 17))
        assert read_notice_text(wrapped.replace("月", " 月 ")).notice == READ[2026].notice

    def test_may_have_full_width_digits(self) -> None:
        text = TEXTS[2026].translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        notice, plain = read_notice_text(text).notice, READ[2026].notice
        assert notice is not None and plain is not None and notice.days == plain.days

    def test_may_be_the_copy_of_a_news_agency(self) -> None:
        head = "新华社北京11月4日电 国务院办公厅关于2026年部分节假日安排的通知，全文如下：\n"
        text = head + TEXTS[2026].split("\n", 2)[2]
        notice, whole = read_notice_text(text).notice, READ[2026].notice
        assert notice is not None and whole is not None
        assert (notice.days, notice.number) == (whole.days, "")

    @pytest.mark.parametrize("text", ["", "今天天气很好", "year = 2026", "。。。：：、、"])
    def test_that_is_no_notice_is_refused_by_saying_what_to_paste(self, text: str) -> None:
        reading = read_notice_text(text)
        assert reading.notice is None
        assert "请从“国务院办公厅关于……年部分节假日安排的通知”起完整粘贴" in reading.problems[0]

    def test_that_changes_one_holiday_of_a_year_is_not_taken_for_the_whole_year(self) -> None:
        text = "国务院办公厅关于调整2019年劳动节假期安排的通知\n一、2019年5月1日至4日放假调休，共4天。"
        assert read_notice_text(text).problems == (
            "这是对 2019 年个别假期的调整通知，不是全年安排；请把调整写进全年的 TOML 文件再导入。",
        )


class TestAGarbledText:
    @pytest.mark.parametrize(
        ("year", "right", "wrong", "said"),
        [
            (
                2026,
                "1月4日（周日）",
                "1月4日（周六）",
                "“1月4日（周六）上班。”：2026-01-04 是周日，不是周六。",
            ),
            (
                2026,
                "2月15日（农历腊月二十八、周日）",
                "2月15日（农历腊月二十七、周日）",
                "不是“农历腊月二十七”",
            ),
            (
                2026,
                "23日（农历正月初七、周一）放假",
                "22日（农历正月初六、周日）放假",
                "列出 8 天，写的是共 9 天",
            ),
            (2024, "共8天", "共9天", "列出 8 天，写的是共 9 天"),
            (2023, "共1天", "共2天", "列出 1 天，写的是共 2 天"),
            (2021, "2月20日（星期六）", "2月19日（星期五）", "调休上班日 2021-02-19 是周一至周五"),
            (2021, "2月20日（星期六）", "2月14日（星期日）", "调休上班日 2021-02-14 在放假日之内"),
            (2021, "4月25日（星期日）", "3月28日（星期日）", "调休上班日 2021-03-28 离假期太远"),
            (2019, "2019年1月1日", "2020年1月1日", "2020-01-01 不属于 2019 年的放假安排"),
            (2022, "2022年1月1日至3日", "2021年1月1日至3日", "不属于 2022 年的放假安排"),
            (2023, "4月29日", "4月31日", "没有 2023 年 4 月 31 日这一天"),
            (2018, "6月18日放假", "6月25日放假", "端午节当日 2018-06-18 不在放假日里"),
            (2018, "6月18日放假，与周末连休", "6月20日放假，与周末连休", "放假日不与周末相邻"),
            (
                2016,
                "5月2日（星期一）补休",
                "5月9日（星期一）补休",
                "放假日 2016-05-01 至 2016-05-09 中间断开",
            ),
            (2026, "1月4日（周日）上班。", "", "可能漏了“上班”的句子"),
            (2026, "三、清明节：4月4日（周六）至6日（周一）放假，共3天。", "", "没有读到清明节的安排"),
            (2026, "三、清明节：4月4日（周六）至6日（周一）放假，共3天。", "", "序号不连续"),
            (2026, "六、中秋节：9月25日", "六、端午节：9月25日", "“端午节”写了两次"),
            (
                2026,
                "9月20日（周日）、10月10日",
                "9月27日（周日）、10月10日",
                "同时出现在“中秋节”和“国庆节”里",
            ),
            (
                2008,
                "12月29日（星期六）公休日调至12月31日",
                "12月29日（星期六）公休日调至12月28日",
                "不在放假日之内",
            ),
            (
                2009,
                "5月2日（星期六）、5月3日（星期日）照常公休",
                "5月4日（星期一）照常公休",
                "不在放假日之内",
            ),
            (2026, "现将2026年", "现将2025年", "同时写着 2025、2026 年"),
        ],
    )
    def test_is_refused_with_the_words_that_contradict(
        self, year: int, right: str, wrong: str, said: str
    ) -> None:
        reading = garbled(year, right, wrong)
        assert reading.notice is None
        assert said in "\n".join(reading.problems)

    @pytest.mark.parametrize(
        ("year", "right", "wrong", "unread"),
        [
            (
                2026,
                "至3日（周六）放假调休",
                "至3日（周六）放价调休",
                "1月1日（周四）至3日（周六）放价调休，共3天。",
            ),
            (
                2020,
                "2月1日（星期六）上班",
                "2月1日（星期六）上斑",
                "1月19日（星期日）、2月1日（星期六）上斑。",
            ),
            (2024, "与周末连休", "与周未连休", "1月1日放假，与周未连休。"),
            (2025, "不调休", "不补班", "1月1日（周三）放假1天，不补班。"),
            (2016, "补休。", "补休。另有半天安排。", "另有半天安排。"),
            (2026, "国务院办公厅\n2025", "打印\n国务院办公厅\n2025", "打印"),
            (2026, "各省、自治区", "责任编辑：某某\n各省、自治区", "责任编辑"),
            (2026, "节假日期间，各地区", "节假日期间上班，各地区", "节假日期间上班"),
        ],
    )
    def test_names_the_sentence_that_could_not_be_read(
        self, year: int, right: str, wrong: str, unread: str
    ) -> None:
        reading = garbled(year, right, wrong)
        assert reading.notice is None
        assert any(problem.startswith("没有读懂“") and unread in problem for problem in reading.problems)

    def test_by_one_lost_sign_never_gives_other_days(self) -> None:
        for year, text in TEXTS.items():
            for place in range(text.index("一、"), text.rindex("班。" if "班。" in text else "。")):
                reading = read_notice_text(text[:place] + text[place + 1 :])
                if reading.notice is not None and READ[year].notice is not None:
                    assert (reading.notice.days, reading.carried) == (
                        READ[year].notice.days,  # type: ignore[union-attr]
                        READ[year].carried,
                    ), text[place - 9 : place + 9]

    def test_by_one_wrong_digit_gives_other_days_only_where_a_make_up_day_moves_by_a_week(self) -> None:
        for year in (2016, 2019, 2023, 2025, 2026):
            text, true = TEXTS[year], READ[year].notice
            assert true is not None
            for place in range(text.index("一、"), text.index("节假日期间")):
                for digit in "0123456789" if text[place].isdigit() else "":
                    read = read_notice_text(text[:place] + digit + text[place + 1 :]).notice
                    moved = sorted(set(read.days if read else true.days) ^ set(true.days))
                    weeks = [(day.date - moved[0].date).days % 7 for day in moved]
                    assert all(day.working for day in moved) and not any(weeks), text[place - 9 : place + 9]
