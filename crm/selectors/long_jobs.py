"""Reading long work for pages."""

from django.db.models import Case, IntegerField, QuerySet, Value, When

from crm.models import LongJob
from crm.models.long_job import WAITING


def newest(jobs: QuerySet[LongJob], most: int) -> list[LongJob]:
    """This function will list what has not ended first, then the newest, in one query."""
    ended = Case(When(state__in=WAITING, then=Value(0)), default=Value(1), output_field=IntegerField())
    return list(jobs.select_related("requested_by").order_by(ended, "-requested_at", "-pk")[:most])
