"""What the rank floor does when the floor below tells it something. Each receiver makes one service call."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from crm.models import Customer
from crm.services.merging import Steps
from crm.signals import customer_merged, customer_unmerged
from tiers.services import merging


@receiver(customer_merged, dispatch_uid="tiers.merging")
def move_levels(*, survivor: Customer, merged: Customer, steps: Steps, now: datetime, **_kwargs: Any) -> None:
    """This function will move levels to the customer that stays; of two that overlap the higher one."""
    merging.move_levels(survivor=survivor, merged=merged, steps=steps, now=now)


@receiver(customer_unmerged, dispatch_uid="tiers.unmerging")
def show_levels(*, survivor: Customer, merged: Customer, now: datetime, **_kwargs: Any) -> None:
    """This function will show both customers' levels of today again."""
    merging.show(survivor, merged, now=now)
