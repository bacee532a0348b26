"""The import page: upload, dry run, confirm, failures; by the right people, once."""

import errno
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
from crm.models import Contact, Customer, ImportBatch, LogEntry, LongJob, User
from crm.services import book, long_jobs
from tests.crm.book.workbooks import CUSTOMER_HEADER, small_book, workbook
from tests.factories import crm as make

As = Callable[[User], Client]


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Settings) -> Path:
    """Uploads lie in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def upload(client: Client, path: Path, name: str = "客户.xlsx", **more: str) -> str:
    """This function will upload a file, have it tried out and return the address of its page."""
    file = SimpleUploadedFile(name, path.read_bytes())
    answer = client.post(reverse("crm:import-book"), {"file": file, **more})
    assert answer.status_code == 302, answer.content.decode()
    work()
    return str(answer.url)


def work() -> None:
    """This function will do what waits, as a worker does."""
    while long_jobs.work(clock=read_clock).done:
        pass


def confirm(client: Client, address: str, mode: str = "both") -> None:
    """This function will press 确认导入 and have it done."""
    assert client.post(address, {"mode": mode}).status_code == 302
    work()


class TestTheWholeWalk:
    def test_upload_shows_a_dry_run_and_the_commit_its_batch(
        self, tmp_path: Path, lin: User, manager: User, client_as: As
    ) -> None:
        client = client_as(manager)
        address = upload(client, small_book(tmp_path / "b.xlsx"))
        page = client.get(address).content.decode()
        assert "试运行结果" in page and "写入 7 行" in page
        assert not Customer.objects.exists()
        confirm(client, address)
        page = client.get(address).content.decode()
        batch = LogEntry.objects.get(action="crm.book.imported").subject.partition(":")[2]
        assert "导入结果" in page and batch in page
        assert Customer.objects.count() == 2
        assert batch in client.get(reverse("crm:import-book")).content.decode()

    @pytest.mark.django_db(transaction=True)
    def test_commit_sent_twice_counts_once_and_drops_the_file(
        self, tmp_path: Path, lin: User, manager: User, client_as: As, media: Path
    ) -> None:
        client = client_as(manager)
        address = upload(client, small_book(tmp_path / "b.xlsx"))
        client.post(address, {"mode": "both"})
        confirm(client, address)
        confirm(client, address)
        assert LogEntry.objects.filter(action="crm.book.imported").count() == 1
        assert LongJob.objects.filter(kind="import_book").count() == 1
        (folder,) = (media / "book").iterdir()
        assert [file.name for file in folder.iterdir()] == ["failures.xlsx"]

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
            "保费",
            "层级",
        ]


class TestARefusedFile:
    def test_that_only_its_inside_betrays_is_told_on_its_page(
        self, tmp_path: Path, manager: User, client_as: As, media: Path
    ) -> None:
        client = client_as(manager)
        address = upload(client, workbook(tmp_path / "b.xlsx", {"别的": [("x",)]}))
        assert "没有认出任何表" in client.get(address).content.decode()

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
        assert [other.get(address).status_code, other.post(address, {"mode": "both"}).status_code] == [
            404,
            404,
        ]
        assert other.get(f"{address}failures/").status_code == 404
        assert not Customer.objects.exists()

    @pytest.mark.parametrize("token", ["..", "nothing", "a%2Fb", ".hidden"])
    def test_invented_tokens_lead_nowhere(self, manager: User, client_as: As, token: str) -> None:
        assert client_as(manager).get(f"/import/{token}/").status_code == 404


class TestAnOldUpload:
    def test_is_forgotten_after_a_day_and_its_page_says_what_to_do(
        self, tmp_path: Path, lin: User, manager: User, client_as: As
    ) -> None:
        client = client_as(manager)
        address = upload(client, small_book(tmp_path / "b.xlsx"))
        assert uploads.drop_old(now=read_clock() + timedelta(hours=23)) == 0
        assert uploads.drop_old(now=read_clock() + timedelta(hours=25)) == 1
        assert uploads.drop_old(now=read_clock() + timedelta(hours=25)) == 0
        answer = client.post(address, {"mode": "both"}, follow=True)
        assert "请重新上传" in answer.content.decode()
        assert upload(client, small_book(tmp_path / "b.xlsx")) != address

    def test_that_is_worked_on_is_kept(self, tmp_path: Path, lin: User, manager: User, client_as: As) -> None:
        client = client_as(manager)
        address = upload(client, small_book(tmp_path / "b.xlsx"))
        client.post(address, {"mode": "both"})
        book.forget_uploads(now=read_clock() + timedelta(hours=25))
        work()
        assert Customer.objects.count() == 2


class TestTheSameFileAgain:
    def test_is_the_same_batch(self, tmp_path: Path, lin: User, manager: User, client_as: As) -> None:
        client = client_as(manager)
        path = small_book(tmp_path / "b.xlsx")
        address = upload(client, path)
        assert upload(client, path) == address
        confirm(client, address)
        assert upload(client, path) == address
        assert "这份文件上传过" in client.get(address).content.decode()
        assert ImportBatch.objects.count() == 1

    def test_is_tried_anew_when_asked_for(
        self, tmp_path: Path, lin: User, manager: User, client_as: As
    ) -> None:
        client = client_as(manager)
        path = small_book(tmp_path / "b.xlsx")
        address = upload(client, path)
        confirm(client, address)
        other = upload(client, path, again="on")
        assert other != address
        assert "没有可以写入的行" in client.get(other).content.decode()

    def test_of_another_person_is_another_batch(
        self, tmp_path: Path, lin: User, manager: User, head_office: User, client_as: As
    ) -> None:
        address = upload(client_as(manager), small_book(tmp_path / "b.xlsx"))
        assert upload(client_as(head_office), small_book(tmp_path / "b.xlsx")) != address


class TestWhatIsWritten:
    def test_can_be_new_rows_only_or_changes_only(
        self, tmp_path: Path, lin: User, manager: User, client_as: As
    ) -> None:
        client = client_as(manager)
        make.customer("旧名称", owner=lin, number="K1")
        rows = [
            CUSTOMER_HEADER,
            ("K1", "单位", "新名称", "120101", "lin"),
            ("K2", "单位", "某公司", "120101", "lin"),
        ]
        path = workbook(tmp_path / "b.xlsx", {"客户": rows})
        confirm(client, upload(client, path), "new")
        assert set(Customer.objects.values_list("name", flat=True)) == {"旧名称", "某公司"}
        address = upload(client, path, again="on")
        confirm(client, address, "update")
        assert set(Customer.objects.values_list("name", flat=True)) == {"新名称", "某公司"}

    def test_needs_a_choice(self, tmp_path: Path, lin: User, manager: User, client_as: As) -> None:
        client = client_as(manager)
        address = upload(client, small_book(tmp_path / "b.xlsx"))
        answer = client.post(address, {"mode": "everything"}, follow=True)
        assert "请选择写入哪些行" in answer.content.decode()
        assert not LongJob.objects.filter(kind="import_book").exists()


class TestAFullDisk:
    def test_is_told_in_a_sentence_and_keeps_nothing(
        self, tmp_path: Path, manager: User, client_as: As, media: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_names: object, **_more: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(Path, "open", full)
        file = SimpleUploadedFile("客户.xlsx", b"PK")
        answer = client_as(manager).post(reverse("crm:import-book"), {"file": file})
        monkeypatch.undo()
        assert answer.status_code == 422
        assert "磁盘空间不足" in answer.content.decode()
        assert list((media / "book").iterdir()) == []
        assert not ImportBatch.objects.exists()


class TestUndoing:
    def test_takes_everything_back_and_the_page_says_so(
        self, tmp_path: Path, lin: User, manager: User, client_as: As
    ) -> None:
        client = client_as(manager)
        address = upload(client, small_book(tmp_path / "b.xlsx"))
        confirm(client, address)
        assert "撤销这批导入" in client.get(address).content.decode()
        client.post(f"{address}undo/")
        work()
        page = client.get(address).content.decode()
        assert "已撤销 7 行" in page and "撤销这批导入" not in page
        assert "滨海晨光" not in client.get(reverse("crm:customer-list")).content.decode()

    def test_names_the_rows_that_stand_in_the_way(
        self, tmp_path: Path, lin: User, manager: User, client_as: As
    ) -> None:
        client = client_as(manager)
        address = upload(client, small_book(tmp_path / "b.xlsx"))
        confirm(client, address)
        Contact.objects.filter(name="刘洋").update(title="主任")
        client.post(f"{address}undo/")
        work()
        page = client.get(address).content.decode()
        assert "服务对象第 3 行已被修改" in page
        assert Customer.objects.filter(number="K1").exists()


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
        confirm(client, address)
        with django_assert_max_num_queries(5):
            client.get(reverse("crm:import-book"))
        with django_assert_max_num_queries(5):
            client.get(address)
