"""Fills django-helpdesk's database: `helpdesk_load.py TICKETS` migrates, writes, and prints a superuser's session key."""

import sys
from datetime import UTC, datetime, timedelta

import helpdesk_site  # noqa: F401  (sets Django up)
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from helpdesk.models import FollowUp, Queue, Ticket

QUEUES, USERS, OPEN_SHARE, DAYS = 20, 51, 0.15, 3 * 365


def load(tickets: int) -> str:
    """This function will write queues, people and tickets with a follow-up each, and log the superuser in."""
    call_command("migrate", verbosity=0)
    people = [User(username=f"u{n}", is_staff=True, is_superuser=n == 0) for n in range(USERS)]
    people = User.objects.bulk_create(people)
    queues = [Queue.objects.create(title=f"Queue {n}", slug=f"q{n}") for n in range(QUEUES)]
    now = datetime.now(UTC)
    for start in range(0, tickets, 5_000):
        made = [
            Ticket(
                title=f"Ticket {n}",
                queue=queues[n % QUEUES],
                created=now - timedelta(days=n * 13 % DAYS, minutes=n * 37 % 480),
                submitter_email=f"c{n}@example.com",
                assigned_to=people[n % USERS],
                status=1 if n < tickets * OPEN_SHARE else 4,
                description="As promised",
                due_date=now - timedelta(days=n * 13 % DAYS - 5),
            )
            for n in range(start, min(start + 5_000, tickets))
        ]
        made = Ticket.objects.bulk_create(made, batch_size=500)
        FollowUp.objects.bulk_create(
            [
                FollowUp(
                    ticket=one,
                    title="Opened",
                    date=one.created,
                    user=one.assigned_to,
                    comment="-",
                    public=True,
                )
                for one in made
            ],
            batch_size=500,
        )
    client = Client()
    client.force_login(people[0])
    return str(client.cookies["sessionid"].value)


if __name__ == "__main__":
    print(load(int(sys.argv[1])))
