"""What the ground floor tells the floors above. Each signal is sent inside the transaction of the change it speaks of.

Receivers live in the upper apps' `receivers.py` and make one service call; an exception there undoes the change.
"""

from django.dispatch import Signal

# A year's holiday notice was read (rulebook X-03), or a branch closed or opened again. Sent by `crm.services.calendars`
# with `branch: Branch | None` (None: the whole country), `recount: bool` (firm promises are to be counted again too),
# `why: str` (the sentence that people are told), `by: User | None`, `now: datetime`; the new calendar is already the
# current one. A receiver that counts dates again returns an `Effect` of `crm.services.calendars`.
calendar_imported = Signal()

# A message found its end: accepted, delivered, failed, missed or skipped. Sent by `crm.services.messages` with
# `message: Message`, `now: datetime`; the row already shows the new state. A receiver that fails here is logged and
# undoes nothing, because what the provider took cannot be undone: the receiver's floor must reconcile later.
message_settled = Signal()

# A customer lapsed, died or came back. Sent by `crm.services.customers` with `customer: Customer`,
# `former: str`, `by: User | None`, `now: datetime`.
customer_status_changed = Signal()

# A customer got another keeper. Sent by `crm.services.handovers` with `item: HandoverItem`, `by: User | None`,
# `now: datetime`; the customer already shows the new keeper, the item says who it was and why.
customer_handed_over = Signal()

# What somebody held at customers of others goes to a colleague. Sent by `crm.services.handovers`, once a hand-over,
# with `former: User`, `taker: User`, `reason: str`, `by: User | None`, `now: datetime`.
work_handed_over = Signal()

# Two customer rows turned out to be one. Sent by `crm.services.merging` inside the merge, with `survivor: Customer`,
# `merged: Customer`, `steps: Steps`, `by: User`, `now: datetime`, before the rows move. A receiver that does more
# than move its rows calls `steps.takes(Model)` and changes them by `steps.change`, so that undoing takes them back;
# rows of tables that nobody takes are moved as they are, and stay where the database does not let them move.
customer_merged = Signal()

# A merge was undone: every step is taken back already. With `survivor`, `merged`, `by`, `now`.
customer_unmerged = Signal()
