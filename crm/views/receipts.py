"""The door of providers' receipts: signed, bounded, without a login and without a session."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from crm import machines
from crm.providers import signing
from crm.services import receipts

MOST_BYTES = 256 * 1024
TOO_LARGE, NOT_GENUINE, NOT_UNDERSTOOD, NOT_THIS_WAY = 413, 401, 400, 405


@csrf_exempt
@login_not_required
@never_cache
def receive(request: HttpRequest, provider: str) -> JsonResponse:
    """This function will take a push of receipts from a provider that signed it; the signature is its login."""
    if request.method != "POST":
        refused = machines.problem(NOT_THIS_WAY, _("回执请用 POST 推送。"))
        refused["Allow"] = "POST"
        return refused
    secrets = {"gateway": settings.MESSAGE_GATEWAY_SECRETS}.get(provider)
    if not secrets:
        raise Http404
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return JsonResponse({"error": "too large"}, status=TOO_LARGE)
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return JsonResponse({"error": "too large"}, status=TOO_LARGE)
    given = {name.lower(): value for name, value in request.headers.items()}
    now = read_clock()
    if not signing.is_genuine(given, body=body, secrets=secrets, at=now.timestamp()):
        receipts.forged(provider=provider)
        return JsonResponse({"error": "not genuine"}, status=NOT_GENUINE)
    try:
        reports = receipts.read(body)
    except receipts.ReceiptsNotUnderstood as refusal:
        return JsonResponse({"error": refusal.message}, status=NOT_UNDERSTOOD)
    taken = receipts.take(provider=provider, reports=reports, now=now)
    return JsonResponse({"taken": taken.taken, "known": taken.known, "unknown": taken.unknown})
