"""What the ground floor tells the floors above. Each signal is sent inside the transaction of the change it speaks of.

Receivers live in the upper apps' `receivers.py` and make one service call; an exception there undoes the change.
"""

from django.dispatch import Signal

# A year's holiday notice was read (rulebook X-03). Sent by `crm.services.calendars` with `years: tuple[int, ...]`,
# `by: User | None`, `now: datetime`; the new calendar is already the current one.
calendar_imported = Signal()

# A message found its end: accepted, delivered, failed, missed or skipped. Sent by `crm.services.messages` with
# `message: Message`, `now: datetime`; the row already shows the new state. A receiver that fails here is logged and
# undoes nothing, because what the provider took cannot be undone: the receiver's floor must reconcile later.
message_settled = Signal()

# A customer lapsed, died or came back. Sent by `crm.services.customers` with `customer: Customer`,
# `former: str`, `by: User | None`, `now: datetime`.
customer_status_changed = Signal()
