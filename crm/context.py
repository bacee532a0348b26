"""What every page's frame needs: the menu. Nothing here reads the database."""

from typing import Any

from django.http import HttpRequest

from crm.registry import menu_for


def frame(request: HttpRequest) -> dict[str, Any]:
    """This function will return the menu entries that the person may see."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"menu": []}
    return {"menu": menu_for(user, request.path)}
