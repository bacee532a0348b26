"""The catalogue for everybody, and its changes from form to effect by two of the head office."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.models import Customer, User
from crm.models.staff import Role
from servicing.models import ServiceStandard, StandardDraft
from servicing.services import standard_drafts
from servicing.standard_changes import Change
from tests.factories import crm as make
from tests.factories.servicing import promise

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
CODE = "PA-18.1.3"
PAGE = f"/standards/{CODE}/"
FORM = f"/standards/{CODE}/change/"


@pytest.fixture
def second(db: None) -> User:
    """Another administrator of the head office."""
    return make.person("pei", role="head_office", branch=make.branch_tree().head_office, name="裴岚")


def filled(**fields: object) -> dict[str, object]:
    row = ServiceStandard.objects.get(code=CODE, active_to=None)
    return {
        "version": row.version,
        "amount": 1,
        "unit": "working_days",
        "wording": "资料齐备后 1 个工作日内办结。",
        "pause_reasons": row.pause_reasons,
        "evidence": "\n".join(row.evidence),
        "starts_on": "",
        "reason": "提速",
        "act": "preview",
        **fields,
    }


def published(by: User, second: User, now: datetime, **more: Any) -> ServiceStandard:
    base = ServiceStandard.objects.get(code=CODE, active_to=None)
    change = Change("working_days", 1, "当天办", tuple(base.pause_reasons), tuple(base.evidence))
    draft = standard_drafts.submit(
        base=base, change=change, active_from=more.get("active_from"), reason="提速", by=by, now=now
    )
    row = standard_drafts.confirm(draft=draft, by=second, now=now).published
    assert row is not None
    return row


class TestTheCatalogue:
    def test_lists_what_holds_by_programme(self, lin: User, client_as: LogIn) -> None:
        page = client_as(lin).get("/standards/").text
        assert "团险 VIP" in page and "VIP 快速保全变更" in page and "2 个工作日" in page
        assert "共 83 条" in page and 'aria-current="page"' in page

    @pytest.mark.parametrize(
        ("asked", "found", "not_found"),
        [
            ("q=18.1.3", "VIP 快速保全变更", "一般请求答复"),
            ("q=保全变更", "PA-17.2", "X-16"),
            ("q=pa-17.1", "出单", "投诉办法"),
            ("programme=law", "投诉办法 20", "PA-17.1"),
            ("authority=statutory", "交强险赔付", "PA-17.1"),
            ("tier=3", "不分层级", "VIP 快速保全变更"),
        ],
    )
    def test_is_filtered(self, asked: str, found: str, not_found: str, lin: User, client_as: LogIn) -> None:
        page = client_as(lin).get(f"/standards/?{asked}", headers={"HX-Request": "true"}).text
        assert page.lstrip().startswith('<div id="results">')
        assert found in page and not_found not in page

    def test_says_when_nothing_fits(self, lin: User, client_as: LogIn) -> None:
        assert "没有符合条件的标准" in client_as(lin).get("/standards/?q=火星").text

    def test_shows_what_is_still_ahead(
        self, lin: User, head_office: User, second: User, client_as: LogIn, now: datetime
    ) -> None:
        published(head_office, second, now, active_from=now + timedelta(days=10))
        page = client_as(lin).get(f"/standards/?q={CODE}").text
        assert "第 1 版" in page and "2026-03-20 起 1 个工作日" in page

    def test_counts_running_promises_of_ones_own_branches(
        self, lin: User, zhou: User, silver: Customer, client_as: LogIn
    ) -> None:
        promise(silver, CODE)
        counts = [
            [one.running for one in client_as(who).get("/standards/").context["rows"] if one.row.code == CODE]
            for who in (lin, zhou)
        ]
        assert counts == [[1], [0]]


class TestOneStandard:
    def test_says_what_is_promised_and_from_when_to_when(self, lin: User, client_as: LogIn) -> None:
        page = client_as(lin).get(PAGE).text
        assert "提出变更且资料齐备" in page and "变更办结" in page and "外部鉴定" in page
        assert "修改标准" not in page

    def test_names_the_laws_limits_for_the_same_thing(self, lin: User, client_as: LogIn) -> None:
        page = client_as(lin).get("/standards/PA-18.2.1-complaint/?at=2026-03-10T10:00")
        assert "投诉处理（简单）" in page.text
        assert page.context["tried"].ceiling.isoformat() == "2026-03-25"

    @pytest.mark.parametrize("code", ["R-4 simple", "保险法 23 assessment, complex", "PA-17.4", "BR-2"])
    def test_opens_whatever_its_code_is_written_like(self, code: str, lin: User, client_as: LogIn) -> None:
        assert client_as(lin).get(f"/standards/{code}/").status_code == 200

    def test_of_an_unknown_code_is_unknown(self, lin: User, client_as: LogIn) -> None:
        assert client_as(lin).get("/standards/PA-99/").status_code == 404

    def test_asks_few_queries_with_many_versions(self, head_office: User, client_as: LogIn) -> None:
        client = client_as(head_office)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE)
        assert len(asked) <= 13


class TestTryingADate:
    def test_draws_the_ribbon_of_that_moment(self, lin: User, client_as: LogIn) -> None:
        page = client_as(lin).get(f"{PAGE}?at=2026-02-12T10:00")
        assert page.context["tried"].due.due_date.isoformat() == "2026-02-14"
        assert 'class="jn-ribbon"' in page.text

    def test_uses_the_version_that_held_then(
        self, lin: User, head_office: User, second: User, client_as: LogIn, now: datetime
    ) -> None:
        published(head_office, second, now, active_from=now + timedelta(days=10))
        client = client_as(lin)
        before, after = (
            client.get(f"{PAGE}?at={at}T10:00").context["tried"] for at in ("2026-03-19", "2026-03-23")
        )
        assert (before.standard.version, after.standard.version) == (1, 2)

    @pytest.mark.parametrize("at", ["昨天", "", "1800-01-01T10:00"])
    def test_that_cannot_be_read_is_told_beside_it(self, at: str, lin: User, client_as: LogIn) -> None:
        page = client_as(lin).get(f"{PAGE}?at={at}")
        assert page.status_code == 200 and 'class="jn-error"' in page.text

    def test_of_a_promise_without_a_clock_says_why_not(self, lin: User, client_as: LogIn) -> None:
        assert "按到期日往前推算月数" in client_as(lin).get("/standards/PA-17.4/").text


class TestComparingVersions:
    def test_marks_the_fields_that_differ(
        self, lin: User, head_office: User, second: User, client_as: LogIn, now: datetime
    ) -> None:
        published(head_office, second, now)
        page = client_as(lin).get(f"{PAGE}?a=1&b=2")
        changed = {one.label: (one.before, one.after) for one in page.context["comparison"] if one.changed}
        assert changed["时限"] == ("2 个工作日", "1 个工作日") and set(changed) == {"时限", "承诺"}
        assert page.text.count('class="is-changed"') == 2

    def test_that_do_not_exist_is_no_crash(
        self, lin: User, head_office: User, second: User, client_as: LogIn, now: datetime
    ) -> None:
        published(head_office, second, now)
        assert "没有这个版本" in client_as(lin).get(f"{PAGE}?a=7&b=9999999").text


class TestTheWholeWalk:
    def test_one_hands_in_another_confirms_and_the_version_stands(
        self, head_office: User, second: User, silver: Customer, client_as: LogIn
    ) -> None:
        promise(silver, CODE)
        client = client_as(head_office)
        assert "修改标准" in client.get(PAGE).text
        preview = client.post(FORM, filled()).text
        assert "2 个工作日" in preview and "1 个工作日" in preview and "银河物流" in preview
        assert "2026-03-12 23:59" in preview and "2026-03-11 23:59" in preview
        assert not StandardDraft.objects.exists()

        handed_in = client.post(FORM, filled(act="submit"))
        own = client.get(handed_in.url).text
        assert "须由另一位总公司管理员确认" in own and "确认生效" not in own

        other = client_as(second)
        assert "去核对" in other.get("/standards/").text
        assert "确认生效" in other.get(handed_in.url).text
        page = other.post(f"{handed_in.url}confirm/", follow=True).text
        assert "第 2 版已生效" in page
        assert "版本对比" in client.get(PAGE).text

    def test_a_longer_limit_is_marked(self, head_office: User, client_as: LogIn) -> None:
        page = client_as(head_office).post(FORM, filled(amount=5)).text
        assert "这是调低承诺" in page and "放宽为“5 个工作日”" in page

    def test_goes_back_to_the_filled_form(self, head_office: User, client_as: LogIn) -> None:
        page = client_as(head_office).post(FORM, filled(act="edit", amount=4)).text
        assert 'value="4"' in page and "预览影响" in page

    def test_sent_twice_is_handed_in_once(self, head_office: User, client_as: LogIn) -> None:
        client = client_as(head_office)
        first, again = (client.post(FORM, filled(act="submit")).url for _ in range(2))
        assert first == again and StandardDraft.objects.count() == 1

    def test_confirmed_twice_says_that_it_is_done(
        self, head_office: User, second: User, client_as: LogIn
    ) -> None:
        address = client_as(head_office).post(FORM, filled(act="submit")).url
        client = client_as(second)
        client.post(f"{address}confirm/")
        again = client.post(f"{address}confirm/")
        assert again.status_code == 422 and "不能再处理" in again.text

    def test_the_author_who_confirms_all_the_same_is_told_why_not(
        self, head_office: User, client_as: LogIn
    ) -> None:
        client = client_as(head_office)
        address = client.post(FORM, filled(act="submit")).url
        answer = client.post(f"{address}confirm/")
        assert answer.status_code == 422 and "提交人不能自己确认" in answer.text

    def test_sent_back_it_says_why(self, head_office: User, second: User, client_as: LogIn) -> None:
        address = client_as(head_office).post(FORM, filled(act="submit")).url
        client = client_as(second)
        assert client.post(f"{address}return/", {"reason": ""}).status_code == 422
        client.post(f"{address}return/", {"reason": "先报批"})
        assert "先报批" in client_as(head_office).get(address).text

    def test_a_waiting_change_leads_there_instead_of_to_a_new_form(
        self, head_office: User, second: User, client_as: LogIn
    ) -> None:
        address = client_as(head_office).post(FORM, filled(act="submit")).url
        assert client_as(second).get(FORM).url == address

    def test_filled_from_a_version_that_was_replaced_is_stale(
        self, head_office: User, second: User, client_as: LogIn, now: datetime
    ) -> None:
        stale = filled(act="submit", amount=3)
        published(head_office, second, now)
        answer = client_as(head_office).post(FORM, stale)
        assert answer.status_code == 422 and "这份修改已过时" in answer.text

    def test_unknown_drafts_acts_and_codes_are_unknown(self, head_office: User, client_as: LogIn) -> None:
        client = client_as(head_office)
        address = client.post(FORM, filled(act="submit")).url
        assert client.get("/standards/drafts/999/").status_code == 404
        assert client.post(f"{address}burn/").status_code == 404
        assert client.get("/standards/PA-99/change/").status_code == 404
        assert client.post(FORM, filled(version=77)).status_code == 404


class TestABadChange:
    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"amount": ""}, "请填写时限的数量"),
            ({"amount": "1000"}, "999"),
            ({"unit": "yearly"}, "id_unit_error"),
            ({"unit": "hours"}, "不能暂停"),
            ({"wording": ""}, "id_wording_error"),
            ({"reason": ""}, "id_reason_error"),
            ({"starts_on": "2026-03-10"}, "生效日期须在今天之后"),
            (
                {
                    "amount": 2,
                    "wording": "保单有效，VIP 客户提出变更且资料齐备后 2 个工作日内办结；资料未齐时尚未起算。",
                },
                "没有改动任何内容",
            ),
        ],
    )
    def test_is_told_and_nothing_is_kept(
        self, fields: dict[str, object], said: str, head_office: User, client_as: LogIn
    ) -> None:
        for act in ("preview", "submit"):
            answer = client_as(head_office).post(FORM, filled(**fields, act=act))
            assert answer.status_code == 422 and said in answer.text
        assert not StandardDraft.objects.exists()

    def test_longer_than_the_law_never_reaches_the_preview(self, head_office: User, client_as: LogIn) -> None:
        sent = filled(version=1, amount=16, unit="natural_days", wording="十六天")
        answer = client_as(head_office).post("/standards/PA-18.2.1-complaint/change/", sent)
        assert answer.status_code == 422 and "长于法定上限" in answer.text and "提交复核" not in answer.text

    def test_of_the_law_leads_back(self, head_office: User, client_as: LogIn) -> None:
        answer = client_as(head_office).get("/standards/R-4 simple/change/", follow=True)
        assert "法定上限随产品更新" in answer.text


class TestOtherRoles:
    @pytest.mark.parametrize("role", [one for one in Role.values if one != "head_office"])
    def test_read_the_catalogue_and_change_nothing(
        self, role: str, head_office: User, client_as: LogIn
    ) -> None:
        address = client_as(head_office).post(FORM, filled(act="submit")).url
        client = client_as(make.person(f"r-{role}", role=role))
        page = client.get(PAGE)
        assert page.status_code == 200 and "去核对" not in page.text and "修改标准" not in page.text
        for answer in (
            client.get(FORM),
            client.post(FORM, filled(act="submit")),
            client.get(address),
            *(client.post(f"{address}{act}/") for act in ("confirm", "return", "withdraw")),
        ):
            assert answer.status_code == 403
