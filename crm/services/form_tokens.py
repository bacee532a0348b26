"""Makes a form count once: the second submit of the same token is sent to the first one's result."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from crm import bulk
from crm.models import FormToken, User

KEPT = timedelta(days=7)


def take(*, token: str, user: User, now: datetime) -> str | None:
    """This function will take a form's token: None for the first submit, the first one's result for later ones.

    Call it inside the transaction of the effect: a refused effect then gives the token back, and of two
    submits at once the second waits for the first.
    """
    if bulk.insert_new([FormToken(token=token, user=user, result="", used_at=now)]):
        return None
    return FormToken.objects.get(token=token, user=user).result


def keep(*, token: str, user: User, result: str) -> None:
    """This function will note where the first submit led, e.g. the address of the new ticket."""
    FormToken.objects.filter(token=token, user=user).update(result=result)


def once(*, token: str, user: User, now: datetime, act: Callable[[], str]) -> str:
    """This function will act once for a token, in one transaction, and return the result the act named.

    A later call with the same token acts not at all and returns the first result. Without a token
    (a client without our form) it simply acts.
    """
    with transaction.atomic():
        if not token:
            return act()
        earlier = take(token=token, user=user, now=now)
        if earlier is not None:
            return earlier
        result = act()
        keep(token=token, user=user, result=result)
        return result


def forget(*, now: datetime) -> int:
    """This function will delete tokens older than a week and return how many; twice is the same as once."""
    deleted, _rows = FormToken.objects.filter(used_at__lt=now - KEPT).delete()
    return deleted
