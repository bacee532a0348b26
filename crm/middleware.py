"""What every answer gets: what browsers may not do with it; never kept in a cache; refusals become sentences."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from crm import addresses, machines, trace
from crm.refusal import Refusal
from crm.rights import NotAllowed

FORBIDDEN = 403
TOO_LARGE = 413
REFUSED = 422
MEGABYTE = 1024 * 1024
# Nothing of the device is ours, and nobody else embeds what is ours.
HEADERS = {
    "Permissions-Policy": ", ".join(
        f"{one}=()"
        for one in (
            *("accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope"),
            *("magnetometer", "microphone", "midi", "payment", "usb", "browsing-topics"),
        )
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Doorstep:
    """The first to see a request and the last to see its answer: turns away what is too large before it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """This function will keep the next step of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """This function will answer and say what a browser may not do. A body without a length is never read."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.BODY_MAX_BYTES:
            response = self._too_large(request)
        else:
            response = self.get_response(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        return response

    def _too_large(self, request: HttpRequest) -> HttpResponse:
        most = settings.BODY_MAX_BYTES // MEGABYTE
        if machines.calls(request):
            return machines.problem(TOO_LARGE, _("请求内容太大，没有读取，请分批发送。"))
        sentence = _("提交的内容太大，一次最多 %(most)s MB。文件太大时，请分成几份再上传。") % {"most": most}
        return render(request, "crm/refused.html", {"sentence": sentence}, status=TOO_LARGE)


class PrivatePages:
    """Marks every answer to a logged-in person as not to be stored, and varies by htmx."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """This function will keep the next step of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """This function will answer under a name that the log can quote, then patch the headers."""
        trace.begin(str(uuid.uuid4()), addresses.of_client(request.META, settings.PROXIES))
        try:
            response = self.get_response(request)
        finally:
            trace.end()
        patch_vary_headers(response, ["HX-Request"])
        # an earlier middleware may have answered before anybody was known
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """This function will turn a refusal that no view caught into its sentence; other exceptions are bugs.

        A page for a browser, a flash for htmx: the rest of the page stays as it was.
        """
        if not isinstance(exception, Refusal):
            return None
        if request.headers.get("HX-Request") != "true":
            status = FORBIDDEN if isinstance(exception, NotAllowed) else REFUSED
            return render(request, "crm/refused.html", {"sentence": exception.message}, status=status)
        messages.error(request, exception.message)
        # 422 is the one refusal that our htmx swaps; any other page of an error would land inside this one
        answer = render(request, "components/_flash.html", status=REFUSED)
        answer["HX-Retarget"] = "#flashes"
        answer["HX-Reswap"] = "outerHTML"
        return answer
