"""The doors of branches: the tree, opening one, giving one another name. The place of a branch never changes."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm import access
from crm.forms.people import BranchForm, BranchName
from crm.refusal import Refusal
from crm.selectors import staff
from crm.services import branches, form_tokens
from crm.views.pages import REFUSED, page_or_part, signed_in


@require_safe
@access.needs("people_manage")
def branch_list(request: HttpRequest) -> HttpResponse:
    """This function will show one's own branches as a tree."""
    rows = staff.tree(access.branches(signed_in(request)))
    context = {"rows": rows, "crumbs": [(_("机构与人员"), reverse("crm:person-list")), (_("机构"), "")]}
    return page_or_part(
        request, page="crm/branches/list.html", part="crm/branches/_results.html", context=context
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("people_manage")
def branch_new(request: HttpRequest) -> HttpResponse:
    """This function will open a branch under one of one's own; a double submit opens one."""
    user, posted = signed_in(request), request.method == "POST"
    initial = {"parent": request.GET.get("parent") or user.branch_id, "grade": "B", "kind": "office"}
    form = BranchForm(request.POST if posted else None, initial=initial, branches=access.branches(user))
    token = request.POST.get("token", "") if posted else str(uuid.uuid4())
    if posted and form.is_valid():
        now = read_clock()

        def open_it() -> str:
            branches.open_branch(by=user, now=now, **form.cleaned_data)
            return reverse("crm:branch-list")

        try:
            address = form_tokens.once(token=token, user=user, now=now, act=open_it)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("机构已开设。"))
            return redirect(address)
    crumbs = [
        (_("机构与人员"), reverse("crm:person-list")),
        (_("机构"), reverse("crm:branch-list")),
        (_("开设机构"), ""),
    ]
    context = {"form": form, "token": token, "crumbs": crumbs}
    page, part = "crm/branches/form.html", "crm/branches/_form.html"
    return page_or_part(request, page=page, part=part, context=context, status=REFUSED if posted else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("people_manage")
def branch_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will give a branch another name or class."""
    user, posted = signed_in(request), request.method == "POST"
    branch = access.branch(user, pk)
    form = BranchName(request.POST if posted else None, initial={"name": branch.name, "grade": branch.grade})
    if posted and form.is_valid():
        branches.rename(branch=branch, by=user, now=read_clock(), **form.cleaned_data)
        messages.success(request, _("机构已保存。"))
        return redirect("crm:branch-list")
    crumbs = [
        (_("机构与人员"), reverse("crm:person-list")),
        (_("机构"), reverse("crm:branch-list")),
        (branch.name, ""),
    ]
    context = {"form": form, "branch": branch, "crumbs": crumbs}
    page, part = "crm/branches/form.html", "crm/branches/_form.html"
    return page_or_part(request, page=page, part=part, context=context, status=REFUSED if posted else 200)
