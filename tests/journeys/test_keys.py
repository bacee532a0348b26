"""The house by keyboard: every key of the sheet, the guard of input methods, and the switch."""

from collections.abc import Callable

import pytest
from django.utils.timezone import now as read_clock
from playwright.sync_api import Page, expect

from crm.models import Customer, User
from servicing.models import Ticket
from servicing.services import tickets
from tests.journeys.walker import Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Walk = Callable[..., Walker]


@pytest.fixture
def asked(silver: Customer, gold: Customer, lin: User) -> list[Ticket]:
    """Two complaints of 林晓, in the order of the list."""
    now = read_clock()
    return [
        tickets.open_ticket(
            customer=customer,
            kind="complaint",
            channel="phone",
            subject=f"第{n}件",
            received_at=now,
            by=lin,
            now=now,
        )
        for n, customer in enumerate((silver, gold), 1)
    ]


def compose(page: Page, key: str) -> None:
    """This function will send a key as an input method sends it while somebody chooses a character."""
    page.evaluate(
        """key => document.body.dispatchEvent(
            new KeyboardEvent('keydown', {key, isComposing: true, keyCode: 229, bubbles: true}))""",
        key,
    )


class TestKeys:
    def test_lead_from_page_to_page(self, walk: Walk, agent: User, asked: list[Ticket]) -> None:
        walker = walk(agent)
        page = walker.page
        for second, path in (("k", "/customers/"), ("t", "/tickets/"), ("p", "/promises/"), ("h", "/")):
            page.keyboard.press("g")
            page.keyboard.press(second)
            page.wait_for_url(walker.base + path)
        page.keyboard.press("c")
        page.wait_for_url("**/tickets/new/")
        # a letter typed into a field is a letter
        page.locator("main input:not([type=hidden])").first.focus()
        page.keyboard.press("g")
        page.keyboard.press("k")
        expect(page).to_have_url(walker.base + "/tickets/new/")

    def test_move_tick_open_and_walk_along_a_list(self, walk: Walk, agent: User, asked: list[Ticket]) -> None:
        walker = walk(agent)
        page = walker.page
        walker.go("/tickets/")
        page.keyboard.press("j")
        expect(page.get_by_role("link", name="第1件")).to_be_focused()
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("x")
        expect(page.locator("[data-picked]")).to_have_text("已选 1 张")
        walker.look()
        page.keyboard.press("x")
        expect(page.locator(".jn-bulk")).to_be_hidden()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/tickets/{asked[0].number}/?*")
        expect(page.locator(".jn-walk")).to_contain_text("第 1 / 2 条")
        page.keyboard.press("Shift+>")
        page.wait_for_url(f"**/tickets/{asked[1].number}/?*")
        page.keyboard.press("Shift+<")
        page.wait_for_url(f"**/tickets/{asked[0].number}/?*")
        page.keyboard.press("t")
        expect(page.get_by_label("转派原因")).to_be_visible()
        page.keyboard.press("u")
        page.wait_for_url("**/promises/*/#urge")

    def test_answer_and_send_from_the_row(self, walk: Walk, lin: User, asked: list[Ticket]) -> None:
        walker = walk(lin)
        page = walker.page
        walker.go("/promises/?scope=mine")
        page.keyboard.press("j")
        page.keyboard.press("e")
        page.wait_for_url("**?act=reply")
        page.get_by_label("答复内容").fill("已电话说明。")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#thread")).to_contain_text("已电话说明。")

    def test_write_down_what_passed_with_a_customer(self, walk: Walk, lin: User, gold: Customer) -> None:
        walker = walk(lin)
        walker.go(f"/customers/{gold.pk}/")
        walker.page.keyboard.press("n")
        walker.page.wait_for_url("**/customers/*/touchpoints/**")

    def test_open_the_search_box_and_the_sheet(self, walk: Walk, agent: User, asked: list[Ticket]) -> None:
        walker = walk(agent)
        page = walker.page
        walker.go("/customers/")
        page.keyboard.press("/")
        expect(page.locator("main input[type=search]")).to_be_focused()
        page.locator("h1").click()
        page.keyboard.press("Shift+?")
        expect(page.locator("#keys")).to_be_visible()
        walker.look()
        page.keyboard.press("g")
        page.keyboard.press("h")  # asleep while something lies over the page
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).to_be_hidden()
        expect(page).to_have_url(walker.base + "/customers/")


class TestAnInputMethod:
    def test_that_is_composing_presses_no_key(self, walk: Walk, agent: User, asked: list[Ticket]) -> None:
        walker = walk(agent)
        page = walker.page
        walker.go("/tickets/")
        for key in ("?", "c", "j"):
            compose(page, key)
        expect(page.locator("#keys")).to_be_hidden()
        expect(page).to_have_url(walker.base + "/tickets/")
        assert page.evaluate("document.activeElement === document.body")


class TestTheSwitch:
    def test_silences_single_keys_on_every_machine(
        self, walk: Walk, agent: User, asked: list[Ticket]
    ) -> None:
        walker = walk(agent)
        page = walker.page
        walker.go("/tickets/")
        page.keyboard.press("Shift+?")
        walker.press("关闭单键快捷键")
        expect(page.locator("#flashes")).to_contain_text("单键快捷键已关闭")
        agent.refresh_from_db()
        again = walk(agent)
        again.go("/tickets/")
        again.page.keyboard.press("Shift+?")
        again.page.keyboard.press("c")
        expect(again.page.locator("#keys")).to_be_hidden()
        expect(again.page).to_have_url(again.base + "/tickets/")
