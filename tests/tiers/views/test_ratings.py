"""The pages of 评定: begin, look, hand in, approve by another, correct; nothing for others."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook
from time_machine import travel

from crm.models import Customer, LogEntry, User
from tests.factories import crm as make
from tests.factories import rating as make_rating
from tests.factories.crm import NOW
from tests.factories.tiers import give_tier
from tiers.models import RatingRow, RatingRun, RatingSubmission
from tiers.models.run import RunState
from tiers.selectors import ratings

As = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def second() -> User:
    return make.person("shen", role="head_office", branch=make.branch_tree().head_office, name="沈青")


@pytest.fixture
def crowd() -> list[Customer]:
    make_rating.set_places(main=1, new=1, silver={"120101": 1})
    found = [make_rating.rated(f"港务{n}", yuan, number=f"R{n}") for n, yuan in enumerate((100, 90, 90, 80))]
    give_tier(found[3], "gold")
    return found


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, address: str, **told: str) -> tuple[int, str]:
    answer = client.post(address, told, follow=True)
    return answer.status_code, answer.content.decode()


class TestAnAdministrator:
    def test_begins_a_rating_and_sees_it_wait(
        self, crowd: list[Customer], head_office: User, client_as: As
    ) -> None:
        with travel(NOW, tick=False):
            status, shown = post(client_as(head_office), "/ratings/", year="2025")

        assert status == 200 and "正在排队" in shown
        assert RatingRun.objects.get().requested_by == head_office

    def test_is_told_what_is_missing(self, head_office: User, client_as: As) -> None:
        with travel(NOW, tick=False):
            status, shown = post(client_as(head_office), "/ratings/", year="2025")

        assert status == 422 and "尚未设置金牌名额" in shown

    def test_sees_places_movements_ties_and_who_changes(
        self, crowd: list[Customer], head_office: User, client_as: As
    ) -> None:
        run = make_rating.computed(head_office)
        shown = page(client_as(head_office), f"/ratings/{run.pk}/?list=2")

        assert "银牌 塘沽营业部：入选线前后各 20 名" in shown
        assert "入选线由“客户号”分出先后" in shown and "得分相同的有 2 户" in shown
        assert "出：金牌 → 普通" in shown and "新：普通 → 金牌" in shown
        assert "<polyline" in shown

    def test_reads_why(self, crowd: list[Customer], head_office: User, client_as: As) -> None:
        run = make_rating.computed(head_office)
        shown = page(client_as(head_office), f"/ratings/{run.pk}/customers/{crowd[2].pk}/")

        assert "第 3 名" in shown and "未入选" in shown and "90.00" in shown and "PA-13/1" in shown

    def test_hands_in_and_another_one_approves(
        self, crowd: list[Customer], head_office: User, second: User, client_as: As
    ) -> None:
        run = make_rating.computed(head_office)
        first, other = client_as(head_office), client_as(second)
        with travel(NOW, tick=False):
            assert post(first, f"/ratings/{run.pk}/submit/", opinion="")[0] == 422
            assert "已提交" in post(first, f"/ratings/{run.pk}/submit/", opinion="按年初会议")[1]
            handed_in = RatingSubmission.objects.get()
            decide = f"/ratings/submissions/{handed_in.pk}"
            assert post(first, f"{decide}/confirm/")[0] == 422
            assert "同意并发布" in page(other, f"/ratings/{run.pk}/")
            status, shown = post(other, f"{decide}/confirm/")
        run.refresh_from_db()
        assert status == 200 and "名单已发布，自 2026-03-11 起生效" in shown
        assert run.state == RunState.PUBLISHED

        with travel(NOW, tick=False):
            post(first, f"/ratings/{run.pk}/correct/")
        assert RatingRun.objects.get(corrects=run).state == RunState.COMPUTING

    def test_takes_the_report_away(self, crowd: list[Customer], head_office: User, client_as: As) -> None:
        run = make_rating.computed(head_office)
        answer = client_as(head_office).post(f"/ratings/{run.pk}/report/")

        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        lines = book.get_sheet_by_name("名额与入选线").to_python()
        people = book.get_sheet_by_name("名单与变动").to_python()
        assert lines[1][:6] == ["金牌主榜", "1", "4", "1", "0", "R0"]
        assert lines[3][5:] == ["R1", "90.00", "R2", "90.00", "客户号"]
        assert [row[0] for row in people[1:]] == ["R0", "R3", "R1"]
        assert people[1][3:8] == ["普通", "金牌", "新", "金牌主榜", "1"]
        assert LogEntry.objects.get(action="tiers.rating.exported").by == head_office

    def test_sets_aside(self, crowd: list[Customer], head_office: User, client_as: As) -> None:
        run = make_rating.computed(head_office)
        assert "已作废" in post(client_as(head_office), f"/ratings/{run.pk}/discard/")[1]
        assert "R0" not in page(client_as(head_office), f"/ratings/{run.pk}/")

    def test_asks_as_often_for_many_as_for_few(
        self,
        crowd: list[Customer],
        head_office: User,
        client_as: As,
        django_assert_max_num_queries: Callable[..., object],
    ) -> None:
        for n in range(30):
            make_rating.rated(f"更多{n}", 10 + n)
        run = make_rating.computed(head_office)
        client = client_as(head_office)
        with django_assert_max_num_queries(22):  # type: ignore[attr-defined]
            client.get(f"/ratings/{run.pk}/")


class TestOthers:
    def test_see_nothing(
        self, crowd: list[Customer], manager: User, head_office: User, client_as: As
    ) -> None:
        run = make_rating.computed(head_office)
        assert client_as(manager).get(f"/ratings/{run.pk}/").status_code == 403
        assert "/ratings/" not in client_as(manager).get("/").content.decode()


class TestAPlace:
    def test_is_counted_by_the_chain(self, crowd: list[Customer]) -> None:
        run = make_rating.computed()
        found = {row.number: ratings.place_of(row) for row in RatingRow.objects.filter(run=run)}
        assert found == {"R0": 1, "R1": 2, "R2": 3, "R3": 4}
