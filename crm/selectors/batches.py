"""Reading imports for pages."""

from crm.models import ImportBatch, User


def latest(user: User, most: int) -> list[ImportBatch]:
    """This function will list the person's newest batches, in one query."""
    return list(ImportBatch.objects.filter(by=user).order_by("-handed_in_at", "-pk")[:most])
