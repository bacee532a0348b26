"""The switch of single-letter keys, kept with the person and not in the browser (WCAG 2.1.4)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.services import staff
from crm.views.pages import signed_in


@require_POST
def keys_switch(request: HttpRequest) -> HttpResponse:
    """This function will switch the person's single keys on or off and lead back to the page."""
    on = request.POST.get("on") == "1"
    staff.switch_keys(user=signed_in(request), on=on)
    messages.success(request, _("单键快捷键已开启。") if on else _("单键快捷键已关闭，菜单里可以再开启。"))
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()})
    return redirect(asked if ours else reverse("home"))
