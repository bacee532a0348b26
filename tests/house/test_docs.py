"""The shared documents are true: quoted rules resolve, tables equal the code, every row has a word, nothing private leaks."""

import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import get_commands

from crm.house_rules import SETTINGS, HouseRules, as_json
from crm.time.shipped import shipped_calendar
from servicing.cases.reader import read_cases
from servicing.cases.registry import House
from servicing.cases.running import ACTIONS, run_all
from servicing.catalogue import in_book

ROOT = Path(__file__).resolve().parents[2]
APPS = ("crm", "tiers", "servicing", "claims")
RULES = ROOT / "docs" / "rules.md"
STANDARDS = sorted((ROOT / "servicing" / "standards").glob("*.toml"))
QUOTING = sorted(
    path
    for folder in (*APPS, "templates", "bench")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".toml", ".html"}
)
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(p for p in (ROOT / "docs").rglob("*.md") if "samples" not in p.parts)]
)
NUMBER = re.compile(
    r"(?<![A-Za-z0-9_/.-])(?:(?:PA|X|BR|CL|CP|TA|G|R)-\d+(?:\.\d+)*(?:[a-d](?![A-Za-z]))?|BR \d\.\d)"
)
LAW = re.compile(r"(民法典|保险法|交强险条例|投诉办法) ?(\d+)")
UNITS = {
    "working_days": "工日",
    "same_day": "同日",
    "natural_days": "自然日",
    "hours": "小时",
    "minutes": "分钟",
    "business_hours": "营业小时",
    "months_ahead": "个月前",
    "yearly": "次/年",
    "monthly": "次/月",
    "window": "日可办期",
    "untimed": "不设天数",
}
AUTHORITIES = {"company": "公司承诺", "statutory": "法定上限"}


def catalogue() -> dict[str, dict[str, Any]]:
    """This function will read the shipped standards as they are written, by code."""
    files = [tomllib.loads(path.read_text("utf-8")) for path in STANDARDS]
    return {one["code"]: {**raw, **one} for raw in files for one in raw["standard"]}


def limit(entry: dict[str, Any]) -> str:
    """This function will write a limit in words: 5 工日."""
    unit = UNITS[entry["unit"]]
    return unit if entry["unit"] in {"same_day", "untimed"} else f"{entry['amount']} {unit}"


def catalogue_rows() -> list[str]:
    """This function will write the table of Part 8, one line a standard."""
    return [
        f"| {code} | {one['rule']} | {one['name']} | {'、'.join(one.get('tiers', [])) or '不分'} | {limit(one)} "
        f"| {one['start']} → {one['finish']} | {AUTHORITIES[one['authority']]} "
        f"| {'出处' if one.get('sourced', True) else '默认'} |"
        for code, one in catalogue().items()
    ]


def settings_rows() -> list[str]:
    """This function will write the table of Part 7, one line a setting."""
    default = HouseRules()
    return [
        f"| {key} | {setting.label} | `{json.dumps(as_json(getattr(default, key)), ensure_ascii=False)}` |"
        for key, setting in SETTINGS.items()
    ]


def lines_of(path: Path) -> list[str]:
    """This function will return the lines of a document."""
    return path.read_text("utf-8").splitlines()


def first_cells(path: Path) -> set[str]:
    """This function will return what stands in the first column of a document's tables."""
    return {line.split("|")[1].strip() for line in lines_of(path) if line.startswith("| ")}


class TestARuleQuotedInTheCode:
    KNOWN = first_cells(RULES)
    CODES = sorted(catalogue(), key=len, reverse=True)

    def quoted(self, text: str) -> set[str]:
        for code in self.CODES:
            text = text.replace(code, " ")
        return {m.group().strip() for m in NUMBER.finditer(text)} | {
            f"{m.group(1)} {m.group(2)}" for m in LAW.finditer(text)
        }

    def test_stands_in_the_rule_book(self) -> None:
        strange = {str(p.relative_to(ROOT)): self.quoted(p.read_text("utf-8")) - self.KNOWN for p in QUOTING}

        assert not {path: numbers for path, numbers in strange.items() if numbers}

    def test_is_found_by_this_test_at_all(self) -> None:
        assert self.quoted("rulebook X-05, PA-18.2.1 and 保险法 22; UTF-8 is none") == {
            "X-05",
            "PA-18.2.1",
            "保险法 22",
        }


