"""Takes the pictures of README and handbook in a real browser, from a demo as it was seeded. See `script/pictures`.

The scenes are in order: a later one may show what an earlier one did (a note, a look at a number, an import).
"""

import argparse
import os
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

from docs.pictures.camera import Camera

BOOK = Path(__file__).resolve().parent.parent / "samples" / "塘沽营业部客户清册.xlsx"
COMPLAINTS = "/tickets/?kind=complaint"
GOLD = "/customers/?tier=gold"
TWO_CLOCKS = "tbody tr:has-text('金牌')"  # a VIP's complaint has the company's clock and the law's
LIN_S = "tbody tr:has-text('金牌'):has-text('林晓') a[href^='/customers/']"
TRIAL = "/deadlines/?clock=PA-17.1&tier=ordinary&at=2026-02-12T10:00"
CLAIM = "/deadlines/?clock=PA-17.3-general&tier=ordinary&at=2026-02-12T10:00"


def nobody(camera: Camera) -> None:
    """This function will take the page before anybody is logged in."""
    camera.shoot("login", "/login/")


def keeper(camera: Camera) -> None:
    """This function will take an account manager's day: the workbench, a customer, a note, a look at a number."""
    page = camera.page
    camera.shoot("workbench", "/")
    page.keyboard.press("?")
    camera.shoot("keys")
    camera.shoot("ticket", camera.first(f"{TWO_CLOCKS} a[href^='/tickets/']", COMPLAINTS))
    camera.shoot("festival", camera.first("main a.jn-main-link", "/tickets/?state=all&q=春节前"))
    camera.shoot("trial", TRIAL)
    customer = camera.first(LIN_S, GOLD).partition("?")[0]
    camera.shoot("customer", customer)
    camera.go(f"{customer}touchpoints/new/")
    page.fill("[name=summary]", "电话回访：新增员工 12 人，资料本周寄出；问到续保的时间。")
    page.fill("[name=outcome]", "周五前收到资料后登记保全变更。")
    camera.press("记下")
    camera.go(f"{customer}?tab=contacts")
    page.locator("a[href*='/reveal/'], a[href*='phone']").filter(has=page.locator("svg")).first.click()
    page.locator("input[name=reason]").first.fill("电话回访")
    camera.press("查看")
    camera.shoot("timeline", f"{customer}?tab=timeline")
    camera.shoot("account", "/account/")


def pocket(camera: Camera) -> None:
    """This function will take the workbench as it is on a phone."""
    camera.shoot("phone", "/")


def agent(camera: Camera) -> None:
    """This function will take a call being registered, ticked rows, and the notices."""
    page = camera.go("/tickets/new/")
    page.fill("[name=caller]", "海河")
    camera.press("查找客户")
    page.locator("input[name=customer]").first.check()
    page.select_option("[name=kind]", "complaint")
    page.fill("[name=subject]", "理赔进度没有人告知")
    page.wait_for_load_state("networkidle")
    camera.shoot("intake")
    camera.go("/tickets/?scope=mine")
    for box in page.locator("tbody input[type=checkbox]").all()[:3]:
        box.check()
    camera.shoot("bulk")
    camera.shoot("notices", "/notices/")


def handler(camera: Camera) -> None:
    """This function will take what a claims handler works with today."""
    camera.shoot("claims-workbench", "/")
    camera.shoot("claims-ticket", camera.first("main a[href*='?act=close']", "/"))
    camera.shoot("claims-trial", CLAIM)


def manager(camera: Camera) -> None:
    """This function will take an import from dry run to result, people, a hand-over, a merge, looks at numbers."""
    page = camera.page
    camera.shoot("people", "/people/")
    page.get_by_role("link", name="林晓").first.click()
    page.get_by_role("link", name="交接给别人").click()
    page.select_option("[name=cause]", index=1)
    page.fill("[name=reason]", "岗位调整，下月一日起")
    page.select_option("[name=taker1]", index=1)
    camera.press("预览交接")
    camera.shoot("transfer", show="button:has-text('确认交接')")
    camera.go("/import/").set_input_files("input[type=file]", BOOK)
    camera.press("上传并试运行")
    page.get_by_role("button", name="确认导入").wait_for()
    camera.shoot("import")
    camera.press("确认导入")
    page.get_by_role("button", name="撤销这批导入").wait_for(timeout=180_000)
    camera.shoot("import-done", page.url)
    rows = camera.go("/customers/?kind=organisation").locator("tbody tr")
    other = re.search(r"[A-Z]+\d{4,}", rows.nth(1).inner_text())
    assert other is not None
    address = rows.first.locator("a.jn-main-link").get_attribute("href") or ""
    camera.shoot("merge", f"{address.split('?')[0]}merge/?other={other.group()}")
    camera.shoot("reveals", "/reveals/")


def head_office(camera: Camera) -> None:
    """This function will take what two people decide on, and what tells whether the house is well."""
    page = camera.page
    camera.shoot("calendar", "/calendars/")
    camera.go("/calendars/closures/")
    page.select_option("[name=branch]", label="塘沽营业部")
    page.fill("[name=first_day]", "2027-01-11")
    page.fill("[name=last_day]", "2027-01-12")
    page.fill("[name=name]", "搬迁停业")
    page.fill("[name=reason]", "职场搬迁，两天不营业")
    camera.press("预览")
    camera.shoot("closure")
    camera.go("/standards/PA-17.1/change/")
    page.fill("[name=amount]", "4")
    page.fill("[name=wording]", page.input_value("[name=wording]").replace("5", "4"))
    page.fill("[name=reason]", "出单流程上线电子签名，收紧一天")
    camera.press("预览影响")
    camera.shoot("standard")
    camera.go("/people/?q=lin")
    page.get_by_role("link", name="林晓").first.click()
    page.get_by_role("link", name="登录与安全").click()
    camera.shoot("staff-account", page.url)
    camera.shoot("jobs", "/jobs/")
    camera.shoot("system", "/system/")
    camera.shoot("tokens", "/api-tokens/")


def auditor(camera: Camera) -> None:
    """This function will take what proves afterwards what was kept, and who looked."""
    camera.shoot(
        "receipt", camera.first("main a[href^='/promises/']:has-text('PA-')", "/promises/?state=late")
    )
    camera.shoot("messages", "/messages/")
    camera.shoot("accesses", f"{camera.first(LIN_S, GOLD).partition('?')[0]}?tab=accesses")


SCENES: tuple[tuple[Callable[[Camera], None], str, str], ...] = (
    (nobody, "", "desk"),
    (keeper, "lin", "desk"),
    (pocket, "lin", "phone"),
    (agent, "qin", "desk"),
    (handler, "luo", "desk"),
    (manager, "guo", "desk"),
    (head_office, "tang", "desk"),
    (auditor, "shen", "desk"),
)


def main() -> None:
    """This function will take every picture, or those that are named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("base")
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM"),
            args=["--no-sandbox", "--disable-gpu"],
            env=os.environ | {"LANGUAGE": "zh_CN"},
        )
        for scene, who, size in SCENES:
            camera = Camera(browser, given.base, set(given.names), who, size)
            scene(camera)
            camera.close()
        browser.close()


if __name__ == "__main__":
    main()
