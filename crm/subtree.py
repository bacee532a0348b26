"""Rows of a branch and all below it: the lookups `within` and `within_or` of a foreign key to a branch.

A join to the branch's path cannot be ORed with anything by index, and the head office would join every row to learn
that it may see it. There is one root, so its subtree needs no condition.
"""

from typing import Any

from django.core.exceptions import FullResultSet
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup
from django.db.models.sql.compiler import SQLCompiler


def is_whole(path: str) -> bool:
    """This function will say whether a path is the root's, whose subtree is the whole house."""
    return path.count("/") == 1


class Within(Lookup):
    """The branch stands at a path or below it, e.g. `branch__within="1/4/"`."""

    lookup_name = "within"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        """This function will compare with the ids of the subtree, read once for the whole statement."""
        if is_whole(str(self.rhs)) and not self.lhs.output_field.null:
            raise FullResultSet
        column, params = compiler.compile(self.lhs)
        found = self.among(connection.vendor).format('SELECT id FROM "crm_branch" WHERE path LIKE %s')
        return f"{column} {found}", [*params, f"{self.rhs}%"]

    def among(self, vendor: str) -> str:
        """This function will write how the ids are compared."""
        return "IN ({})"


class WithinOr(Within):
    """The same as one side of an OR, where PostgreSQL uses the key's index for an array only."""

    lookup_name = "within_or"

    def among(self, vendor: str) -> str:
        """This function will write how the ids are compared."""
        return "= ANY(ARRAY({}))" if vendor == "postgresql" else "IN ({})"
