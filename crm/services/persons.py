"""Holding the row of a member of staff, so that nobody is given work while somebody decides about the person."""

from crm.models import User


def held(pk: int) -> User:
    """This function will read a person and lock the row until the transaction ends.

    Whoever is about to give the person a customer or a promise waits, and sees what became of the person.
    """
    # alone: what it joins could be as old as before the wait
    User.objects.select_for_update(no_key=True).get(pk=pk)
    return User.objects.select_related("branch", "supervisor__branch").get(pk=pk)
