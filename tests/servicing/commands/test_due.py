"""The door `due`, as a person types it."""

import json
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError

from crm.management.doors import mistyped
from crm.services import house_rules
from crm.time import SHANGHAI
from servicing.management.commands import due as door


def run(*words: str) -> str:
    out = StringIO()
    call_command("due", *words, stdout=out)
    return out.getvalue()


def answer(*words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*words, "--json"))
    return found


@pytest.mark.django_db
class TestAnAnswer:
    def test_has_exactly_these_keys(self) -> None:
        data = answer("--clock", "PA-17.1", "--at", "2026-02-12T10:00")
        assert list(data) == [
            *["clock", "starts_at", "due_date", "due_at", "legal_latest", "provisional", "state", "steps"]
        ]
        assert data["steps"][1] == {"date": "2026-02-13", "counts": True, "why": "工作日"}
        assert data["steps"][2] == {"date": "2026-02-14", "counts": True, "why": "调休上班"}
        assert data["steps"][3] == {"date": "2026-02-15", "counts": False, "why": "春节"}

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            (["PA-17.1", "2026-02-12T10:00:00+08:00"], {"due_date": "2026-02-26", "legal_latest": None}),
            (["PA-17.1", "2026-02-12T18:00:00Z"], {"due_date": "2026-02-27"}),
            (["PA-18.1.2", "2026-02-12T10:00", "--tier", "silver"], {"due_date": "2026-02-24"}),
            (["PA-simple", "2026-03-20T18:30"], {"due_date": "2026-03-23"}),
            (["CL-48h", "2026-03-14T16:30"], {"due_at": "2026-03-16T16:30:00+08:00", "provisional": False}),
            (["R-4 simple", "2026-02-01"], {"due_date": "2026-02-16", "legal_latest": "2026-02-24"}),
            (["PA-17.1", "2026-12-28"], {"due_date": "2027-01-05", "provisional": True}),
            (["CP-5-contact", "2026-12-31T23:45"], {"due_at": "2027-01-01T00:15:00+08:00"}),
            (["PA-17.2", "2026-02-11", "--pause", "2026-02-12/2026-02-25"], {"due_date": "2026-02-28"}),
            (
                [
                    "PA-18.1.4-general",
                    "2026-03-02",
                    "--pause",
                    "2026-03-04/2026-03-05",
                    "--pause",
                    "2026-03-10/2026-03-11",
                ],
                {"due_date": "2026-03-13"},
            ),
        ],
    )
    def test_is_computed_by_the_standard(self, words: list[str], expected: dict[str, Any]) -> None:
        data = answer("--clock", words[0], "--at", *words[1:])
        assert {key: data[key] for key in expected} == expected

    @pytest.mark.parametrize(
        ("kind", "tier", "code"),
        [
            ("issue", "ordinary", "PA-17.1"),
            ("issue", "gold", "PA-18.1.2"),
            ("claim_investigation", "silver", "PA-18.1.4-investigation"),
            ("complaint", "gold", "PA-18.2.1-complaint"),
            ("complaint", "ordinary", "R-4 simple"),
        ],
    )
    def test_a_kind_of_request_is_chosen_by_tier(self, kind: str, tier: str, code: str) -> None:
        assert answer("--clock", kind, "--tier", tier, "--at", "2026-03-02")["clock"] == code

    def test_follows_the_installations_settings(self, now: datetime) -> None:
        house_rules.set_rule(
            key="deadline_time_mode", value="close_of_business", reason="x", by=None, now=now
        )
        data = answer("--clock", "PA-17.1", "--at", "2026-02-12")
        assert data["due_at"] == "2026-02-26T18:00:00+08:00"

    def test_for_people_shows_the_arithmetic(self) -> None:
        said = run("--clock", "PA-17.1", "--at", "2026-12-28T10:00")
        assert "起算 2026-12-28（周一）10:00:00" in said
        assert "  2026-12-29  第 1 日  工作日" in said
        assert "  2027-01-01  不计  元旦" in said
        assert "到期 2027-01-05（周二）23:59:59（暂定：该年放假安排尚未公布）" in said

    def test_for_people_shows_the_law_and_the_pause(self) -> None:
        assert "法定最迟 2026-02-24" in run("--clock", "R-4 simple", "--at", "2026-02-01")
        said = run(
            "--clock", "PA-17.1", "--at", "2026-03-02", "--pause", "2026-03-03/", "--as-of", "2026-03-04"
        )
        assert "到期 暂停中，恢复后重新计算" in said
        assert "状态 已暂停" in said


