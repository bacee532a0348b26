"""The receipt of a promise (时效凭证): why it is due when it is, what happened, what proves it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from crm import access as gates
from crm import rights
from crm.models import User
from crm.refusal import Refusal
from crm.selectors import calendars
from crm.services import form_tokens
from crm.time import local_date
from crm.views.lists import walk_of
from crm.views.pages import REFUSED, signed_in
from crm.words import instant_words
from servicing import access
from servicing.forms.receipts import KINDS, TOUCHPOINT, NewEvidence
from servicing.forms.telling import Telling
from servicing.forms.urging import REASONS, Urging
from servicing.models import Commitment
from servicing.models.commitment import State
from servicing.selectors.commitments import result
from servicing.selectors.receipts import Receipt, receipt_of
from servicing.selectors.rows import rows_of
from servicing.selectors.touch_proofs import that_prove
from servicing.selectors.urging import may_urge
from servicing.services import commitments
from servicing.services.handovers import PROMISE_KINDS
from servicing.wording import event_words, limit_words

PROOFS: dict[str, Any] = {
    **dict(KINDS),
    "reply": gettext_lazy("答复记录"),
    "closing": gettext_lazy("办结凭据"),
    TOUCHPOINT: gettext_lazy("往来记录"),
    "message": gettext_lazy("信息往来"),
    "receipt": gettext_lazy("送达回执"),
    "told": gettext_lazy("告知记录"),
}
RESULTS = {"kept": gettext_lazy("守约"), "broken": gettext_lazy("违约"), "unproven": gettext_lazy("待补凭据")}


@require_safe
@gates.needs("workbench")
def commitment_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will show the receipt of one promise, made to be printed."""
    user = signed_in(request)
    return receipt_page(request, access.commitment(user, pk), user=user)


@require_POST
@gates.needs("ticket_work")
def evidence_add(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will file a proof with a promise; sent twice it is filed once."""
    user, now = signed_in(request), read_clock()
    row = access.commitment(user, pk)
    form = NewEvidence(request.POST, touchpoints=that_prove(row, now=now))
    if form.is_valid():
        address = reverse("servicing:commitment-receipt", args=[pk])

        def once() -> str:
            commitments.add_evidence(commitment=row, proof=form.proof(), by=user, at=now, now=now)
            messages.success(request, _("凭据已归档。"))
            return address

        try:
            token = request.POST.get("token", "")
            return redirect(form_tokens.once(token=token, user=user, now=now, act=once))
        except Refusal as refusal:
            form.add_error("reference", refusal.message)
    return receipt_page(request, row, form, user=user, status=REFUSED)


def receipt_page(
    request: HttpRequest,
    row: Commitment,
    form: NewEvidence | None = None,
    *,
    user: User,
    status: int = 200,
    urging: Urging | None = None,
    telling: Telling | None = None,
) -> HttpResponse:
    """This function will show the receipt with its forms, those that were refused with what was typed."""
    now = read_clock()
    receipt = receipt_of(row, as_of=now)
    for proof in receipt.evidence:
        proof.word = PROOFS.get(proof.kind, proof.kind)  # type: ignore[attr-defined]
        proof.lost_reason = proof.lost.reason if hasattr(proof, "lost") else ""  # type: ignore[attr-defined]
    context = {
        "now": now,
        "today": local_date(now),
        "print_at": instant_words(now),
        "row": rows_of([row], now=now)[0],
        "promise": row,
        "receipt": receipt,
        "other": receipt.ceiling or _company_promise(row),
        "result": result(row),
        "result_word": RESULTS.get(result(row), ""),
        "limit": limit_words(row.standard.unit, row.standard.amount),
        "closed_on": local_date(row.fulfilled_at) if row.fulfilled_at else None,
        "notices": _notices(receipt),
        "events": [(event, event_words(event.kind, event.detail, event.alarm)) for event in receipt.events],
        "proof_words": dict(KINDS)
        | {
            "reply": _("答复记录"),
            "closing": _("办结凭据"),
            "message": _("信息往来"),
            "told": _("告知记录"),
            TOUCHPOINT: _("往来记录"),
        },
        "may_prove": rights.may(user, "ticket_work") and row.state == State.FULFILLED,
        "form": form or NewEvidence(touchpoints=that_prove(row, now=now)),
        "urging": urging or (Urging() if may_urge(user, row, now) else None),
        "telling": telling or (Telling() if _may_tell(user, row) else None),
        "urge_reasons": REASONS,
        "token": request.POST.get("token") or str(uuid.uuid4()),
        "walk": walk_of(request),
        "crumbs": _crumbs(row),
    }
    return render(request, "servicing/commitments/receipt.html", context, status=status)


def _may_tell(user: User, row: Commitment) -> bool:
    """This function will say whether the promise is one to tell a customer of a new keeper, and still to be kept."""
    running = row.state in (State.OPEN, State.PAUSED)
    return running and row.kind in PROMISE_KINDS and rights.may(user, "ticket_work")


def _company_promise(row: Commitment) -> Commitment | None:
    """This function will return the company's promise beside a ticket's ceiling, to be shown on the ceiling's receipt."""
    ticket = getattr(row, "ticket_ceiling", None)
    if ticket is None or ticket.promise_id is None:
        return None
    return Commitment.objects.select_related("standard").get(pk=ticket.promise_id)


def _crumbs(row: Commitment) -> list[tuple[str, str]]:
    ticket = getattr(row, "ticket", None) or getattr(row, "ticket_ceiling", None)
    start = [(_("工作台"), reverse("servicing:workbench"))]
    if ticket:
        start = [
            (_("工单"), reverse("servicing:ticket-list")),
            (ticket.number, reverse("servicing:ticket-detail", args=[ticket.number])),
        ]
    return [*start, (_("时效凭证"), "")]


def _notices(receipt: Receipt) -> list[Any]:
    """This function will list the holiday notices of the years that the arithmetic walks through."""
    days = [step.date for step in receipt.due.steps] if receipt.due else []
    years = {day.year for day in days} or {local_date(receipt.commitment.starts_at).year}
    return [one for one in calendars.ruling_notices(receipt.commitment.calendar_version) if one.year in years]
