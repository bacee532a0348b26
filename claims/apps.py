"""The money floor: claims, their lanes and their clocks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    """Names the floor."""

    name = "claims"
    verbose_name = _("理赔")
