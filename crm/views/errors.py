"""What Django answers by itself, in a sentence: a request that cannot be understood, and a database that is away."""

import sys

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults

from crm import machines

BAD, MISSING, TOO_LARGE, FAULT, AWAY = 400, 404, 413, 500, 503
RETRY_SECONDS = 10
# What SQLite says when the file is busy, full or out of reach; its other errors are bugs of ours.
SQLITE_FULL = "SQLITE_FULL"
SQLITE_AWAY = ("SQLITE_BUSY", "SQLITE_LOCKED", SQLITE_FULL, "SQLITE_IOERR", "SQLITE_CANTOPEN")
POSTGRESQL_FULL = "53100"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """This function will name a limit that was broken; anything else is a request that cannot be understood."""
    if machines.calls(request):
        return machines.problem(BAD, _("请求不完整或格式不正确，请核对网址和请求头。"))
    if isinstance(exception, RequestDataTooBig):
        sentence = _("提交的文字太多，系统没有读取。请减少内容，分几次提交。")
        return render(request, "crm/refused.html", {"sentence": sentence}, status=TOO_LARGE)
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        sentence = _("提交的项目太多，系统没有读取。请分几次提交。")
        return render(request, "crm/refused.html", {"sentence": sentence}, status=TOO_LARGE)
    return render(request, "400.html", status=BAD)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """This function will say that an address is none: to people on a page, to machines in a sentence."""
    if machines.calls(request):
        return machines.problem(MISSING, _("没有这个接口地址，请查看接口说明。"))
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """This function will ask to try again where the database was away; anything else is a bug.

    Nothing here may ask the database: no user, no session, no menu.
    """
    error = sys.exc_info()[1]
    if not is_away(error):
        if machines.calls(request):
            return machines.problem(FAULT, _("系统出了错，已经记下；请稍后再试，或告诉管理员。"))
        return defaults.server_error(request)
    return _away(request, full=is_full(error))


def is_away(error: BaseException | None) -> bool:
    """This function will tell a database that cannot be reached or is too busy from a query that is wrong."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    if connection.vendor != "sqlite":
        return True
    return str(getattr(error.__cause__, "sqlite_errorname", "")).startswith(SQLITE_AWAY)


def is_full(error: BaseException | None) -> bool:
    """This function will say whether the database had no room left on its disk."""
    cause = getattr(error, "__cause__", None)
    full = getattr(cause, "sqlite_errorname", "") == SQLITE_FULL
    return full or getattr(cause, "pgcode", "") == POSTGRESQL_FULL


def _sentence(*, reading: bool, full: bool) -> str:
    if full:
        return _("服务器磁盘空间不足，刚才的操作没有办成。请联系系统管理员清理磁盘，然后再提交一次。")
    if reading:
        return _("数据库暂时连不上，请过十几秒再试。")
    return _("数据库暂时连不上，刚才的操作可能没有办成。请过十几秒返回上一页再提交一次，已经办成的不会重复。")


def _away(request: HttpRequest, *, full: bool) -> HttpResponse:
    reading = request.method in ("GET", "HEAD")
    sentence = _sentence(reading=reading, full=full)
    response: HttpResponse
    if machines.calls(request):
        again = _("数据库暂时连不上，请稍后用同一个 Idempotency-Key 重发。")
        response = machines.problem(AWAY, again)
    elif request.headers.get("HX-Request") == "true":
        flash = {"messages": [Message(constants.ERROR, sentence)]}
        response = HttpResponse(render_to_string("components/_flash.html", flash), status=AWAY)
        response["HX-Retarget"] = "#flashes"
        response["HX-Reswap"] = "outerHTML"
    else:
        again = request.get_full_path() if reading else ""
        response = HttpResponse(
            render_to_string("503.html", {"sentence": sentence, "again": again}), status=AWAY
        )
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
