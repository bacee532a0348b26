"""Cases of renewal and premium reminders (PA-17.4, X-11, X-12)."""

from datetime import date

from crm.time import local_date
from crm.time.months import renewal_reminder
from servicing.cases.facts import Facts, only_moment
from servicing.cases.registry import Action, Answer, House, action

_BASE = ("last_day_of_cover", "premium_due", "premium_due_date", "due_date", "expiry")
_BEGINS = ("effective", "policy_effective", "policy_start", "begins", "start")
_ISSUED = ("issued", "issued_at", "issued_on", "issue_date")
_SENT = ("sent_at", "sent", "reminded_at", "reminded", "first_reminder")


def reminder(facts: Facts, house: House) -> Answer:
    """This function will give the nominal and the moved reminder date, and judge a reminder that was sent."""
    issued = facts.moment_or_none(*_ISSUED)
    begins = facts.moment_or_none(*_BEGINS) or issued
    found = renewal_reminder(
        _base(facts),
        house.calendar,
        months=house.standard("PA-17.4").amount,
        begins=facts.day(*_BEGINS, *_ISSUED) if begins else None,
        issued=facts.day(*_ISSUED) if issued else None,
    )
    sent = facts.day(*_SENT) if facts.moment_or_none(*_SENT) else None
    return {
        "nominal": found.nominal,
        "send_by": found.send_by,
        "provisional": found.provisional,
        "late_by_construction": found.late_by_construction,
        "result": None if sent is None else "kept" if sent <= found.send_by else "broken",
    }


def _base(facts: Facts) -> date:
    """The date two months before which one reminds; where it has another name, the only date that is left."""
    if facts.moment_or_none(*_BASE) is not None:
        return facts.day(*_BASE)
    return local_date(only_moment(facts, ("as_of", *_BEGINS, *_ISSUED, *_SENT)))


ACTIONS: dict[str, Action] = {"renewal_reminder": action(reminder)}
