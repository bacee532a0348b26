"""The page that explains the API and lets one try it with a token."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import access


@require_safe
@access.needs("api_token")
def api_docs(request: HttpRequest) -> HttpResponse:
    """This function will show every operation, drawn by the browser from the schema."""
    return render(request, "crm/api_docs.html", {"crumbs": [(_("接口说明"), "")]})
