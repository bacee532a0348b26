"""The calendars and the settings in force, read together: what an act counts by. Kept in memory by what they say."""

import json
from functools import lru_cache
from typing import NamedTuple

from django.db.models import F, Subquery, TextField, Value
from django.db.models.functions import Cast

from crm.house_rules import SETTINGS, HouseRules, from_overrides
from crm.models import CalendarNotice, RuleSetting
from crm.selectors import calendars
from crm.time.closures import Calendars

READ = ("pk", "name", "text", "when")


class InForce(NamedTuple):
    """The working calendars and the house's settings of one moment."""

    calendars: Calendars
    rules: HouseRules


def in_force() -> InForce:
    """This function will read both in one statement; what another process published a moment ago is among them."""
    newest = CalendarNotice.objects.order_by("-pk").values("pk")[:1]
    notice = CalendarNotice.objects.filter(pk=Subquery(newest)).annotate(
        name=Value(""), text=F("digest"), when=F("imported_at")
    )
    settings = RuleSetting.objects.filter(key__in=SETTINGS).annotate(
        name=F("key"), text=Cast("value", TextField()), when=F("set_at")
    )
    found = list(notice.values_list(*READ).union(settings.values_list(*READ), all=True))
    version = next(((pk, text, when) for pk, name, text, when in found if not name), None)
    values = tuple((name, text) for _pk, name, text, _when in sorted(found) if name)
    return InForce(calendars.built(version), _rules(values))


@lru_cache(maxsize=8)
def _rules(values: tuple[tuple[str, str], ...]) -> HouseRules:
    """Later values of a setting come after earlier ones, so the newest holds."""
    return from_overrides({name: json.loads(text) for name, text in values})
