"""Resident ID numbers. Numbers with a true check digit are of the demo's range only."""

from datetime import date

import pytest
from stdnum.cn import ric

from crm import id_numbers

TODAY = date(2026, 3, 10)


def number(region: str, born: str = "19800229", serial: str = "001") -> str:
    """This function will build a number with its check digit."""
    body = f"{region}{born}{serial}"
    return body + ric.calc_check_digit(f"{body}0")


class TestAnIdNumber:
    """As it is written on the card."""

    @pytest.mark.parametrize("region", ["110105", "120116", "650102", "710000", "810000", "820000", "830000"])
    def test_of_a_province_or_a_residence_permit_is_accepted(self, region: str) -> None:
        """81, 82 and 83 are permits for residents of 港澳台."""
        assert id_numbers.normalise(number(region), today=TODAY) == number(region)

    def test_is_freed_of_spaces_and_forms(self) -> None:
        """Full-width digits, spaces and a small x."""
        wanted = next(n for n in (number("120116", serial=f"{i:03d}") for i in range(200)) if n.endswith("X"))
        written = f" {wanted[:6]} {wanted[6:14]} {wanted[14:].lower()} "
        assert id_numbers.normalise(written, today=TODAY) == wanted
        wide = wanted.translate({ord("0") + i: ord("０") + i for i in range(10)})
        assert id_numbers.normalise(wide, today=TODAY) == wanted

    def test_of_fifteen_digits_is_refused(self) -> None:
        """The old cards are out of use."""
        with pytest.raises(id_numbers.IdNumberNotUnderstood, match="15 位"):
            id_numbers.normalise("120116800229001", today=TODAY)

    @pytest.mark.parametrize("text", ["", "12011619800229", "12011619800229001Y", "张伟", "1" * 19])
    def test_of_another_form_is_refused(self, text: str) -> None:
        """Eighteen characters."""
        with pytest.raises(id_numbers.IdNumberNotUnderstood, match="18 位"):
            id_numbers.normalise(text, today=TODAY)

    def test_with_a_wrong_check_digit_is_refused(self) -> None:
        """A slip of the pen is noticed."""
        right = number("120116")
        wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
        with pytest.raises(id_numbers.IdNumberNotUnderstood, match="校验位"):
            id_numbers.normalise(wrong, today=TODAY)

    def test_of_an_unknown_region_is_refused(self) -> None:
        """No province has the code 00."""
        with pytest.raises(id_numbers.IdNumberNotUnderstood, match="地区代码"):
            id_numbers.normalise(number("000000"), today=TODAY)

    @pytest.mark.parametrize(
        ("born", "match"), [("19810229", "不存在"), ("20260311", "今天之后"), ("20990101", "今天之后")]
    )
    def test_born_on_no_day_or_tomorrow_is_refused(self, born: str, match: str) -> None:
        """29 February of a common year, and the future."""
        with pytest.raises(id_numbers.IdNumberNotUnderstood, match=match):
            id_numbers.normalise(number("120116", born), today=TODAY)

    def test_born_today_is_accepted(self) -> None:
        """The last day that is not in the future."""
        assert id_numbers.birth_date(id_numbers.normalise(number("120116", "20260310"), today=TODAY)) == TODAY


class TestTheDemoRange:
    """Numbers beginning with 990000."""

    def test_is_refused_in_earnest(self, settings: object) -> None:
        """A sentence says why."""
        settings.DEMO = False  # type: ignore[attr-defined]
        with pytest.raises(id_numbers.IdNumberIsForDemos, match="演示"):
            id_numbers.normalise(number("990000"), today=TODAY)

    def test_is_accepted_in_a_demo(self, settings: object) -> None:
        """So that demo data can be nobody's."""
        settings.DEMO = True  # type: ignore[attr-defined]
        assert id_numbers.normalise(number("990000"), today=TODAY).startswith("990000")
