"""Template tags: the ribbon, the clock, and small marks."""
