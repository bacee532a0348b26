"""The door of changing a policy. A stale edit is shown beside what stands now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm import access
from crm.forms.policies import PolicyEdit
from crm.refusal import Refusal
from crm.services import policies, stamps
from crm.views.edits import standing_words
from crm.views.pages import REFUSED, below_customer, page_or_part, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("customer_edit")
def policy_edit(request: HttpRequest, pk: int, policy_pk: int) -> HttpResponse:
    """This function will change a policy, if nobody else did since the form was opened."""
    user = signed_in(request)
    customer = access.customer_to_edit(user, pk)
    policy = access.policy(user, pk, policy_pk)
    address = f"{reverse('crm:customer-detail', args=[pk])}?tab=policies"
    posted, seen = request.method == "POST", request.POST.get("seen", "")
    form = PolicyEdit(request.POST if posted else None, policy=policy)
    if posted and form.is_valid():
        try:
            policies.change_policy(policy=policy, by=user, now=read_clock(), seen=seen, **form.changes())
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("保单已保存。"))
            return redirect(address)
    stale = posted and seen != stamps.of(policy)
    context = {
        "form": form,
        "customer": customer,
        "policy": policy,
        "address": address,
        "seen": stamps.of(policy),
        "standing": standing_words(form, form.changed_data) if stale else None,
        "crumbs": below_customer(customer, _("修改保单")),
    }
    page, part = "crm/policies/edit.html", "crm/policies/_edit_form.html"
    return page_or_part(request, page=page, part=part, context=context, status=REFUSED if posted else 200)
