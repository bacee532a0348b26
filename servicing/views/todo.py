"""The page of one's own matters: what waits, what is finished, what one set going."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from crm import access
from crm.views.pages import signed_in
from servicing.selectors import todo

TABS = (("open", gettext_lazy("待办")), ("done", gettext_lazy("已办")), ("begun", gettext_lazy("我发起的")))


@require_safe
@access.needs("workbench")
def todo_list(request: HttpRequest) -> HttpResponse:
    """This function will show one tab of the person's own matters: `?tab=`, by default what waits."""
    user, now = signed_in(request), read_clock()
    asked = request.GET.get("tab", "")
    tab = asked if asked in dict(TABS) else "open"
    sections = {
        "open": lambda: todo.waiting(user, now=now),
        "done": lambda: todo.finished(user),
        "begun": lambda: todo.begun(user),
    }[tab]()
    shown = [one for one in sections if one.items]
    context = {"now": now, "tab": tab, "tabs": TABS, "sections": shown, "crumbs": [(_("我的事项"), "")]}
    return render(request, "servicing/todo/list.html", context)
