"""Backups as files: how they are sealed, what is in them, where they lie. Knows no rows; services fill and read them."""
