"""Service classes, the club, the broker's star and the motor flag (rulebook PA-15, PA-16.1, BR-4, CP-1)."""

from decimal import Decimal

import pytest

from crm.house_rules import HouseRules
from tiers.rules.broker import MonthsAreMissing, may_have_leading_group, rate
from tiers.rules.club import Person, club_member
from tiers.rules.motor import FlagIsUnreadable, motor_flag
from tiers.rules.service_classes import TierIsUnknown, classes_of

SCALE = HouseRules().broker_scale


class TestServiceClasses:
    def test_grow_with_the_tier(self) -> None:
        assert classes_of("ordinary") == ("常规",)
        assert classes_of("silver") == ("常规", "增值")
        assert classes_of("gold") == ("常规", "增值", "超值")

    def test_of_an_unknown_tier_are_refused(self) -> None:
        with pytest.raises(TierIsUnknown, match="platinum"):
            classes_of("platinum")


class TestTheClubOfAGoldCustomer:
    @pytest.mark.parametrize(
        ("titles", "member"),
        [
            (["总经理", "董事长"], 1),
            (["副总经理", "总经理"], 1),
            (["副董事长", "人事经理"], None),
            (["董事长兼总经理", "总经理"], 0),
            (["总经理", "总经理"], 0),
            ([], None),
        ],
    )
    def test_takes_the_chairman_else_the_general_manager(self, titles: list[str], member: int | None) -> None:
        people = [Person(f"人{n}", title, is_first=True) for n, title in enumerate(titles)]

        assert club_member("gold", people) == (None if member is None else people[member])

    def test_passes_over_second_objects(self) -> None:
        people = [Person("甲", "董事长", is_first=False), Person("乙", "总经理", is_first=True)]

        assert club_member("gold", people) == people[1]

    def test_takes_nobody_of_a_silver_customer(self) -> None:
        assert club_member("silver", [Person("甲", "董事长", is_first=True)]) is None


class TestABrokersStar:
    @pytest.mark.parametrize(
        ("total", "months", "annual", "star", "contents"),
        [
            ("360000.00", 36, "120000.00", 2, "standard"),
            ("90000.00", 18, "60000.00", 2, "standard"),
            ("50000.00", 8, "50000.00", 2, "manual"),
            ("50000.00", 12, "50000.00", 2, "standard"),
            ("49999.99", 12, "49999.99", 1, "standard"),
            ("100.00", 13, "92.31", 1, "standard"),  # 92.307…
            ("0", 12, "0", 1, "standard"),
            ("1000000", 12, "1000000", 5, "standard"),
        ],
    )
    def test_rests_on_the_income_of_one_service_year(
        self, total: str, months: int, annual: str, star: int, contents: str
    ) -> None:
        found = rate(Decimal(total), months, SCALE)

        assert (found.annual_income, found.star, found.contents) == (Decimal(annual), star, contents)

    def test_leaves_the_contents_of_consulting_to_people(self) -> None:
        assert rate(Decimal(100), 24, SCALE, consulting=True).contents == "manual"

    def test_needs_a_service_period(self) -> None:
        with pytest.raises(MonthsAreMissing, match="至少为一个月"):
            rate(Decimal(100), 0, SCALE)

    def test_opens_a_leading_group_from_four(self) -> None:
        assert [may_have_leading_group(star) for star in (3, 4, 5)] == [False, True, True]


class TestAMotorFlag:
    @pytest.mark.parametrize(
        ("text", "parts", "qualifies"),
        [
            ("(-3)男性", ("", -3, "男性"), True),
            ("钻石(-3)成功男士", ("钻石", -3, "成功男士"), True),
            ("钻石（－３）女性", ("钻石", -3, "女性"), True),
            ("(-2)女性", ("", -2, "女性"), False),
            ("(3)男性", ("", 3, "男性"), False),
            ("黄金(0)", ("黄金", 0, ""), False),
        ],
    )
    def test_is_level_count_segment_and_opens_the_programme_at_minus_three(
        self, text: str, parts: tuple[str, int, str], qualifies: bool
    ) -> None:
        flag = motor_flag(text)

        assert tuple(flag) == parts
        assert flag.qualifies is qualifies

    @pytest.mark.parametrize("text", ["", "女性", "-3女性", "(-3女性", "(三)女性", "(-3)(-3)女性"])
    def test_that_cannot_be_read_is_refused(self, text: str) -> None:
        with pytest.raises(FlagIsUnreadable, match="看不懂"):
            motor_flag(text)
