"""F35: what begins like a formula stays a text in every file we hand out, and comes back as it was."""

import re
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import load_workbook

from crm.book import writing
from crm.models import User
from crm.services import book
from tests.crm.book.workbooks import workbook

ACTS = (
    "1+1",
    "SUM(A1:A9)",
    "cmd|'/C calc'!A0",
    'HYPERLINK("http://127.0.0.1/?x="&A1,"点我")',
    'WEBSERVICE("http://127.0.0.1/")',
    'DDE("cmd";"/C calc";"x")',
    'IMPORTXML(CONCAT("http://127.0.0.1/",A1),"//a")',
)
STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "'=", '"=', " =", "=-+@", "{=", "%0A=")
PAYLOADS = [start + ACTS[number % len(ACTS)] for number, start in enumerate(STARTS * 2)]
# What a reader tidies away: white space around a value.
EDGES = " \t"
HEADER = ("客户号", "类型", "名称", "机构代码", "客户经理工号")


def formulas(content: bytes) -> list[str]:
    """This function will find every cell of a workbook that a spreadsheet program would work out or follow."""
    found = []
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8", "replace")
            if name.startswith("xl/worksheets/"):
                found += [f"{name}: {one}" for one in re.findall(r"<f[ >][^<]*|<hyperlink[^>]*", text)]
                found += [f"{name}: {one}" for one in re.findall(r'<c [^>]*t="(?:str|e)"', text)]
            if "externalLink" in name or "connections" in name:
                found.append(name)
    return found


def failed(tmp_path: Path, by: User, now: datetime) -> bytes:
    """This function will upload rows with a payload in every column and hand out the list of failures."""
    rows = [
        tuple(PAYLOADS[(place + line) % len(PAYLOADS)] for place in range(len(HEADER))) for line in range(30)
    ]
    path = workbook(tmp_path / "b.xlsx", {"客户": [HEADER, *rows]})
    plan = book.commit_file(path=path, name="b.xlsx", by=by, now=now)
    return writing.failures(plan.tables)


@pytest.mark.django_db
class TestThePayloads:
    def test_are_thirty(self) -> None:
        assert len(PAYLOADS) == len(set(PAYLOADS)) == 30

    def test_are_no_formula_in_the_list_of_failures_and_come_back(
        self, tmp_path: Path, manager: User, now: datetime
    ) -> None:
        content = failed(tmp_path, manager, now)
        assert formulas(content) == []
        back = load_workbook(BytesIO(content)).get_sheet_by_name("客户").to_python()
        assert len(back) == 31
        for place in range(len(HEADER)):
            shown = sorted(str(line[place]).strip(EDGES) for line in back[1:])
            assert shown == sorted(one.strip(EDGES) for one in PAYLOADS)


class TestTheTemplate:
    def test_holds_no_formula(self) -> None:
        assert formulas(writing.template(book.sheets())) == []


class TestTheSearchForFormulas:
    def test_finds_one(self) -> None:
        """Or the tests above prove nothing."""
        file = BytesIO()
        with xlsxwriter.Workbook(file) as guessing:
            page = guessing.add_worksheet()
            page.write(0, 0, "=1+1")
            page.write(1, 0, "http://127.0.0.1/")
        assert len(formulas(file.getvalue())) >= 2
