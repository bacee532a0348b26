"""The list of keys: what the sheet behind `?` shows is what the script obeys. Pages to go to come from the menu."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm import keeping, rights
from crm.registry import menu_entries


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One key or two in a row, what it does, and where it leads if it leads anywhere.

    A key without an address moves along the rows or presses the part of the page marked `data-key`.
    """

    keys: str
    word: str | Promise
    url: str = ""


ROWS = (
    Shortcut("j", _("下一行")),
    Shortcut("k", _("上一行")),
    Shortcut("x", _("勾选这一行")),
    Shortcut("Enter", _("打开这一行")),
)
ACTS = (
    Shortcut("e", _("办结或答复这一项")),
    Shortcut("u", _("催办")),
    Shortcut("t", _("转派")),
    Shortcut("n", _("记一笔")),
    Shortcut("<", _("列表中的上一条")),
    Shortcut(">", _("列表中的下一条")),
)
PAGE = (
    Shortcut("/", _("到搜索框")),
    Shortcut("?", _("打开这张表")),
    Shortcut("Esc", _("关闭弹出的内容")),
    Shortcut("Ctrl+Enter", _("提交正在填写的表单")),
)

_anywhere: list[tuple[str, Any, str, str]] = []


def add_anywhere(keys: str, word: str | Promise, url_name: str, right: str) -> None:
    """This function will let a key lead to a page from everywhere; the same key twice is the same as once."""
    if all(keys != one[0] for one in _anywhere):
        _anywhere.append((keys, word, url_name, right))
        keeping.forget()


def groups_of(role: str) -> list[tuple[Any, tuple[Shortcut, ...]]]:
    """This function will list the keys of a role, group by group; pages that it may not open are left out."""
    go = [
        Shortcut(f"g {entry.go}", entry.title, reverse(entry.url_name))
        for entry in menu_entries(role)
        if entry.go
    ]
    anywhere = [
        Shortcut(keys, word, reverse(name))
        for keys, word, name, right in _anywhere
        if rights.holds(role, right)
    ]
    return [(_("去哪里"), (*go, *anywhere)), (_("列表"), ROWS), (_("办理"), ACTS), (_("页面"), PAGE)]
