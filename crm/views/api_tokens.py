"""The doors of 接口令牌: what one's machines may use, a new one shown once, and the end of one."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm import access
from crm.forms.api_tokens import NewToken
from crm.models import User
from crm.refusal import Refusal
from crm.selectors import api_tokens as read
from crm.services import api_tokens, form_tokens
from crm.time import local_date
from crm.views.pages import REFUSED, signed_in

MOST_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("api_token")
def api_token_list(request: HttpRequest) -> HttpResponse:
    """This function will show the tokens, and on POST issue one, whose text this one answer holds."""
    user, now = signed_in(request), read_clock()
    people = access.visible_staff(user) if read.sees_all(user) else User.objects.filter(pk=user.pk)
    form = NewToken(request.POST or None, people=people, user=user, today=local_date(now))
    if request.method != "POST":
        return _page(request, form)
    if form.is_valid():
        made: list[api_tokens.Issued] = []

        def issue() -> str:
            made.append(
                api_tokens.issue(
                    person=form.cleaned_data["person"],
                    name=form.cleaned_data["name"],
                    scopes=form.cleaned_data["scopes"],
                    expires_at=form.expires_at(),
                    addresses=form.networks(),
                    by=user,
                    now=now,
                )
            )
            return reverse("crm:api-token-list")

        try:
            address = form_tokens.once(token=request.POST.get("token", ""), user=user, now=now, act=issue)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            if made:
                fresh = NewToken(people=people, user=user, today=local_date(now))
                return _page(request, fresh, issued=made[0])
            messages.info(request, _("这枚令牌已经签发过；它的内容只显示一次，没有记下请吊销后重新签发。"))
            return redirect(address)
    return _page(request, form, status=REFUSED)


@require_POST
@access.needs("api_token")
def api_token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will end a token; pressed twice it stays ended."""
    user = signed_in(request)
    token = api_tokens.revoke(token=access.token(user, pk), by=user, now=read_clock())
    messages.success(request, _("令牌“%(name)s”已吊销，下一次调用即被拒绝。") % {"name": token.name})
    return redirect("crm:api-token-list")


def _page(
    request: HttpRequest, form: NewToken, *, issued: api_tokens.Issued | None = None, status: int = 200
) -> HttpResponse:
    user = signed_in(request)
    context = {
        "form": form,
        "issued": issued,
        "now": read_clock(),
        "tokens": read.listing(user)[:MOST_SHOWN],
        "all": read.sees_all(user),
        "token": str(uuid.uuid4()),
        "crumbs": [(_("接口令牌"), "")],
    }
    return render(request, "crm/api_tokens/list.html", context, status=status)
