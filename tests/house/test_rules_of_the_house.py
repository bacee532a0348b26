"""The rules that a linter cannot say: where the clock is read, how long files are, what is not written."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
APPS = ("crm", "tiers", "servicing", "claims")
SOURCES = sorted(p for app in APPS for p in (ROOT / app).rglob("*.py") if "migrations" not in p.parts)
DOORS = {
    "views",
    "api",
    "tasks.py",
    "management",
    "apps.py",
    "context.py",
    "middleware.py",
    "live_sessions.py",
    "receivers.py",
    "checks.py",
    "supervisor",
}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def of_a_door(path: Path) -> bool:
    return bool(DOORS & set(path.relative_to(ROOT).parts))


def calls(tree: ast.AST) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


class TestTheClock:
    CLOCKS = {
        "timezone.now",
        "now",
        "datetime.now",
        "datetime.utcnow",
        "date.today",
        "time.time",
        "timezone.localdate",
    }

    @pytest.mark.parametrize(
        "path", [p for p in SOURCES if not of_a_door(p)], ids=lambda p: str(p.relative_to(ROOT))
    )
    def test_is_read_in_doors_only(self, path: Path) -> None:
        assert not calls(ast.parse(path.read_text(encoding="utf-8"))) & self.CLOCKS


class TestAFile:
    def test_is_never_longer_than_400_lines(self) -> None:
        long = {
            str(p): n for p in [*SOURCES, *TEMPLATES] if (n := len(p.read_text("utf-8").splitlines())) > 400
        }

        assert not long

    def test_has_a_median_of_at_most_90_lines(self) -> None:
        lengths = sorted(len(p.read_text("utf-8").splitlines()) for p in SOURCES)

        assert lengths[len(lengths) // 2] <= 90

    def test_opens_with_a_sentence_about_what_lives_there(self) -> None:
        silent = [
            str(p.relative_to(ROOT))
            for p in SOURCES
            if p.read_text("utf-8").strip() and not ast.get_docstring(ast.parse(p.read_text("utf-8")))
        ]

        assert not silent

    def test_imports_at_its_top_only(self) -> None:
        hidden = [
            f"{p.relative_to(ROOT)}:{inner.lineno}"
            for p in SOURCES
            if p.name != "apps.py"
            for node in ast.walk(ast.parse(p.read_text("utf-8")))
            if isinstance(node, ast.FunctionDef)
            for inner in ast.walk(node)
            if isinstance(inner, ast.Import | ast.ImportFrom)
        ]

        assert not hidden


class TestPublicFunctions:
    def test_say_what_they_will_do(self) -> None:
        missing = [
            f"{p.relative_to(ROOT)}:{node.name}"
            for p in SOURCES
            for node in ast.parse(p.read_text("utf-8")).body
            if isinstance(node, ast.FunctionDef)
            and not node.name.startswith("_")
            and not (ast.get_docstring(node) or "").startswith("This function will ")
        ]

        assert not missing

    def test_are_short_nine_times_in_ten(self) -> None:
        lengths = sorted(
            (node.end_lineno or node.lineno) - node.lineno + 1
            for p in SOURCES
            for node in ast.walk(ast.parse(p.read_text("utf-8")))
            if isinstance(node, ast.FunctionDef)
        )

        assert lengths[len(lengths) * 9 // 10] <= 30


class TestServicesAndModels:
    def test_know_no_request_and_no_answer(self) -> None:
        paths = [
            p
            for p in SOURCES
            if {"services", "models", "selectors"} & {part.removesuffix(".py") for part in p.parts}
        ]

        guilty = [
            str(p)
            for p in paths
            if re.search(r"from django\.(http|shortcuts) import(?! Http404)", p.read_text("utf-8"))
        ]

        assert not guilty

    def test_react_to_no_saving_signal(self) -> None:
        guilty = [
            str(p)
            for p in SOURCES
            if re.search(r"\b(post_save|pre_save|m2m_changed)\b", p.read_text("utf-8"))
        ]

        assert not guilty


class TestTemplates:
    def test_hold_no_inline_style_or_script(self) -> None:
        inline = re.compile(r"\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)(?![^>]*application/json)")
        guilty = [str(p.relative_to(ROOT)) for p in TEMPLATES if inline.search(p.read_text("utf-8"))]

        assert not guilty

    def test_of_the_ground_floor_name_no_upper_floor(self) -> None:
        lower = [p for p in TEMPLATES if "crm" in p.parts or "components" in p.parts]
        guilty = [
            str(p)
            for p in lower
            if re.search(r"""(url|include) ['"](servicing|tiers|claims)[:/]""", p.read_text("utf-8"))
        ]

        assert not guilty

    def test_mark_nothing_as_safe(self) -> None:
        guilty = [str(p) for p in TEMPLATES if re.search(r"\|\s*safe\b|autoescape off", p.read_text("utf-8"))]

        assert not guilty


class TestMigrations:
    def test_are_not_missing(self, db: None) -> None:
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)


class TestForms:
    def test_are_all_the_house_s_own_form_which_words_their_errors(self) -> None:
        guilty = [
            str(p.relative_to(ROOT))
            for p in SOURCES
            if "forms" in p.parts
            and p.name != "base.py"
            and re.search(r"\((?:forms\.)?(?:Model)?Form\)", p.read_text("utf-8"))
            and "from crm.forms.base import Form" not in p.read_text("utf-8")
        ]

        assert not guilty, "let them derive from crm.forms.base.Form"
