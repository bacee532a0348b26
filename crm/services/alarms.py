"""Tells head office that something is wrong with the house itself, each thing once a day."""

from datetime import datetime

from crm.models import JobRun, User
from crm.models.staff import Role
from crm.services import messages, runs
from crm.time import local_date


def tell_head_office(*, kind: str, words: str, now: datetime, link: str = "") -> bool:
    """This function will post a notice to head office's administrators; False where today's was posted before.

    The day's slot of the kind is a run like any other, so that two ticks tell once.
    """
    run = runs.begin(job=kind, slot=local_date(now).isoformat(), now=now)
    if run is None:
        return False
    heads = User.objects.filter(role=Role.HEAD_OFFICE, is_active=True)
    messages.notify(users=list(heads), kind=kind, body=words, now=now, link=link)
    JobRun.objects.filter(pk=run.pk).update(finished_at=now, failed=1, note=words[:500])
    return True
