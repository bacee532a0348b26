"""Changes people's passwords."""

from datetime import datetime

from django.db import transaction

from crm.models import User
from crm.models.login import Ending
from crm.services import audit, sessions


def change(*, user: User, password: str, key: str, now: datetime) -> None:
    """This function will give a person a new password and end all their logins but the one of the session `key`.

    The old password and the rules for new ones have been checked by the form.
    """
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        sessions.end_others(user=user, key=key, why=Ending.PASSWORD, now=now)
        audit.log(action="crm.password.changed", subject=user, by=user, now=now)
