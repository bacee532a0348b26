"""A short digest of a row, by which a form knows later whether the row is still the one that was on the screen."""

import hashlib
from typing import Any

from django.db.models import Model


def state(row: Model) -> dict[str, Any]:
    """This function will copy the row's values, to see afterwards whether anything changed."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def of(row: Model) -> str:
    """This function will give the digest of a row as it is in memory."""
    return hashlib.sha256(repr(sorted(state(row).items())).encode()).hexdigest()[:16]
