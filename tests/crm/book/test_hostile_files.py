"""Files that are broken, lying or far too large: each is refused with a sentence, nothing else happens."""

import random
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from crm.book import archive, reader
from crm.book.archive import FileIsNotReadable
from crm.models import Contact, Customer, LogEntry, Policy, User
from crm.services import book
from tests.crm.book.workbooks import CUSTOMER_HEADER, small_book, workbook
from tests.figures import LONG, keep, size
from tiers.models import Assignment

SHEET = "xl/worksheets/sheet1.xml"


def rebuilt(path: Path, out: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """This function will pack a workbook anew with changed entries."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out


class TestAFileOfTheWrongKind:
    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("a.xlsx", b"", "空的"),
            ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 99, "只能上传"),
            ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 99, "旧版 .xls"),
            (
                "a.xlsx",
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
                "打开密码",
            ),
            ("a.xlsx", b"%PDF-1.7", "不是 xlsx"),
            ("a.xlsx", b"PK\x03\x04", "不完整"),
            ("a.csv", b"PK\x03\x04", "不是 csv"),
            ("a.csv", "客户号".encode("utf-16"), "UTF-16"),
            ("a.csv", b"abc\x00def", "UTF-16"),
            ("a.csv", b"\xff\xff\xff\xff", "编码看不懂"),
            ("a.csv", '客户号,名称\n"K1,某公司\n'.encode(), "引号不配对"),
            ("a.csv", "客戶號,單位\nK1,某公司\n".encode("big5"), "没有认出"),
            ("a", b"x", "只能上传"),
            ("a.xlsm", b"PK\x03\x04", "只能上传"),
        ],
    )
    def test_is_refused_with_its_own_sentence(
        self, tmp_path: Path, manager: User, now: datetime, name: str, content: bytes, sentence: str
    ) -> None:
        path = tmp_path / "upload"
        path.write_bytes(content)
        with pytest.raises(FileIsNotReadable, match=sentence):
            book.plan_file(path=path, name=name, by=manager, now=now)

    def test_plain_zip_is_no_workbook(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("客户.txt", "x")
        with pytest.raises(FileIsNotReadable, match="没有工作簿"):
            reader.read(path, "a.xlsx")


class TestAFileThatIsTooLarge:
    def test_by_its_bytes(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        with path.open("wb") as file:
            file.truncate(20 * archive.MEGABYTE + 1)
        with pytest.raises(FileIsNotReadable, match="21 MB"):
            reader.read(path, "a.csv")

    def test_by_its_entries(self, tmp_path: Path) -> None:
        path = small_book(tmp_path / "a.xlsx")
        with zipfile.ZipFile(path, "a") as packed:
            for i in range(archive.MOST_ENTRIES):
                packed.writestr(f"xl/media/{i}.png", b"")
        with pytest.raises(FileIsNotReadable, match="压缩包"):
            reader.read(path, "a.xlsx")

    def test_bomb_is_refused_before_it_is_unpacked(self, tmp_path: Path) -> None:
        path = small_book(tmp_path / "a.xlsx")
        with (
            zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed,
            packed.open("xl/x.xml", "w") as entry,
        ):
            for _ in range(250):
                entry.write(b" " * archive.MEGABYTE)
        started = time.monotonic()
        with pytest.raises(FileIsNotReadable, match="过大"):
            reader.read(path, "a.xlsx")
        assert time.monotonic() - started < 1

    def test_by_rows_that_are_counted_before_parsing(self, tmp_path: Path) -> None:
        rows = "".join(f'<row r="{i}"><c r="A{i}"><v>1</v></c></row>' for i in range(1, 60_100)).encode()
        path = rebuilt(
            small_book(tmp_path / "a.xlsx"),
            tmp_path / "b.xlsx",
            lambda name, data: data.replace(b"<sheetData>", b"<sheetData>" + rows) if name == SHEET else data,
        )
        with pytest.raises(FileIsNotReadable, match="20,000 行"):
            reader.read(path, "b.xlsx")

    @pytest.mark.parametrize("cell", ["XFD1", "A1048576", "XFD1048576", "ZZZ2"])
    def test_by_one_cell_far_away(self, tmp_path: Path, cell: str) -> None:
        far = f'<row r="9"><c r="{cell}"><v>1</v></c></row>'.encode()
        path = rebuilt(
            small_book(tmp_path / "a.xlsx"),
            tmp_path / "b.xlsx",
            lambda name, data: (
                data.replace(b"</sheetData>", far + b"</sheetData>") if name == SHEET else data
            ),
        )
        with pytest.raises(FileIsNotReadable):
            reader.read(path, "b.xlsx")

    def test_by_rows_of_content(self, tmp_path: Path, manager: User, now: datetime) -> None:
        path = tmp_path / "a.csv"
        path.write_text(",".join(CUSTOMER_HEADER) + "\n" + "K1,,,,\n" * 20_001, encoding="utf-8")
        with pytest.raises(FileIsNotReadable, match="共 20001 行"):
            book.plan_file(path=path, name="a.csv", by=manager, now=now)


class TestEntities:
    def test_are_not_followed(self, tmp_path: Path) -> None:
        """A document type in the sheet must not read files into cells."""
        bad = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        path = rebuilt(
            small_book(tmp_path / "a.xlsx"),
            tmp_path / "b.xlsx",
            lambda name, data: (
                data.replace(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', bad).replace(
                    b"K1", b"&a;"
                )
                if name.endswith(".xml")
                else data
            ),
        )
        try:
            grids = reader.read(path, "b.xlsx")
        except FileIsNotReadable:
            return
        assert "root:" not in str(grids.sheets)


def mutants(good: bytes, csv: bytes, seed: int) -> Iterator[tuple[str, bytes]]:
    """This function will break a good workbook and a good csv in many ways, the same at every run."""
    dice = random.Random(seed)
    for _ in range(60):
        yield "a.xlsx", good[: dice.randrange(1, len(good))]
    for _ in range(120):
        data = bytearray(good)
        for _ in range(dice.choice((1, 3, 20))):
            data[dice.randrange(len(data))] = dice.randrange(256)
        yield "a.xlsx", bytes(data)
    for _ in range(150):
        data = bytearray(csv)
        for _ in range(dice.choice((1, 3, 20))):
            data[dice.randrange(len(data))] = dice.randrange(256)
        yield "a.csv", bytes(data)
    for _ in range(30):
        start, end = sorted(dice.sample(range(len(csv)), 2))
        yield "a.csv", csv[:start] + csv[end:]


def bent_sheets(path: Path, out: Path, dice: random.Random) -> Path:
    """This function will change the XML inside a workbook, so that the zip stays right and the sheet does not."""
    words = (
        b"",
        b"&#0;",
        b"<c/>",
        b"1E+308",
        b"NaN",
        b"-1",
        b"9" * 400,
        b"</row>",
        b't="e"',
        b"\xff\xfe",
        b'r="A0"',
    )

    def change(name: str, data: bytes) -> bytes:
        if "sheet" not in name or dice.random() < 0.5:
            return data
        start = dice.randrange(len(data))
        return data[:start] + dice.choice(words) + data[start + dice.randrange(12) :]

    return rebuilt(path, out, change)


@pytest.mark.timeout(3600 if LONG else 300)
class TestHundredsOfBrokenFiles:
    def test_end_in_a_plan_or_in_a_sentence_and_write_nothing(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        good, began = small_book(tmp_path / "good.xlsx"), time.monotonic()
        csv = (
            ",".join(CUSTOMER_HEADER) + '\r\nK1,单位,"晨光,公司",120101,lin\r\nK2,个人,赵明,120101,lin\r\n'
        ).encode()
        before = LogEntry.objects.count()
        ends = {"planned": 0, "refused": 0}
        path = tmp_path / "mutant"
        dice = random.Random(7)

        def files() -> Iterator[tuple[str, bytes]]:
            for seed in range(1, size(1, 21) + 1):
                yield from mutants(good.read_bytes(), csv, seed=seed)
                for _ in range(120):
                    yield "a.xlsx", bent_sheets(good, tmp_path / "bent", dice).read_bytes()

        for name, content in files():
            path.write_bytes(content)
            try:
                book.plan_file(path=path, name=name, by=manager, now=now)
                ends["planned"] += 1
            except FileIsNotReadable as refusal:
                assert refusal.message.endswith("。")
                ends["refused"] += 1
        told = f"拒绝并说明原因 {ends['refused']}，可以试算 {ends['planned']}，其他结局 0，写入 0"
        keep("F22", "损坏的导入文件", "SQLite", f"{sum(ends.values())} 个", told, began)
        assert min(ends.values()) > 20
        assert LogEntry.objects.count() == before
        assert not any(model.objects.exists() for model in (Customer, Contact, Policy, Assignment))

    def test_that_can_be_planned_can_be_committed(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        """Whatever a bent file still says is written whole or told as a reason, row by row."""
        good = small_book(tmp_path / "good.xlsx")
        dice = random.Random(11)
        for _ in range(size(40, 600)):
            path = bent_sheets(good, tmp_path / "bent.xlsx", dice)
            try:
                plan = book.commit_file(path=path, name="bent.xlsx", by=manager, now=now)
            except FileIsNotReadable:
                continue
            counts = plan.counts()
            assert counts["total"] == sum(count for key, count in counts.items() if key != "total")
            assert all(line.reasons for line in plan.lines if line.outcome == "error")


class TestStrangeButReadable:
    def test_texts_of_every_kind_come_back_as_they_are(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        names = [
            "=1+1",
            "+86",
            "-x",
            "@SUM(A1)",
            "＝1",
            "<script>alert(1)</script>",
            "a' OR 1=1 --",
            "𠮷野家",
            "{{ 7*7 }}",
        ]
        rows = [CUSTOMER_HEADER, *[(f"K{i}", "单位", name, "120101", "lin") for i, name in enumerate(names)]]
        path = workbook(tmp_path / "b.xlsx", {"客户": rows})
        book.commit_file(path=path, name="b.xlsx", by=manager, now=now)
        assert list(Customer.objects.order_by("number").values_list("name", flat=True)) == names
