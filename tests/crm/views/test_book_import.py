"""The import page: upload, dry run, confirm, failures; by the right people, once."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now as read_clock
from pytest_django import DjangoAssertNumQueries, Settings
from python_calamine import load_workbook

from crm.book import uploads
from crm.models import Customer, LogEntry, User
from tests.crm.book.workbooks import CUSTOMER_HEADER, small_book, workbook

As = Callable[[User], Client]


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Settings) -> Path:
    """Uploads lie in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def upload(client: Client, path: Path, name: str = "客户.xlsx") -> str:
    """This function will upload a file and return the address of its page."""
    answer = client.post(reverse("crm:import-book"), {"file": SimpleUploadedFile(name, path.read_bytes())})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.url)


class TestTheWholeWalk:
    def test_upload_shows_a_dry_run_and_the_commit_its_batch(
        self, tmp_path: Path, lin: User, manager: User, client_as: As
    ) -> None:
        client = client_as(manager)
        address = upload(client, small_book(tmp_path / "b.xlsx"))
        page = client.get(address).content.decode()
        assert "试运行结果" in page and "确认后写入 7 行" in page
        assert not Customer.objects.exists()
        assert client.post(address, follow=True).status_code == 200
        page = client.get(address).content.decode()
        batch = LogEntry.objects.get(action="crm.book.imported").subject.partition(":")[2]
        assert "导入结果" in page and batch in page
        assert Customer.objects.count() == 2
        assert batch in client.get(reverse("crm:import-book")).content.decode()

    def test_commit_sent_twice_counts_once_and_drops_the_file(
        self, tmp_path: Path, lin: User, manager: User, client_as: As, media: Path
    ) -> None:
        client = client_as(manager)
        address = upload(client, small_book(tmp_path / "b.xlsx"))
        client.post(address)
        client.post(address)
        assert LogEntry.objects.filter(action="crm.book.imported").count() == 1
        (folder,) = (media / "book").iterdir()
        assert sorted(file.name for file in folder.iterdir()) == ["failures.xlsx", "summary.json"]

    def test_failures_come_under_their_chinese_name_and_never_as_a_page(
        self, tmp_path: Path, lin: User, manager: User, client_as: As
    ) -> None:
        rows = [CUSTOMER_HEADER, ("K1", "单位", "<b>某公司</b>", "120101", "nobody")]
        client = client_as(manager)
        address = upload(client, workbook(tmp_path / "b.xlsx", {"客户": rows}))
        page = client.get(address).content.decode()
        assert "没有这个工号" in page and "没有可以写入的行" in page
        answer = client.get(f"{address}failures/")
        assert "失败明细-客户.xlsx" in unquote(answer["Content-Disposition"])
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        cells = load_workbook(BytesIO(answer.content)).get_sheet_by_name("客户").to_python()
        assert cells[1][2] == "<b>某公司</b>"

    def test_template_opens_with_its_sheets(self, manager: User, client_as: As) -> None:
        answer = client_as(manager).get(reverse("crm:import-template"))
        assert "客户导入模板.xlsx" in unquote(answer["Content-Disposition"])
        assert load_workbook(BytesIO(answer.content)).sheet_names == [
            "说明",
            "客户",
            "服务对象",
            "保单",
            "层级",
        ]


class TestARefusedFile:
    def test_is_told_beside_the_field_and_not_kept(
        self, tmp_path: Path, manager: User, client_as: As, media: Path
    ) -> None:
        file = SimpleUploadedFile("客户.xlsx", b"%PDF-1.7")
        answer = client_as(manager).post(reverse("crm:import-book"), {"file": file})
        assert answer.status_code == 422
        assert "内容不是 xlsx" in answer.content.decode()
        assert list((media / "book").iterdir()) == []

    def test_missing_file_is_told(self, manager: User, client_as: As) -> None:
        answer = client_as(manager).post(reverse("crm:import-book"))
        assert (answer.status_code, "请选择文件" in answer.content.decode()) == (422, True)


class TestWhoMayImport:
    def test_others_are_told_no(self, lin: User, agent: User, client_as: As) -> None:
        for person in (lin, agent):
            assert client_as(person).get(reverse("crm:import-book")).status_code == 403

    def test_nobody_sees_anothers_upload(
        self, tmp_path: Path, lin: User, manager: User, head_office: User, client_as: As
    ) -> None:
        address = upload(client_as(manager), small_book(tmp_path / "b.xlsx"))
        other = client_as(head_office)
        assert [other.get(address).status_code, other.post(address).status_code] == [404, 404]
        assert other.get(f"{address}failures/").status_code == 404
        assert not Customer.objects.exists()

    @pytest.mark.parametrize("token", ["..", "nothing", "a%2Fb", ".hidden"])
    def test_invented_tokens_lead_nowhere(self, manager: User, client_as: As, token: str) -> None:
        assert client_as(manager).get(f"/import/{token}/").status_code == 404


class TestAnOldUpload:
    def test_is_forgotten_after_a_day(self, tmp_path: Path, lin: User, manager: User, client_as: As) -> None:
        client = client_as(manager)
        address = upload(client, small_book(tmp_path / "b.xlsx"))
        assert uploads.drop_old(now=read_clock() + timedelta(hours=23)) == 0
        assert uploads.drop_old(now=read_clock() + timedelta(hours=25)) == 1
        assert uploads.drop_old(now=read_clock() + timedelta(hours=25)) == 0
        assert client.get(address).status_code == 404


class TestQueries:
    def test_stay_few_however_many_batches(
        self,
        tmp_path: Path,
        lin: User,
        manager: User,
        client_as: As,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = client_as(manager)
        address = upload(client, small_book(tmp_path / "b.xlsx"))
        client.post(address)
        with django_assert_max_num_queries(5):
            client.get(reverse("crm:import-book"))
        with django_assert_max_num_queries(5):
            client.get(address)
