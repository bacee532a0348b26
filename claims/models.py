"""Claims have no rows yet; the floor's name is taken so that nothing below grows into it."""
