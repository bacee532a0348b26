"""What single cells mean, and what they may not."""

from datetime import date, datetime

import pytest

from crm.book import cells, dates
from crm.book.cells import CellIsUnreadable
from crm.book.dates import Birthday


class TestAnIdentifier:
    def test_loses_spaces_and_full_width_forms_but_no_zero(self) -> None:
        assert cells.identifier(20)(" ００1２ 3\u200b\t") == "00123"

    @pytest.mark.parametrize(
        "cell", [4.4010119900101e17, 123.0, 13900000001.0, "4.40E+17", "1e5", True, date(2026, 1, 2)]
    )
    def test_is_never_a_figure(self, cell: cells.Cell) -> None:
        with pytest.raises(CellIsUnreadable, match="文本"):
            cells.identifier(30)(cell)

    def test_longer_than_its_place_is_refused(self) -> None:
        with pytest.raises(CellIsUnreadable, match="最多 3 位"):
            cells.identifier(3)("1234")


class TestWords:
    def test_lose_line_breaks_and_invisible_characters(self) -> None:
        assert cells.text(20)("\ufeff 天津\u3000\n港务\x00集团 ") == "天津 港务集团"

    def test_keep_full_width_brackets(self) -> None:
        assert cells.text(20)("晨光（天津）公司") == "晨光（天津）公司"

    def test_longer_than_their_place_are_refused(self) -> None:
        with pytest.raises(CellIsUnreadable, match="有 4 个字，最多 3 个字"):
            cells.text(3)("一二三四")


class TestMoney:
    @pytest.mark.parametrize(
        ("cell", "fen"),
        [
            ("12,345.67", 1_234_567),
            ("¥１２，３４５．６", 1_234_560),
            ("100元", 10_000),
            (0.1 + 0.2, 30),
            (12345.0, 1_234_500),
            ("0", 0),
        ],
    )
    def test_is_read_as_whole_fen(self, cell: cells.Cell, fen: int) -> None:
        assert cells.money(cell) == fen

    @pytest.mark.parametrize(
        "cell", ["-1", "12,34", "1.234", "十二", "12万", "1e3", "NaN", float("inf"), "999999999999", True]
    )
    def test_that_is_not_plain_is_refused(self, cell: cells.Cell) -> None:
        with pytest.raises(CellIsUnreadable):
            cells.money(cell)


class TestChoices:
    def test_know_their_words(self) -> None:
        read = cells.choice({"团险 VIP": "group_vip"})
        assert (read("团险VIP"), read("团险ＶＩＰ")) == ("group_vip", "group_vip")

    def test_name_what_is_allowed(self) -> None:
        with pytest.raises(CellIsUnreadable, match="只能填：单位、个人"):
            cells.choice({"单位": "a", "个人": "b", "公司": "a"})("别的")

    @pytest.mark.parametrize(
        ("cell", "truth"), [("是", True), ("否", False), (True, True), ("y", True), ("0", False)]
    )
    def test_yes_and_no(self, cell: cells.Cell, truth: bool) -> None:
        assert cells.yes_no(cell) is truth

    def test_maybe_is_neither(self) -> None:
        with pytest.raises(CellIsUnreadable):
            cells.yes_no("也许")

    def test_whole_numbers_stay_in_their_range(self) -> None:
        assert cells.whole(1, 100)("２０") == 20
        assert cells.whole(1, 100)(5.0) == 5
        for wrong in ("0", "101", "1.5", "五", "1" * 50):
            with pytest.raises(CellIsUnreadable):
                cells.whole(1, 100)(wrong)


class TestADate:
    @pytest.mark.parametrize(
        "cell",
        [
            date(2026, 1, 2),
            datetime(2026, 1, 2),  # noqa: DTZ001 (a cell has no zone)
            "2026-01-02",
            "2026/1/2",
            "2026.1.2",
            "20260102",
            20260102.0,
            "2026年1月2日",
            "２０２６年１月２日",
            " 2026-01-02 00:00:00",
        ],
    )
    def test_is_read_in_every_usual_way(self, cell: cells.Cell) -> None:
        assert dates.day(cell) == date(2026, 1, 2)

    @pytest.mark.parametrize(
        "cell",
        [
            "1/2/2026",
            "26-1-2",
            "2026-02-30",
            45000.0,
            "1月2日",
            "0001-01-01",
            "20261301",
            "9999-1-1",
            "昨天",
            True,
        ],
    )
    def test_that_could_mean_anything_is_refused(self, cell: cells.Cell) -> None:
        with pytest.raises(CellIsUnreadable):
            dates.day(cell)


class TestABirthday:
    @pytest.mark.parametrize(
        ("cell", "found"),
        [
            (date(1980, 5, 6), Birthday(5, 6, 1980)),
            ("1980-05-06", Birthday(5, 6, 1980)),
            ("05-06", Birthday(5, 6)),
            ("5月6日", Birthday(5, 6)),
            ("四月初六", Birthday(4, 6)),
            ("闰四月初六", Birthday(4, 6, None, True)),
            ("1985年腊月三十", Birthday(12, 30, 1985)),
            ("冬月二十一", Birthday(11, 21)),
            ("正月廿九", Birthday(1, 29)),
            ("闰4-6", Birthday(4, 6, None, True)),
            ("1979-02-30", Birthday(2, 30, 1979)),
        ],
    )
    def test_is_read_in_both_calendars(self, cell: cells.Cell, found: Birthday) -> None:
        assert dates.birthday(cell) == found

    @pytest.mark.parametrize("cell", ["13-01", "四月初十一", "04-31号啊", "1700-05-06", "生日", 4.5, "00-00"])
    def test_that_is_no_day_is_refused(self, cell: cells.Cell) -> None:
        with pytest.raises(CellIsUnreadable):
            dates.birthday(cell)
