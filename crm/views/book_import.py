"""The doors of the import page: upload, look at the dry run, confirm, download what failed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import access
from crm.book import writing
from crm.book.uploads import Upload
from crm.forms.book_import import BookUpload
from crm.models import ImportBatch
from crm.models.batch import BatchMode
from crm.refusal import Refusal
from crm.selectors import batches
from crm.services import book
from crm.views.long_jobs import shown
from crm.views.pages import REFUSED, signed_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LATEST = 5


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("import_book")
def import_book(request: HttpRequest) -> HttpResponse:
    """This function will take a file, try it out without writing, and lead to what would happen."""
    posted = request.method == "POST"
    user, now = signed_in(request), read_clock()
    form = BookUpload(request.POST, request.FILES) if posted else BookUpload()
    if form.is_valid():
        file: UploadedFile[bytes] = form.cleaned_data["file"]
        try:
            batch, new = book.hand_in(
                chunks=file.chunks(),
                name=file.name or "",
                by=user,
                now=now,
                again=form.cleaned_data["again"],
            )
        except Refusal as refusal:
            form.add_error("file", refusal.message)
        else:
            if not new:
                messages.info(request, _("这份文件上传过，这是它的批次；没有重复导入。"))
            return redirect("crm:import-check", batch.token)
    latest = batches.latest(user, LATEST)
    context = {"form": form, "latest": latest, "sheets": book.sheets(), "crumbs": [(_("导入"), "")]}
    return render(request, "crm/book/upload.html", context, status=REFUSED if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("import_book")
def import_check(request: HttpRequest, token: str) -> HttpResponse:
    """This function will show what a file would do or did, and on confirmation have it done once."""
    user, now = signed_in(request), read_clock()
    batch = access.import_batch(user, token)
    if request.method == "POST":
        _do(request, lambda: book.confirm(batch=batch, mode=request.POST.get("mode", ""), by=user, now=now))
        return redirect("crm:import-check", token)
    context = {
        "token": token,
        "batch": batch,
        "book": _shown(batch),
        "modes": BatchMode.choices,
        "job": shown(batch.job, user, now) if batch.job else None,
        "may_undo": batch.may_be_undone(now),
        "has_failures": Upload(token).failures.exists(),
        "crumbs": [(_("导入"), reverse("crm:import-book")), (batch.name, "")],
    }
    return render(request, "crm/book/check.html", context)


@require_POST
@access.needs("import_book")
def import_undo(request: HttpRequest, token: str) -> HttpResponse:
    """This function will have an imported batch undone."""
    user, now = signed_in(request), read_clock()
    batch = access.import_batch(user, token)
    _do(request, lambda: book.undo(batch=batch, by=user, now=now))
    return redirect("crm:import-check", token)


def _do(request: HttpRequest, act: Callable[[], None]) -> None:
    """This function will act, and say at the top of the next page why it could not."""
    try:
        act()
    except Refusal as refusal:
        messages.warning(request, refusal.message)


def _shown(batch: ImportBatch) -> dict[str, Any]:
    """This function will add to what was noted of a file what the page asks for."""
    known = batch.report
    counts = known.get("counts")
    if not counts:
        return {"moment": batch.handed_in_at, **known}
    return {
        **known,
        "writes": counts["new"] + counts["update"],
        "failed": counts["error"] + counts["duplicate"],
        "moment": batch.handed_in_at,
    }


@require_safe
@access.needs("import_book")
def import_failures(request: HttpRequest, token: str) -> HttpResponse:
    """This function will hand out the rows that were not taken, each with its reasons."""
    batch = access.import_batch(signed_in(request), token)
    failures = Upload(token).failures
    if not failures.exists():
        raise Http404
    name = _("失败明细-%(name)s.xlsx") % {"name": batch.name.rsplit(".", 1)[0]}
    return _download(failures.read_bytes(), name)


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
