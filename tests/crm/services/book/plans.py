"""Reads plans for the tests: counts and sentences."""

from crm.services import book


def counts(plan: book.Plan) -> dict[str, int]:
    """This function will keep the counts that are not zero."""
    return {outcome: count for outcome, count in plan.counts().items() if count}


def sentences(plan: book.Plan) -> list[str]:
    """This function will list all reasons of all rows."""
    return [str(reason) for line in plan.lines for reason in line.reasons]
