"""What the bench of pages does inside its installation: who is logged in, and the statements of each door."""

import json
import uuid
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import book_rows as rows
from crm.models import Customer, User
from crm.models.api import ApiScope
from crm.models.staff import Role
from crm.services import api_tokens

TOKENS = 40


def people() -> dict[str, Any]:
    """This function will log in somebody of the head office, a branch manager and an account manager; API tokens too."""
    branch, keeper = rows.home_of(1)
    manager = User.objects.filter(branch_id=branch, role=Role.BRANCH_MANAGER).get()
    keys = {}
    for name, user in (
        ("manager", manager),
        ("keeper", User.objects.get(pk=keeper)),
        ("head", User.objects.get(pk=1)),
    ):
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(user)
        keys[name] = {one: cookie.value for one, cookie in client.cookies.items()}
    now = timezone.now()
    until = now + timedelta(days=30)
    agent = User.objects.get(pk=keeper)
    tokens = [
        api_tokens.issue(
            person=agent, name=f"bench {n}", scopes=list(ApiScope), expires_at=until, by=agent, now=now
        ).text
        for n in range(TOKENS)
    ]
    numbers = list(Customer.objects.filter(branch_id=branch).values_list("number", flat=True)[:400])
    return {"cookies": keys, "tokens": tokens, "customers": numbers}


def new_ticket(customer: str, n: int) -> str:
    """This function will write the body of a ticket with a company promise and a legal ceiling."""
    asked = {"customer": customer, "kind": "complaint", "channel": "web", "subject": f"请求 {n}"}
    return json.dumps({**asked, "received_at": (timezone.now() - timedelta(minutes=5)).isoformat()})


def statements(known: dict[str, Any], pages: list[list[str]]) -> dict[str, int]:
    """This function will count the statements of a ticket's creation and of each page."""
    found = {}
    client = Client(SERVER_NAME="127.0.0.1")
    asked = {"headers": {"Authorization": f"Bearer {known['tokens'][0]}"}, "content_type": "application/json"}
    for n in range(2):
        asked["headers"] |= {"Idempotency-Key": str(uuid.uuid4())}
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.post("/api/v1/tickets", new_ticket(known["customers"][n], n), **asked)
        assert answer.status_code == 201, answer.content
        found["create"] = len(
            [one for one in queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
        )
        found["create sql"] = [one["sql"][:110] for one in queries]
    for who, page in pages:
        client.cookies.load(known["cookies"][who])
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(page)
        assert answer.status_code == 200, (page, answer.status_code)
        found[page] = len(queries)
    return found
