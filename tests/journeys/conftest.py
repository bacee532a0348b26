"""A real browser for the journeys: every page it opens is watched for complaints, and weighed by axe."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright
from pytest_django.live_server_helper import LiveServer

from crm.models import User
from tests.journeys.walker import Walker

# Playwright's loop lives in this thread; Django would otherwise refuse its own database here.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ARGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PASSWORD = "a-long-enough-word-2026"
LISTEN = """window.__refused = [];
document.addEventListener('securitypolicyviolation', e => window.__refused.push(e.violatedDirective));"""


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    """Playwright's own process."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright_driver: Playwright) -> Iterator[Browser]:
    """The system's browser. On CI a missing one is a failure."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing = "no chromium on PATH: install the package chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    browser = playwright_driver.chromium.launch(executable_path=path, args=ARGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """The house as it serves itself: style sheets come from its own middleware, hashed where production hashes them."""
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = lambda app: app  # type: ignore[assignment]
    server.start()
    yield server
    server.stop()


@pytest.fixture
def walk(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Walker]]:
    """A function that opens a browser for a person, who logs in by hand; `script=False` does without JavaScript."""
    contexts = []

    def begin(user: User, *, script: bool = True, phone: bool = False) -> Walker:
        size = {"width": 390, "height": 844} if phone else {"width": 1366, "height": 768}
        context = chromium.new_context(
            viewport=size,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
        )
        context.add_init_script(LISTEN)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        walker = Walker(page, live_server.url)
        page.on("console", walker.note)
        page.on("pageerror", lambda error: walker.complaints.append(str(error)))
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        page.goto(live_server.url + "/login/")
        page.fill("#id_username", user.username)
        page.fill("#id_password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(live_server.url + "/")
        return walker

    yield begin
    for context in contexts:
        context.close()
