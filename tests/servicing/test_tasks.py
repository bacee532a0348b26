"""The tasks of the promise floor."""

from datetime import datetime

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from servicing import tasks
from servicing.services.commitments import SweepResult


class TestTheSweepAtMidnight:
    """More deadlines in one second than one sweep takes."""

    @pytest.mark.parametrize(("done", "left", "again"), [(500, True, 1), (3, False, 0), (0, True, 0)])
    def test_goes_on_at_once_while_more_wait(
        self,
        done: int,
        left: bool,
        again: int,
        db: None,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        def sweep(*, now: datetime) -> SweepResult:
            return SweepResult(done, 0, left)

        monkeypatch.setattr(tasks.commitments, "sweep", sweep)

        with django_capture_on_commit_callbacks() as asked:
            tasks.sweep_commitments()

        assert len(asked) == again
