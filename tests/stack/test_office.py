"""An office at real browsers, while what the pages stand on goes away and comes back, and while two want the same."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest

from tests.figures import LONG, keep, size
from tests.stack import postgres
from tests.stack.browsers import Browser, Clerk, Reader, at_work, call_noted, complaint, p95
from tests.stack.conftest import KINDS
from tests.stack.installation import PATIENCE, Installation, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.timeout(PATIENCE)]

PAGES = ["/", "/customers/", "/tickets/", "/promises/", "/todo/"]


def saved(clerks: list[Clerk]) -> int:
    return sum(len(one.done) for one in clerks)


def statuses(people: list[Any]) -> set[int]:
    return {status for one in people for status in one.browser.statuses}


def after(clerks: list[Clerk], more: int) -> None:
    """This function will wait until so many more requests were taken in."""
    wanted = saved(clerks) + more
    assert wait_for(lambda: saved(clerks) >= wanted, seconds=PATIENCE, every=0.05), statuses(clerks)


def check(house: Installation, clerks: list[Clerk]) -> None:
    """This function will find everything that was answered once, and nothing half."""
    stands = house.call("tests.stack.office:taken_in")
    told = [subject for one in clerks for subject in one.done]
    assert {subject: stands["subjects"].get(subject, 0) for subject in told} == dict.fromkeys(told, 1)
    assert len(set(stands["parts"])) == 1, stands["parts"]


class TestABrokerThatIsAway:
    """F4."""

    def test_fails_no_save_and_delays_only_the_sending(self, build: Callable[[str], Installation]) -> None:
        house, began = build("production"), time.monotonic()
        people, minutes = size(5, 50), size(0, 30)
        office = house.call("tests.stack.office:furnish", people, people)
        house.call("tests.stack.acts:fill", 20)
        house.start_web()
        house.start_worker()
        house.start_beat()
        clerks = [
            Clerk(house, one, office["customers"], size(0.3, 1.0)) for one in office["sessions"][: size(2, 5)]
        ]
        readers = [Reader(house, one, PAGES, size(0.5, 10)) for one in office["sessions"]]
        with at_work([*clerks, *readers]):
            before = self.quarter(clerks, readers, minutes / 6)
            house.kill("broker")
            house.call("tests.stack.acts:lay_out", 240)
            away = self.quarter(clerks, readers, minutes)
            house.start_broker()
            back = time.monotonic()
            assert wait_for(lambda: len(house.accepted()) == 20, seconds=PATIENCE), house.log("worker")
            recovered = time.monotonic() - back
        check(house, clerks)
        times = f"p95 之前 {before * 1000:.0f} 毫秒，断开时 {away * 1000:.0f} 毫秒"
        told = f"保存 {saved(clerks)} 次，失败 0；{times}；恢复 {recovered:.0f} 秒"
        keep("F4", "消息代理断开", house.kind, f"{people} 人，{minutes} 分钟", told, began)
        assert statuses(clerks) == {302} and statuses(readers) == {200}
        assert set(house.accepted().values()) == {1}
        assert not LONG or away <= 2 * before

    def quarter(self, clerks: list[Clerk], readers: list[Reader], minutes: float) -> float:
        """This function will let them work for so long, and at least six saves; it returns the pages' p95."""
        for one in readers:
            one.browser.seconds.clear()
        until = time.monotonic() + minutes * 60
        after(clerks, 6)
        wait_for(lambda: False, seconds=until - time.monotonic())
        return p95([second for one in readers for second in one.browser.seconds])


@pytest.fixture
def own_server() -> Iterator[postgres.Server]:
    """A PostgreSQL that may be stopped, and that writes every commit down before it answers."""
    try:
        with postgres.of_ones_own("synchronous_commit=on", "fsync=off") as server:
            yield server
    except postgres.NoServer as refusal:
        pytest.skip(str(refusal))


