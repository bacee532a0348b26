"""Pages of long lists: counted up to a bound, because nobody reads past it and counting a million rows takes longer
than showing fifty."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MOST_COUNTED = 10_000


class Pages(Paginator):  # type: ignore[type-arg]
    """Pages of a query's rows. `known` is how many there are, where the page has counted them anyway.

    Where there are more rows than are counted, `more` says so and the last page is the bound's.
    """

    def __init__(self, found: Any, size: int, *, known: int | None = None) -> None:
        """This function will keep the rows and how many fit on a page."""
        super().__init__(found, size)
        self.known = known

    @cached_property
    def _counted(self) -> int:
        if self.known is not None:
            return self.known
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: MOST_COUNTED + 1].count())

    @cached_property
    def count(self) -> int:
        """This function will say how many rows have pages."""
        return self._counted if self.known is not None else min(self._counted, MOST_COUNTED)

    @property
    def more(self) -> bool:
        """This function will say whether there are rows beyond those that were counted."""
        return self._counted > self.count
