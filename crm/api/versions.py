"""ETags: what was read can be asked for again cheaply, and is changed only by who saw its latest version."""

import hashlib
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.problems import Stated

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="读取时得到的 ETag；缺少回答 428，已过时回答 412",
)
DIGITS = 20


def tagged(request: Request, body: Any, version: int | None = None) -> Response:
    """This function will answer with an ETag, or 304 where the caller has it already.

    A row's tag is its version; anything else is tagged by the digest of what is sent.
    """
    tag = f'"{version}"' if version is not None else f'"{_digest(body)}"'
    if tag in _listed(request.headers.get("If-None-Match", "")):
        return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": tag})
    return Response(body, headers={"ETag": tag})


def seen_version(request: Request, version: int) -> int:
    """This function will return the version that the caller saw; Stated 428 if none is named, 412 if it is past."""
    asked = request.headers.get("If-Match", "")
    if not asked.strip():
        raise Stated(
            status.HTTP_428_PRECONDITION_REQUIRED,
            _("修改前请先读取，并在 If-Match 请求头里写上读到的 ETag。"),
        )
    if f'"{version}"' not in _listed(asked):
        raise Stated(
            status.HTTP_412_PRECONDITION_FAILED,
            _("这一项在您读取之后已被别人修改，请重新读取后再改。"),
        )
    return version


def _listed(header: str) -> set[str]:
    return {part.strip().removeprefix("W/") for part in header.split(",")}


def _digest(body: Any) -> str:
    return hashlib.sha256(JSONRenderer().render(body)).hexdigest()[:DIGITS]
