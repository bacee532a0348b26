"""Shapes of what people fill in on the promise floor; nothing is written here."""
