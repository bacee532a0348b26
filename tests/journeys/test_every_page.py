"""Every page of the house in a real browser: no serious barrier, nothing refused by the policy, nothing too wide.

One browser opens every address that answers GET, as somebody who may. With JIANNUO_LOOK=all (`script/look`) each is
weighed whole, on the desk and on the phone; without it, what every page has of its own, on the desk only.
"""

import os
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from crm import rights
from crm.models import User
from crm.models.staff import Role
from tests.factories import crm as make
from tests.house.addresses import ADDRESSES
from tests.house.test_every_address import World, path_of
from tests.journeys.walker import ON_PURPOSE, Walker

# A page is the same page above either database: the long walks are made once.
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.only_on("sqlite")]
Walk = Callable[..., Walker]

# No page: files, answers to machines, pieces of a page, and addresses that lead on.
NO_PAGE = frozenset(
    {
        *("healthz", "healthz-work", "readyz", "metrics", "api-schema", "login", "login-second", "home"),
        *(
            "tiers:customer-tier",
            "crm:notice-count",
            "crm:list-step",
            "crm:import-template",
            "crm:import-failures",
        ),
    }
)
# Rows that `World` does not have: their addresses answer that there is none, which is a page as well.
NOT_THERE = frozenset({"draft", "token", "login"})
ALL = os.environ.get("JIANNUO_LOOK") == "all"
GRAVE = ("serious", "critical")
SIZES = {"desk": (1366, 768), "phone": (390, 844)}
WEIGH = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PAGES = [name for name, one in ADDRESSES.items() if one.method == "get" and name not in NO_PAGE]


def whose(right: str, lin: User, others: list[User]) -> User:
    """This function will name who opens a page: 林晓, whose rows these are, where she may; else the first who may."""
    return next(one for one in (lin, *others) if not right or rights.may(one, right))


def faults(page: Page, name: str, axe: Axe) -> list[str]:
    """This function will weigh a page that has just been opened; rail and top bar are the same on every page."""
    frame_too = ALL or page.locator("main").count() == 0
    found = axe.run(page, context=None if frame_too else "main", options=WEIGH).response["violations"]
    grave = [f"{one['id']} {one['nodes'][0]['target']}" for one in found if one["impact"] in GRAVE]
    refused = page.evaluate("window.__refused || []")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if not page.title() or not page.locator("html[lang]").count():
        grave.append("no title or no language")
    told = [*grave, *(f"policy {one}" for one in refused), *([f"{wide} px too wide"] if wide > 0 else [])]
    return [f"{name}: {one}" for one in told]


class TestEveryPage:
    def test_is_open_to_everybody_and_fits(self, walk: Walk, lin: User, manager: User) -> None:
        office = make.person("tang", Role.HEAD_OFFICE, branch=make.branch_tree().head_office)
        world, axe, told = World(lin), Axe(), list[str]()
        opened: dict[int, Walker] = {}
        for name in PAGES:
            who = whose(ADDRESSES[name].right, lin, [manager, office])
            walker = opened[who.pk] = opened.get(who.pk) or walk(who)
            for size in SIZES if ALL else ("desk",):
                width, height = SIZES[size]
                walker.page.set_viewport_size({"width": width, "height": height})
                answer = walker.page.goto(walker.base + path_of(name, world), wait_until="load")
                missing = NOT_THERE & set(ADDRESSES[name].rows)
                if answer is None or not (answer.ok or (missing and answer.status == 404)):
                    told.append(f"{name}: {answer.status if answer else 'no answer'}")
                told += faults(walker.page, f"{name} {size}", axe)
        complaints = [one for walker in opened.values() for one in walker.complaints]
        told += [
            one for one in complaints if not any(words in one for words in (*ON_PURPOSE, "status of 404"))
        ]
        assert not told, "\n".join(told)

    def test_before_the_login_is_too(self, walk: Walk, lin: User) -> None:
        page = walk(lin).page
        page.context.clear_cookies()
        told = []
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.goto(page.url.rstrip("/") + reverse("login") if size == "desk" else page.url)
            told += faults(page, f"login {size}", Axe())
        assert not told
