"""README and handbook say what is there: words of the screen, pictures, figures, and every variable of the settings."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("crm", "tiers", "servicing", "claims")
PICTURES = ROOT / "docs" / "pictures"
PAGES = sorted((ROOT / "docs" / "handbook").glob("*.md"))
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
MOST_BYTES, MOST_BYTES_IN_ALL = 120 * 1024, 6 * 1024 * 1024
MAKES_THEM = PICTURES / "take.py"
RESULTS = ROOT / "bench" / "RESULTS.md"
# read by the image's web server, the tests and the scripts, not by the settings
NOT_OF_THE_SETTINGS = {"POSTGRES_PASSWORD", "PROMETHEUS_MULTIPROC_DIR"}


def on_the_screen() -> str:
    """This function will return all that templates and code may put on a page."""
    files = [*(ROOT / "templates").rglob("*.html"), *(p for app in APPS for p in (ROOT / app).rglob("*.py"))]
    return "\n".join(path.read_text("utf-8") for path in files)


def shown_in_documents() -> set[str]:
    """This function will name the pictures that README and handbook show."""
    texts = [path.read_text("utf-8") for path in (*READMES, *PAGES)]
    return {name for text in texts for name in re.findall(r"pictures/([\w-]+\.png)\)", text)}


class TestAPageOfTheHandbook:
    SCREEN = on_the_screen()

    @pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
    def test_quotes_only_words_that_stand_on_the_screen(self, path: Path) -> None:
        quoted = set(re.findall("「([^」]+)」", path.read_text("utf-8")))

        assert not [word for word in quoted if word not in self.SCREEN]

    @pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
    def test_is_found_from_the_first_page(self, path: Path) -> None:
        first = (ROOT / "docs" / "handbook" / "README.md").read_text("utf-8")

        assert path.stem == "README" or f"]({path.name})" in first


class TestThePictures:
    def test_are_all_shown_somewhere(self) -> None:
        assert {path.name for path in PICTURES.glob("*.png")} == shown_in_documents()

    def test_are_all_taken_by_the_script(self) -> None:
        taken = re.findall(r'shoot\(\s*"([\w-]+)"', MAKES_THEM.read_text("utf-8"))

        assert {f"{name}.png" for name in taken} == shown_in_documents()
        assert len(taken) == len(set(taken))

    def test_are_small(self) -> None:
        sizes = {path.name: path.stat().st_size for path in PICTURES.glob("*.png")}

        assert not {name: size for name, size in sizes.items() if size > MOST_BYTES}
        assert sum(sizes.values()) <= MOST_BYTES_IN_ALL


class TestTheFiguresOfAReadme:
    TIMES = re.compile(r"(\d[\d,.]*)(?: 倍|x\b)")

    @pytest.mark.parametrize("path", READMES, ids=lambda p: p.name)
    def test_were_measured(self, path: Path) -> None:
        told = set(self.TIMES.findall(path.read_text("utf-8")))

        assert told and told <= set(self.TIMES.findall(RESULTS.read_text("utf-8")))

    def test_are_the_same_in_both(self) -> None:
        chinese, english = (set(self.TIMES.findall(path.read_text("utf-8"))) for path in READMES)

        assert chinese == english

    def test_lead_to_each_other(self) -> None:
        english, chinese = (path.read_text("utf-8") for path in READMES)

        assert "](README.zh-CN.md)" in english and "](README.md)" in chinese


class TestTheExampleOfTheEnvironment:
    SETTINGS = (ROOT / "crm" / "settings.py").read_text("utf-8")
    LISTED = set(re.findall(r"^([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))

    def read(self) -> set[str]:
        found = re.findall(r"""env\.(\w+)\(\s*["']([A-Z_]+)["']""", self.SETTINGS)
        files = {f"{name}_FILE" for reader, name in found if reader in ("secret", "secrets_of")}
        return {name for _, name in found} | files

    def test_lists_every_variable_that_the_settings_read(self) -> None:
        assert not self.read() - self.LISTED

    def test_lists_none_that_nothing_reads(self) -> None:
        assert self.LISTED - self.read() == NOT_OF_THE_SETTINGS
