"""Two at the same moment, on both databases: one wins, the other is told in a sentence, nothing is doubled or lost."""

from collections.abc import Callable

import pytest

from tests.stack.installation import Installation

pytestmark = [pytest.mark.stack, pytest.mark.timeout(290)]

ROUNDS = 40
# What the second of two may be told. A sentence, never an error of the database.
TOLD = {
    "two_closings": {"AlreadyClosed|done"},
    "closing_and_sweep": {"done|done"},
    "closing_in_time_and_sweep": {"done|done"},
    "pause_and_sweep": {"done|done", "AlreadyOverdue|done"},
    "two_pauses": {"AlreadyPaused|done", "NotPaused|done"},
    "two_openings": {"done|done"},
    "two_replies": {"StaleTicket|done"},
    "two_completions": {"StaleTicket|done", "AlreadyComplete|done"},
    "papers_and_completion": {"StaleTicket|done", "IllegalMove|done", "done|done"},
    "double_submit": {"done|done"},
    "two_reminders": {"UrgedAlready|done"},
    "two_merges": {"MergedMeanwhile|done"},
    "merge_and_ticket": {"done|done", "CustomerWasMerged|done"},
    "two_last_looks": {"NeedsRelease|done"},
    "two_sendings": {"done|done"},
}


class TestTwoAtTheSameMoment:
    def test_do_it_once_and_are_told_so(self, house: Installation) -> None:
        told = house.call("tests.stack.races:run", list(TOLD), ROUNDS)

        assert {name: one["wrong"] for name, one in told.items() if one["wrong"]} == {}
        unheard = {name: set(one["got"]) - TOLD[name] for name, one in told.items()}
        assert not any(unheard.values()), unheard


class TestWithoutTheGuards:
    def test_both_would_close_the_same_promise(self, build: Callable[[str], Installation]) -> None:
        """Shown on PostgreSQL; SQLite lets one writer in at a time."""
        told = build("production").call("tests.stack.races:run", ["closings_without_guards"], ROUNDS)

        assert told["closings_without_guards"]["wrong"]
