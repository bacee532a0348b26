"""How Django finds out who somebody is: by staff number and password, with the branch that every page needs."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from crm.models import User


class StaffBackend(ModelBackend):
    """Django's own check of the password, which hashes also for numbers that nobody has; people come with their branch."""

    def get_user(self, user_id: Any) -> User | None:
        """This function will return the person of a session with the branch, in one query, unless switched off."""
        found = User.objects.select_related("branch").filter(pk=user_id).first()
        return found if found is not None and self.user_can_authenticate(found) else None
