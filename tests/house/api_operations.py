"""Every operation of the API, classified: method and address, the right and scope it asks, what row it shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `rows` names what of `World` fills the address; `lists` means that it lists rows."""

    right: str
    scope: str
    rows: tuple[str, ...] = ()
    lists: bool = False
    # only some of those who hold the right may do it to this row (owner, team, their managers)
    narrow: bool = False
    body: str = ""
    # it answers row by row: what may not be written is a refused row of an answer 200
    by_row: bool = False


OPERATIONS: dict[tuple[str, str], Operation] = {
    ("GET", "api:customers"): Operation("customer_view", "read", lists=True),
    ("GET", "api:customer"): Operation("customer_view", "read", ("customer",)),
    ("PATCH", "api:customer"): Operation(
        "customer_edit", "write_core", ("customer",), narrow=True, body="stage"
    ),
    ("GET", "api:policies"): Operation("customer_view", "read", lists=True),
    ("GET", "api:policy"): Operation("customer_view", "read", ("policy",)),
    ("POST", "api:imports"): Operation("import_book", "write_core", body="batch", by_row=True),
    ("PUT", "api:customer-row"): Operation(
        "import_book", "write_core", ("source", "customer_key"), body="stage"
    ),
    ("PUT", "api:contact-row"): Operation(
        "import_book", "write_core", ("source", "contact_key"), body="title"
    ),
    ("PUT", "api:policy-row"): Operation(
        "import_book", "write_core", ("source", "policy_key"), body="product"
    ),
    ("GET", "servicing-api:promises"): Operation("workbench", "read", lists=True),
    ("GET", "servicing-api:receipt"): Operation("workbench", "read", ("promise",)),
    ("GET", "servicing-api:tickets"): Operation("ticket_view", "read", lists=True),
    ("POST", "servicing-api:tickets"): Operation("ticket_open", "write_tickets", body="ticket"),
    ("GET", "servicing-api:ticket"): Operation("ticket_view", "read", ("ticket",)),
}
NAMES = {name for _method, name in OPERATIONS}
