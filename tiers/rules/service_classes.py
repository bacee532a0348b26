"""Which classes of service a tier may use (rulebook PA-15.1-15.3)."""

from crm.refusal import Refusal

BASIC, VALUE_ADDED, PREMIUM = "常规", "增值", "超值"
CLASSES: dict[str, tuple[str, ...]] = {
    "ordinary": (BASIC,),
    "silver": (BASIC, VALUE_ADDED),
    "gold": (BASIC, VALUE_ADDED, PREMIUM),
}


class TierIsUnknown(Refusal):
    """There is no such tier."""


def classes_of(tier: str) -> tuple[str, ...]:
    """This function will give the classes of service of a tier; raises TierIsUnknown."""
    try:
        return CLASSES[tier]
    except KeyError:
        raise TierIsUnknown(f"没有“{tier}”这一层级，请核对。") from None
