"""The doors `set_rule` and `import_calendar`, as a person types them."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from crm.models import CalendarNotice, LogEntry, User
from crm.selectors import calendars, house_rules
from tests.crm.services.test_calendars import notice


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
class TestSetRule:
    def test_sets_and_shows_before_and_after(self) -> None:
        said = run("set_rule", "gold_main_quota", "30", "--reason", "年度评定")
        assert said == "金牌名额（gold_main_quota）：null → 30\n"
        assert house_rules.current().gold_main_quota == 30

    @pytest.mark.parametrize(
        ("key", "written", "shown"),
        [
            ("birthday_cap_first", "130.50", "130.50"),
            ("gifts_enabled", "on", "true"),
            ("after_hours_roll", '["counter"]', '["counter"]'),
            ("deadline_time_mode", "close_of_business", "close_of_business"),
            ("business_hours", "08:30-17:30", "08:30:00-17:30:00"),
        ],
    )
    def test_reads_values_as_they_are_typed(self, key: str, written: str, shown: str) -> None:
        assert shown in run("set_rule", key, written, "--reason", "试").split("→")[1]

    def test_names_the_person(self, head_office: User) -> None:
        run("set_rule", "gold_main_quota", "30", "--reason", "年度评定", "--by", "tang")
        assert LogEntry.objects.get(action="crm.rule.set").by == head_office

    def test_lists_every_setting_with_its_name(self) -> None:
        run("set_rule", "gold_main_quota", "30", "--reason", "年度评定")
        said = run("set_rule", "--list")
        assert "gold_main_quota = 30  金牌名额（本机构设置）" in said
        assert "gold_new_slots = 10  新客户金牌名额\n" in said

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["gold_quota", "3", "--reason", "x"], "没有名为“gold_quota”的设置"),
            (["gold_main_quota", "x", "--reason", "x"], "应为不小于 0 的整数"),
            (["gold_main_quota", "3"], "请写明修改规则的理由"),
            (["gold_main_quota"], "请写明设置项和值"),
            (["gold_main_quota", "3", "--reason", "x", "--by", "nobody"], "没有工号为“nobody”的在用员工"),
        ],
    )
    def test_answers_bad_input_with_a_sentence(self, words: list[str], sentence: str) -> None:
        with pytest.raises(CommandError, match=sentence):
            run("set_rule", *words)


@pytest.mark.django_db
class TestImportCalendar:
    def test_imports_and_says_what_is_missing(self, tmp_path: Path) -> None:
        file = tmp_path / "2027.toml"
        file.write_text(notice(), encoding="utf-8")
        said = run("import_calendar", str(file))
        version = CalendarNotice.objects.latest("pk").pk
        assert f"2027 年放假通知已生效：放假 4 天，调休上班 1 天，日历版本 {version}。" in said
        assert "2027-02-06（春节）" in said
        assert calendars.current().is_published(2027)

    def test_answers_bad_input_with_a_sentence(self, tmp_path: Path) -> None:
        binary, broken = tmp_path / "a.toml", tmp_path / "b.toml"
        binary.write_bytes("年".encode("gb18030"))
        broken.write_text("year = ", encoding="utf-8")
        for path, sentence in (
            (binary, "不是 UTF-8 编码"),
            (broken, "不是合法的 TOML"),
            (tmp_path / "none.toml", "无法读取文件"),
            (tmp_path, "无法读取文件"),
        ):
            with pytest.raises(CommandError, match=sentence):
                run("import_calendar", str(path))
