"""规则自检: the rule book's cases, our own, and what an institution may write wrongly."""

import json
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from crm.models import User
from crm.services import calendars, house_rules
from servicing.catalogue import in_book
from servicing.services import standards
from tests.crm.services.test_calendars import notice
from tests.factories import crm as make

CASES = Path(__file__).parents[2] / "cases"
MUST_PASS = {"sla", "same-day", "complaint", "statutory", "pause", "birthday", "festival", "renewal", "kpi"}
ALSO_PASS = {"tier", "star", "broker", "visit", "survey", "report", "platform"}

Write = Callable[..., str]
SOUND: dict[str, Any] = {
    "id": "OWN-1",
    "given": {"at": "2026-02-12"},
    "when": {"action": "compute_due", "clock": "PA-17.1"},
    "expect": {"due_date": "2026-02-26"},
    "why": "five",
}


class Run:
    """One run of the command: what it printed and how it ended."""

    def __init__(self, *words: str) -> None:
        out = StringIO()
        self.status: int | str | None = 0
        try:
            call_command("check_cases", *words, stdout=out)
        except SystemExit as ended:
            self.status = ended.code
        self.lines = out.getvalue().splitlines()

    @property
    def last(self) -> str:
        return self.lines[-1]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """A function that writes cases into a file and gives its path."""

    def write(*cases: object) -> str:
        path = tmp_path / "own.jsonl"
        text = "\n".join(
            one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in cases
        )
        path.write_text(text + "\n", encoding="utf-8")
        return str(path)

    return write


def of_areas(areas: set[str], tmp_path: Path) -> tuple[str, int]:
    lines = (CASES / "open.jsonl").read_text(encoding="utf-8").splitlines()
    chosen = [line for line in lines if json.loads(line)["area"] in areas]
    path = tmp_path / "chosen.jsonl"
    path.write_text("\n".join(chosen), encoding="utf-8")
    return str(path), len(chosen)


class TestTheRuleBooksCases:
    def test_none_fails_and_none_needs_a_database(self) -> None:
        done = Run(str(CASES / "open.jsonl"))
        assert (done.status, done.last) == (0, "56 passed, 0 failed, 8 unknown")

    def test_every_case_of_the_finished_areas_passes(self, tmp_path: Path) -> None:
        path, number = of_areas(MUST_PASS | ALSO_PASS, tmp_path)
        assert Run(path).last == f"{number} passed, 0 failed, 0 unknown"

    def test_our_own_cases_pass_as_well(self) -> None:
        done = Run(str(CASES / "extra.jsonl"))
        assert done.last == "188 passed, 0 failed, 0 unknown"

    @pytest.mark.django_db
    def test_hold_for_a_new_installation(self) -> None:
        files = [str(CASES / name) for name in ("open.jsonl", "extra.jsonl")]
        assert Run(*files, "--installed").last == "244 passed, 0 failed, 8 unknown"


class TestAMiss:
    def test_shows_expected_got_and_why_and_ends_with_status_1(self, written: Write) -> None:
        done = Run(written({**SOUND, "expect": {"due_date": "2026-02-25", "state": "overdue"}}))
        assert done.status == 1
        assert done.lines[0].startswith("✗ OWN-1 due_date")
        assert done.lines[1:4] == ['  expected: "2026-02-25"', '  got: "2026-02-26"', "  why: five"]
        assert done.last == "0 passed, 1 failed, 0 unknown"

    def test_of_a_key_that_never_comes_says_so(self, written: Write) -> None:
        done = Run(written({**SOUND, "expect": {"colour": "red"}}))
        assert "这个动作不给出“colour”" in done.lines[2]

    def test_an_unknown_action_is_counted_apart(self, written: Write) -> None:
        done = Run(written(SOUND, {**SOUND, "when": {"action": "brew_tea"}}))
        assert (done.status, done.last) == (0, "1 passed, 0 failed, 1 unknown")


class TestSettings:
    def test_of_a_case_come_over_the_rule_books(self, written: Write) -> None:
        case = {
            **SOUND,
            "given": {**SOUND["given"], "settings": {"deadline_time_mode": "close_of_business"}},
            "expect": {"due_at": "2026-02-26T18:00:00+08:00"},
        }
        assert Run(written(case)).status == 0

    @pytest.mark.parametrize(
        ("settings", "words"),
        [
            ({"deadline_mode": "x"}, "没有名为“deadline_mode”的设置"),
            ({"deadline_time_mode": 5}, "不能是 5"),
            ([], "“settings”应为"),
        ],
    )
    def test_that_are_unknown_or_wrong_fail_the_case_and_name_the_line(
        self, settings: object, words: str, written: Write
    ) -> None:
        bad = {**SOUND, "given": {**SOUND["given"], "settings": settings}}
        done = Run(written(SOUND, bad))
        assert (done.status, done.last) == (1, "1 passed, 1 failed, 0 unknown")
        assert "第 2 行" in done.lines[0]
        assert words in done.lines[2]

    @pytest.mark.django_db
    def test_of_the_installation_hold_only_when_asked_for(
        self, written: Write, head_office: User, now: datetime
    ) -> None:
        second = make.person("song", role="head_office", branch=head_office.branch)
        house_rules.set_rule(
            key="deadline_time_mode", value="close_of_business", reason="x", by=None, now=now
        )
        four = standards.Entry(**{**standards._plain(in_book("PA-17.1")), "amount": 4})
        standards.publish(entry=four, reason="x", by=head_office, approver=second, now=now)
        calendars.import_notice(text=notice(), by=None, now=now)
        book = written(
            {**SOUND, "expect": {"due_at": "2026-02-26T23:59:59+08:00"}},
            {
                **SOUND,
                "given": {"at": "2026-12-29"},
                "expect": {"due_date": "2027-01-06", "provisional": True},
            },
        )
        assert Run(book).status == 0
        own = written(
            {**SOUND, "expect": {"due_at": "2026-02-25T18:00:00+08:00"}},
            {
                **SOUND,
                "given": {"at": "2026-12-29"},
                "expect": {"due_date": "2027-01-06", "provisional": False},
            },
        )
        assert Run(own, "--installed").last == "2 passed, 0 failed, 0 unknown"


class TestABrokenFile:
    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("{", "第 2 行不是合法的 JSON"),
            ("[1]", "第 2 行不是一个用例"),
            ('"x"', "第 2 行不是一个用例"),
            ('{"when": {"action": "judge"}, "given": [], "expect": {"a": 1}}', "第 2 行的“given”应为"),
            ('{"when": {}, "expect": {"a": 1}}', "第 2 行的用例没有写明 when.action"),
            ('{"when": {"action": "judge"}}', "第 2 行的用例没有写明 expect"),
            ('{"given": {"x": NaN}, "when": {"action": "judge"}, "expect": {"a": 1}}', "NaN 不是数"),
            ("[" * 100_000, "第 2 行"),
        ],
    )
    def test_is_refused_with_file_and_line(self, line: str, words: str, written: Write) -> None:
        with pytest.raises(CommandError, match=words) as refused:
            Run(written(SOUND, line))
        assert refused.value.returncode == 1

    def test_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="无法读取文件"):
            Run(str(tmp_path / "none.jsonl"))

    def test_blank_lines_do_not_matter(self, written: Write) -> None:
        assert Run(written(SOUND, "", "   ", SOUND)).last == "2 passed, 0 failed, 0 unknown"
