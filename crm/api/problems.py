"""Every refusal of the API in one shape, application/problem+json: a Chinese sentence, and which fields it is about."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, RequestDataTooBig
from django.core.exceptions import PermissionDenied as DjangoDenied
from django.forms import Form
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response

from crm.refusal import Refusal
from crm.rights import NotAllowed

CONTENT_TYPE = "application/problem+json"


class Problem(serializers.Serializer[Any]):
    """What every refusal looks like."""

    status = serializers.IntegerField(help_text="HTTP 状态码")
    title = serializers.CharField(help_text="一句话：发生了什么、该怎么办")
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="字段 → 原因；与字段无关时没有这一项",
    )


def refusals(*codes: int) -> dict[Any, Any]:
    """This function will describe refusals with these codes, for the operations that give them."""
    return {(code, CONTENT_TYPE): Problem for code in codes}


class Stated(exceptions.APIException):
    """A refusal of the door with a status, a sentence, fields and headers of its own."""

    def __init__(
        self,
        code: int,
        title: str,
        *,
        fields: dict[str, list[str]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """This function will keep what the answer says."""
        super().__init__(title)
        self.status_code, self.fields, self.headers = code, fields or {}, headers or {}


def of_form(code: int, form: Form) -> Stated:
    """This function will say what a form refuses; what belongs to no field becomes the sentence."""
    general = form.non_field_errors()
    title = str(general[0]) if general else _("有字段不能接受，请按提示修改。")
    fields = {
        name: [str(one) for one in form.errors[name]] for name in form.errors if name != NON_FIELD_ERRORS
    }
    return Stated(code, title, fields=fields)


def problem(
    code: int,
    title: str,
    *,
    fields: dict[str, list[str]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """This function will make the answer."""
    body: dict[str, Any] = {"status": code, "title": title}
    if fields:
        body["fields"] = fields
    return Response(body, status=code, headers=headers, content_type=CONTENT_TYPE)


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """This function will put a refusal into the one shape; what is no refusal is a bug and stays loud."""
    if isinstance(error, Stated):
        return problem(error.status_code, str(error.detail), fields=error.fields, headers=error.headers)
    if isinstance(error, NotAllowed | DjangoDenied):
        return problem(status.HTTP_403_FORBIDDEN, getattr(error, "message", _("没有权限。")))
    if isinstance(error, Refusal):
        return problem(status.HTTP_422_UNPROCESSABLE_ENTITY, error.message)
    if isinstance(error, Http404):
        return problem(status.HTTP_404_NOT_FOUND, _("没有找到，或不在您的机构范围内，请核对编号。"))
    if isinstance(error, RequestDataTooBig):
        return problem(status.HTTP_413_REQUEST_ENTITY_TOO_LARGE, _("请求内容超过 5 MB，请分批发送。"))
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return None


def _of_framework(error: exceptions.APIException) -> Response:
    headers: dict[str, str] = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(max(1, int(getattr(error, "wait", None) or 1)))
    return problem(error.status_code, _sentence(error), headers=headers)


def _sentence(error: exceptions.APIException) -> str:
    """This function will say in Chinese what the framework says in its own words."""
    known: dict[type[Exception], str] = {
        exceptions.ParseError: _("请求内容不是正确的 JSON，请核对。"),
        exceptions.MethodNotAllowed: _("这个地址不支持这种请求方法，请查看接口说明。"),
        exceptions.NotAcceptable: _("接口只返回 JSON，请调整 Accept 请求头。"),
        exceptions.UnsupportedMediaType: _("请以 application/json 发送请求内容。"),
        exceptions.Throttled: _("请求过于频繁，请稍后再试。"),
    }
    return known.get(type(error), str(error.detail))
