"""Every operation of the API, classified: method and address, right and scope, what row it shows, what it costs."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `rows` names what of `World` fills the address; `lists` means that it lists rows.

    `statements` is the most SQL that one call may take, whatever its rows; savepoints are not counted.
    """

    right: str
    scope: str
    rows: tuple[str, ...] = ()
    lists: bool = False
    # only some of those who hold the right may do it to this row (owner, team, their managers)
    narrow: bool = False
    body: str = ""
    # it answers row by row: what may not be written is a refused row of an answer 200
    by_row: bool = False
    statements: int = field(kw_only=True)


OPERATIONS: dict[tuple[str, str], Operation] = {
    ("GET", "api:customers"): Operation("customer_view", "read", lists=True, statements=2),
    ("GET", "api:customer"): Operation("customer_view", "read", ("customer",), statements=3),
    ("PATCH", "api:customer"): Operation(
        "customer_edit", "write_core", ("customer",), narrow=True, body="stage", statements=8
    ),
    ("GET", "api:policies"): Operation("customer_view", "read", lists=True, statements=2),
    ("GET", "api:policy"): Operation("customer_view", "read", ("policy",), statements=2),
    ("POST", "api:imports"): Operation("import_book", "write_core", body="batch", by_row=True, statements=10),
    ("PUT", "api:customer-row"): Operation(
        "import_book", "write_core", ("source", "customer_key"), body="stage", statements=7
    ),
    ("PUT", "api:contact-row"): Operation(
        "import_book", "write_core", ("source", "contact_key"), body="title", statements=8
    ),
    ("PUT", "api:policy-row"): Operation(
        "import_book", "write_core", ("source", "policy_key"), body="product", statements=8
    ),
    ("PUT", "api:premium-row"): Operation(
        "import_book", "write_core", ("source", "premium_key"), body="paid", statements=8
    ),
    ("GET", "servicing-api:promises"): Operation("workbench", "read", lists=True, statements=3),
    ("GET", "servicing-api:receipt"): Operation("workbench", "read", ("promise",), statements=8),
    ("GET", "servicing-api:tickets"): Operation("ticket_view", "read", lists=True, statements=3),
    ("POST", "servicing-api:tickets"): Operation(
        "ticket_open", "write_tickets", body="ticket", statements=12
    ),
    ("GET", "servicing-api:ticket"): Operation("ticket_view", "read", ("ticket",), statements=12),
}
NAMES = {name for _method, name in OPERATIONS}
