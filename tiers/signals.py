"""What the rank floor tells the floors above."""

from django.dispatch import Signal

# Sent by assignments.assign inside its transaction, when a customer's level in a scheme changes from a day on.
# With customer, scheme, level, active_from (a date), by (or None), now.
tier_changed = Signal()
