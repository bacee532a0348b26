"""The one way in for every operation of the API: who calls, with which right, and that a repeated call counts once."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm import privacy
from crm.api.auth import HoldsRight, TokenAuthentication, token_of
from crm.api.problems import CONTENT_TYPE, Stated
from crm.api.throttles import PerToken
from crm.models import ApiCall
from crm.models.api import ApiScope
from crm.services import api_calls

HEADER = "Idempotency-Key"
KEY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="每个请求一个新值（如 UUID）；24 小时内以同样内容重发，得到第一次的回答，不会做第二遍",
)
OPTIONAL_KEY = OpenApiParameter(HEADER, str, OpenApiParameter.HEADER, description=KEY.description)
# Answers that speak of the moment, not of the request.
NOT_KEPT = frozenset({409, 429, 503})
LONGEST_NAME = 40
KEPT_HEADERS = ("Location", "ETag")

Operation = Callable[..., Response]


class Door(APIView):
    """Base of all operations. `asks` names for each method the person's right and the token's scope, `takes` what may
    stand behind the question mark."""

    authentication_classes = (TokenAuthentication,)
    permission_classes = (HoldsRight,)
    throttle_classes = (PerToken,)
    asks: dict[str, tuple[str, ApiScope]] = {}
    takes: tuple[OpenApiParameter, ...] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """This function will refuse what no operation of this address takes: a filter misspelt would show everything."""
        super().initial(request, *args, **kwargs)
        known = {parameter.name for parameter in self.takes}
        if strange := sorted(set(request.query_params) - known):
            fields = {name[:LONGEST_NAME]: [_("没有这个参数，请去掉")] for name in strange}
            raise Stated(400, _("网址里有不认识的参数，请查看接口说明。"), fields=fields)


def once(operation: Operation) -> Operation:
    """This function will make an unsafe operation count once per Idempotency-Key: effect and answer in one transaction."""

    @wraps(operation)
    def guarded(view: Door, request: Request, *args: Any, **kwargs: Any) -> Response | HttpResponse:
        key = request.headers.get(HEADER)
        if key is None:
            if request.method == "POST":
                raise Stated(
                    status.HTTP_400_BAD_REQUEST, _("请带上 Idempotency-Key 请求头，每个请求一个新值。")
                )
            with transaction.atomic():
                return operation(view, request, *args, **kwargs)
        call = _begin(request, key)
        if isinstance(call, api_calls.Answer):
            return _replay(call)
        try:
            return _act(view, call, lambda: operation(view, request, *args, **kwargs))
        except Exception as error:
            return _refused(view, call, error)

    guarded.counts_once = True  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def _begin(request: Request, key: str) -> ApiCall | api_calls.Answer:
    try:
        return api_calls.begin(
            token=token_of(request), key=key, fingerprint=_fingerprint(request), now=read_clock()
        )
    except api_calls.KeyIsUnusable as refusal:
        raise Stated(status.HTTP_400_BAD_REQUEST, refusal.message) from None
    except api_calls.StillRunning as refusal:
        raise Stated(status.HTTP_409_CONFLICT, refusal.message, headers={"Retry-After": "2"}) from None


def _fingerprint(request: Request) -> str:
    """This function will digest what is asked, with a key: a body may hold personal data."""
    asked = f"{request.method} {request.get_full_path()} {request.headers.get('If-Match', '')}\n"
    return privacy.blind_index(asked + request._request.body.decode("utf-8", "replace"), "api_call")


def _act(view: Door, call: ApiCall, act: Callable[[], Response]) -> Response:
    """This function will do it and keep the answer, both or neither."""
    with transaction.atomic():
        response = act()
        try:
            _keep(call, response)
        except api_calls.LeaseLost as refusal:
            raise Stated(409, refusal.message, headers={"Retry-After": "2"}) from None
    return response


def _refused(view: Door, call: ApiCall, error: Exception) -> Response:
    """This function will keep a refusal too; after a bug the key is free again, for nothing was done."""
    try:
        response = view.handle_exception(error)
    except Exception:
        api_calls.give_back(call=call)
        raise
    if response.status_code in NOT_KEPT:
        api_calls.give_back(call=call)
    else:
        _keep(call, response)
    return response


def _keep(call: ApiCall, response: Response) -> None:
    headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
    body = JSONRenderer().render(response.data).decode()
    answer = api_calls.Answer(response.status_code, body, headers)
    api_calls.finish(call=call, answer=answer, now=read_clock())


def _replay(answer: api_calls.Answer) -> HttpResponse:
    kind = CONTENT_TYPE if answer.status >= status.HTTP_400_BAD_REQUEST else "application/json"
    again = HttpResponse(answer.body, status=answer.status, content_type=kind)
    for name, value in {**answer.headers, "Idempotency-Replayed": "true"}.items():
        again[name] = value
    return again
