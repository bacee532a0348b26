"""What a page weighs before it is painted: scripts and style sheets together, as they travel."""

import gzip
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "crm" / "static"
MOST = 160 * 1024
NAMED = re.compile(r"<(?:script|link)[^>]*\{% static '([^']+\.(?:js|css))' %\}")


def named_by(*templates: str) -> set[str]:
    texts = [(ROOT / "templates" / one).read_text("utf-8") for one in templates]
    return {name for text in texts for name in NAMED.findall(text)}


def weight(names: set[str]) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)


class TestEveryPage:
    FRAME = ("base.html", "components/_head_files.html", "components/_scripts.html")

    def test_loads_at_most_160_kb_before_it_is_painted(self) -> None:
        assert weight(named_by(*self.FRAME)) <= MOST

    def test_stays_within_it_with_what_it_adds_of_its_own(self) -> None:
        frame = named_by(*self.FRAME)
        for page in (ROOT / "templates").rglob("*.html"):
            added = named_by(str(page.relative_to(ROOT / "templates"))) - frame
            assert weight(frame | added) <= MOST, (page, sorted(added))

    def test_loads_no_font_and_nothing_from_elsewhere(self) -> None:
        for sheet in [*STATIC.rglob("*.css"), *STATIC.rglob("*.js")]:
            text = sheet.read_text("utf-8")
            assert "@font-face" not in text and "@import" not in text, sheet.name


class TestAScriptOfOurOwn:
    def test_is_shorter_than_a_hundred_lines(self) -> None:
        own = [one for one in STATIC.rglob("*.js") if "vendor" not in one.parts]
        long = {one.name: n for one in own if (n := len(one.read_text("utf-8").splitlines())) > 100}
        assert not long
