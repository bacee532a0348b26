"""The settings in force: the rule book's defaults under what the institution decided last."""

from typing import Any

from crm.house_rules import SETTINGS, HouseRules, from_overrides
from crm.models import RuleSetting


def overrides() -> dict[str, Any]:
    """This function will give the newest value of every setting that was ever set; one query.

    Rows of a setting that the product no longer has stay as history and are not read.
    """
    return dict(RuleSetting.objects.filter(key__in=SETTINGS).order_by("pk").values_list("key", "value"))


def current() -> HouseRules:
    """This function will give the settings in force now."""
    return from_overrides(overrides())
