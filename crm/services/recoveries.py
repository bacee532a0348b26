"""Recovery reports: one for every outage that left something due to customers, confirmed where sending was held."""

from datetime import datetime

from crm.models import Customer, Recovery, User
from crm.selectors import recoveries as read


def report(*, began_at: datetime, ended_at: datetime, held: bool) -> Recovery | None:
    """This function will write down an outage if it left anything due; doing so twice is once."""
    draft = Recovery(began_at=began_at, ended_at=ended_at, held=held)
    if not read.occurrences(draft, Customer.objects.all()).exists() and not (
        read.single_messages(draft, Customer.objects.all()).exists()
    ):
        return None
    row, _made = Recovery.objects.get_or_create(
        ended_at=ended_at, defaults={"began_at": began_at, "held": held}
    )
    return row


def confirm(*, by: User | None, now: datetime) -> None:
    """This function will note on the reports that waited for it who let the sending go on."""
    waiting = Recovery.objects.filter(held=True, confirmed_at__isnull=True)
    waiting.update(confirmed_at=now, confirmed_by=by)
