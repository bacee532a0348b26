"""The doors of 发送记录: what was sent to customers, and what was not, with the reason."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import access
from crm.forms.messages import MessageFilter
from crm.models import Message, Occurrence
from crm.registry import message_word
from crm.selectors import messages as read
from crm.selectors import sending
from crm.views.pages import page_or_part, signed_in

PAGE_SIZE = 50


@require_safe
@access.needs("messages_view")
def message_list(request: HttpRequest) -> HttpResponse:
    """This function will list the messages to customers whom the person may see."""
    form = MessageFilter(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    found = read.to_customers(access.visible_customers(signed_in(request)), state=state)
    return page_or_part(
        request,
        page="crm/messages/list.html",
        part="crm/messages/_results.html",
        context=_context(request, found, query=f"state={state}" if state else "")
        | {"form": form, "filtered": bool(state), "providers": sending.providers()},
    )


@require_safe
@access.needs("messages_view")
def unsent_list(request: HttpRequest) -> HttpResponse:
    """This function will list what should have become a message and did not."""
    found = read.without_message(access.visible_customers(signed_in(request)))
    return page_or_part(
        request,
        page="crm/messages/unsent.html",
        part="crm/messages/_unsent.html",
        context=_context(request, found, query=""),
    )


def _context(
    request: HttpRequest, found: "QuerySet[Message] | QuerySet[Occurrence]", *, query: str
) -> dict[str, Any]:
    paginator: Paginator[Any] = Paginator(found, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page", "1"))
    for row in page.object_list:
        row.word = message_word(row.kind)
    return {
        "page": page,
        "pages": paginator.get_elided_page_range(page.number),
        "query": query,
        "now": read_clock(),
        "crumbs": [(_("发送记录"), "")],
    }
