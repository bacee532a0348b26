"""The API door: the same gates and services as the pages, asked by machines with a token."""
