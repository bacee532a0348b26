"""From door to door: a change asked for before the Spring Festival, broken, done late, and read on its receipt."""

from collections.abc import Callable

import pytest
from django.utils.timezone import now as read_clock
from playwright.sync_api import expect

from crm.models import Customer, User
from servicing.models import Commitment, Ticket
from servicing.services import commitments
from tests.factories import crm as make
from tests.journeys.walker import Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Walk = Callable[..., Walker]


@pytest.fixture
def caller(ordinary: Customer) -> Customer:
    """An ordinary customer whose general manager calls."""
    make.contact(ordinary, "张伟", phone="13800005678", title="总经理")
    make.policy(ordinary)
    return ordinary


class TestAChangeOverTheSpringFestival:
    """Received on Thursday 12 February 2026, three working days."""

    def test_is_explained_broken_done_late_and_stays_broken(
        self, walk: Walk, lin: User, caller: Customer
    ) -> None:
        """Every page on the way is free of complaints."""
        walker = walk(lin)
        walker.look()
        self._take_the_call(walker)
        self._read_why(walker)
        self._break_it(walker)
        self._do_it_late(walker)
        self._read_the_receipt(walker)

    def _take_the_call(self, walker: Walker) -> None:
        page = walker.page
        page.get_by_role("link", name="来电登记").click()
        page.get_by_label("来电号码或客户").press_sequentially("13800005678")
        expect(page.locator("#caller-matches")).to_contain_text("普济商贸")
        expect(page.locator("#caller-matches")).to_contain_text("张*")
        page.get_by_label("类别").select_option("change")
        page.get_by_label("变更内容").select_option("beneficiary")
        page.get_by_label("受理时间").fill("2026-02-12T10:00")
        page.get_by_label("客户要办什么").fill("春节前变更受益人")
        expect(page.locator("#preview")).to_contain_text("2026-02-24 周二 23:59")
        walker.look()
        walker.press("保存并起算时限")
        page.wait_for_url("**/tickets/GD260212-*/")
        walker.look()

    def _read_why(self, walker: Walker) -> None:
        text = walker.text()
        assert "自 2026-02-12（周四）起算，时限 3 个工作日" in text
        assert "02-14（班）" in text and "春节 9 天" in text
        assert walker.page.locator(".jn-ribbon svg").count() == 1

    def _break_it(self, walker: Walker) -> None:
        commitments.sweep(now=read_clock())
        row = Commitment.objects.get()
        assert row.breached_at == row.due_at
        walker.page.reload()
        expect(walker.page.locator("#clocks")).to_contain_text("超时")
        walker.go("/")
        expect(walker.page.locator(f"#promise-{row.pk}")).to_contain_text("超时")
        walker.page.locator(f"#promise-{row.pk}").get_by_role("link", name="办结", exact=True).click()

    def _do_it_late(self, walker: Walker) -> None:
        page = walker.page
        page.get_by_label("办理结果").fill("受益人已变更")
        page.get_by_label("凭据编号").fill("PD-2026-001")
        walker.press("办结工单")
        expect(page.locator("#flashes")).to_contain_text("工单已办结")
        expect(page.locator("#clocks")).to_contain_text("迟办")
        walker.look()
        assert Ticket.objects.get().state == "closed"

    def _read_the_receipt(self, walker: Walker) -> None:
        page = walker.page
        page.get_by_role("link", name="时效凭证").first.click()
        page.wait_for_url("**/promises/*/")
        walker.look()
        text = walker.text()
        for words in ("违约", "迟办", "不改变这一事实", "调休上班", "PA-17.2", "国办发明电", "PD-2026-001"):
            assert words in text, words
        row = Commitment.objects.get()
        assert row.state == "fulfilled" and row.breached_at == row.due_at

    def test_can_be_walked_without_script(self, walk: Walk, lin: User, caller: Customer) -> None:
        """The same pages, the same answers, only with more buttons."""
        page = walk(lin, script=False).page
        page.get_by_role("link", name="来电登记").click()
        page.get_by_label("来电号码或客户").fill("普济")
        page.get_by_role("button", name="查找客户").click()
        page.get_by_label("类别").select_option("change")
        page.get_by_label("变更内容").select_option("beneficiary")
        page.get_by_label("受理时间").fill("2026-02-12T10:00")
        page.get_by_label("客户要办什么").fill("春节前变更受益人")
        page.get_by_role("button", name="看看时限").click()
        expect(page.locator("#preview")).to_contain_text("2026-02-24")
        page.get_by_role("button", name="保存并起算时限").click()
        page.get_by_role("tab", name="备注").click()
        page.get_by_label("内部备注").fill("已联系客户")
        page.get_by_role("button", name="保存备注").click()
        expect(page.locator("#thread")).to_contain_text("已联系客户")
