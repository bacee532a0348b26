"""The doors of a person's notices: the bell, the list, reading one, reading all."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import access
from crm.selectors import notices
from crm.services import reading
from crm.templatetags.frame import bell
from crm.views.pages import page_or_part, signed_in

PAGE_SIZE = 30
NOTHING_NEW = 204


@require_safe
@access.needs("workbench")
def notice_list(request: HttpRequest) -> HttpResponse:
    """This function will show the person's notices, unread ones first asked for, all of them with `?show=all`."""
    user, now = signed_in(request), read_clock()
    everything = request.GET.get("show") == "all"
    page = Paginator(notices.of(user, now=now, unread_only=not everything), PAGE_SIZE).get_page(
        request.GET.get("page", "1")
    )
    context = {
        "now": now,
        "everything": everything,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "query": "show=all" if everything else "",
        "crumbs": [(_("通知"), "")],
    }
    return page_or_part(
        request, page="crm/notices/list.html", part="crm/notices/_results.html", context=context
    )


@require_safe
@access.needs("workbench")
def notice_count(request: HttpRequest) -> HttpResponse:
    """This function will answer the bell anew, or nothing at all where `?seen=` is still the number unread."""
    unread = notices.unread(signed_in(request), now=read_clock())
    if request.GET.get("seen") == str(unread):
        return HttpResponse(status=NOTHING_NEW)
    return HttpResponse(bell(unread))


@require_POST
@access.needs("workbench")
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will mark one notice as read and go where it leads; somebody else's does not exist."""
    notice = reading.read_notice(user=signed_in(request), pk=pk, now=read_clock())
    if notice is None:
        raise Http404
    inside = notice.link.startswith("/") and not notice.link.startswith("//")
    return redirect(notice.link if inside else reverse("crm:notice-list"))


@require_POST
@access.needs("workbench")
def notices_read(request: HttpRequest) -> HttpResponse:
    """This function will mark all of the person's notices as read."""
    reading.read_all(user=signed_in(request), now=read_clock())
    return redirect("crm:notice-list")
