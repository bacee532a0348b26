"""The doors of the import page: upload, look at the dry run, confirm, download what failed."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm import access
from crm.book import uploads, writing
from crm.book.uploads import Upload
from crm.forms.book_import import BookUpload
from crm.refusal import Refusal
from crm.selectors import batches
from crm.services import book
from crm.views.pages import REFUSED, signed_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LATEST = 5


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("import_book")
def import_book(request: HttpRequest) -> HttpResponse:
    """This function will take a file, try it out without writing, and lead to what would happen."""
    posted = request.method == "POST"
    form = BookUpload(request.POST, request.FILES) if posted else BookUpload()
    if form.is_valid():
        file: UploadedFile[bytes] = form.cleaned_data["file"]
        try:
            token = book.check_upload(
                chunks=file.chunks(), name=file.name or "", by=signed_in(request), now=read_clock()
            )
        except Refusal as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect("crm:import-check", token)
    latest = batches.latest(signed_in(request), LATEST)
    context = {"form": form, "latest": latest, "sheets": book.sheets(), "crumbs": [(_("导入"), "")]}
    return render(request, "crm/book/upload.html", context, status=REFUSED if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("import_book")
def import_check(request: HttpRequest, token: str) -> HttpResponse:
    """This function will show what a file would do or did, and on confirmation do it once."""
    upload = _own(request, token)
    if request.method == "POST":
        book.commit_upload(upload=upload, by=signed_in(request), now=read_clock())
        return redirect("crm:import-check", token)
    crumbs = [(_("导入"), reverse("crm:import-book")), (upload.name, "")]
    context = {"token": token, "book": _shown(upload), "crumbs": crumbs}
    return render(request, "crm/book/check.html", context)


def _shown(upload: Upload) -> dict[str, Any]:
    """This function will add to what was noted of an upload what the page asks for."""
    known = upload.summary()
    counts = known["counts"]
    return {
        **known,
        "writes": counts["new"] + counts["update"],
        "failed": counts["error"] + counts["duplicate"],
        "moment": datetime.fromisoformat(known["at"]),
    }


@require_safe
@access.needs("import_book")
def import_failures(request: HttpRequest, token: str) -> HttpResponse:
    """This function will hand out the rows that were not taken, each with its reasons."""
    upload = _own(request, token)
    name = _("失败明细-%(name)s.xlsx") % {"name": upload.name.rsplit(".", 1)[0]}
    return _download(upload.failures.read_bytes(), name)


@require_safe
@access.needs("import_book")
def import_template(request: HttpRequest) -> HttpResponse:
    """This function will hand out an empty book with explanations and drop-downs."""
    return _download(writing.template(book.sheets()), _("客户导入模板.xlsx"))


def _download(content: bytes, name: str) -> HttpResponse:
    """This function will answer a file to be saved, never shown; its Chinese name travels as RFC 6266 says."""
    return HttpResponse(
        content,
        content_type=XLSX,
        headers={
            "Content-Disposition": content_disposition_header(True, name) or "attachment",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def _own(request: HttpRequest, token: str) -> Upload:
    """This function will find the person's own upload, or raise Http404."""
    upload = uploads.find(token=token, by=signed_in(request))
    if upload is None:
        raise Http404
    return upload
