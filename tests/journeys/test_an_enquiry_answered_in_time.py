"""From door to door: a silver customer asks, is answered in time, and the receipt says kept."""

from collections.abc import Callable

import pytest
from django.utils.timezone import now as read_clock
from playwright.sync_api import expect

from crm.models import Customer, User
from servicing.models import Commitment, Ticket
from servicing.services import tickets
from tests.journeys.walker import Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Walk = Callable[..., Walker]


@pytest.fixture
def asked(silver: Customer, agent: User) -> Ticket:
    """An enquiry that came in a moment ago."""
    now = read_clock()
    return tickets.open_ticket(
        customer=silver,
        kind="enquiry",
        channel="phone",
        subject="询问现金价值",
        received_at=now,
        by=agent,
        now=now,
    )


class TestAnEnquiry:
    """Of a silver customer."""

    def test_answered_in_time_is_kept(self, walk: Walk, agent: User, asked: Ticket) -> None:
        """On the workbench it moves to what was done today."""
        walker = walk(agent)
        page = walker.page
        page.locator(f"#promise-{asked.promise_id}").get_by_role("link", name="答复", exact=True).click()
        page.get_by_label("答复内容").fill("现金价值为 12,340.50 元，已发邮件说明。")
        walker.press("保存答复")
        expect(page.locator("#thread")).to_contain_text("现金价值为 12,340.50 元")
        expect(page.locator("#clocks")).to_contain_text("已完成")
        walker.look()
        walker.go(f"/promises/{asked.promise_id}/")
        assert "守约" in walker.text() and "答复记录" in walker.text()
        walker.go("/")
        expect(page.locator("#done")).to_contain_text("询问现金价值")
        assert Commitment.objects.get().breached_at is None

    def test_overtaken_by_a_colleague_loses_no_word(
        self, walk: Walk, agent: User, lin: User, asked: Ticket
    ) -> None:
        """Two browsers on one ticket: the second sees the first one's answer and its own words."""
        first, second = walk(agent), walk(lin)
        for walker in (first, second):
            walker.page.goto(f"{walker.base}/tickets/{asked.number}/")
        second.page.get_by_label("答复内容").fill("林晓写的答复")
        first.page.get_by_label("答复内容").fill("秦岚先答复了")
        first.press("保存答复")
        expect(first.page.locator("#thread")).to_contain_text("秦岚先答复了")
        second.press("保存答复")
        expect(second.page.locator("#thread")).to_contain_text("秦岚先答复了")
        expect(second.page.locator("#acts")).to_contain_text("刚被别人改动")
        expect(second.page.get_by_label("答复内容")).to_have_value("林晓写的答复")
        assert asked.entries.filter(kind="reply").count() == 1
        second.look()

    def test_keeps_typed_words_when_another_act_is_looked_at(
        self, walk: Walk, agent: User, asked: Ticket
    ) -> None:
        """Tabs change what is seen, not what was written."""
        page = walk(agent).page
        page.goto(page.url + f"tickets/{asked.number}/")
        page.get_by_label("答复内容").fill("写到一半")
        page.get_by_role("tab", name="转派").click()
        expect(page.get_by_label("转派给")).to_be_visible()
        page.get_by_role("tab", name="答复").click()
        expect(page.get_by_label("答复内容")).to_have_value("写到一半")


class TestEveryPage:
    """Wide and on a phone."""

    @pytest.mark.parametrize("phone", [False, True])
    def test_has_no_barrier_and_no_complaint(
        self, walk: Walk, agent: User, asked: Ticket, phone: bool
    ) -> None:
        """And never scrolls sideways as a whole."""
        walker = walk(agent, phone=phone)
        for path in (
            "/",
            "/?scope=branch",
            "/tickets/",
            "/tickets/?kind=claim&q=没有",
            "/tickets/new/",
            f"/tickets/new/?customer={asked.customer_id}",
            f"/tickets/{asked.number}/",
            f"/promises/{asked.promise_id}/",
            "/deadlines/",
            "/deadlines/?clock=kind:complaint&tier=silver&at=2026-02-12T10:00&p-0-started=2026-02-13",
            "/deadlines/?clock=PA-99&at=",
            f"/customers/{asked.customer_id}/?tab=promises",
            f"/customers/{asked.customer_id}/?tab=tickets",
        ):
            walker.go(path)
            wide = walker.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, (path, wide)

    def test_of_the_calculator_answers_in_place(self, walk: Walk, agent: User) -> None:
        """Without a new page; the address can be kept."""
        walker = walk(agent)
        walker.go("/deadlines/")
        page = walker.page
        page.get_by_label("事项或标准").select_option("PA-17.1")
        page.get_by_label("起算时刻").fill("2026-02-12T10:00")
        walker.press("试算")
        expect(page.locator("#trial")).to_contain_text("2026-02-26 23:59")
        page.get_by_role("button", name="加一段暂停").click()
        expect(page.get_by_label("暂停日")).to_have_count(2)
        assert "clock=PA-17.1" in page.url
        walker.look()
