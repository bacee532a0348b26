"""How often one may ask: each token by the minute, wrong tokens by address. Counted per process, in memory."""

from contextlib import suppress

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from crm import trace
from crm.models import ApiToken


class PerToken(SimpleRateThrottle):
    """Calls of one token."""

    scope = "token"
    rate = "1200/min"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """This function will count by token."""
        token = request.auth
        return f"api-token:{token.pk}" if isinstance(token, ApiToken) else None


class WrongTokens:
    """Calls with a wrong token from one address; while it rests, right ones from there rest too."""

    most, minute = 30, 60

    def __init__(self) -> None:
        """This function will count for the address of this call."""
        self.key = f"api-wrong:{trace.current().address}"

    def may_try(self) -> bool:
        """This function will say whether the address may try, without counting the try."""
        return int(cache.get(self.key, 0)) < self.most

    def note(self) -> None:
        """This function will count a wrong token; the count ends a minute after its first."""
        if not cache.add(self.key, 1, self.minute):
            with suppress(ValueError):  # the minute ended in between
                cache.incr(self.key)
