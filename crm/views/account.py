"""The doors of one's own account: who I am here, my password, my second factor, where I am logged in."""

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm import access, rights
from crm.forms.account import Code, PasswordChange
from crm.refusal import Refusal
from crm.selectors import logins as found
from crm.services import passwords, second_factors, sessions, tries
from crm.views.pages import REFUSED, signed_in

INK = "#1d3557"


@require_GET
@access.needs("account")
def account(request: HttpRequest) -> HttpResponse:
    """This function will show who I am here and where I am logged in."""
    user, now = signed_in(request), read_clock()
    context = {
        "person": user,
        "may_lend": rights.may(user, "stand_in"),
        "factor": found.second_factor(user),
        "required": second_factors.required(user),
        "logins": found.open_logins(user, now),
        "here": sessions.digest(str(request.session.session_key)),
        "now": now,
        "crumbs": [(_("我的账号"), "")],
    }
    return render(request, "crm/account/detail.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("account")
def password_change(request: HttpRequest) -> HttpResponse:
    """This function will change the password; every other login of the person ends."""
    user, now = signed_in(request), read_clock()
    if request.method != "POST":
        return _password_page(request, PasswordChange(user))
    form = PasswordChange(user, request.POST)
    try:
        attempt = tries.begin(subject=f"password-change:{user.pk}", now=now)
    except Refusal as refusal:
        form.is_valid()
        form.add_error("old_password", refusal.message)
        return _password_page(request, form, status=REFUSED)
    valid = form.is_valid()
    tries.settle(attempt, won="old_password" not in form.errors)
    if not valid:
        return _password_page(request, form, status=REFUSED)
    key = str(request.session.session_key)
    passwords.change(user=user, password=form.cleaned_data["new_password1"], key=key, now=now)
    update_session_auth_hash(request, user)
    sessions.rekey(old=key, new=str(request.session.session_key))
    messages.success(request, _("密码已修改，其他设备上的登录已结束。"))
    return redirect("crm:account")


def _password_page(request: HttpRequest, form: PasswordChange, status: int = 200) -> HttpResponse:
    crumbs = [*_above(), (_("修改密码"), "")]
    return render(request, "crm/account/password.html", {"form": form, "crumbs": crumbs}, status=status)


@require_POST
@access.needs("account")
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will end one of my logins; ending the one in use is logging out."""
    user = signed_in(request)
    row = access.own_login(user, pk)
    sessions.end_one(row, by=user, now=read_clock())
    messages.success(request, _("已结束 %(device)s 上的登录。") % {"device": row.device})
    return redirect("crm:account")


@require_POST
@access.needs("account")
def sessions_end_others(request: HttpRequest) -> HttpResponse:
    """This function will end all my logins but this one."""
    ended = sessions.end_others(
        user=signed_in(request), key=str(request.session.session_key), now=read_clock()
    )
    if ended:
        messages.success(request, _("已结束另外 %(n)s 处登录。") % {"n": ended})
    else:
        messages.info(request, _("没有别的登录，无需结束。"))
    return redirect("crm:account")


@require_GET
@access.needs("account")
def second_factor(request: HttpRequest) -> HttpResponse:
    """This function will show how to register an app: first what it is, then QR code and key until a code confirms."""
    return _factor_page(request, Code())


@require_POST
@access.needs("account")
def second_factor_start(request: HttpRequest) -> HttpResponse:
    """This function will make a new secret, unless one is confirmed already."""
    try:
        second_factors.start(user=signed_in(request), now=read_clock())
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return redirect("crm:account")
    return redirect("crm:second-factor")


@require_POST
@access.needs("account")
def second_factor_confirm(request: HttpRequest) -> HttpResponse:
    """This function will take the first code, show ten recovery codes once, and give the session a new key."""
    form = Code(request.POST)
    if not form.is_valid():
        return _factor_page(request, form, status=REFUSED)
    key = str(request.session.session_key)
    try:
        codes = second_factors.confirm(
            user=signed_in(request), code=form.cleaned_data["code"], key=key, now=read_clock()
        )
    except Refusal as refusal:
        form.add_error("code", refusal.message)
        return _factor_page(request, form, status=REFUSED)
    request.session.cycle_key()
    sessions.rekey(old=key, new=str(request.session.session_key), second=True)
    return _codes_page(request, codes)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("account")
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """This function will replace the recovery codes for a code of the app, and show the new ones once."""
    form = Code(request.POST or None)
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                codes = second_factors.renew_codes(
                    user=signed_in(request), code=form.cleaned_data["code"], now=read_clock()
                )
            except Refusal as refusal:
                form.add_error("code", refusal.message)
            else:
                return _codes_page(request, codes)
    context = {"form": form, "crumbs": [*_above(), (_("更换恢复码"), "")]}
    return render(request, "crm/account/renew_codes.html", context, status=status)


def _factor_page(request: HttpRequest, form: Code, status: int = 200) -> HttpResponse:
    user = signed_in(request)
    pending = second_factors.pending(user)
    context: dict[str, Any] = {
        "form": form,
        "factor": found.second_factor(user),
        "pending": pending,
        "required": second_factors.required(user),
        "crumbs": [*_above(), (_("二次验证"), "")],
    }
    if pending is not None:
        context["key"] = second_factors.key_of(pending)
        picture = segno.make(second_factors.address_of(pending), error="m")
        context["qr"] = picture.svg_data_uri(scale=5, dark=INK)
    return render(request, "crm/account/second_factor.html", context, status=status)


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    context = {"codes": codes, "now": read_clock(), "crumbs": [*_above(), (_("恢复码"), "")]}
    return render(request, "crm/account/codes.html", context)


def _above() -> list[tuple[str, str]]:
    return [(_("我的账号"), reverse("crm:account"))]
