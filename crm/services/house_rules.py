"""Setting a rule. Values are checked by `crm.house_rules`; running promises keep the rules they were opened under."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm import house_rules as book
from crm.models import RuleSetting, User
from crm.refusal import Refusal
from crm.selectors import house_rules as selectors
from crm.services import audit


class RuleChangeHasNoReason(Refusal):
    """A rule was to be set without saying why."""


@transaction.atomic
def set_rule(*, key: str, value: Any, reason: str, by: User | None, now: datetime) -> RuleSetting:
    """This function will record that a setting has a new value from now on, with the reason, and log it.

    The value already in force changes nothing that is counted but is recorded all the same. Raises
    SettingDoesNotExist, SettingHasWrongValue, SettingsContradict, RuleChangeHasNoReason.
    """
    if not reason.strip():
        raise RuleChangeHasNoReason(_("请写明修改规则的理由。"))
    former = selectors.current()
    wanted = former.with_overrides({key: value})
    before, after = (book.as_json(getattr(rules, key)) for rules in (former, wanted))
    row = RuleSetting.objects.create(key=key, value=after, reason=reason.strip()[:200], set_at=now, set_by=by)
    audit.log(
        action="crm.rule.set",
        subject=f"rule:{key}",
        by=by,
        now=now,
        before={key: before},
        after={key: after},
        reason=row.reason,
    )
    return row
