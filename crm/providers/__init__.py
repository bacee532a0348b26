"""Ways of sending, chosen by MESSAGE_PROVIDER. A new one is a file here and a line in PROVIDERS."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from crm.providers import file
from crm.providers.base import Provider
from crm.providers.in_app import InAppProvider

PROVIDERS: dict[str, Callable[[], Provider]] = {"file": file.from_settings}


def current() -> Provider:
    """This function will make the configured provider of customers' messages."""
    name = settings.MESSAGE_PROVIDER
    if name not in PROVIDERS:
        raise ImproperlyConfigured(f"MESSAGE_PROVIDER={name!r} 不认识，可选：{'、'.join(PROVIDERS)}。")
    return PROVIDERS[name]()


def in_app() -> Provider:
    """This function will make the provider of notices on our own pages."""
    return InAppProvider()
