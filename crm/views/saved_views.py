"""The doors of saved views: keep the filters of a list under a name, change, delete."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import lists, rights
from crm.forms.saved_views import ViewForm
from crm.lists import ListKind
from crm.models import SavedView, User
from crm.refusal import Refusal
from crm.selectors import saved_views as read
from crm.services import form_tokens, saved_views
from crm.views.pages import REFUSED, signed_in


@require_safe
def view_list(request: HttpRequest) -> HttpResponse:
    """This function will show the person's own views with what may be done to them."""
    user = signed_in(request)
    titles = {kind.key: kind for kind in lists.all_kinds() if rights.may(user, kind.right)}
    shown = [(titles[view.list], view) for view in read.own(user) if view.list in titles]
    context = {
        "views": [(kind, view, f"{reverse(kind.url_name)}?{view.query}") for kind, view in shown],
        "crumbs": [(_("我的视图"), "")],
    }
    return render(request, "crm/views/list.html", context)


def view_new(request: HttpRequest, key: str) -> HttpResponse:
    """This function will keep the filters in `?query=` as a view of a list; sent twice it is kept once."""
    user, kind = signed_in(request), _kind(request, key)
    query = request.POST.get("query", request.GET.get("query", ""))
    form = ViewForm(request.POST if request.method == "POST" else None)
    address = f"{reverse(kind.url_name)}?{query}"
    if form.is_bound and form.is_valid():
        now = read_clock()

        def once() -> str:
            saved_views.save(kind=kind, query=query, **form.cleaned_data, by=user, now=now)
            messages.success(request, _("视图已保存。"))
            return address

        try:
            # the result of a token is short, the address of a view is not
            form_tokens.once(
                token=request.POST.get("token", ""), user=user, now=now, act=lambda: once()[:200]
            )
            return redirect(address)
        except Refusal as refusal:
            form.add_error("name", refusal.message)
    return _page(request, form, kind, query=query)


def view_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will rename a view of one's own, share it or not, make it the default or not."""
    user = signed_in(request)
    view = _own(user, pk)
    kind = _kind(request, view.list)
    form = ViewForm(request.POST if request.method == "POST" else None, view=view)
    if form.is_bound and form.is_valid():
        try:
            saved_views.change(view=view, **form.cleaned_data, by=user, now=read_clock())
        except Refusal as refusal:
            form.add_error("name", refusal.message)
        else:
            messages.success(request, _("视图已修改。"))
            return redirect("crm:view-list")
    return _page(request, form, kind, view=view)


@require_POST
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will delete a view of one's own; it can be kept again from its list at any time."""
    user = signed_in(request)
    view = _own(user, pk)
    saved_views.delete(view=view, by=user, now=read_clock())
    messages.success(request, _("视图“%(name)s”已删除，列表和数据不受影响。") % {"name": view.name})
    return redirect("crm:view-list")


def _own(user: User, pk: int) -> SavedView:
    view = read.own(user).filter(pk=pk).first()
    if view is None:
        raise Http404
    return view


def _kind(request: HttpRequest, key: str) -> ListKind:
    kind = lists.kind_of(key)
    if kind is None:
        raise Http404
    rights.require(request.user, kind.right)
    return kind


def _page(
    request: HttpRequest, form: ViewForm, kind: ListKind, *, query: str = "", view: SavedView | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "kind": kind,
        "view": view,
        "query": query,
        "token": request.POST.get("token") or str(uuid.uuid4()),
        "back": f"{reverse(kind.url_name)}?{query}",
        "crumbs": [(_("我的视图"), reverse("crm:view-list")), (_("修改视图") if view else _("保存视图"), "")],
    }
    return render(
        request, "crm/views/form.html", context, status=REFUSED if form.is_bound and form.errors else 200
    )
