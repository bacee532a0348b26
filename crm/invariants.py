"""What must be true of branches, customers, messages, the schedule and the log, at any moment."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models import Branch, Customer, Message, TickState
from crm.models.customer import CustomerStatus
from crm.models.job import OccurrenceState
from crm.models.message import MessageClass, MessageState
from crm.registry import Invariant, add_invariant
from crm.selectors import audit_seals
from crm.selectors.invariants import followers, missing_triggers, refusals
from crm.services.tick.days import HORIZON
from crm.time import local_date

CHUNK = 2000
TRIGGERS = (
    "crm_logentry_is_kept",
    "crm_auditseal_is_kept",
    "crm_auditseal_follows_on",
    "crm_receipt_is_kept",
    "crm_consent_is_kept",
)
# refusals of `crm/row_guards.py`, and how many moments each has
REFUSALS = {
    "a_keeper_is_in_use": 2,
    "a_team_member_is_in_use": 2,
    "stand_ins_of_a_person_do_not_overlap": 2,
    "a_branch_keeps_its_path": 1,
}
# what follows names into the index of pairs, on SQLite alone (`crm/name_parts.py`)
PAIRED = (("crm_customer", "name"), ("crm_customer", "name_initials"), ("crm_contact", "name"))


def _paths(_now: datetime) -> Iterator[object]:
    """Branches whose path is not their parent's path and their own number."""
    for pk, path, above in Branch.objects.values_list("pk", "path", "parent__path").order_by("pk"):
        if path != f"{above or ''}{pk}/":
            yield pk


def _kept_by_nobody(_now: datetime) -> Iterator[object]:
    rows = Customer.objects.filter(status=CustomerStatus.ACTIVE, owner__is_active=False)
    return rows.order_by("pk").values_list("number", flat=True).iterator(CHUNK)


def _without_occurrence(_now: datetime) -> Iterator[object]:
    rows = Message.objects.filter(state__in=(MessageState.ACCEPTED, MessageState.DELIVERED))
    rows = rows.filter(message_class=MessageClass.MARKETING)
    rows = rows.filter(Q(occurrence__isnull=True) | ~Q(occurrence__state=OccurrenceState.SENT))
    return rows.order_by("pk").values_list("serial", flat=True).iterator(CHUNK)


def _watermark(now: datetime) -> Iterator[object]:
    ahead = TickState.objects.filter(watermark__gt=local_date(now) + HORIZON)
    return ahead.values_list("watermark", flat=True).iterator(CHUNK)


def _unsealed(now: datetime) -> Iterator[object]:
    tail = audit_seals.tail(now=now)
    if tail.alarm:
        yield tail.words()


def _triggers(_now: datetime) -> Iterator[object]:
    yield from missing_triggers(*TRIGGERS, *refusals(REFUSALS), *followers(PAIRED))


add_invariant(Invariant("branch_paths", _("每个机构的路径由上级路径和自己的编号组成"), _paths))
add_invariant(
    Invariant("customers_are_kept", _("在册客户的客户经理都是在用员工"), _kept_by_nobody),
)
add_invariant(
    Invariant(
        "a_message_has_its_occurrence",
        _("每条已受理的关怀信息都对应一件已生成消息的事项"),
        _without_occurrence,
    )
)
add_invariant(Invariant("watermark", _("日程没有展开到规定的天数以外"), _watermark))
add_invariant(Invariant("audit_is_sealed", _("操作记录的尾部按时封存"), _unsealed))
add_invariant(Invariant("crm_triggers", _("操作记录、封条、回执、人员和机构的保护触发器都在"), _triggers))
