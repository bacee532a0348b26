"""The ground floor's start-up: shipped calendars are loaded after every migration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    """Wires what can only be wired once all apps are known."""

    name = "crm"
    verbose_name = _("客户")

    def ready(self) -> None:
        """This function will find panels, menus and tasks of all apps, and load shipped calendars after migrating."""
        from django.utils.module_loading import autodiscover_modules
        from django.utils.timezone import now

        from crm import checks, parentage, receivers  # noqa: F401  (register what they hold)
        from crm.celery import app
        from crm.services import calendars

        def load(**_kwargs: Any) -> None:
            calendars.load_shipped(now=now())

        post_migrate.connect(load, sender=self, weak=False, dispatch_uid="crm.calendars")
        app.autodiscover_tasks(force=True)
        autodiscover_modules("panels", "book", "invariants", "long_jobs")
