"""What a change of a standard says: its differences, and where it promises less."""

from dataclasses import replace

import pytest

from servicing.catalogue import Entry, shipped
from servicing.standard_changes import Change, differences, loosened, pause_words, tier_words


def entry(**fields: object) -> Entry:
    return replace(shipped()["PA-18.1.3"], **fields)  # type: ignore[arg-type]


class TestALoosenedPromise:
    @pytest.mark.parametrize(
        ("unit", "amount"), [("working_days", 3), ("natural_days", 3), ("hours", 49), ("working_days", 100)]
    )
    def test_is_any_limit_that_lasts_longer(self, unit: str, amount: int) -> None:
        later = entry(unit=unit, amount=amount, pause_reasons=())
        assert len(loosened(entry(pause_reasons=()), later)) == 1

    @pytest.mark.parametrize(("unit", "amount"), [("working_days", 1), ("same_day", 0), ("hours", 48)])
    def test_is_none_that_is_as_short_or_shorter(self, unit: str, amount: int) -> None:
        assert not loosened(entry(pause_reasons=()), entry(unit=unit, amount=amount, pause_reasons=()))

    def test_is_fewer_visits_a_year(self) -> None:
        visits = shipped()["PA-18.2.3-gold"]
        assert loosened(visits, replace(visits, amount=2)) == ["时限由“每年 3 次”放宽为“每年 2 次”"]
        assert not loosened(visits, replace(visits, amount=4))

    def test_is_a_new_reason_to_pause_or_a_proof_less(self) -> None:
        before = entry(pause_reasons=("medical",), evidence=("办结时间", "批单号"))
        after = entry(pause_reasons=("papers", "medical"), evidence=("办结时间",))
        assert loosened(before, after) == ["新增可暂停的原因：等待补件", "不再要求的凭据：批单号"]
        assert not loosened(after, before)


class TestTwoVersions:
    def test_are_laid_side_by_side_field_by_field(self) -> None:
        rows = differences(entry(), entry(amount=1, wording="当天办结"))
        assert {one.label for one in rows if one.changed} == {"承诺", "时限"}
        assert {"起算", "办结", "可暂停原因", "凭据", "适用层级"} <= {one.label for one in rows}

    def test_name_tiers_and_pauses_in_words(self) -> None:
        assert tier_words(["gold", "3"]) == ["金牌", "3 星"]
        assert pause_words(["medical", "papers"]) == "等待补件、体检"


class TestALimitUntilTheEndOfTheDay:
    def test_has_no_number(self) -> None:
        same = Change("same_day", 7, "当天办结", (), ("办结时间",))
        assert same.applied_to(entry()).amount == 0
