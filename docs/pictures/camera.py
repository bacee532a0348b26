"""A browser window of one person of the demo that keeps small pictures. See `script/pictures`."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

HERE = Path(__file__).resolve().parent
PASSWORD = "jiannuo-demo-2026"
MOST_BYTES = 120 * 1024
PALETTES = (256, 128, 64, 32)
STILL = "*,*::before,*::after{animation:none!important;transition:none!important;caret-color:transparent!important}"
SIZES = {"desk": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}


def small(picture: bytes) -> bytes:
    """This function will give a picture with as many colours as fit the size that is allowed."""
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in PALETTES:
        kept = io.BytesIO()
        whole.quantize(colours, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
        if kept.tell() <= MOST_BYTES:
            return kept.getvalue()
    raise SystemExit(f"A picture has {kept.tell()} bytes even in {colours} colours.")


class Camera:
    """One person's window; `only` names the pictures that are wanted, none means all."""

    def __init__(
        self, browser: Browser, base: str, only: set[str], who: str = "", size: str = "desk"
    ) -> None:
        """This function will open a window of the person's own and log in."""
        self.only = only
        self.context = browser.new_context(
            base_url=base, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=SIZES[size], bypass_csp=True
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        if who:
            self.go("/login/")
            self.page.fill("input[name=username]", who)
            self.page.fill("input[name=password]", PASSWORD)
            self.press("登录")

    def go(self, address: str) -> Page:
        """This function will open an address and wait until it is quiet."""
        self.page.goto(address)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def press(self, word: str) -> None:
        """This function will press the button of the page that has these words, and wait until it is quiet."""
        self.page.locator("main").get_by_role("button", name=word, exact=True).first.click()
        self.page.wait_for_load_state("networkidle")

    def first(self, links: str, address: str) -> str:
        """This function will return where the first of some links of a page leads."""
        found = self.go(address).locator(links).first.get_attribute("href")
        assert found is not None, f"{address} has no {links}"
        return found

    def shoot(self, name: str, address: str = "", show: str = "") -> None:
        """This function will keep a picture of an address, or of the page as it stands, scrolled to `show`."""
        if address:
            self.go(address)
        if self.only and name not in self.only:
            return
        if show:
            self.page.locator(show).first.scroll_into_view_if_needed()
        self.page.add_style_tag(content=STILL)
        kept = small(self.page.screenshot())
        (HERE / f"{name}.png").write_bytes(kept)
        print(f"{name}.png {len(kept) // 1024} KB")

    def close(self) -> None:
        """This function will close the window."""
        self.context.close()
