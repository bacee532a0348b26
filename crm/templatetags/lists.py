"""The rows of lists: the trail that each leaves in its link, and customers as rows."""

from collections.abc import Callable, Iterable
from typing import Any

from django import template
from django.template import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from crm.models import Customer
from crm.models.customer import CustomerKind, CustomerStage, CustomerStatus
from crm.shapes import shape, words_of
from crm.templatetags.display import thousands
from crm.templatetags.shelf import tier_of

register = template.Library()


def trails(context: Context) -> Callable[[int], SafeString]:
    """This function will return what writes the trail `?in=…&from=…&row=…&n=…` behind each row's address, in turn.

    It is what leads from the page of one row to the next row's. Nothing where the page is no list, as `trail` and
    `page` of the page say.
    """
    kept: Any = context.get("trail")
    if not kept:
        return lambda _row: SafeString("")
    before = escape(f"?{kept}&row=")
    numbers = iter(range(context["page"].start_index(), 1 << 62))
    return lambda row: mark_safe(f"{before}{row}&amp;n={next(numbers)}")


@register.simple_tag(takes_context=True)
def customer_rows(context: Context, customers: Iterable[Customer]) -> SafeString:
    """This function will draw customers as rows of a table."""
    acts, trail = bool(context.get("acts")), trails(context)
    kinds, stages = words_of(CustomerKind), words_of(CustomerStage)
    states = words_of(CustomerStatus)
    return mark_safe(
        "".join(
            shape(
                "crm/customers/_row.html",
                acts=acts,
                status=one.status != CustomerStatus.ACTIVE,
                extra_large=one.extra_large,
            ).fill(
                pk=one.pk,
                name=one.shown_name,
                trail=trail(one.pk),
                number=one.number,
                status=states.get(one.status, one.status),
                tier=tier_of(one),
                kind=kinds.get(one.kind, one.kind),
                stage=stages.get(one.stage, one.stage),
                branch=one.branch.name,
                owner=one.owner.name,
                policies=thousands(one.policies_in_force),  # type: ignore[attr-defined]
            )
            for one in customers
        )
    )
