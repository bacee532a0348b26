"""Saved views: kept, shared, opened by themselves, changed, deleted."""

import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.timezone import now as read_clock

from crm.models import Customer, LogEntry, SavedView, User
from tests.factories import crm as make

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
QUERY = "kind=organisation"


def form(name: str = "我的单位客户", query: str = QUERY, **more: str) -> dict[str, str]:
    """This function will fill the form as a page of its own would."""
    return {"token": str(uuid.uuid4()), "name": name, "query": query, **more}


def keep(client: Client, **more: str) -> None:
    """This function will keep a view of the customer list."""
    assert client.post("/views/new/customers/", form(**more)).status_code == 302


class TestKeepingAView:
    def test_leads_back_to_the_list_and_offers_it_there(
        self, client_as: LogIn, lin: User, gold: Customer
    ) -> None:
        client = client_as(lin)
        answer = client.post("/views/new/customers/", form())
        assert answer["Location"] == f"/customers/?{QUERY}"
        page = client.get(answer["Location"])
        assert "我的单位客户" in page.text and 'aria-current="true"' in page.text
        assert [view.name for view in page.context["views"]] == ["我的单位客户"]

    def test_twice_with_one_token_keeps_it_once(self, client_as: LogIn, lin: User) -> None:
        client, sent = client_as(lin), form()
        for _ in range(2):
            assert client.post("/views/new/customers/", sent).status_code == 302
        assert SavedView.objects.count() == 1

    @pytest.mark.parametrize(
        ("sent", "sentence"),
        [
            ({"query": ""}, "现在没有筛选条件"),
            ({"query": "q=13800138000"}, "完整的手机号或证件号不能保存"),
            ({"query": "q=" + "长" * 500}, "筛选条件太长"),
            ({"name": " "}, "请填写视图名称"),
            ({"name": "名" * 21}, "视图名称最多 20 个字"),
            ({"name": "已有"}, "已经有一个叫“已有”的视图"),
        ],
    )
    def test_that_cannot_be_kept_says_why_and_keeps_the_words(
        self, client_as: LogIn, lin: User, sent: dict[str, str], sentence: str
    ) -> None:
        client = client_as(lin)
        keep(client, name="已有")
        page = client.post("/views/new/customers/", form(**{"name": "新的", **sent}))
        assert page.status_code == 422 and sentence in page.text
        assert SavedView.objects.count() == 1

    def test_writes_no_word_of_the_filters_into_the_log(self, client_as: LogIn, lin: User) -> None:
        keep(client_as(lin), query="q=王强")
        entry = LogEntry.objects.get(action="crm.view.saved")
        assert "王强" not in f"{entry.after} {entry.subject} {entry.reason}"

    def test_of_a_list_that_is_none_is_not_found(self, client_as: LogIn, lin: User) -> None:
        assert client_as(lin).get("/views/new/nothing/").status_code == 404


class TestADefaultView:
    def test_is_opened_by_the_bare_list_only(self, client_as: LogIn, lin: User) -> None:
        client = client_as(lin)
        keep(client, is_default="on")
        assert client.get("/customers/")["Location"] == f"/customers/?{QUERY}"
        assert client.get("/customers/?all=1").status_code == 200
        assert client.get("/customers/?kind=person").status_code == 200
        assert client.get("/customers/", headers={"HX-Request": "true"}).status_code == 200

    def test_gives_way_to_another(self, client_as: LogIn, lin: User) -> None:
        client = client_as(lin)
        keep(client, is_default="on")
        keep(client, name="个人", query="kind=person", is_default="on")
        assert client.get("/customers/")["Location"] == "/customers/?kind=person"
        assert SavedView.objects.filter(is_default=True).count() == 1

    def test_of_a_colleague_does_not_open_mine(self, client_as: LogIn, lin: User, agent: User) -> None:
        keep(client_as(lin), is_default="on", shared="on")
        assert client_as(agent).get("/customers/").status_code == 200

    def test_is_one_a_list_by_the_row_itself(self, lin: User) -> None:
        same = {"owner": lin, "list": "tickets", "query": "q=1", "saved_at": read_clock()}
        SavedView.objects.create(name="一", is_default=True, **same)
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.create(name="二", is_default=True, **same)


class TestASharedView:
    def test_is_offered_to_the_same_branch_with_its_owner(
        self, client_as: LogIn, lin: User, agent: User, zhou: User
    ) -> None:
        keep(client_as(lin), shared="on")
        page = client_as(agent).get("/customers/?all=1")
        assert "我的单位客户" in page.text and "林晓" in page.text
        assert "我的单位客户" not in client_as(zhou).get("/customers/?all=1").text

    def test_that_is_not_shared_stays_its_owners(self, client_as: LogIn, lin: User, agent: User) -> None:
        keep(client_as(lin))
        assert "我的单位客户" not in client_as(agent).get("/customers/?all=1").text


class TestChangingAView:
    def test_renames_and_deletes_ones_own(self, client_as: LogIn, lin: User) -> None:
        client = client_as(lin)
        keep(client)
        pk = SavedView.objects.get().pk
        assert "我的单位客户" in client.get(f"/views/{pk}/edit/").text
        client.post(f"/views/{pk}/edit/", form("新名称", shared="on"))
        assert SavedView.objects.get().name == "新名称" and "新名称" in client.get("/views/").text
        client.post(f"/views/{pk}/delete/")
        assert not SavedView.objects.exists()

    def test_of_somebody_else_is_not_found(self, client_as: LogIn, lin: User, agent: User) -> None:
        keep(client_as(lin), shared="on")
        pk = SavedView.objects.get().pk
        for path in (f"/views/{pk}/edit/", f"/views/{pk}/delete/"):
            assert client_as(agent).post(path, form()).status_code == 404
        assert SavedView.objects.get().name == "我的单位客户"

    def test_to_a_name_in_use_is_refused(self, client_as: LogIn, lin: User) -> None:
        client = client_as(lin)
        keep(client, name="一")
        keep(client, name="二")
        second = SavedView.objects.get(name="二")
        page = client.post(f"/views/{second.pk}/edit/", form("一"))
        assert page.status_code == 422 and "已经有一个叫“一”的视图" in page.text


class TestTheFiltersOfCustomers:
    def test_are_named_as_chips_without_which_the_list_can_be_asked(
        self, client_as: LogIn, lin: User, gold: Customer
    ) -> None:
        page = client_as(lin).get(f"/customers/?kind=organisation&owner={lin.pk}")
        assert page.context["chips"] == [
            ("类型：单位", f"/customers/?owner={lin.pk}"),
            (f"客户经理：林晓（{lin.username}）", "/customers/?kind=organisation"),
        ]

    def test_leave_no_trace_of_a_whole_number(self, client_as: LogIn, lin: User, gold: Customer) -> None:
        make.contact(gold, "王强", phone="13800138000")
        page = client_as(lin).post("/customers/", {"q": "13800138000"})
        assert gold.shown_name in page.text
        assert page.context["chips"] == [] and page.context["query"] == "" and page.context["trail"] == ""
        assert page.text.count("13800138000") == 1  # the search box alone
