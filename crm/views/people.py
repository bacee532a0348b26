"""The doors of 机构与人员: who works where, what each of them holds; adding and changing people."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import access, rights
from crm.forms.people import NewPassword, NewPerson, PeopleFilter, PostForm, Why
from crm.models import User
from crm.refusal import Refusal
from crm.registry import held_by, works
from crm.selectors import staff as read
from crm.services import form_tokens, staff
from crm.views.pages import REFUSED, page_or_part, signed_in

PAGE_SIZE = 50


@require_safe
@access.needs("people_manage")
def person_list(request: HttpRequest) -> HttpResponse:
    """This function will list the people of one's own branches with the work that each of them holds."""
    user = signed_in(request)
    form = PeopleFilter(request.GET, branches=access.branches(user))
    paginator = Paginator(read.listing(access.known_staff(user), form.wanted()), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page", "1"))
    shown = [one for one in works() if one.key in ("customers", "promises", "tickets")]
    counts = [one.count([person.pk for person in page.object_list]) for one in shown]
    rows = [(person, [count.get(person.pk, 0) for count in counts]) for person in page.object_list]
    kept = QueryDict(mutable=True)
    kept.update({name: request.GET[name] for name in form.fields if request.GET.get(name)})
    return page_or_part(
        request,
        page="crm/people/list.html",
        part="crm/people/_results.html",
        context={
            "form": form,
            "page": page,
            "pages": paginator.get_elided_page_range(page.number),
            "query": kept.urlencode(),
            "filtered": bool(kept),
            "works": shown,
            "rows": rows,
            "crumbs": [(_("机构与人员"), "")],
        },
    )


def _above(user: User) -> QuerySet[User]:
    """Who may be chosen as supervisor: people of one's own branches, and the managers above oneself."""
    ids = [int(part) for part in user.branch.path.strip("/").split("/")]
    above = User.objects.filter(is_active=True, role__in=access.MANAGERS, branch_id__in=ids)
    return (access.visible_staff(user) | above).select_related("branch")


def _post_form(user: User, person: User, data: QueryDict | None = None) -> PostForm:
    above = _above(user) | User.objects.filter(pk=person.supervisor_id or 0)
    filled = {
        "name": person.name,
        "branch": person.branch_id,
        "role": person.role,
        "supervisor": person.supervisor_id,
    }
    return PostForm(data, initial=filled, branches=access.branches(user), above=above.exclude(pk=person.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("people_manage")
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will show a person, change the post, and say what work the person holds."""
    user = signed_in(request)
    person = access.staff_member(user, pk)
    if request.method != "POST":
        return _person_page(request, person, _post_form(user, person), staff.stamp(person))
    form, seen = _post_form(user, person, request.POST), request.POST.get("seen", "")
    if form.is_valid():
        try:
            staff.change_person(person=person, seen=seen, by=user, now=read_clock(), **form.post())
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            if isinstance(refusal, staff.PersonChangedMeanwhile):
                seen = staff.stamp(person)
        else:
            messages.success(request, _("员工资料已保存。"))
            return redirect("crm:person-detail", pk)
    return _person_page(request, person, form, seen, status=REFUSED)


def _person_page(
    request: HttpRequest, person: User, form: PostForm, seen: str, status: int = 200, **extra: Any
) -> HttpResponse:
    work = held_by(person)
    context = {
        "person": person,
        "form": form,
        "seen": seen,
        "work": work,
        "why": Why(),
        "may_admin": rights.may(signed_in(request), "account_admin"),
        "himself": person.pk == signed_in(request).pk,
        "crumbs": [(_("机构与人员"), reverse("crm:person-list")), (person.name, "")],
        **extra,
    }
    page, part = "crm/people/detail.html", "crm/people/_form.html"
    return page_or_part(request, page=page, part=part, context=context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("people_manage")
def person_new(request: HttpRequest) -> HttpResponse:
    """This function will add a person and lead to the page about them; a double submit adds one."""
    user, posted = signed_in(request), request.method == "POST"
    form = NewPerson(
        request.POST if posted else None,
        initial={"branch": request.GET.get("branch") or user.branch_id, "role": "account_manager"},
        branches=access.branches(user),
        above=_above(user),
    )
    token = request.POST.get("token", "") if posted else str(uuid.uuid4())
    if posted and form.is_valid():
        now = read_clock()

        def add() -> str:
            said = form.cleaned_data
            person = staff.add_person(
                username=said["username"].strip(), password=said["password"], by=user, now=now, **form.post()
            )
            return reverse("crm:person-detail", args=[person.pk])

        try:
            address = form_tokens.once(token=token, user=user, now=now, act=add)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("员工已新增，请把工号和初始密码当面告诉本人。"))
            return redirect(address)
    return page_or_part(
        request,
        page="crm/people/new.html",
        part="crm/people/_new_form.html",
        context={
            "form": form,
            "token": token,
            "crumbs": [(_("机构与人员"), reverse("crm:person-list")), (_("新增员工"), "")],
        },
        status=REFUSED if posted else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("people_manage")
def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will give a person a new password, because the old one was forgotten or got known."""
    user, posted = signed_in(request), request.method == "POST"
    person = access.staff_member(user, pk)
    form = NewPassword(request.POST if posted else None, person=person)
    if posted and form.is_valid():
        try:
            staff.set_password(
                person=person, password=form.cleaned_data["password"], by=user, now=read_clock()
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%(name)s 的密码已更换，请当面告诉本人。") % {"name": person.name})
            return redirect("crm:person-detail", pk)
    crumbs = [
        (_("机构与人员"), reverse("crm:person-list")),
        (person.name, reverse("crm:person-detail", args=[pk])),
        (_("设置新密码"), ""),
    ]
    context = {"form": form, "person": person, "crumbs": crumbs}
    page, part = "crm/people/password.html", "crm/people/_password_form.html"
    return page_or_part(request, page=page, part=part, context=context, status=REFUSED if posted else 200)


@require_POST
@access.needs("people_manage")
def person_switch(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """This function will switch a person off or on; whoever still holds work is refused with what it is."""
    user, now = signed_in(request), read_clock()
    person = access.staff_member(user, pk)
    why = Why(request.POST)
    if act == "on":
        staff.switch_on(person=person, by=user, now=now)
        messages.success(request, _("%(name)s 已启用。") % {"name": person.name})
        return redirect("crm:person-detail", pk)
    if why.is_valid():
        try:
            staff.switch_off(person=person, reason=why.cleaned_data["reason"], by=user, now=now)
        except Refusal as refusal:
            why.add_error(None, refusal.message)
        else:
            messages.success(request, _("%(name)s 已停用，不能再登录。") % {"name": person.name})
            return redirect("crm:person-detail", pk)
    form = _post_form(user, person)
    return _person_page(request, person, form, staff.stamp(person), status=REFUSED, why=why)
