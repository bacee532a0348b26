"""Reads the touchpoints that may prove a promise: of its customer, of a kind that its standard takes, in its time."""

from datetime import datetime

from django.db.models import QuerySet

from crm.models import Touchpoint
from servicing.models import Commitment
from servicing.touch_proofs import kinds_that_prove


def that_prove(row: Commitment, *, now: datetime) -> QuerySet[Touchpoint]:
    """This function will list them, newest first: from the start of the promise until it was closed, or now."""
    found = Touchpoint.objects.filter(
        customer_id=row.customer_id,
        kind__in=kinds_that_prove(row.standard.evidence),
        happened_at__gte=row.starts_at,
        happened_at__lte=row.fulfilled_at or now,
    )
    return found.select_related("contact", "by").order_by("-happened_at", "-pk")
