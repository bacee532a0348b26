"""Keeps, changes and deletes saved views. Only the owner does; there is at most one default a list."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.lists import ListKind
from crm.models import SavedView, User
from crm.refusal import Refusal
from crm.services import audit

MOST = 30


class ViewAsksNothing(Refusal):
    """A view without a filter is the list itself."""


class ViewTooLong(Refusal):
    """The filters are longer than a row can hold."""


class NotToBeKept(Refusal):
    """The filters hold a whole phone or ID number."""


class NameTaken(Refusal):
    """The person has a view of this name already."""


class TooManyViews(Refusal):
    """So many views that nobody finds one."""


@transaction.atomic
def save(
    *, kind: ListKind, name: str, query: str, shared: bool, is_default: bool, by: User, now: datetime
) -> SavedView:
    """This function will keep the filters of a list under a name.

    Raises ViewAsksNothing, ViewTooLong, NotToBeKept, NameTaken, TooManyViews.
    """
    if not query:
        raise ViewAsksNothing(_("现在没有筛选条件，请先查询，再保存为视图。"))
    if len(query) > SavedView._meta.get_field("query").max_length:  # type: ignore[operator]
        raise ViewTooLong(_("筛选条件太长，请缩短关键词后再保存。"))
    if not kind.may_keep(query):
        raise NotToBeKept(_("完整的手机号或证件号不能保存在视图里，请换一个条件。"))
    mine = SavedView.objects.filter(owner=by, list=kind.key)
    if mine.count() >= MOST:
        raise TooManyViews(_("一个列表最多保存 %(n)d 个视图，请先删除不用的。") % {"n": MOST})
    _check_name(mine, name)
    if is_default:
        mine.update(is_default=False)
    row = SavedView.objects.create(
        owner=by, list=kind.key, name=name, query=query, shared=shared, is_default=is_default, saved_at=now
    )
    _log("saved", row, by=by, now=now)
    return row


@transaction.atomic
def change(
    *, view: SavedView, name: str, shared: bool, is_default: bool, by: User, now: datetime
) -> SavedView:
    """This function will rename a view, share it or not, make it the default or not. Raises NameTaken."""
    others = SavedView.objects.filter(owner=view.owner, list=view.list).exclude(pk=view.pk)
    _check_name(others, name)
    if is_default:
        others.update(is_default=False)
    view.name, view.shared, view.is_default = name, shared, is_default
    view.save(update_fields=["name", "shared", "is_default"])
    _log("changed", view, by=by, now=now)
    return view


@transaction.atomic
def delete(*, view: SavedView, by: User, now: datetime) -> None:
    """This function will delete a view; the list and its rows stay as they are."""
    _log("deleted", view, by=by, now=now)
    view.delete()


def _check_name(among: QuerySet[SavedView], name: str) -> None:
    if among.filter(name=name).exists():
        raise NameTaken(_("您已经有一个叫“%(name)s”的视图，请换一个名称。") % {"name": name})


def _log(verb: str, view: SavedView, *, by: User, now: datetime) -> None:
    # the filters themselves stay out of the log: a keyword may be somebody's name
    audit.log(
        action=f"crm.view.{verb}",
        subject=view,
        by=by,
        now=now,
        after={"list": view.list, "shared": view.shared, "is_default": view.is_default},
    )
