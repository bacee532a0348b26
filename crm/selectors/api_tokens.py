"""Reads API tokens: one's own, or for the head office everybody's."""

from django.db.models import F, QuerySet

from crm import access, rights
from crm.models import ApiToken, User


def listing(user: User) -> QuerySet[ApiToken]:
    """This function will list the tokens the person may see, living ones first, the newest first."""
    found = access.visible_tokens(user).select_related("person", "created_by")
    return found.order_by(F("revoked_at").desc(nulls_first=True), "-created_at", "-pk")


def sees_all(user: User) -> bool:
    """This function will say whether the person looks after everybody's tokens."""
    return rights.may(user, "api_token_any")
