"""The promise floor: standards, promises, tickets and the care that is planned from them."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ServicingConfig(AppConfig):
    """Wires the shipped catalogue."""

    name = "servicing"
    verbose_name = _("服务承诺")

    def ready(self) -> None:
        """This function will connect the receivers, and load the shipped standards after every migration."""
        from django.utils.timezone import now

        from servicing import receivers  # noqa: F401  (connects what it holds)
        from servicing.services import standards

        def load(**_kwargs: Any) -> None:
            standards.load_shipped(now=now())

        post_migrate.connect(load, sender=self, weak=False, dispatch_uid="servicing.standards")
