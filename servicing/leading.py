"""The triggers that keep `Ticket.lead` and `Ticket.next_due_at`: the promise whose clock colours a ticket, and its due time.

The open one that is due first leads, else the paused one, else the company's; `selectors.tickets.lead_of` says the same
of rows at hand. The database keeps both columns, so that no service, bulk count or hand-written statement can forget
them; whatever is written there is corrected. A promise's change waits for its ticket, which is held before its promises
(`services/commitments/ledger.py`), so that two acts never wait for each other.
On SQLite a later migration that rebuilds either table must take this step again.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

TICKET, PROMISE = "servicing_ticket", "servicing_commitment"
OF_TICKET, OF_PROMISE = "a_ticket_is_led", "a_promise_leads"
KEPT = "lead_id, next_due_at"
WATCHED = f"promise_id, ceiling_id, {KEPT}"
HAS = "promise_id = NEW.id OR ceiling_id = NEW.id"
CHANGED = "OLD.state {differs} NEW.state OR OLD.due_at {differs} NEW.due_at"


def _lead(ticket: str) -> str:
    """What leads a ticket: its key, and the due time if it is open."""
    return (
        "SELECT id, due FROM (SELECT id, CASE WHEN state = 'open' THEN due_at END AS due, "  # noqa: S608
        "CASE state WHEN 'open' THEN 0 WHEN 'paused' THEN 1 ELSE 2 END AS rank, "
        f"CASE WHEN id = {ticket}.promise_id THEN 0 ELSE 1 END AS place "
        f"FROM {PROMISE} WHERE id IN ({ticket}.promise_id, {ticket}.ceiling_id)) AS two "
        "ORDER BY rank, due, place LIMIT 1"
    )


FILL = f"UPDATE {TICKET} SET ({KEPT}) = ({_lead(TICKET)})"  # noqa: S608
# the ticket's own trigger counts, once the row is held: what others did meanwhile is seen
POSTGRESQL = (
    f"CREATE FUNCTION {OF_TICKET}() RETURNS trigger AS $$ BEGIN "  # noqa: S608
    f"SELECT * INTO NEW.lead_id, NEW.next_due_at FROM ({_lead('NEW')}) AS l; "
    "RETURN NEW; END $$ LANGUAGE plpgsql",
    f"CREATE TRIGGER {OF_TICKET} BEFORE INSERT OR UPDATE OF {WATCHED} ON {TICKET} "
    f"FOR EACH ROW EXECUTE FUNCTION {OF_TICKET}()",
    f"CREATE FUNCTION {OF_PROMISE}() RETURNS trigger AS $$ BEGIN "  # noqa: S608
    f"UPDATE {TICKET} SET next_due_at = NULL WHERE {HAS}; RETURN NULL; END $$ LANGUAGE plpgsql",
    f"CREATE TRIGGER {OF_PROMISE} AFTER UPDATE OF state, due_at ON {PROMISE} FOR EACH ROW "
    f"WHEN ({CHANGED.format(differs='IS DISTINCT FROM')}) EXECUTE FUNCTION {OF_PROMISE}()",
)
WRONG = f"WHEN (NEW.lead_id, NEW.next_due_at) IS NOT ({_lead('NEW')})"
SQLITE = (
    f"CREATE TRIGGER {OF_TICKET}_insert AFTER INSERT ON {TICKET} {WRONG} BEGIN {FILL} WHERE id = NEW.id; END",
    f"CREATE TRIGGER {OF_TICKET}_update AFTER UPDATE OF {WATCHED} ON {TICKET} {WRONG} "
    f"BEGIN {FILL} WHERE id = NEW.id; END",
    f"CREATE TRIGGER {OF_PROMISE}_update AFTER UPDATE OF state, due_at ON {PROMISE} "
    f"WHEN {CHANGED.format(differs='IS NOT')} BEGIN {FILL} WHERE {HAS}; END",
)


def _create(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    postgresql = editor.connection.vendor == "postgresql"
    for statement in (FILL, *(POSTGRESQL if postgresql else SQLITE)):
        editor.execute(statement, params=None)


def _drop(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    for name, table in ((OF_TICKET, TICKET), (OF_PROMISE, PROMISE)):
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            editor.execute(f"DROP FUNCTION IF EXISTS {name}()")
        for when in ("insert", "update") if editor.connection.vendor == "sqlite" else ():
            editor.execute(f"DROP TRIGGER IF EXISTS {name}_{when}")


def trigger_names(vendor: str) -> tuple[str, ...]:
    """This function will name the triggers as a database knows them."""
    if vendor == "postgresql":
        return OF_TICKET, OF_PROMISE
    return f"{OF_TICKET}_insert", f"{OF_TICKET}_update", f"{OF_PROMISE}_update"


def tickets_are_led() -> RunPython:
    """This function will give the migration step that fills both columns and keeps them from then on."""
    return RunPython(_create, _drop)
