"""The calendar pages: a year for everybody, a notice from paste to effect for two of the head office."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now as read_clock

from crm.models import CalendarDraft, CalendarNotice, Customer, User
from crm.selectors import calendars
from crm.services import calendar_drafts
from tests.factories import crm as make
from tests.factories.calendars import NOTICE_2027
from tests.factories.servicing import at, promise

As = Callable[[User], Client]


@pytest.fixture
def second(db: None) -> User:
    """Another administrator of the head office."""
    return make.person("pei", role="head_office", branch=make.branch_tree().head_office, name="裴岚")


def year(client: Client, number: int) -> str:
    return client.get(reverse("crm:calendar-year", args=[number])).content.decode()


def handed_in(by: User) -> CalendarDraft:
    return calendar_drafts.submit(text=NOTICE_2027, by=by, now=read_clock())


class TestTheYearPage:
    def test_shows_days_off_make_up_days_lunar_days_and_source(self, lin: User, client_as: As) -> None:
        page = year(client_as(lin), 2026)
        assert "2026-02-17 正月初一 春节" in page
        assert "2026-02-28 正月十二 调休上班" in page
        assert "248" in page and "16 个工作日" in page
        assert "国办发明电〔2025〕7号" in page and "content_7047091.htm" in page

    def test_of_a_year_without_notice_says_that_it_is_provisional(self, lin: User, client_as: As) -> None:
        page = year(client_as(lin), 2027)
        assert "2027 年的放假安排尚未导入" in page and "暂定" in page
        assert "调休上班</span>" not in page

    def test_leads_from_the_menu_to_the_year_that_runs(self, lin: User, client_as: As) -> None:
        client = client_as(lin)
        answer = client.get(reverse("crm:calendar"))
        assert answer.url == f"/calendars/{read_clock().year}/"
        assert 'href="/calendars/"' in client.get(answer.url).content.decode()

    @pytest.mark.parametrize("number", [1989, 2003, 2100, 9999])
    def test_of_a_year_far_away_is_unknown(self, number: int, lin: User, client_as: As) -> None:
        assert client_as(lin).get(f"/calendars/{number}/").status_code == 404

    def test_asks_few_queries(self, head_office: User, client_as: As) -> None:
        client = client_as(head_office)
        year(client, 2026)
        with CaptureQueriesContext(connection) as asked:
            year(client, 2026)
        assert len(asked) <= 9


class TestTheBannerOfAMissingYear:
    def test_is_shown_to_who_can_import_it_and_asks_nothing_of_the_database(
        self, head_office: User, lin: User, client_as: As
    ) -> None:
        wanted = calendars.horizon(read_clock().date(), calendars.current()).alarm
        client, address = client_as(head_office), reverse("crm:import-book")
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address).content.decode()
        assert ('id="horizon"' in page) is wanted
        assert not [query for query in asked.captured_queries if "crm_calendarnotice" in query["sql"]]
        assert 'id="horizon"' not in year(client_as(lin), 2026)


class TestImportingANotice:
    ADDRESS = "/calendars/import/"

    def preview(self, client: Client, text: str, **more: object) -> tuple[int, str]:
        answer = client.post(self.ADDRESS, {"text": text, **more})
        return answer.status_code, answer.content.decode()

    def test_shows_what_was_read_and_who_would_move_and_keeps_nothing(
        self, head_office: User, silver: Customer, client_as: As
    ) -> None:
        promise(silver, triggered_at=at("2026-12-31 10:00"))
        text = NOTICE_2027.replace(
            "1月1日（周五）至3日（周日）放假，共3天。",
            "1月1日（周五）至4日（周一）放假调休，共4天。1月9日（周六）上班。",
        )
        status, page = self.preview(client_as(head_office), text)
        assert status == 200
        assert "读出的 2027 年放假安排" in page and "2027-02-12 周五" in page
        assert "银河物流" in page and "2027-01-05 23:59" in page and "2027-01-06 23:59" in page
        assert not CalendarDraft.objects.exists()
        assert not CalendarNotice.objects.filter(year=2027).exists()

    def test_names_every_contradiction_and_offers_no_submit(self, head_office: User, client_as: As) -> None:
        garbled = NOTICE_2027.replace("共8天", "共9天").replace("9月26日（周日）", "9月26日（周六）")
        status, page = self.preview(client_as(head_office), garbled)
        assert status == 422
        assert "列出 8 天，写的是共 9 天" in page and "2027-09-26 是周日，不是周六" in page
        assert "提交复核" not in page

    def test_posted_with_a_contradiction_all_the_same_is_not_handed_in(
        self, head_office: User, client_as: As
    ) -> None:
        status, _ = self.preview(client_as(head_office), NOTICE_2027.replace("共8天", "共9天"), act="submit")
        assert status == 422
        assert not CalendarDraft.objects.exists()

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_takes_a_file_of_the_text(self, encoding: str, head_office: User, client_as: As) -> None:
        file = SimpleUploadedFile("通知.txt", NOTICE_2027.encode(encoding))
        status, page = self.preview(client_as(head_office), "", file=file)
        assert status == 200 and "读出的 2027 年放假安排" in page

    def test_takes_a_file_of_the_house(self, head_office: User, client_as: As) -> None:
        toml = (
            b'year = 2027\nsource = "x"\n[[holiday]]\nname = "\xe5\x85\x83\xe6\x97\xa6"\nfrom = 2027-01-01\n'
        )
        status, page = self.preview(client_as(head_office), "", file=SimpleUploadedFile("2027.toml", toml))
        assert status == 200
        assert "通知没有列出这些法定假日" in page and "2027-02-05" in page

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({}, "请粘贴通知原文，或上传文件"),
            ({"text": "x", "file": SimpleUploadedFile("a.txt", b"y")}, "只选一种"),
            ({"file": SimpleUploadedFile("a.docx", b"PK\x03\x04\x00\x00\xff\xfe")}, "不是文本文件"),
            ({"file": SimpleUploadedFile("a.txt", b"a" * 200_001)}, "文件太大"),
            ({"text": "x" * 20_001}, "20000"),
        ],
    )
    def test_asks_for_exactly_one_readable_text(
        self, sent: dict[str, object], said: str, head_office: User, client_as: As
    ) -> None:
        answer = client_as(head_office).post(self.ADDRESS, sent)
        assert answer.status_code == 422
        assert said in answer.content.decode()

    @pytest.mark.parametrize("role", ["account_manager", "service_agent", "branch_manager", "auditor"])
    def test_is_for_the_head_office(self, role: str, db: None, client_as: As) -> None:
        assert client_as(make.person(f"r-{role}", role=role)).get(self.ADDRESS).status_code == 403


class TestTheWholeWalk:
    def test_one_hands_in_another_confirms_and_the_year_stands(
        self, head_office: User, second: User, client_as: As
    ) -> None:
        sent = {"text": NOTICE_2027, "address": "https://www.gov.cn/x", "act": "submit"}
        answer = client_as(head_office).post("/calendars/import/", sent)
        assert answer.status_code == 302
        own = client_as(head_office).get(answer.url).content.decode()
        assert "须由另一位总公司管理员确认" in own and "确认生效" not in own

        other = client_as(second)
        assert "确认生效" in other.get(answer.url).content.decode()
        page = other.post(f"{answer.url}confirm/", follow=True).content.decode()

        assert "2027 年放假通知已生效" in page
        assert "https://www.gov.cn/x" in year(other, 2027)
        assert "裴岚" in year(other, 2027)

    def test_the_author_who_confirms_all_the_same_is_told_why_not(
        self, head_office: User, client_as: As
    ) -> None:
        draft = handed_in(head_office)
        answer = client_as(head_office).post(f"/calendars/drafts/{draft.pk}/confirm/")
        assert answer.status_code == 422
        assert "提交人不能自己确认" in answer.content.decode()
        assert not CalendarNotice.objects.filter(year=2027).exists()

    def test_sent_back_it_says_why(self, head_office: User, second: User, client_as: As) -> None:
        draft = handed_in(head_office)
        client = client_as(second)
        assert client.post(f"/calendars/drafts/{draft.pk}/return/", {"reason": ""}).status_code == 422
        client.post(f"/calendars/drafts/{draft.pk}/return/", {"reason": "国庆与官网不符"})
        assert (
            "国庆与官网不符" in client_as(head_office).get(f"/calendars/drafts/{draft.pk}/").content.decode()
        )

    def test_waiting_it_is_pointed_out_on_the_year_page(
        self, head_office: User, second: User, lin: User, client_as: As
    ) -> None:
        handed_in(head_office)
        assert "唐宁 提交的 2027 年放假通知等待" in year(client_as(second), 2026)
        assert "唐宁 提交的" not in year(client_as(lin), 2026)

    def test_unknown_drafts_and_acts_are_unknown(
        self, head_office: User, second: User, client_as: As
    ) -> None:
        draft = handed_in(head_office)
        client = client_as(second)
        assert client.get("/calendars/drafts/999/").status_code == 404
        assert client.post(f"/calendars/drafts/{draft.pk}/burn/").status_code == 404
