"""Every address of the house, classified: which right it asks, what row it shows, how it is called.

An address that is not listed here fails the tests. `row` names what of `World` fills the address.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """One address: the right it needs (empty: everyone who is logged in), its rows, its method."""

    right: str = ""
    rows: tuple[str, ...] = ()
    method: str = "get"
    public: bool = False
    # only some of those who hold the right may do it to this row (owner, team, their managers)
    narrow: bool = False
    # what it shows belongs to no branch
    everywhere: bool = False
    # a page that lists or shows much: its queries are counted with one row and with sixty
    budget: bool = False


ACTS = ("reply", "note", "papers", "complete", "pause", "resume", "close", "withdraw")

ADDRESSES: dict[str, Address] = {
    "login": Address(public=True),
    "logout": Address(method="post"),
    "home": Address(),
    "healthz": Address(public=True),
    "servicing:workbench": Address("workbench", budget=True),
    "servicing:ticket-list": Address("ticket_view", budget=True),
    "servicing:ticket-open": Address("ticket_open"),
    "servicing:ticket-detail": Address("ticket_view", ("ticket",), budget=True),
    **{f"servicing:ticket-{act}": Address("ticket_work", ("ticket",), "post") for act in ACTS},
    "servicing:ticket-transfer": Address("ticket_transfer", ("ticket",), "post"),
    "servicing:ticket-caller": Address("ticket_open", method="post"),
    "servicing:ticket-preview": Address("ticket_open", method="post"),
    "servicing:notice-open": Address("workbench", ("notice",), "post", narrow=True),
    "servicing:notices-read": Address("workbench", method="post"),
    "servicing:commitment-evidence": Address("ticket_work", ("promise",), "post"),
    "servicing:commitment-urge": Address("promise_urge", ("promise",), "post"),
    "servicing:commitment-receipt": Address("workbench", ("promise",), budget=True),
    "servicing:deadline-trial": Address("deadline_trial", budget=True),
    "servicing:standard-list": Address("standard_view", budget=True),
    "servicing:standard-detail": Address("standard_view", ("code",), everywhere=True, budget=True),
    "servicing:standard-change": Address("standard_publish", ("code",), everywhere=True),
    "servicing:standard-draft": Address("standard_publish", ("draft",), narrow=True, everywhere=True),
    "servicing:standard-decide": Address(
        "standard_publish", ("draft", "act"), "post", narrow=True, everywhere=True
    ),
    "servicing:customer-promises": Address("customer_view", ("customer",), budget=True),
    "servicing:customer-tickets": Address("ticket_view", ("customer",), budget=True),
    "tiers:customer-tiers": Address("customer_view", ("customer",), budget=True),
    "tiers:customer-tier": Address("customer_view", ("customer",)),
    "crm:customer-list": Address("customer_view", budget=True),
    "crm:customer-detail": Address("customer_view", ("customer",), budget=True),
    "crm:customer-new": Address("customer_add"),
    "crm:customer-edit": Address("customer_edit", ("customer",), narrow=True),
    "crm:contact-edit": Address("customer_edit", ("customer", "contact"), narrow=True),
    "crm:contact-new": Address("customer_edit", ("customer",), narrow=True),
    "crm:contact-reveal": Address("customer_reveal", ("customer", "contact", "field")),
    "crm:calendar": Address("calendar_view"),
    "crm:calendar-year": Address("calendar_view", ("year",), everywhere=True, budget=True),
    "crm:calendar-import": Address("calendar_publish"),
    "crm:calendar-draft": Address("calendar_publish", ("draft",), narrow=True, everywhere=True),
    "crm:calendar-decide": Address(
        "calendar_publish", ("draft", "act"), "post", narrow=True, everywhere=True
    ),
    "crm:message-list": Address("messages_view", budget=True),
    "crm:message-unsent": Address("messages_view", budget=True),
    "crm:job-list": Address("jobs_view"),
    "crm:job-resume": Address("jobs_resume", method="post"),
    "crm:import-book": Address("import_book"),
    "crm:import-template": Address("import_book"),
    "crm:import-check": Address("import_book", ("token",), narrow=True),
    "crm:import-failures": Address("import_book", ("token",), narrow=True),
}
