"""The doors by which a head-office administrator ends somebody's logins or takes away their second factor."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm import access
from crm.forms.account import Reason
from crm.models import User
from crm.refusal import Refusal
from crm.selectors import logins as found
from crm.services import second_factors, sessions
from crm.views.pages import REFUSED, signed_in


@require_GET
@access.needs("account_admin")
def staff_account(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will show where somebody is logged in and what can be done about it."""
    return _page(request, access.staff_member(signed_in(request), pk), Reason())


@require_POST
@access.needs("account_admin")
def staff_sessions_end(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will end every login of a person, for a reason."""

    def end(person: User, by: User, reason: str, now: datetime) -> None:
        sessions.end_for_reason(user=person, by=by, reason=reason, now=now)

    return _act(request, pk, end, _("已结束 %(name)s 的全部登录。"))


@require_POST
@access.needs("account_admin")
def staff_factor_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will take away somebody's second factor, for a reason; never one's own."""

    def reset(person: User, by: User, reason: str, now: datetime) -> None:
        second_factors.reset(user=person, by=by, reason=reason, now=now)

    return _act(request, pk, reset, _("已重置 %(name)s 的二次验证；下次登录时重新登记。"))


def _act(
    request: HttpRequest, pk: int, act: Callable[[User, User, str, datetime], None], done: str
) -> HttpResponse:
    user = signed_in(request)
    person = access.staff_member(user, pk)
    form = Reason(request.POST)
    if not form.is_valid():
        return _page(request, person, form, status=REFUSED)
    try:
        act(person, user, form.cleaned_data["reason"], read_clock())
    except Refusal as refusal:
        form.add_error("reason", refusal.message)
        return _page(request, person, form, status=REFUSED)
    messages.success(request, done % {"name": person.name})
    return redirect("crm:staff-account", person.pk)


def _page(request: HttpRequest, person: User, form: Reason, status: int = 200) -> HttpResponse:
    now = read_clock()
    context = {
        "person": person,
        "form": form,
        "factor": found.second_factor(person),
        "required": second_factors.required(person),
        "logins": found.open_logins(person, now),
        "now": now,
        "crumbs": [(person.name, ""), (_("登录管理"), "")],
    }
    return render(request, "crm/account/staff.html", context, status=status)
