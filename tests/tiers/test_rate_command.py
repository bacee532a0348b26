"""`manage.py rate`: the door of a rating for people at a console."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from time_machine import travel

from crm.models import LongJob, Message
from tests.factories import rating as make_rating
from tests.factories.crm import NOW
from tiers.models import RatingRow, RatingRun
from tiers.models.run import RunState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def crowd() -> Any:
    make_rating.set_places(main=1, new=1, silver={"120101": 1})
    for n in range(3):
        make_rating.rated(f"客户{n}", 100 - n, number=f"R{n}")
    with travel(NOW, tick=False):
        yield


def rate(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    call_command("rate", "group_vip", "2025", *words)
    return capsys.readouterr().out


class TestADryRun:
    def test_shows_the_lists_and_leaves_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        found = json.loads(rate(capsys, "--dry-run", "--json"))

        assert [(one["list"], one["members"], one["taken"]) for one in found["lists"]] == [
            ("main", ["R0"], 1),
            ("new", [], 0),
            ("silver", ["R1"], 1),
        ]
        assert found["movements"]["ordinary"] == {"gold": 1, "silver": 1, "ordinary": 1}
        left = (RatingRun.objects.count(), RatingRow.objects.count(), LongJob.objects.count())
        assert (*left, Message.objects.count()) == (0, 0, 0, 0)


class TestARun:
    def test_is_computed_and_waits_for_people(self, capsys: pytest.CaptureFixture[str]) -> None:
        said = rate(capsys)

        run = RatingRun.objects.get()
        assert run.state == RunState.COMPUTED
        assert f"第 {run.pk} 号，待提交" in said
        assert "金牌主榜：名额 1，候选 3，入选 1\n  R0" in said

    def test_prints_one_branch(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert "银牌 120101" in rate(capsys, "--dry-run", "--branch", "120101")
        with pytest.raises(CommandError, match="没有银牌名额"):
            rate(capsys, "--dry-run", "--branch", "1300")

    def test_is_refused_in_a_sentence(self, capsys: pytest.CaptureFixture[str]) -> None:
        rate(capsys)
        with pytest.raises(CommandError, match="已有一次评定"):
            rate(capsys)
