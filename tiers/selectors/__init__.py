"""Questions asked of the rank floor: levels by day, and stars."""

from tiers.selectors.levels import (
    history,
    level_held,
    showing_wrongly,
    shown_wrongly,
    standing,
    tier_of,
    tiers_of,
)

__all__ = ["history", "level_held", "showing_wrongly", "shown_wrongly", "standing", "tier_of", "tiers_of"]