class TestTheCatalogue:
    def test_stands_in_the_rule_book_line_by_line(self) -> None:
        missing = [row for row in catalogue_rows() if row not in lines_of(RULES)]

        assert not missing, "\n".join(["docs/rules.md, part 8, should hold:", *missing])

    def test_has_no_line_there_that_the_code_does_not_have(self) -> None:
        head = "| 编号 | 条款 | 事项 | 层级 | 时限 | 起算 → 办结 | 效力 | 依据 |"
        table = lines_of(RULES)[lines_of(RULES).index(head) + 2 :]

        assert [line for line in table if line.startswith("| ")] == catalogue_rows()


class TestTheSettings:
    def test_stand_in_the_rule_book_with_their_defaults(self) -> None:
        missing = [row for row in settings_rows() if row not in lines_of(RULES)]

        assert not missing, "\n".join(["docs/rules.md, part 7, should hold:", *missing])

    def test_that_the_rule_book_names_exist(self) -> None:
        parts = RULES.read_text("utf-8").split("## 第 7 部分")[0]
        named = set(re.findall(r"`([a-z0-9_]+)`", parts))

        assert named <= set(SETTINGS)


class TestTheGlossary:
    TEXT = (ROOT / "docs" / "glossary.md").read_text("utf-8")

    @pytest.mark.parametrize(
        "model", [m.__name__ for app in APPS for m in apps.get_app_config(app).get_models()]
    )
    def test_has_a_word_for_every_row(self, model: str) -> None:
        assert f"`{model}`" in self.TEXT

    def test_names_no_row_that_is_not_there(self) -> None:
        rows = {m.__name__ for m in apps.get_models()}
        table = self.TEXT.split("## 行 Rows")[1].split("\n## ")[0]
        named = re.findall(r"^\| [^|]+ \| `(\w+)`", table, re.MULTILINE)

        assert set(named) <= rows

    def test_of_tables_names_every_row_too(self) -> None:
        models = (ROOT / "docs" / "models.md").read_text("utf-8")

        assert not [
            m.__name__
            for app in APPS
            for m in apps.get_app_config(app).get_models()
            if f"`{m.__name__}`" not in models
        ]


class TestADocument:
    @pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
    def test_points_only_to_files_that_exist(self, path: Path) -> None:
        links = re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8"))
        local = [link for link in links if "://" not in link and not link.startswith("mailto:")]

        assert not [link for link in local if not (path.parent / link).exists()]

    @pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
    def test_names_only_paths_of_the_house_that_exist(self, path: Path) -> None:
        roots = "|".join((*APPS, "tests", "docs", "bench", "script", "templates"))
        named = re.findall(rf"`((?:{roots})/[A-Za-z0-9_./-]+)`", path.read_text("utf-8"))

        assert not [name for name in named if not (ROOT / name.rstrip("/")).exists()]

    @pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
    def test_names_only_commands_that_exist(self, path: Path) -> None:
        named = re.findall(r"manage\.py ([a-z_]+)", path.read_text("utf-8"))

        assert set(named) <= set(get_commands())

    @pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
    def test_holds_no_path_of_somebodys_machine(self, path: Path) -> None:
        assert not re.search(r"(?<![\w.])/(home|root|work|tmp|Users)/", path.read_text("utf-8"))


class TestADecision:
    PATHS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))

    @pytest.mark.parametrize("path", PATHS, ids=lambda p: p.name)
    def test_says_context_decision_and_consequence(self, path: Path) -> None:
        text = path.read_text("utf-8")

        assert all(f"\n## {part}\n" in text for part in ("Context", "Decision", "Consequence"))

    def test_has_a_number_of_its_own_without_gaps(self) -> None:
        assert [int(path.name[:4]) for path in self.PATHS] == list(range(1, len(self.PATHS) + 1))

    def test_is_listed_in_the_index(self) -> None:
        index = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")

        assert not [path.name for path in self.PATHS if f"({path.name})" not in index]


class TestTheExampleCases:
    def test_pass(self) -> None:
        house = House(shipped_calendar(), HouseRules(), in_book, datetime(2026, 6, 1, tzinfo=UTC))
        text = (ROOT / "docs" / "cases.example.jsonl").read_text("utf-8")

        assert [one.status for one in run_all(read_cases(text, "example"), house)] == ["passed"] * 8

    def test_are_told_about_every_action(self) -> None:
        assert {f"`{name}`" for name in ACTIONS} <= first_cells(ROOT / "docs" / "cases.md")
