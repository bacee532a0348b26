"""Ways of sending, chosen by MESSAGE_PROVIDER. A new one is a file here and a line in PROVIDERS."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from crm.models.message import Channel
from crm.providers import file
from crm.providers.base import Provider
from crm.providers.in_app import InAppProvider

PROVIDERS: dict[str, Callable[[], Provider]] = {"file": file.from_settings}


def by_channel() -> dict[str, Provider]:
    """This function will make the provider of each channel: the configured one, and our own pages."""
    name = settings.MESSAGE_PROVIDER
    if name not in PROVIDERS:
        raise ImproperlyConfigured(f"MESSAGE_PROVIDER={name!r} 不认识，可选：{'、'.join(PROVIDERS)}。")
    return {Channel.SMS: PROVIDERS[name](), Channel.IN_APP: InAppProvider()}
