"""What the stack tests do inside an installation: fill it, run one step of the schedule, count what stands."""

import time
from datetime import date, datetime, timedelta
from typing import Any

import time_machine
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from crm import privacy, pulse, queue
from crm.models import Contact, Customer, JobRun, Message, Occurrence, RuleSetting
from crm.pulse import Pulse
from crm.selectors import work_health
from crm.selectors.work_health import Level
from crm.services import tick as ticks
from crm.time import SHANGHAI, local_date
from servicing.models import Commitment, Evidence
from servicing.services import commitments, greetings
from tests.factories import crm as make
from tiers.models import Assignment

PHONE = "13900000000"
# The day on which the laid-out birthdays fall, far enough ahead that no tick of the test comes near it.
BIRTHDAY = date(2026, 3, 11)


def fill(count: int) -> None:
    """This function will make gold customers, each with one person who agreed to greetings, and open all hours."""
    now = timezone.now()
    owner = make.person("lin")
    make.person("tang", role="head_office", branch=make.branch_tree().head_office)
    RuleSetting.objects.create(key="send_window", value="00:00:00-23:59:59", reason="测试", set_at=now)
    customers = Customer.objects.bulk_create(
        Customer(
            number=f"S{n:06d}",
            kind="organisation",
            name=f"客户{n}",
            branch=owner.branch,
            owner=owner,
            created_at=now,
        )
        for n in range(count)
    )
    Assignment.objects.bulk_create(
        Assignment(
            customer=one, scheme="group_vip", level="gold", active_from=date(2020, 1, 1), source="测试"
        )
        for one in customers
    )
    Contact.objects.bulk_create(_person(one, now) for one in customers)


def born_every_day() -> None:
    """This function will spread the birthdays over today and the nine days to come."""
    today = local_date(timezone.now())
    for n, contact in enumerate(Contact.objects.order_by("pk")):
        day = today + timedelta(days=n % 10)
        Contact.objects.filter(pk=contact.pk).update(birth_month=day.month, birth_day=day.day)


def _person(customer: Customer, now: datetime) -> Contact:
    contact = Contact(
        customer=customer,
        role="first",
        name="张伟",
        consented_at=now,
        consent_source="测试",
        birth_month=BIRTHDAY.month,
        birth_day=BIRTHDAY.day,
        phone_masked=privacy.mask_phone(PHONE),
    )
    contact.phone_sealed = privacy.seal(PHONE, f"crm.contact.phone:{contact.ref}")
    return contact


def lay_out(minutes: int) -> None:
    """This function will lay out one greeting a person whose window is open now and for so many minutes."""
    now = timezone.now()
    Occurrence.objects.bulk_create(
        Occurrence(
            kind="birthday_greeting",
            subject=f"contact:{contact.pk}",
            occasion_date=BIRTHDAY,
            channel="sms",
            customer_id=contact.customer_id,
            contact=contact,
            starts_at=now - timedelta(minutes=1),
            ends_at=now + timedelta(minutes=minutes),
        )
        for contact in Contact.objects.all()
    )


def plan(day: str) -> None:
    """This function will lay out the greetings of one day."""
    greetings.plan_day(day=date.fromisoformat(day))


def without_unique_occurrences() -> None:
    """This function will take the guard away: nothing in the database forbids a doubled occurrence any more."""
    guard = next(one for one in Occurrence._meta.constraints if one.name == "it_happens_once")
    # SQLite builds the table again from the model, so the model must have forgotten the guard first.
    Occurrence._meta.constraints = [one for one in Occurrence._meta.constraints if one is not guard]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Occurrence, guard)


def occurrences() -> dict[str, int]:
    """This function will count occurrences, and those that stand more than once."""
    by_key = Occurrence.objects.values("kind", "subject", "occasion_date", "channel").annotate(n=Count("id"))
    return {"all": Occurrence.objects.count(), "doubled": by_key.filter(n__gt=1).count()}


def tick() -> bool:
    """This function will tick once without a broker; False means another tick had the lease."""
    return ticks.tick(now=timezone.now(), pulse=pulse.read(), start=queue.run_now).ours


def ticks_through(started: float, hours: int, times: int) -> int:
    """This function will tick through so many hours of a clock that runs so many times too fast, beside others that
    began it at the same moment (seconds since 1970); it returns how many ticks were its own."""
    ours, until = 0, started + hours * 3600
    while (seems := started + (time.time() - started) * times) < until:
        now = datetime.fromtimestamp(seems, SHANGHAI)
        with time_machine.travel(now, tick=False):
            ours += ticks.tick(now=now, pulse=Pulse("", 0.0), start=queue.run_now).ours
    return ours


def day_runs() -> dict[str, int]:
    """This function will count the days that were unrolled."""
    runs = JobRun.objects.filter(job="plan_greetings")
    return {"days": runs.count(), "finished": runs.filter(finished_at__isnull=False).count()}


def due_promises(count: int) -> None:
    """This function will open promises that broke a while ago and that nobody has looked at."""
    now = timezone.now()
    standard = greetings.standards.in_force(greetings.STANDARD, now)
    for customer in Customer.objects.order_by("pk")[:1]:
        commitments.open_windowed(
            customer=customer,
            standard=standard,
            occasion="stack:0",
            title="测试",
            starts_at=now - timedelta(hours=2),
            due_at=now - timedelta(hours=1),
            owner=customer.owner,
            tier="gold",
            now=now,
        )
    pattern = Commitment.objects.get()
    rows = []
    for n in range(1, count):
        row = Commitment.objects.get(pk=pattern.pk) if n == 1 else rows[-1].__class__(**_values(pattern))
        row.pk, row.occasion = None, f"stack:{n}"
        rows.append(row)
    Commitment.objects.bulk_create(rows, batch_size=500)


def _values(row: Commitment) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def sweep_until_empty() -> int:
    """This function will sweep until nothing is due, and return how many promises this process won."""
    won = 0
    while True:
        result = commitments.sweep(now=timezone.now())
        won += result.done
        if not Commitment.objects.due_for_a_look(timezone.now()).exists():
            return won


def broken() -> dict[str, int]:
    """This function will count promises and the events that say they broke."""
    events = Commitment.objects.filter(events__kind="broken").annotate(n=Count("events"))
    return {
        "promises": Commitment.objects.count(),
        "broken": Commitment.objects.filter(breached_at__isnull=False).count(),
        "events": events.count(),
        "doubled": Commitment.objects.filter(events__kind="broken")
        .annotate(n=Count("events"))
        .filter(n__gt=1)
        .count(),
    }


def standing() -> dict[str, int]:
    """This function will count where the greetings stand."""
    to_customers = Message.objects.filter(customer__isnull=False)  # notices to staff come and go beside them
    states = to_customers.values_list("state").annotate(n=Count("id"))
    return {
        "planned": Occurrence.objects.filter(state="planned").count(),
        "kept": Commitment.objects.filter(state="fulfilled").count(),
        "evidence": Evidence.objects.count(),
        **{f"message_{state}": n for state, n in states},
    }


def alarms() -> list[str]:
    """This function will name the signs of progress that are alarming."""
    found = work_health.signs(now=timezone.now())
    return [sign.key for sign in found if sign.of_progress and sign.level == Level.ALARM]
