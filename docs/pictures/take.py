"""Takes the pictures of the README in a real browser, against a demo server that is running. See `script/pictures`."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
DESK = {"width": 1366, "height": 860}
PHONE = {"width": 390, "height": 844}
MOST_BYTES = 250 * 1024
SAMPLES = HERE.parent / "samples"
COMPLAINTS = "/tickets/?kind=complaint"
TWO_CLOCKS = "tbody tr:has-text('金牌')"  # a VIP's complaint has the company's clock and the law's
TRIAL = "/deadlines/?clock=PA-17.1&tier=ordinary&at=2026-02-12T10:00"


def first_link(page: Page, address: str, links: str = "main a.jn-main-link") -> str:
    """This function will return where the first row of a list leads, or the first of `links`."""
    page.goto(address)
    found = page.locator(links).first.get_attribute("href")
    assert found is not None, f"{address} is empty"
    return found


def shoot(page: Page, name: str, address: str) -> None:
    """This function will open an address, wait until it is quiet, and keep a picture of it."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    path = HERE / f"{name}.png"
    page.screenshot(path=path)
    size = path.stat().st_size
    assert size < MOST_BYTES, f"{path.name} has {size} bytes"
    print(f"{path.name} {size // 1024} KB")


def log_in(page: Page, username: str, password: str) -> None:
    """This function will log in as a person of the demo."""
    page.goto("/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_load_state("networkidle")


def as_person(
    browser: Browser, base: str, who: str, password: str, do: Callable[[Page], None], **more: object
) -> None:
    """This function will do something in a window of one person's own."""
    context = browser.new_context(base_url=base, locale="zh-CN", timezone_id="Asia/Shanghai", **more)
    page = context.new_page()
    if who:
        log_in(page, who, password)
    do(page)
    context.close()


def keeper(page: Page) -> None:
    """This function will take what an account manager sees."""
    shoot(page, "workbench", "/")
    shoot(page, "ticket", first_link(page, COMPLAINTS, f"{TWO_CLOCKS} a[href^='/tickets/']"))
    shoot(page, "customer", first_link(page, COMPLAINTS, f"{TWO_CLOCKS} a[href^='/customers/']"))
    shoot(page, "festival", first_link(page, "/tickets/?state=all&q=春节前"))
    shoot(page, "intake", "/tickets/new/")
    shoot(page, "trial", TRIAL)


def manager(page: Page) -> None:
    """This function will take the dry run of a branch's spreadsheet."""
    page.goto("/import/")
    page.set_input_files("input[type=file]", sorted(SAMPLES.glob("*.xlsx"))[0])
    with page.expect_navigation():
        page.click("button:has-text('上传并试运行')")
    shoot(page, "import", page.url)


def main(base: str) -> None:
    """This function will take every picture."""
    password = os.environ.get("DEMO_PASSWORD", "jiannuo-demo-2026")
    browser_path = os.environ.get("CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--lang=zh-CN"])
        as_person(browser, base, "", "", lambda page: shoot(page, "login", "/login/"), viewport=DESK)
        as_person(browser, base, "lin", password, keeper, viewport=DESK)
        as_person(browser, base, "guo", password, manager, viewport=DESK)
        as_person(browser, base, "lin", password, lambda page: shoot(page, "phone", "/"), viewport=PHONE)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
