"""Deciding on what somebody else proposed (rulebook X-24): the steps that every kind of proposal shares.

What is proposed, and what becomes of it once confirmed, is the matter of each kind's own service.
"""

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from crm import rights
from crm.models import User
from crm.models.proposal import Decision, Proposal
from crm.refusal import Refusal
from crm.services import audit

P = TypeVar("P", bound=Proposal)


class NeedsAnotherPerson(Refusal):
    """Who proposed something cannot confirm it."""


class ProposalIsDecided(Refusal):
    """Somebody decided on it before."""


class SubmitterMayNoLonger(Refusal):
    """Who proposed it does not hold the right any more."""


class SendingBackNeedsAReason(Refusal):
    """Nothing is sent back without a word."""


class ProposalIsNotYours(Refusal):
    """Only who proposed something takes it back."""


def held(proposal: P) -> P:
    """This function will read a proposal again and keep it until the act is done. Raises ProposalIsDecided."""
    row = type(proposal)._default_manager.select_for_update(of=("self",)).get(pk=proposal.pk)
    if row.decision:
        told = {"what": row.called, "word": row.get_decision_display()}
        raise ProposalIsDecided(_("这份%(what)s%(word)s，不能再处理。") % told)
    return row


def confirmable(proposal: P, *, by: User) -> P:
    """This function will give the held proposal if this person may confirm it.

    Raises ProposalIsDecided, NeedsAnotherPerson for its own author, SubmitterMayNoLonger.
    """
    rights.require(by, proposal.right)
    row = held(proposal)
    if row.submitted_by_id == by.pk:
        raise NeedsAnotherPerson(_("提交人不能自己确认，请另一位有权限的同事核对后确认。"))
    if not rights.may(row.submitted_by, row.right):
        raise SubmitterMayNoLonger(_("提交人已没有这项权限，请退回，由其他有权限的同事重新提交。"))
    return row


def confirmed(row: P, *, by: User, now: datetime) -> P:
    """This function will write down that a held proposal was confirmed, with what the caller has set on it."""
    return _decide(row, Decision.CONFIRMED, by=by, now=now)


@transaction.atomic
def send_back(*, proposal: P, reason: str, by: User, now: datetime) -> P:
    """This function will return a proposal to who made it, with a reason. Raises SendingBackNeedsAReason."""
    rights.require(by, proposal.right)
    row = held(proposal)
    if not reason.strip():
        raise SendingBackNeedsAReason(_("请写明退回的理由。"))
    row.returned_because = reason.strip()[:200]
    return _decide(row, Decision.RETURNED, by=by, now=now)


@transaction.atomic
def withdraw(*, proposal: P, by: User, now: datetime) -> P:
    """This function will take back a proposal of one's own. Raises ProposalIsNotYours."""
    rights.require(by, proposal.right)
    row = held(proposal)
    if row.submitted_by_id != by.pk:
        raise ProposalIsNotYours(_("只有提交人可以撤回；如不同意，请退回并写明理由。"))
    return _decide(row, Decision.WITHDRAWN, by=by, now=now)


def log(what: str, row: Proposal, *, by: User, now: datetime, reason: str = "") -> None:
    """This function will write one act on a proposal into the log."""
    audit.log(action=f"{row.log_noun}.{what}", subject=row, by=by, now=now, after=row.logged(), reason=reason)


def _decide(row: P, decision: Decision, *, by: User, now: datetime) -> P:
    row.decision, row.decided_by, row.decided_at = decision, by, now
    row.save()
    log(decision.value, row, by=by, now=now, reason=row.returned_because)
    return row
