"""What happens to greetings while workers or the broker are dead, absent at the start, or deliver everything twice."""

import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from tests.figures import LONG, keep, size
from tests.stack import postgres
from tests.stack.installation import PATIENCE, Installation, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.timeout(PATIENCE)]


def furnished(house: Installation, greetings: int) -> None:
    house.call("tests.stack.acts:fill", greetings)
    house.call("tests.stack.acts:lay_out", 240)


def until_accepted(house: Installation, count: int) -> float:
    """This function will wait until so many greetings were accepted; it returns the seconds it took."""
    began = time.monotonic()
    assert wait_for(lambda: len(house.accepted()) >= count, seconds=PATIENCE, every=0.1), house.log("worker")
    return time.monotonic() - began


def judged(house: Installation, count: int) -> tuple[int, int]:
    """This function will say how many greetings the provider never got, and how many it got twice."""
    accepted = house.accepted()
    return count - len(accepted), sum(times > 1 for times in accepted.values())


class TestWorkersThatStayDead:
    """F2."""

    def test_are_noticed_and_what_waited_leaves_once(self, build: Callable[..., Installation]) -> None:
        house, count, began = build("production"), size(150, 2000), time.monotonic()
        alarm, dead = size(3, 600), size(0, 600)
        house.more_env = {
            "HEALTH_WARN_SECONDS": "1",
            "HEALTH_TICK_SECONDS": str(alarm),
            "HEALTH_ALARM_SECONDS": str(alarm),
        }
        furnished(house, count)
        house.start_beat()
        house.start_worker()
        until_accepted(house, count // 10)
        house.kill("worker")
        killed = time.monotonic()
        assert wait_for(lambda: bool(self.alarms(house)), seconds=PATIENCE)
        noticed = time.monotonic() - killed
        wait_for(lambda: False, seconds=killed + dead - time.monotonic())
        house.start_worker()
        drained = until_accepted(house, count)
        assert wait_for(lambda: not self.alarms(house), seconds=PATIENCE, every=1.0)
        lost, doubled = judged(house, count)
        told = f"丢失 {lost}，重复 {doubled}；{noticed:.0f} 秒后告警（线 {alarm} 秒），恢复后 {drained:.0f} 秒发完"
        keep("F2", "作业进程全部死亡", house.kind, f"{count} 条，停 {max(dead, noticed):.0f} 秒", told, began)
        assert (lost, doubled) == (0, 0)
        assert not LONG or (noticed <= alarm + 60 and drained <= 300)

    def alarms(self, house: Installation) -> list[str]:
        """This function will name the signs of progress that are alarming."""
        return list(house.call("tests.stack.acts:alarms"))


class TestABrokerThatLosesEverything:
    """F3."""

    def test_loses_no_greeting(self, house: Installation) -> None:
        count, began = size(150, 5000), time.monotonic()
        furnished(house, count)
        house.start_beat()
        house.start_worker()
        until_accepted(house, count // 5)
        house.kill("broker")
        shutil.rmtree(house.folder / "var" / "appendonlydir")
        held = len(house.accepted())
        house.start_broker()
        recovered = until_accepted(house, min(held + 1, count))
        until_accepted(house, count)
        lost, doubled = judged(house, count)
        told = f"丢失 {lost}，重复 {doubled}；重启后 {recovered:.0f} 秒接着发"
        keep("F3", "消息代理被杀、数据清空", house.kind, f"{count} 条", told, began)
        assert (lost, doubled) == (0, 0)
        assert not LONG or recovered <= 120


class TestEveryMessageDeliveredTwiceToFiveTimes:
    """F10."""

    def test_ends_as_if_it_had_been_delivered_once(self, build: Callable[..., Installation]) -> None:
        count, rows, began = size(60, 1000), size(300, 5000), time.monotonic()
        ends = []
        for celery in ("celery", "tests.stack.many_times"):
            house = build("embedded")
            furnished(house, count)
            house.call("tests.stack.imports:hand_in", rows)
            house.start_beat(celery)
            house.start_worker(celery=celery)
            self.until(house, "checked")
            house.call("tests.stack.imports:confirm")
            self.until(house, "done")
            until_accepted(house, count)
            wait_for(partial(self.is_finished, house, count), seconds=60)
            ends.append(
                (self.standing(house), judged(house, count), house.call("tests.stack.imports:digest"))
            )
        same = ends[0] == ends[1]
        told = f"结果与单次投递{'相同' if same else '不同'}"
        keep(
            "F10",
            "每条队列消息投递 2～5 次",
            "SQLite + Valkey",
            f"{count} 条短信、{rows} 行导入",
            told,
            began,
        )
        assert same, ends
        assert ends[0][1] == (0, 0) and self.is_finished(house, count)

    def until(self, house: Installation, state: str) -> None:
        """This function will wait until the imported book is in a state."""

        def there() -> bool:
            return bool(house.call("tests.stack.imports:state")["batch"] == state)

        assert wait_for(there, seconds=PATIENCE), house.log("worker")

    def is_finished(self, house: Installation, count: int) -> bool:
        """This function will say whether every greeting was accepted, and its promise kept with proof."""
        expected = {"planned": 0, "kept": count, "evidence": count, "message_accepted": count}
        return self.standing(house) == expected

    def standing(self, house: Installation) -> dict[str, Any]:
        """This function will say where the greetings stand."""
        return dict(house.call("tests.stack.acts:standing"))


@pytest.fixture
def own_server() -> Iterator[postgres.Server]:
    """A PostgreSQL that may be stopped."""
    try:
        with postgres.of_ones_own(*postgres.QUICK) as server:
            yield server
    except postgres.NoServer as refusal:
        pytest.skip(str(refusal))


class TestAStartWithoutWhatItNeeds:
    """F48."""

    def test_waits_for_it_and_then_works(
        self, own_server: postgres.Server, build: Callable[..., Installation]
    ) -> None:
        house, began, late = build("production", own_server.address), time.monotonic(), size(0, 60)
        furnished(house, 10)
        house.kill("broker")
        own_server.stop()
        house.start_web()
        house.start_worker()
        house.start_beat()
        programs = dict(house.processes)
        assert house.answers("/readyz") == 503
        assert house.answers("/login/") == 200  # asks no database
        wait_for(lambda: False, seconds=late)
        own_server.start()
        assert wait_for(lambda: house.answers("/readyz") == 200, seconds=PATIENCE), house.log("web")
        house.start_broker()
        back = until_accepted(house, 10)
        assert all(one.poll() is None for one in programs.values())
        told = f"网页、作业、节拍进程未退出；其间 /readyz 回答 503，代理到位后 {back:.0f} 秒发完"
        keep("F48", "启动时没有数据库和消息代理", house.kind, f"迟到 {late} 秒", told, began)
        assert judged(house, 10) == (0, 0)
