"""Ways of sending, chosen by MESSAGE_PROVIDER and EMAIL_PROVIDER. A new one is a file here and a line in its table."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from crm.models.message import Channel
from crm.providers import file, gateway, smtp
from crm.providers.base import Provider
from crm.providers.in_app import InAppProvider

PROVIDERS: dict[str, Callable[[], Provider]] = {"file": file.from_settings, "gateway": gateway.from_settings}
LETTERS: dict[str, Callable[[], Provider]] = {"file": file.from_settings, "smtp": smtp.from_settings}


def by_channel() -> dict[str, Provider]:
    """This function will make the provider of each channel: the configured ones, and our own pages."""
    return {
        Channel.SMS: _chosen("MESSAGE_PROVIDER", PROVIDERS),
        Channel.EMAIL: _chosen("EMAIL_PROVIDER", LETTERS),
        Channel.IN_APP: InAppProvider(),
    }


def _chosen(variable: str, table: dict[str, Callable[[], Provider]]) -> Provider:
    name = getattr(settings, variable)
    if name not in table:
        raise ImproperlyConfigured(f"{variable}={name!r} 不认识，可选：{'、'.join(table)}。")
    return table[name]()
