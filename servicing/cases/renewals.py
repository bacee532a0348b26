"""Cases of renewal and premium reminders (PA-17.4, X-11, X-12)."""

from crm.time.months import renewal_reminder
from servicing.cases.facts import Facts
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
        facts.day(*_BASE),
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


ACTIONS: dict[str, Action] = {"renewal_reminder": action(reminder)}
