"""The page of what was received on a policy."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import access
from crm.selectors import premiums
from crm.views.pages import below_customer, signed_in

MOST_SHOWN = 500


@require_safe
@access.needs("customer_view")
def policy_premiums(request: HttpRequest, pk: int, policy_pk: int) -> HttpResponse:
    """This function will list what was received on a policy, with its totals."""
    user = signed_in(request)
    customer = access.customer(user, pk)
    policy = access.policy(user, pk, policy_pk)
    context = {
        "customer": customer,
        "policy": policy,
        "premiums": list(premiums.of_policy(policy)[:MOST_SHOWN]),
        "received": premiums.received_on(policy),
        "crumbs": below_customer(customer, _("实收保费")),
    }
    return render(request, "crm/premiums/list.html", context)
