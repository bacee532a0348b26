"""Takes a merge back, step by step, exactly; refused where something that moved was touched since."""

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import F, Model
from django.utils.translation import gettext as _

from crm import rights
from crm.models import Customer, CustomerMerge, MergeStep, User
from crm.refusal import Refusal
from crm.selectors import house_rules
from crm.services import audit
from crm.services.merging.steps import stamp
from crm.signals import customer_unmerged

MOST_NAMED = 3


class CannotBeUndone(Refusal):
    """Too late, undone already, out of reach, or something was touched since."""


def undo(*, merge: CustomerMerge, by: User, now: datetime) -> CustomerMerge:
    """This function will put every row back that a merge changed, or none.

    Raises NotAllowed or CannotBeUndone, which names what stands in the way.
    """
    rights.require(by, "customer_merge")
    with transaction.atomic():
        row = CustomerMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
        _check(row, by, now)
        steps = list(row.steps.order_by("-pk"))
        rows = _rows(steps)
        if touched := _touched(steps, rows):
            raise CannotBeUndone(
                _("合并之后这些内容又有变动，不能原样撤销：%(what)s。请逐项人工处理。")
                % {"what": "；".join(touched[:MOST_NAMED])}
            )
        for step in steps:
            model: Any = apps.get_model(step.table)
            model._base_manager.filter(pk=step.row).update(**_read(model, step.before))
        Customer.objects.filter(pk__in=(row.survivor_id, row.merged_id)).update(version=F("version") + 1)
        row.undone_by, row.undone_at = by, now
        row.save(update_fields=["undone_by", "undone_at"])
        _tell(row, by, now)
    return row


def _check(row: CustomerMerge, by: User, now: datetime) -> None:
    """This function will lock both customers in one order and refuse what cannot be undone at all."""
    held = Customer.objects.select_for_update(no_key=True)
    both = {one.pk: one for one in held.filter(pk__in=(row.survivor_id, row.merged_id)).order_by("pk")}
    if row.undone_at:
        raise CannotBeUndone(_("这次合并已经撤销过，请刷新。"))
    if any(not one.branch.path.startswith(by.branch.path) for one in both.values()):
        raise CannotBeUndone(_("只能撤销您看得到的客户的合并，请由上级机构或总公司撤销。"))
    days = house_rules.current().merge_undo_days
    if now > row.merged_at + timedelta(days=days):
        raise CannotBeUndone(_("合并超过 %(days)s 天，不能再撤销。") % {"days": days})
    later = both[row.survivor_id].merged_into
    if later is not None:
        raise CannotBeUndone(
            _("保留的客户后来又并入了 %(number)s，请先撤销那一次合并。") % {"number": later.number}
        )


def _rows(steps: list[MergeStep]) -> dict[tuple[str, int], Model]:
    """This function will read every row that was changed, one query a table."""
    wanted: dict[str, set[int]] = {}
    for step in steps:
        wanted.setdefault(step.table, set()).add(step.row)
    return {
        (table, row.pk): row
        for table, pks in wanted.items()
        for row in apps.get_model(table)._base_manager.select_for_update().filter(pk__in=pks)
    }


def _touched(steps: list[MergeStep], rows: dict[tuple[str, int], Model]) -> list[str]:
    """This function will name the rows that are not as the merge left them; the last step of a row tells."""
    seen: set[tuple[str, int]] = set()
    found = []
    for step in steps:
        key = (step.table, step.row)
        if key in seen:
            continue
        seen.add(key)
        row = rows.get(key)
        if row is None or stamp(row, step.watched) != step.stamp:
            word = apps.get_model(step.table)._meta.verbose_name
            found.append(f"{word} {row or step.row}")
    return found


def _read(model: Any, values: dict[str, Any]) -> dict[str, Any]:
    """This function will read column values back from JSON."""
    columns = {field.attname: field for field in model._meta.concrete_fields}
    return {name: columns[name].to_python(value) for name, value in values.items()}


def _tell(row: CustomerMerge, by: User, now: datetime) -> None:
    survivor, merged = (Customer.objects.get(pk=pk) for pk in (row.survivor_id, row.merged_id))
    audit.log_many(
        [
            audit.entry(
                action="crm.customer.unmerged",
                subject=row,
                by=by,
                now=now,
                customer=one,
                after={"survivor": survivor.number, "merged": merged.number},
            )
            for one in (survivor, merged)
        ]
    )
    customer_unmerged.send(sender=CustomerMerge, survivor=survivor, merged=merged, by=by, now=now)
