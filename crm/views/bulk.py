"""The doors of acts on many rows: look at what was ticked, say what is to be done, read what became of each."""

import uuid
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import bulk_acts, lists, rights
from crm.bulk_acts import BulkAct
from crm.lists import ListKind
from crm.models import BulkRun, User
from crm.models.bulk import BulkState
from crm.refusal import Refusal
from crm.services import bulk
from crm.services.bulk import Chosen
from crm.views.pages import REFUSED, signed_in

SHOWN = 20
CONFLICT = 409


@require_POST
def bulk_new(request: HttpRequest, key: str) -> HttpResponse:
    """This function will show what was ticked with the act's form, and, once that is confirmed, do it.

    Ticked rows come as `ids`; `all` means every row that `query` asks for, counted again when confirmed.
    """
    user, now = signed_in(request), read_clock()
    act, kind = _act(key)
    rights.require(user, act.right)
    chosen = _chosen(request, kind, user, now)
    confirmed = "token" in request.POST
    form = act.form(user, request.POST if confirmed else None)
    try:
        bulk.check(len(chosen))
    except Refusal as refusal:
        return _page(request, act, kind, chosen, form, status=REFUSED, refused=refusal.message)
    if not confirmed:
        return _page(request, act, kind, chosen, form)
    if request.POST.get("all") and request.POST.get("seen") != str(len(chosen)):
        words = {"now": len(chosen), "seen": request.POST.get("seen", "")}
        warned = _("符合条件的现在有 %(now)s 条，刚才看到的是 %(seen)s 条；请核对后再提交。") % words
        return _page(request, act, kind, chosen, form, status=CONFLICT, warned=warned)
    if not form.is_valid():
        return _page(request, act, kind, chosen, form, status=REFUSED)
    said = {name: request.POST.get(name, "") for name in form.fields}
    token = request.POST["token"][:36]
    run = bulk.begin(act=act, chosen=chosen, said=said, token=token, by=user, now=now)
    bulk.go_on(run=run, act=act, said=form.cleaned_data, by=user, now=now)
    return redirect("crm:bulk-detail", number=run.number)


@require_safe
def bulk_detail(request: HttpRequest, number: str) -> HttpResponse:
    """This function will show what became of each row of a run of one's own."""
    run = _own(signed_in(request), number)
    act, kind = _act(run.act)
    rows = list(run.rows.order_by("-state", "pk"))
    counts = {state: sum(row.state == state for row in rows) for state in BulkState.values}
    context = {
        "run": run,
        "act": act,
        "kind": kind,
        "rows": rows,
        "counts": counts,
        "back": reverse(kind.url_name),
        "crumbs": [(kind.title, reverse(kind.url_name)), (_("批量%(word)s") % {"word": act.word}, "")],
    }
    return render(request, "crm/bulk/detail.html", context)


@require_POST
def bulk_go_on(request: HttpRequest, number: str) -> HttpResponse:
    """This function will do what an interrupted run has left; what is done stays done."""
    user, now = signed_in(request), read_clock()
    run = _own(user, number)
    act, _kind = _act(run.act)
    form = act.form(user, run.said)
    if not form.is_valid():
        raise bulk.NothingChosen(_("当时填写的内容现在已经不适用，余下的请回到列表重新勾选办理。"))
    bulk.go_on(run=run, act=act, said=form.cleaned_data, by=user, now=now)
    return redirect("crm:bulk-detail", number=number)


def _act(key: str) -> tuple[BulkAct, ListKind]:
    act = bulk_acts.act_of(key)
    kind = lists.kind_of(act.list) if act else None
    if act is None or kind is None:
        raise Http404
    return act, kind


def _own(user: User, number: str) -> BulkRun:
    run = BulkRun.objects.filter(by=user, number=number).first()
    if run is None:
        raise Http404
    return run


def _chosen(request: HttpRequest, kind: ListKind, user: User, now: datetime) -> list[Chosen]:
    if request.POST.get("all"):
        rows = kind.rows(user, request.POST.get("query", ""), now)
    else:
        rows = kind.visible(user).filter(pk__in=ticked(request)).order_by("pk")
    found = rows[: bulk.MOST + 1]
    if len(found) > bulk.MOST:
        # too many to be done, and so to be read; only their number is said
        return [Chosen(0, "", "")] * rows.count()
    return [Chosen(row.pk, kind.title_of(row), kind.link(row)) for row in found]


def ticked(request: HttpRequest) -> list[int]:
    """This function will read the ticked rows: `ids`, one a field or several in one, divided by commas."""
    texts = ",".join(request.POST.getlist("ids")).split(",")
    return [int(text) for text in texts if text.isdecimal() and len(text) < 18]


def _page(
    request: HttpRequest,
    act: BulkAct,
    kind: ListKind,
    chosen: list[Chosen],
    form: Any,
    *,
    status: int = 200,
    refused: str = "",
    warned: str = "",
) -> HttpResponse:
    context = {
        "act": act,
        "kind": kind,
        "form": form,
        "refused": refused,
        "warned": warned,
        "count": len(chosen),
        "shown": [] if refused else chosen[:SHOWN],
        "ids": "" if refused or request.POST.get("all") else ",".join(str(one.row) for one in chosen),
        "missing": 0 if request.POST.get("all") else len(set(ticked(request))) - len(chosen),
        "all": request.POST.get("all", ""),
        "query": request.POST.get("query", ""),
        "token": str(uuid.uuid4()),
        "back": f"{reverse(kind.url_name)}?{request.POST.get('query', '')}",
        "crumbs": [(kind.title, reverse(kind.url_name)), (_("批量%(word)s") % {"word": act.word}, "")],
    }
    return render(request, "crm/bulk/new.html", context, status=status)
