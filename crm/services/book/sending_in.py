"""Takes in rows that a source system sends under keys of its own: the import's own judges and writers, no second ones.

What is not named or empty stays as it is; null empties a field where that is permitted. Twice is once.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm import access, rights
from crm.book import shelf
from crm.book.lines import WRITES, Line, Outcome
from crm.book.shelf import Importer
from crm.book.tables import Table
from crm.models import Customer, Policy, User
from crm.services import audit, source_keys
from crm.services.book import committing, sent_fields
from crm.services.book.planning import plan_tables
from crm.services.book.sent_fields import Record

NOUNS = {"customers": "customer", "contacts": "contact", "policies": "policy", "premiums": "premium"}
STAND = (*WRITES, Outcome.UNCHANGED)
TRIES = 3


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one row."""

    line: Line
    external_id: str
    out_of_reach: bool = False

    @property
    def pk(self) -> int | None:
        """This function will return the id of the row of ours, where the row stands."""
        stands = self.line.outcome in STAND
        return getattr(self.line.row, "pk", None) if stands else None


@dataclass(frozen=True, slots=True)
class Sending:
    """Rows of one sheet that one system sends at once."""

    importer: Importer
    noun: str
    source: str
    records: Sequence[Record]
    by: User
    now: datetime

    @property
    def ids(self) -> list[str]:
        """This function will list the keys, in the order in which they were sent."""
        return [record.external_id for record in self.records]


def take_in(
    *, sheet: str, source: str, records: Sequence[Record], by: User, now: datetime
) -> tuple[str, list[Taken]]:
    """This function will take rows in and return the batch's number with what became of each.

    A row in error never stops the others. Raises NotAllowed, or KeyIsTaken where other calls were faster
    every time.
    """
    rights.require(by, "import_book")
    importer = next(one for one in shelf.importers() if one.sheet.key == sheet)
    sending = Sending(importer, NOUNS[sheet], source, records, by, now)
    for _one in range(TRIES - 1):
        try:
            return _try(sending)
        except source_keys.KeyIsTaken:
            continue  # the other call is committed by now, so its row is found
    return _try(sending)


@transaction.atomic
def _try(sending: Sending) -> tuple[str, list[Taken]]:
    source_keys.hold(noun=sending.noun, source=sending.source, external_ids=sending.ids)
    known = _known(sending)
    beyond = _out_of_reach(sending, known)
    lines = _lines(sending, known, beyond)
    # one order for everybody, so that two batches never wait for each other
    ordered = sorted(lines, key=lambda line: sending.ids[line.number - 1])
    sheet = sending.importer.sheet
    plan = plan_tables(
        [Table(sheet, sheet.title, [], ordered, [])], name=sending.source, by=sending.by, now=sending.now
    )
    _refuse_foreign_rows(sending, lines, known)
    writes = [one for one in ordered if one.outcome in WRITES]
    committing.hold(writes)
    committing.save(sending.importer, writes, plan.scope)
    _link(sending, lines, known)
    _log(sending, lines, plan.scope.batch)
    return plan.scope.batch, [
        Taken(line, key, key in beyond) for line, key in zip(lines, sending.ids, strict=True)
    ]


def _known(sending: Sending) -> dict[str, source_keys.Row]:
    return source_keys.known(noun=sending.noun, source=sending.source, external_ids=sending.ids)


def _out_of_reach(sending: Sending, known: dict[str, source_keys.Row]) -> set[str]:
    """This function will find the keys whose rows belong to branches that this person may not write."""
    reach = set(access.branches(sending.by).values_list("pk", flat=True))
    return {key for key, row in known.items() if _customer(row).branch_id not in reach}


def _customer(row: source_keys.Row) -> Customer:
    return row if isinstance(row, Customer) else source_keys.survivor(row.customer)


def _lines(sending: Sending, known: dict[str, source_keys.Row], beyond: set[str]) -> list[Line]:
    named = {key: _named(sending, *how) for key, how in sent_fields.BY_THEIR_KEY.items()}
    lines: list[Line] = []
    first: dict[str, int] = {}
    for number, record in enumerate(sending.records, 1):
        key = record.external_id
        if key in beyond:
            line = Line(number, (), {})
            line.refuse("", _("没有这一项，或不在您的机构范围内"))
        else:
            line = sent_fields.line(number, record, sending.importer.sheet, known.get(key), named)
        other = first.setdefault(key, number)
        if other != number:
            line.values = {}
            line.refuse("", _("与第 %(row)s 行是同一个来源键，请只保留一行") % {"row": other})
        lines.append(line)
    return lines


def _named(sending: Sending, noun: str, field: str) -> dict[str, str]:
    """This function will find the numbers of customers or policies that rows name by the system's own key."""
    asked = [one for r in sending.records if isinstance(one := r.fields.get(field), str)]
    if not asked:
        return {}
    found = source_keys.known(noun=noun, source=sending.source, external_ids=asked)
    return {key: row.number for key, row in found.items() if isinstance(row, Customer | Policy)}


def _refuse_foreign_rows(sending: Sending, lines: Sequence[Line], known: dict[str, source_keys.Row]) -> None:
    """This function will refuse to take a row of ours for the system's, where it did not say so or calls it otherwise."""
    fresh = [
        line
        for line, key in zip(lines, sending.ids, strict=True)
        if key not in known and line.outcome in (Outcome.UPDATE, Outcome.UNCHANGED)
    ]
    taken = source_keys.keyed(
        noun=sending.noun, source=sending.source, rows=[line.row.pk for line in fresh if line.row.pk]
    )
    for line in fresh:
        fields = sending.records[line.number - 1].fields
        if line.row.pk in taken:
            line.refuse("", _("我们的这一项已有这个来源系统的另一个来源键，请核对"))
        elif "number" in line.values and not fields.get("number"):
            line.refuse("", _("我们已有同号的一项；如果是同一项，请在 number 里写明这个号码"))


def _link(sending: Sending, lines: Sequence[Line], known: dict[str, source_keys.Row]) -> None:
    """This function will keep the keys of rows that stand; raises KeyIsTaken where another call was faster."""
    if any(line.outcome is Outcome.ERROR for line in lines) and _known(sending).keys() - known.keys():
        raise source_keys.KeyIsTaken(_("来源键刚刚被别的请求用过，请稍后重送。"))
    fresh = {
        key: line.row
        for line, key in zip(lines, sending.ids, strict=True)
        if key not in known and line.outcome in STAND and line.row is not None
    }
    if fresh:
        source_keys.link(noun=sending.noun, source=sending.source, rows=fresh, now=sending.now)


def _log(sending: Sending, lines: Sequence[Line], batch: str) -> None:
    """This function will put what was written into the log in one row; nothing written, nothing logged."""
    counts = Counter(line.outcome.value for line in lines)
    if any(line.outcome in WRITES for line in lines):
        audit.log(
            action="crm.book.sent_in",
            subject=f"crm.book:{batch}",
            by=sending.by,
            now=sending.now,
            after={"source": sending.source, "sheet": sending.importer.sheet.key, **counts},
        )
