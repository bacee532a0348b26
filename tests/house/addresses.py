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
    # a door for machines: no cookie, no token of a page; it proves itself by a signature or a key of its own
    machine: bool = False


ACTS = ("reply", "note", "papers", "complete", "pause", "resume", "close", "withdraw")

ADDRESSES: dict[str, Address] = {
    "login": Address(public=True),
    "login-second": Address(public=True),
    "logout": Address(method="post"),
    "home": Address(),
    "healthz": Address(public=True),
    "healthz-work": Address(public=True),
    "readyz": Address(public=True),
    "metrics": Address(public=True),
    "receipts": Address(rows=("gateway",), method="post", public=True, everywhere=True, machine=True),
    "servicing:workbench": Address("workbench", budget=True),
    "servicing:ticket-list": Address("ticket_view", budget=True),
    "servicing:promise-list": Address("workbench", budget=True),
    "servicing:todo-list": Address("workbench", budget=True),
    "servicing:ticket-open": Address("ticket_open"),
    "servicing:ticket-detail": Address("ticket_view", ("ticket",), budget=True),
    **{f"servicing:ticket-{act}": Address("ticket_work", ("ticket",), "post") for act in ACTS},
    "servicing:ticket-transfer": Address("ticket_transfer", ("ticket",), "post"),
    "servicing:ticket-caller": Address("ticket_open", method="post"),
    "servicing:ticket-preview": Address("ticket_open", method="post"),
    "crm:notice-list": Address("workbench", budget=True),
    "crm:notice-count": Address("workbench"),
    "crm:notice-open": Address("workbench", ("notice",), "post", narrow=True),
    "crm:notices-read": Address("workbench", method="post"),
    "servicing:commitment-evidence": Address("ticket_work", ("promise",), "post"),
    "servicing:commitment-told": Address("ticket_work", ("promise",), "post"),
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
    "tiers:rating-list": Address("rating_run"),
    "tiers:rating-detail": Address("rating_run", ("draft",), narrow=True, everywhere=True),
    "tiers:rating-submit": Address("rating_run", ("draft",), "post", narrow=True, everywhere=True),
    "tiers:rating-export": Address("rating_run", ("draft",), "post", narrow=True, everywhere=True),
    "tiers:rating-row": Address("rating_run", ("draft", "customer"), narrow=True, everywhere=True),
    "tiers:rating-decide": Address("rating_run", ("draft", "act"), "post", narrow=True, everywhere=True),
    "tiers:rating-act": Address("rating_run", ("draft", "act"), "post", narrow=True, everywhere=True),
    "tiers:customer-tiers": Address("customer_view", ("customer",), budget=True),
    "tiers:customer-tier": Address("customer_view", ("customer",)),
    "crm:customer-list": Address("customer_view", budget=True),
    "crm:view-list": Address(),
    "crm:view-new": Address(rows=("list",), everywhere=True),
    "crm:view-edit": Address(rows=("draft",), everywhere=True),
    "crm:view-delete": Address(rows=("draft",), method="post", everywhere=True),
    # which right an act on many rows needs, the act itself says: tests/crm/views/test_bulk.py
    "crm:bulk-new": Address(rows=("bulk",), method="post", everywhere=True),
    "crm:bulk-detail": Address(rows=("token",), everywhere=True),
    "crm:bulk-go-on": Address(rows=("token",), method="post", everywhere=True),
    "crm:list-step": Address(),
    "crm:keys-switch": Address(method="post"),
    "crm:customer-detail": Address("customer_view", ("customer",), budget=True),
    "crm:merge-list": Address("customer_merge", budget=True),
    "crm:merge-undo": Address("customer_merge", ("merge",), "post"),
    "crm:customer-merge": Address("customer_merge", ("customer",)),
    "crm:customer-timeline": Address("customer_view", ("customer",), budget=True),
    "crm:customer-team": Address("customer_view", ("customer",), budget=True),
    "crm:team-seat-new": Address("customer_edit", ("customer",), narrow=True),
    "crm:team-seat-edit": Address("customer_edit", ("customer", "seat"), narrow=True),
    "crm:team-seat-clear": Address("customer_edit", ("customer", "seat"), "post", narrow=True),
    "crm:touchpoint-new": Address("touchpoint_record", ("customer",)),
    "crm:touchpoint-edit": Address("touchpoint_record", ("customer", "touchpoint"), narrow=True),
    "crm:customer-accesses": Address("access_log_view", ("customer",), budget=True),
    "crm:reveal-list": Address("reveal_release", budget=True),
    "crm:reveal-release": Address("reveal_release", ("colleague",), "post"),
    "crm:customer-new": Address("customer_add"),
    "crm:customer-edit": Address("customer_edit", ("customer",), narrow=True),
    "crm:contact-edit": Address("customer_edit", ("customer", "contact"), narrow=True),
    "crm:policy-premiums": Address("customer_view", ("customer", "policy"), budget=True),
    "crm:policy-edit": Address("customer_edit", ("customer", "policy"), narrow=True),
    "crm:contact-consents": Address("customer_view", ("customer", "contact")),
    "crm:contact-new": Address("customer_edit", ("customer",), narrow=True),
    "crm:contact-reveal": Address("customer_reveal", ("customer", "contact", "field")),
    "crm:calendar": Address("calendar_view"),
    "crm:calendar-year": Address("calendar_view", ("year",), everywhere=True, budget=True),
    "crm:calendar-import": Address("calendar_publish"),
    "crm:calendar-draft": Address("calendar_publish", ("draft",), narrow=True, everywhere=True),
    "crm:closures": Address("calendar_publish"),
    "crm:closure": Address("calendar_publish", ("draft",), narrow=True, everywhere=True),
    "crm:closure-decide": Address("calendar_publish", ("draft", "act"), "post", narrow=True, everywhere=True),
    "crm:calendar-decide": Address(
        "calendar_publish", ("draft", "act"), "post", narrow=True, everywhere=True
    ),
    "crm:account": Address("account", budget=True),
    "crm:password-change": Address("account"),
    "crm:session-end": Address("account", ("login",), "post", narrow=True),
    "crm:sessions-end-others": Address("account", method="post"),
    "crm:second-factor": Address("account"),
    "crm:second-factor-start": Address("account", method="post"),
    "crm:second-factor-confirm": Address("account", method="post"),
    "crm:recovery-codes": Address("account"),
    "crm:staff-account": Address("account_admin", ("person",), everywhere=True),
    "crm:staff-sessions-end": Address("account_admin", ("person",), "post", everywhere=True),
    "crm:staff-factor-reset": Address("account_admin", ("person",), "post", everywhere=True),
    "crm:message-list": Address("messages_view", budget=True),
    "crm:message-unsent": Address("messages_view", budget=True),
    "crm:system": Address("system_view"),
    "tiers:customer-star": Address("customer_view", ("customer",), budget=True),
    "tiers:star-list": Address("customer_view", budget=True),
    "crm:handover-list": Address("customer_view", budget=True),
    "crm:handover-detail": Address("customer_view", ("handover",), budget=True),
    "crm:customers-transfer": Address("customer_transfer"),
    "crm:person-list": Address("people_manage", budget=True),
    "crm:person-new": Address("people_manage"),
    "crm:stand-ins": Address("stand_in", budget=True),
    "crm:stand-in-end": Address("stand_in", ("stand_in",), "post", narrow=True),
    "crm:person-stand-ins": Address("people_manage", ("person",)),
    "crm:person-detail": Address("people_manage", ("person",)),
    "crm:person-password": Address("people_manage", ("person",)),
    "crm:person-off": Address("people_manage", ("person",), "post"),
    "crm:person-on": Address("people_manage", ("person",), "post"),
    "crm:branch-list": Address("people_manage", budget=True),
    "crm:branch-new": Address("people_manage"),
    "crm:branch-edit": Address("people_manage", ("branch",)),
    "api-schema": Address(machine=True),
    "api-docs": Address("api_token"),
    "crm:api-token-list": Address("api_token", budget=True),
    "crm:api-token-revoke": Address("api_token", ("api_token",), "post", narrow=True),
    "crm:message-dead": Address("messages_view", budget=True),
    "crm:message-dead-act": Address("messages_dead", ("retry",), "post", everywhere=True),
    "crm:message-detail": Address("messages_view", ("message",), budget=True),
    "crm:message-act": Address("messages_dead", ("message", "retry"), "post"),
    "crm:job-list": Address("jobs_view"),
    "crm:recovery-list": Address("jobs_view", budget=True),
    "crm:recovery-detail": Address("jobs_view", ("recovery",), everywhere=True, budget=True),
    "crm:job-resume": Address("jobs_resume", method="post"),
    "crm:long-job": Address("workbench", ("long_job",), narrow=True),
    "crm:long-job-cancel": Address("workbench", ("long_job",), "post", narrow=True),
    "crm:long-job-resume": Address("workbench", ("long_job",), "post", narrow=True),
    "crm:import-book": Address("import_book"),
    "crm:import-template": Address("import_book"),
    "crm:import-check": Address("import_book", ("token",), narrow=True),
    "crm:import-undo": Address("import_book", ("token",), "post", narrow=True),
    "crm:import-failures": Address("import_book", ("token",), narrow=True),
}
