"""F34: scripts planted in every text that is stored, and every page opened in a real browser: none runs, none is even a tag."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.timezone import now as read_clock
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Error as PlaywrightError
from pytest_django.live_server_helper import LiveServer

from crm import lists, rights
from crm.models import User
from crm.services import saved_views
from tests.factories import crm as make
from tests.figures import keep, size
from tests.house.addresses import ADDRESSES
from tests.house.planted import PAYLOADS, plant
from tests.house.test_every_address import World, path_of

# A page is the same page above either database: the long walks are made once.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(3600),
    pytest.mark.only_on("sqlite"),
]

# One round plants another payload in each text; as many rounds as payloads plant each in each.
ROUNDS = size(1, 3)
# How many kinds of text the house above has at least: fewer, and the walk proves less.
TEXTS = 35
LISTEN = """window.__refused = []; window.__ran = 0; window.jx = () => { window.__ran += 1; };
document.addEventListener('securitypolicyviolation', e => window.__refused.push(e.violatedDirective));"""
FOUND = """() => {
  const all = [...document.querySelectorAll('*')];
  const bad = all.filter(e => e.id === 'jx' || [...e.attributes].some(a => /^on/i.test(a.name)
    || (/^(href|src|action|formaction|hx-get)$/i.test(a.name) && /^\\s*j\\s*a\\s*v\\s*a\\s*script:/i.test(a.value))));
  return [...bad.map(e => e.outerHTML.slice(0, 200)), ...window.__refused,
    ...(window.__ran ? ['ran ' + window.__ran] : [])];
}"""
TABS = "() => [...document.querySelectorAll('main a[href]')].map(a => a.getAttribute('href')).filter(h => /[?&]tab=/.test(h))"


@pytest.fixture
def browser(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    context.add_init_script(LISTEN)
    yield context
    context.close()


class Walk:
    """Pages opened one after the other, by whoever may open them."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.context, self.base, self.page = context, base, context.new_page()
        self.wrong: list[str] = []
        self.opened = 0
        self.page.on("dialog", self._dialog)

    def _dialog(self, dialog: Any) -> None:
        self.wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def be(self, user: User) -> None:
        """This function will become somebody, without the login page."""
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.base}])

    def open(self, path: str) -> list[str]:
        """This function will open a page, look for what was planted, and name its tabs."""
        try:
            answer = self.page.goto(self.base + path, wait_until="load")
        except PlaywrightError as error:
            if "Download is starting" in error.message:
                return []
            raise
        kind = answer.headers.get("content-type", "") if answer else ""
        if answer and answer.status == 500:
            self.wrong.append(f"{path}: 500")
        if not kind.startswith("text/html"):
            return []
        self.opened += 1
        self.wrong += [f"{path}: {one}" for one in self.page.evaluate(FOUND)]
        return list(self.page.evaluate(TABS))


def furnished(lin: User) -> World:
    """This function will fill a house: everything an address can show, twice, and what people keep beside it."""
    world = World(lin)
    world.crowd(lin, 2)
    kind = lists.all_kinds()[0]
    saved_views.save(
        kind=kind, name="我的", query="q=x", shared=True, is_default=False, by=lin, now=read_clock()
    )
    return world


def readers(lin: User, manager: User, head_office: User) -> list[User]:
    return [lin, manager, head_office, make.person("auditor", role="auditor", branch=head_office.branch)]


class TestScriptsInEveryText:
    def test_run_nowhere_and_are_tags_nowhere(
        self, browser: BrowserContext, live_server: LiveServer, lin: User, manager: User, head_office: User
    ) -> None:
        world, people = furnished(lin), readers(lin, manager, head_office)
        walk, began = Walk(browser, live_server.url), time.monotonic()
        for turn in range(ROUNDS):
            taken = plant(turn)
            assert sum(count > 0 for count in taken.values()) >= TEXTS, taken
            world.customer.refresh_from_db()
            for user in people:
                walk.be(user)
                self._everywhere(walk, world, user, people)
        amount = f"{len(PAYLOADS)} 种内容，{ROUNDS} 轮，{walk.opened} 页"
        keep("F34", "存储型脚本", "SQLite", amount, f"执行或成为标签 {len(walk.wrong)}", began)
        assert walk.opened > 40
        assert not walk.wrong, walk.wrong[:20]

    def _everywhere(self, walk: Walk, world: World, user: User, people: list[User]) -> None:
        """This function will open every address whose first reader this is, and every tab on the way."""
        for name, address in ADDRESSES.items():
            first = next((one for one in people if not address.right or rights.may(one, address.right)), None)
            if address.method != "get" or first != user or address.machine or name == "metrics":
                continue
            path = path_of(name, world)
            seen = {path}
            for tab in walk.open(path):
                whole = tab if tab.startswith("/") else path.partition("?")[0] + tab
                if whole not in seen:
                    seen.add(whole)
                    walk.open(whole)
