"""Who calls: `Authorization: Bearer …`, a token that acts as one person, within its scopes and that person's rights."""

from typing import Any, cast

from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied, Throttled
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from crm import rights, trace
from crm.api.throttles import WrongTokens
from crm.models import ApiToken, User
from crm.models.api import ApiScope
from crm.selectors import stand_ins
from crm.services import api_tokens
from crm.time import local_date

SCHEME = "bearer"


class TokenAuthentication(BaseAuthentication):
    """Finds the token at every call; tries with wrong ones are counted by address."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """This function will return person and token, None without a header; raises AuthenticationFailed."""
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        wrong = WrongTokens()
        if not wrong.may_try():
            raise Throttled(wait=wrong.minute)
        now = read_clock()
        try:
            if scheme.lower() != SCHEME:
                raise api_tokens.TokenIsWrong(_("请求头应写成 Authorization: Bearer 令牌。"))
            token = api_tokens.recognise(text=text.strip(), address=trace.current().address, now=now)
        except api_tokens.TokenIsWrong as refusal:
            wrong.note()
            raise AuthenticationFailed(refusal.message) from None
        stand_ins.lend(token.person, on=local_date(now))
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        """This function will name the scheme, so that a call without token is answered with 401."""
        return 'Bearer realm="jiannuo"'


class HoldsRight(BasePermission):
    """Asks the right and the scope that the operation names for its method; what names none is open to nobody."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """This function will raise NotAuthenticated, NotAllowed or PermissionDenied with a sentence."""
        if not isinstance(request.auth, ApiToken):
            raise NotAuthenticated(_("请带上接口令牌：Authorization: Bearer 令牌。"))
        asked: dict[str, tuple[str, ApiScope]] = getattr(view, "asks", {})
        method = "GET" if request.method in ("HEAD", "OPTIONS") else str(request.method)
        if method not in asked:
            return True  # no such operation: answered with 405
        right, scope = asked[method]
        if scope not in request.auth.scopes:
            raise PermissionDenied(_("这枚令牌没有“%(scope)s”的范围，请另行签发。") % {"scope": scope.label})
        rights.require(request.user, right)
        return True


def caller(request: Request) -> User:
    """This function will return the person as whom the token acts."""
    return cast(User, request.user)


def token_of(request: Request) -> ApiToken:
    """This function will return the token of the call."""
    return cast(ApiToken, request.auth)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells the schema how one authenticates."""

    target_class = "crm.api.auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """This function will describe the header."""
        return {"type": "http", "scheme": SCHEME, "description": "在“接口令牌”页签发，只显示一次。"}