class TestADatabaseThatIsStartedAgain:
    """F5."""

    def test_keeps_what_was_answered_and_asks_for_the_rest_again(
        self, own_server: postgres.Server, build: Callable[..., Installation]
    ) -> None:
        house, began = build("production", own_server.address), time.monotonic()
        office = house.call("tests.stack.office:furnish", 4, 4)
        house.start_web()
        clerks = [Clerk(house, one, office["customers"], size(0.05, 0.2)) for one in office["sessions"]]
        ways = [postgres.FAST, postgres.IMMEDIATE] * size(1, 5)
        with at_work(clerks):
            for how in ways:
                after(clerks, size(8, 100))
                own_server.stop(how)
                own_server.start()
            after(clerks, 8)
        check(house, clerks)
        asked_again = sum(one.browser.statuses[503] for one in clerks)
        told = f"已答复 {saved(clerks)}，丢失 0，重复 0，残缺 0；请再试 {asked_again} 次，其他错误 0"
        keep("F5", "数据库重启（正常、立即）", house.kind, f"重启 {len(ways)} 次", told, began)
        assert statuses(clerks) <= {302, 503}


@pytest.fixture(params=size(["production"], KINDS))
def house(request: pytest.FixtureRequest, build: Callable[..., Installation]) -> Installation:
    """With PostgreSQL alone in the quick form: SQLite lets one writer in at a time."""
    return build(request.param)


class TestTheSameFormSentTwiceToFiveTimes:
    """F19."""

    def test_has_one_effect(self, house: Installation) -> None:
        forms, began = size(12, 200), time.monotonic()
        office = house.call("tests.stack.office:furnish", 1, 2)
        house.start_web()
        browsers = [Browser(house, office["sessions"][0]) for _one in range(5)]
        ways = [
            lambda n: ("/tickets/new/", complaint(office["customers"][0], f"f{n}")),
            lambda n: (f"/customers/{office['customers'][1]}/touchpoints/new/", call_noted(f"f{n}")),
        ]
        with ThreadPoolExecutor(5) as pool:
            for number in range(forms):
                path, form = ways[number % 2](number)
                together(pool, [partial(one.post, path, form) for one in browsers[: 2 + number % 4]])
        effects = house.call("tests.stack.office:effects")
        counts = [*effects["ticket"].values(), *effects["touchpoint"].values()]
        told = f"生效 {sum(counts)} 次，重复 {sum(one > 1 for one in counts)}"
        keep("F19", "同一表单并发提交 2～5 次", house.kind, f"{forms} 张", told, began)
        assert counts == [1] * forms
        assert {status for one in browsers for status in one.statuses} == {302}


class TestTwoEditorsOfOnePage:
    """F20."""

    def test_are_both_shown_where_one_was_slower(self, house: Installation) -> None:
        rows, began = size(10, 500), time.monotonic()
        office = house.call("tests.stack.office:furnish", 1, 1, rows)
        house.start_web()
        editors = [Browser(house, office["sessions"][0]) for _one in range(2)]
        both = 0
        with ThreadPoolExecutor(2) as pool:
            for number, version in office["tickets"]:
                texts = [f"{number} 由甲答复", f"{number} 由乙答复"]
                path = f"/tickets/{number}/reply/"
                forms = [{"version": version, "body": text} for text in texts]
                acts = [partial(one.post, path, form) for one, form in zip(editors, forms, strict=True)]
                answers = together(pool, acts)
                assert sorted(one.status_code for one in answers) == [302, 409]
                refused = next(one for one in answers if one.status_code == 409)
                both += all(text in refused.text for text in texts)
        replies = house.call("tests.stack.office:replies")
        told = f"冲突 {rows}，两份文字都在页面上 {both}，无声覆盖 0"
        keep("F20", "两人同时答复", house.kind, f"{rows} 张工单", told, began)
        assert both == rows
        assert [len(one) for one in replies.values()] == [1] * rows


def together(pool: ThreadPoolExecutor, acts: list[Callable[[], Any]]) -> list[Any]:
    """This function will start acts from one barrier and return their results."""
    barrier = Barrier(len(acts))

    def act(one: Callable[[], Any]) -> Any:
        barrier.wait(60)
        return one()

    return list(pool.map(act, acts))
