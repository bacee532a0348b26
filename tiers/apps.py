"""The rank floor: which tier or star a customer has, since when and why."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TiersConfig(AppConfig):
    """Names the floor."""

    name = "tiers"
    verbose_name = _("层级")

    def ready(self) -> None:
        """This function will connect the receivers."""
        from tiers import receivers  # noqa: F401  (connects what it holds)
