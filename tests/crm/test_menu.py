"""The left menu: daily work first, then headings, each with what the person may open."""

from collections.abc import Callable

import pytest
from django.test import Client

from crm.models import User
from crm.registry import menu_for

pytestmark = pytest.mark.django_db


def titles(items: list[dict[str, object]]) -> list[str]:
    return [str(item["title"]) for item in items]


class TestTheMenu:
    def test_has_daily_work_on_top_and_headings_below(self, manager: User) -> None:
        menu = menu_for(manager, "/")
        assert titles(menu)[:5] == ["工作台", "工单", "承诺", "客户", "我的事项"]
        assert all("children" not in item for item in menu[:5])
        assert titles(menu)[5:] == ["时效与标准", "客户资料", "机构与安全", "运行情况"]

    def test_puts_a_lone_entry_in_the_place_of_its_heading(self, lin: User) -> None:
        menu = menu_for(lin, "/")
        assert "发送记录" in titles(menu) and "运行情况" not in titles(menu)

    def test_opens_the_heading_that_holds_the_page(self, manager: User) -> None:
        headed = {str(item["title"]): item for item in menu_for(manager, "/standards/PA-17.1/")}
        assert headed["时效与标准"]["current"] and not headed["客户资料"]["current"]
        held = headed["时效与标准"]["children"]
        assert [str(one["title"]) for one in held if one["current"]] == ["标准"]

    def test_marks_one_entry_only(self, manager: User) -> None:
        menu = menu_for(manager, "/calendars/closures/")
        flat = [one for item in menu for one in item.get("children", [item])]
        assert [one["key"] for one in flat if one["current"]] == ["calendar"]


class TestThePhone:
    def test_reaches_every_entry(self, manager: User, client_as: Callable[[User], Client]) -> None:
        page = client_as(manager).get("/").content.decode()
        bar, sheet = page.split("jn-more-sheet")[0], page.split("jn-more-sheet")[1].split("</nav>")[0]
        for item in menu_for(manager, "/"):
            for one in item.get("children", [item]):
                place = bar if "children" not in item and one["key"] in FIRST_FOUR else sheet
                assert f'href="{one["url"]}"' in place, one["key"]


FIRST_FOUR = {"workbench", "tickets", "promises", "customers"}
