"""The committed samples are what the script makes, and every wart is answered as their README says."""

import runpy
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pytest_django import Settings

from crm.book.lines import WRITES, Line, Outcome
from crm.demo import cast
from crm.models import User
from crm.registry import DemoStage
from crm.services import book

SAMPLES = Path(__file__).resolve().parents[3] / "docs" / "samples"


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """The script's own names."""
    return runpy.run_path(str(SAMPLES / "make.py"))


class TestTheCommittedFiles:
    def test_are_what_the_script_makes(self, made: dict[str, Any]) -> None:
        assert (SAMPLES / made["BOOK"]).read_bytes() == made["book"]()
        assert (SAMPLES / made["CSV"]).read_bytes() == made["gb18030"]()
        assert (SAMPLES / made["README"]).read_text(encoding="utf-8") == made["readme"]()


@pytest.mark.django_db
class TestTheImport:
    @pytest.fixture(autouse=True)
    def house(self, settings: Settings, now: datetime) -> None:
        settings.DEMO = True
        cast.open_house(DemoStage(now, 0, Random(1)))

    def lines(self, plan: book.Plan) -> dict[tuple[str, int], Line]:
        """This function will find lines by sheet and row."""
        return {(table.sheet.title, line.number): line for table in plan.tables for line in table.lines}

    def test_answers_every_wart_as_the_readme_says(self, made: dict[str, Any], now: datetime) -> None:
        guo = User.objects.select_related("branch").get(username="guo")
        plan = book.commit_file(path=SAMPLES / made["BOOK"], name=made["BOOK"], by=guo, now=now)
        lines = self.lines(plan)
        for wart in made["WARTS"]:
            line = lines[wart.sheet, wart.row]
            told = " ".join(map(str, line.reasons))
            if wart.answer == made["ACCEPTED"]:
                assert line.outcome in WRITES, (wart, told)
            else:
                assert line.outcome is Outcome.ERROR and wart.answer in told, (wart, told)
        for title, at, what, answer, outcome in made["EXTRA"]:
            found = next(table.lines for table in plan.tables if table.sheet.title == title)
            line = found[at]
            assert answer in str(line.reasons[0]), what
            assert line.outcome == {"重复": "duplicate", "错误": "error"}[outcome]

    def test_shows_what_is_hidden_and_left_aside(self, made: dict[str, Any], now: datetime) -> None:
        plan = book.plan_file(path=SAMPLES / made["BOOK"], name=made["BOOK"], by=None, now=now)
        assert (plan.hidden_rows, plan.hidden_sheets) == (3, ["2024旧表"])
        assert plan.aside == ["填表说明", "2024旧表"]
        assert [table.unknown for table in plan.tables] == [["备注"], [], [], []]

    def test_every_other_row_goes_in(self, made: dict[str, Any], now: datetime) -> None:
        plan = book.commit_file(path=SAMPLES / made["BOOK"], name=made["BOOK"], by=None, now=now)
        counts = plan.counts()
        assert counts["new"] > 700
        again = book.commit_file(path=SAMPLES / made["BOOK"], name=made["BOOK"], by=None, now=now)
        assert again.counts()["unchanged"] == counts["new"]
        assert again.counts()["error"] == counts["error"]

    def test_chinese_csv_keeps_its_rare_characters(self, made: dict[str, Any], now: datetime) -> None:
        plan = book.commit_file(path=SAMPLES / made["CSV"], name=made["CSV"], by=None, now=now)
        assert (plan.encoding, plan.counts()["new"]) == ("GB18030", 20)
        assert plan.lines[0].row.name == "㐱䶮堃，喆（天津）贸易有限公司"
