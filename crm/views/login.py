"""The door of the house: password first, then the second factor of whoever has one."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from crm.forms.account import Code, RecoveryCodeForm
from crm.forms.login import LoginForm
from crm.models import User
from crm.models.login import Ending
from crm.refusal import Refusal
from crm.services import logins, second_factors, sessions, tries
from crm.views.pages import REFUSED

TOO_MANY = 429
# Between the password and the code.
PATIENCE = timedelta(minutes=10)
HALF_WAY = "half_way"
WHY: dict[str, Any] = {
    Ending.IDLE: _("太久没有操作，已自动退出，请重新登录。"),
    Ending.OVER: _("这次登录时间已满，请重新登录。"),
    Ending.MOVED: _("您的岗位或机构已变更，请重新登录。"),
    Ending.ADMIN: _("管理员结束了这次登录，请重新登录。"),
    Ending.FACTOR: _("二次验证已变更，请重新登录。"),
    Ending.PASSWORD: _("密码已修改，请用新密码登录。"),
    Ending.ENDED: _("这次登录已在另一台设备上结束，请重新登录。"),
}


class Login(LoginView):
    """Lets people in by staff number and password, and closes for a while after too many wrong tries."""

    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_form_kwargs(self) -> dict[str, Any]:
        """This function will hand the form the moment of the try."""
        return {**super().get_form_kwargs(), "now": read_clock()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """This function will say why a login has ended, if that led here."""
        why = WHY.get(self.request.GET.get("why", ""))
        return {**super().get_context_data(**kwargs), "why": why}

    def form_valid(self, form: LoginForm) -> HttpResponse:  # type: ignore[override]
        """This function will ask for the second factor of whoever has one, and let the others in."""
        user = form.get_user()
        if form.attempt:
            logins.note_password(form.attempt)
        if second_factors.enrolled(user):
            _put_half_way(self.request, user, self.get_success_url(), form.now)
            return redirect("login-second")
        logins.note_success(user=user, now=form.now)
        return super().form_valid(form)

    def form_invalid(self, form: LoginForm) -> HttpResponse:  # type: ignore[override]
        """This function will write down that somebody failed; a refused try is not counted again."""
        answer = super().form_invalid(form)
        if form.locked:
            answer.status_code = TOO_MANY
        elif form.attempt:
            logins.note_failure(form.attempt, now=form.now)
        return answer


class Logout(LogoutView):
    """Ends the login; over https the browser also forgets what pages kept."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """This function will log out and tell the browser to clear its storage."""
        answer = super().post(request, *args, **kwargs)
        if request.is_secure():
            answer["Clear-Site-Data"] = '"storage"'
        return answer


def _put_half_way(request: HttpRequest, user: User, target: str, now: datetime) -> None:
    """This function will remember, under a new session key, who gave the right password and nothing more."""
    request.session.flush()
    request.session[HALF_WAY] = {"user": user.pk, "at": now.timestamp(), "next": target, "hash": _stamp(user)}


def _stamp(user: User) -> str:
    """This function will name the password without it, so that a changed one ends what is half way."""
    return user.get_session_auth_hash()


def _half_way(request: HttpRequest, now: datetime) -> User | None:
    told = request.session.get(HALF_WAY)
    if not told or now.timestamp() - told["at"] > PATIENCE.total_seconds():
        return None
    user = User.objects.filter(pk=told["user"], is_active=True).first()
    return user if user is not None and _stamp(user) == told["hash"] else None


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """This function will let in whoever gave the right password and now gives a code; the session gets a new key."""
    now = read_clock()
    user = _half_way(request, now)
    if user is None:
        return redirect(settings.LOGIN_URL)
    with_recovery = "recovery" in request.GET
    form = (RecoveryCodeForm if with_recovery else Code)(request.POST or None)
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                second_factors.check(user=user, code=form.cleaned_data["code"], now=now)
            except Refusal as refusal:
                form.add_error("code", refusal.message)
                status = TOO_MANY if isinstance(refusal, tries.TooManyTries) else REFUSED
            else:
                return _let_in(request, user, now)
    context = {"form": form, "with_recovery": with_recovery}
    return render(request, "registration/second.html", context, status=status)


def _let_in(request: HttpRequest, user: User, now: datetime) -> HttpResponse:
    target = request.session.pop(HALF_WAY)["next"]
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    key = str(request.session.session_key)
    sessions.rekey(old=key, new=key, second=True)
    logins.note_success(user=user, now=now)
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = resolve_url(settings.LOGIN_REDIRECT_URL)
    return redirect(target)
