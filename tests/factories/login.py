"""Logging in as people do: by the page, with a password and a code of an app."""

import base64
from datetime import datetime

from django.test import Client
from django_otp.oath import TOTP

from crm.models import SecondFactor, User
from crm.services import second_factors

PASSWORD = "a long and private pass phrase"


def code_at(user: User, at: datetime, steps: int = 0) -> str:
    """This function will show what the person's app shows at a moment, or some half minutes later."""
    factor = SecondFactor.objects.get(user=user)
    app = TOTP(second_factors._secret(factor), drift=steps)
    app.time = at.timestamp()
    return f"{app.token():06d}"


def enrol(user: User, now: datetime) -> list[str]:
    """This function will register an app for a person and return the recovery codes."""
    second_factors.start(user=user, now=now)
    pending = second_factors.pending(user)
    assert pending is not None
    assert base64.b32decode(second_factors.key_of(pending).replace(" ", ""))
    return second_factors.confirm(user=user, code=code_at(user, now), key="", now=now)


def by_password(username: str, password: str = PASSWORD, client: Client | None = None) -> Client:
    """This function will send the login form and return the client, whatever came of it."""
    client = client or Client()
    client.post("/login/", {"username": username, "password": password})
    return client
