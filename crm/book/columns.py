"""What a sheet of the book looks like: its columns, their names on screen and how their cells are read."""

from dataclasses import dataclass, field

from django.utils.functional import Promise

from crm.book.cells import Reader

ROW_TITLE, REASON_TITLE = "行号", "失败原因"


@dataclass(frozen=True, slots=True)
class Column:
    """One column, e.g. 手机. `needed` says which rows must have it: new ones, or every row (a key)."""

    key: str
    title: str
    read: Reader
    needed: str = ""  # "key", "new" or ""
    note: str | Promise = ""
    sample: str = ""
    aliases: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    width: int = 14

    @property
    def is_key(self) -> bool:
        """This function will say whether every row must have this column."""
        return self.needed == "key"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, e.g. 服务对象, with its columns in the order of the template."""

    key: str
    title: str
    order: int
    columns: tuple[Column, ...]
    aliases: tuple[str, ...] = ()
    by_key: dict[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        """This function will index the columns by key."""
        object.__setattr__(self, "by_key", {column.key: column for column in self.columns})

    @property
    def customer_key(self) -> str:
        """This function will name the column that holds the customer's number; none where rows name a policy alone."""
        if "policy" in self.by_key:
            return ""
        return "customer" if "customer" in self.by_key else "number"
