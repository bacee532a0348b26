"""Processes that die between two statements or in the middle of one: what was told stands, what was begun is finished."""

import time
from collections.abc import Callable

import pytest

from tests.figures import keep, size
from tests.stack.installation import PATIENCE, Installation

pytestmark = [pytest.mark.stack, pytest.mark.timeout(PATIENCE)]


class TestAWriterKilledOnSqlite:
    """F26."""

    def test_leaves_a_sound_file_and_everything_it_told(self, build: Callable[[str], Installation]) -> None:
        house, deaths, began = build("embedded"), size(8, 100), time.monotonic()
        seen = house.call("tests.stack.deaths:killed_while_writing", deaths, 26)
        told = (
            f"已答复 {seen['told']}，丢失 {seen['lost']}，残缺 {seen['halves']}，完整性 {seen['integrity']}"
        )
        keep("F26", "写入中强制结束", "SQLite", f"结束 {deaths} 次", told, began)
        assert (seen["lost"], seen["halves"], seen["integrity"]) == (0, 0, "ok")
        assert seen["told"] >= deaths >= seen["untold"]


class TestAProcessThatDiesBeforeTheBrokerHears:
    """F6."""

    def test_loses_nothing_and_doubles_nothing(self, house: Installation) -> None:
        deaths, began = size(60, 1000), time.monotonic()
        house.call("tests.stack.acts:fill", deaths)
        house.call("tests.stack.acts:lay_out", 600)
        seen = house.call("tests.stack.deaths:died_before_the_broker_heard", deaths, 6)
        accepted = house.accepted()
        lost, doubled = deaths - len(accepted), sum(times > 1 for times in accepted.values())
        told = f"丢失 {lost}，重复 {doubled}；死前已提交 {seen['opened by the dying']} 条"
        keep("F6", "提交后、入队前死亡", house.kind, f"死亡 {deaths} 次", told, began)
        assert (lost, doubled, seen["finished"]) == (0, 0, True)