@pytest.mark.django_db
class TestTheState:
    @pytest.mark.parametrize(
        ("as_of", "state", "due_date"),
        [
            ("2026-03-03", "open", "2026-03-09"),
            ("2026-03-05T12:00", "paused", None),
            ("2026-03-11", "open", "2026-03-16"),
            ("2026-03-16T23:59:59", "open", "2026-03-16"),
            ("2026-03-17", "overdue", "2026-03-16"),
        ],
    )
    def test_is_what_one_knew_at_the_moment(self, as_of: str, state: str, due_date: str | None) -> None:
        data = answer(
            *["--clock", "PA-18.1.4-general", "--at", "2026-03-02"],
            *["--pause", "2026-03-04/2026-03-10", "--as-of", as_of],
        )
        assert (data["state"], data["due_date"]) == (state, due_date)

    def test_without_a_moment_is_judged_now(self) -> None:
        words = ["--clock", "PA-17.1", "--at", "2026-02-12"]
        for day, state in ((26, "open"), (27, "overdue")):
            with time_machine.travel(datetime(2026, 2, day, 12, tzinfo=SHANGHAI), tick=False):
                assert answer(*words)["state"] == state

    def test_a_pause_still_to_come_counts_in_a_trial(self) -> None:
        with time_machine.travel(datetime(2026, 3, 1, tzinfo=SHANGHAI), tick=False):
            data = answer(
                "--clock", "PA-18.1.4-general", "--at", "2026-03-02", "--pause", "2026-03-04/2026-03-10"
            )
        assert (data["state"], data["due_date"]) == ("open", "2026-03-16")


@pytest.mark.django_db
class TestBadInput:
    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ([], "请写明 --clock 和 --at"),
            (["--clock", "PA-17.1"], "请写明 --clock 和 --at"),
            (["--clock", "PA-99", "--at", "2026-01-01"], "没有编号为“PA-99”"),
            (["--clock", "PA-17.4", "--at", "2026-01-01"], "不是从某一事件起算的时限"),
            (["--clock", "PA-17.3-appraisal", "--at", "2026-01-01"], "不设天数"),
            (["--clock", "PA-17.1", "--at", "tomorrow"], "不是日期或时间"),
            (["--clock", "PA-17.1", "--at", "2026-02-30"], "不是日期或时间"),
            (["--clock", "PA-17.1", "--at", "9999-12-31"], "年份超出"),
            (["--clock", "R-4 extended", "--at", "2055-12-31"], "超出工作日历的范围"),
            (["--clock", "PA-17.1", "--at", "2026-01-01", "--as-of", "x"], "不是日期或时间"),
            (["--clock", "PA-17.1", "--at", "2026-01-01", "--pause", "2026-01-02"], "写法不对"),
            (["--clock", "PA-17.1", "--at", "2026-01-01", "--pause", "x/y"], "不是日期或时间"),
            (["--clock", "PA-17.1", "--at", "2026-01-05", "--pause", "2026-01-08/2026-01-06"], "早于开始日"),
            (
                ["--clock", "PA-17.1", "--at", "2026-01-05", "--pause", "2026-01-08T10:00/2026-01-08T09:00"],
                "恢复时刻早于开始时刻",
            ),
            (["--clock", "CL-48h", "--at", "2026-01-01", "--pause", "2026-01-02/"], "不能暂停"),
            (
                ["--clock", "保险法 24 refusal notice", "--at", "2026-01-01", "--pause", "2026-01-02/"],
                "法定时限",
            ),
            (["--clock", "PA-17.1", "--at", "1900-01-01"], "没有生效的版本"),
            (["--clock", "PA-17.1", "--at"], "--at 后面没有内容"),
            (["--clock", "PA-17.1", "--at", "2026-01-01", "--bogus"], "不认识的参数：--bogus"),
            (["--clock", "PA-17.1", "--at", "2026-01-01", "--tier", "platinum"], "没有“platinum”这个层级"),
            (["--clock", "PA-17.1", "--at", "2026-01-01", "--tier", "gold"], "不适用于 gold"),
            (["--clock", "issue", "--at", "2026-01-01"], "请用 --tier 写明"),
            (["--clock", "enquiry", "--at", "2026-01-01", "--tier", "ordinary"], "无时限承诺"),
        ],
    )
    def test_is_answered_with_one_sentence(self, words: list[str], sentence: str) -> None:
        with pytest.raises(CommandError, match=sentence) as refused:
            run(*words)
        assert refused.value.returncode == 1
        assert str(refused.value).count("\n") == 0

    def test_typed_in_a_shell_leaves_with_status_1(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as left:
            door.Command().run_from_argv(["manage.py", "due", "--clock"])
        assert left.value.code == 1
        assert capsys.readouterr().err == "--clock 后面没有内容，请补上。\n"

    @pytest.mark.parametrize(
        ("message", "sentence"),
        [
            ("the following arguments are required: 文件", "请写明：文件。"),
            ("argument --json: ignored explicit argument 'x'", "命令的写法不对，请用 --help 查看。"),
        ],
    )
    def test_the_parsers_words_become_ours(self, message: str, sentence: str) -> None:
        assert mistyped(message) == sentence

    def test_states_have_chinese_names(self) -> None:
        assert set(door.STATES) == {"open", "paused", "overdue"}
