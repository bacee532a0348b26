"""The doors of 死信: what failed for good or stayed unknown, by cause; one message with its tries; retry and void."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import access, rights
from crm.forms.dead_letters import CauseAsked, Reason
from crm.models import Message
from crm.models.message import Channel, MessageState
from crm.refusal import Refusal
from crm.registry import message_word
from crm.selectors import sending
from crm.services import dead_letters, form_tokens
from crm.services.dead_letters import Dealt
from crm.views.pages import REFUSED, signed_in

PAGE_SIZE = 50


@require_safe
@access.needs("messages_view")
def dead_list(request: HttpRequest) -> HttpResponse:
    """This function will list the dead letters one may see: their causes, or those of one cause."""
    return _dead_page(request, CauseAsked(request.GET), Reason())


@require_POST
@access.needs("messages_dead")
def dead_act(request: HttpRequest, act: str) -> HttpResponse:
    """This function will retry or void the dead letters of one cause; a double submit does it once."""
    form, user, now = CauseAsked(request.POST), signed_in(request), read_clock()
    if act not in ("retry", "void") or not form.is_valid():
        raise Http404
    found = _of_cause(request, form)
    told: list[Dealt] = []

    def deal() -> str:
        work = dead_letters.retry_all if act == "retry" else dead_letters.void_all
        told.append(work(dead=found, reason=form.cleaned_data["reason"], by=user, now=now))
        return "done"

    try:
        form_tokens.once(token=request.POST.get("token", ""), user=user, now=now, act=deal)
    except Refusal as refusal:
        reason = Reason(request.POST)
        reason.add_error("reason", refusal.message)
        return _dead_page(request, form, reason, status=REFUSED)
    for one in told:
        messages.success(request, _dealt_words(act, one))
    return redirect("crm:message-dead")


@require_safe
@access.needs("messages_view")
def message_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will show one message: where it stands, each try, each receipt, and what may be done."""
    return _message_page(request, access.message(signed_in(request), pk), Reason())


@require_POST
@access.needs("messages_dead")
def message_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """This function will retry or void one dead letter."""
    user = signed_in(request)
    message, form = access.message(user, pk), Reason(request.POST)
    if act not in ("retry", "void") or not form.is_valid():
        raise Http404
    work = dead_letters.retry if act == "retry" else dead_letters.void
    try:
        work(message=message, reason=form.cleaned_data["reason"], by=user, now=read_clock())
    except Refusal as refusal:
        form.add_error("reason", refusal.message)
        return _message_page(request, access.message(user, pk), form, status=REFUSED)
    messages.success(request, _("已放回待发，系统马上再发。") if act == "retry" else _("已作废。"))
    return redirect("crm:message-detail", pk)


def _of_cause(request: HttpRequest, form: CauseAsked) -> Any:
    asked = form.cleaned_data
    found = sending.dead(access.visible_customers(signed_in(request)))
    return sending.of_cause(found, state=asked["state"], channel=asked["channel"], reason=asked["why"])


def _dealt_words(act: str, dealt: Dealt) -> str:
    told = {"done": dealt.done, "over": dealt.over}
    words = _("已放回待发 %(done)d 条。") if act == "retry" else _("已作废 %(done)d 条。")
    if dealt.over:
        words += _("另有 %(over)d 条发送时段已过，没有重试，请作废。")
    if dealt.left:
        words += _("还有同一原因的消息，请再处理一次。")
    return words % told


def _dead_page(request: HttpRequest, asked: CauseAsked, form: Reason, status: int = 200) -> HttpResponse:
    user, now = signed_in(request), read_clock()
    chosen = asked.is_valid() and asked.cleaned_data["state"] != ""
    context: dict[str, Any] = {
        "now": now,
        "form": form,
        "may_act": rights.may(user, "messages_dead"),
        "token": request.POST.get("token") or str(uuid.uuid4()),
        "crumbs": [(_("发送记录"), reverse("crm:message-list")), (_("死信"), "")],
    }
    if chosen:
        paginator = Paginator(
            _of_cause(request, asked).select_related("contact", "customer").order_by("-created_at", "-pk"),
            PAGE_SIZE,
        )
        page = paginator.get_page(request.GET.get("page", "1"))
        for row in page.object_list:
            row.word = message_word(row.kind)
        query = request.GET.copy()
        query.pop("page", None)
        context |= {
            "page": page,
            "pages": paginator.get_elided_page_range(page.number),
            "query": query.urlencode(),
        }
        context |= {"cause": asked.cleaned_data, "cause_word": _cause_word(asked)}
    else:
        found = sending.causes(sending.dead(access.visible_customers(user)), now=now)
        context["causes"] = [
            (one, MessageState(one.state).label, Channel(one.channel).label) for one in found
        ]
    return render(request, "crm/messages/dead.html", context, status=status)


def _cause_word(asked: CauseAsked) -> str:
    said = asked.cleaned_data
    return said["why"] or _("没有原因") if said["state"] in MessageState.values else ""


def _message_page(request: HttpRequest, message: Message, form: Reason, status: int = 200) -> HttpResponse:
    user = signed_in(request)
    context = {
        "message": message,
        "word": message_word(message.kind),
        "tries": sending.tries(message),
        "receipts": sending.receipts(message),
        "form": form,
        "is_dead": message.state in (MessageState.FAILED, MessageState.UNKNOWN)
        and message.next_try_at is None,
        "over": message.not_after is not None and read_clock() > message.not_after,
        "may_act": rights.may(user, "messages_dead"),
        "crumbs": [(_("发送记录"), reverse("crm:message-list")), (message_word(message.kind), "")],
    }
    return render(request, "crm/messages/detail.html", context, status=status)
