"""One row of a file on its way through the import: what it says, what it would do, why it cannot be taken."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crm.book.cells import Cell

FOREIGN = re.compile(r"“[^”]*”|\d[\d,.]*")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one row cannot be taken: the column it is about, and the whole sentence."""

    column: str
    sentence: str

    @property
    def cause(self) -> str:
        """This function will give the sentence without this row's own words, so that like reasons group."""
        return FOREIGN.sub("…", self.sentence)

    def __str__(self) -> str:
        return f"{self.column}：{self.sentence}" if self.column else self.sentence


class Outcome(StrEnum):
    """What a row would do, or why it does nothing."""

    NEW = "new"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    ERROR = "error"
    LEFT = "left"  # the person chose to write only new rows, or only changes


WRITES = (Outcome.NEW, Outcome.UPDATE)


@dataclass(slots=True)
class Line:
    """One row of a file: where it stands, what it says, what it would do, and why it cannot be taken."""

    number: int
    cells: Sequence[Cell]
    values: dict[str, Any]
    reasons: list[Reason] = field(default_factory=list)
    outcome: Outcome = Outcome.NEW
    row: Any = None  # the row of ours that it makes or changes
    before: dict[str, Any] = field(default_factory=dict)
    former: Any = None  # the row as it stood before the change
    known: Any = None  # the row that the sender's own key means

    def refuse(self, column: str, sentence: str) -> None:
        """This function will add a reason; a row keeps all of them."""
        self.reasons.append(Reason(column, sentence))
        self.outcome = Outcome.ERROR

    def set_duplicate(self, sentence: str) -> None:
        """This function will set the row aside as saying again what another row says."""
        self.reasons.append(Reason("", sentence))
        self.outcome = Outcome.DUPLICATE
