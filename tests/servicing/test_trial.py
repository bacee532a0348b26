"""Trial calculations: what would be due when."""

from datetime import date, datetime

import pytest

from crm.house_rules import HouseRules
from crm.time import SHANGHAI
from crm.time.calendar import DateOutsideCalendar
from crm.time.clocks import Due, PauseEndsBeforeItStarts, PauseSpan
from crm.time.shipped import shipped_calendar
from servicing import trial
from servicing.catalogue import in_book
from servicing.clocks import NotAClock

START = datetime(2026, 2, 12, 10, tzinfo=SHANGHAI)


def work_out(code: str, at: datetime = START, *pauses: str, as_of: datetime | None = None) -> Due:
    return trial.work_out(
        in_book(code),
        at,
        calendar=shipped_calendar(),
        rules=HouseRules().time_rules(),
        pauses=[trial.read_pause(text) for text in pauses],
        as_of=as_of,
    )


class TestAPauseAsWritten:
    def test_has_two_dates_or_is_open(self) -> None:
        assert trial.read_pause("2026-03-04/2026-03-10") == PauseSpan(date(2026, 3, 4), date(2026, 3, 10))
        assert trial.read_pause("2026-03-04/") == PauseSpan(date(2026, 3, 4), None)

    def test_with_an_hour_says_when_work_resumed(self) -> None:
        found = trial.read_pause("2026-03-04T09:00/2026-03-10T17:00")
        assert found.started_at == datetime(2026, 3, 4, 9, tzinfo=SHANGHAI)
        assert found.resumed_at == datetime(2026, 3, 10, 17, tzinfo=SHANGHAI)

    @pytest.mark.parametrize("text", ["2026-03-04", "/2026-03-04", "/", ""])
    def test_without_a_beginning_or_a_slash_is_refused(self, text: str) -> None:
        with pytest.raises(trial.PauseIsUnreadable, match="写法不对"):
            trial.read_pause(text)


class TestATrial:
    def test_crosses_the_spring_festival_and_shows_every_day(self) -> None:
        due = work_out("PA-17.1")
        assert due.due_date == date(2026, 2, 26)
        assert len(due.steps) == 15
        assert [str(step.date)[5:] for step in due.steps if step.counts] == [
            "02-13",
            "02-14",
            "02-24",
            "02-25",
            "02-26",
        ]

    def test_of_the_law_shows_the_legally_latest_date(self) -> None:
        due = work_out("R-4 simple", datetime(2026, 2, 1, tzinfo=SHANGHAI))
        assert (due.due_date, due.legal_latest) == (date(2026, 2, 16), date(2026, 2, 24))

    def test_an_open_pause_leaves_no_date(self) -> None:
        data = trial.as_data("PA-17.1", work_out("PA-17.1", START, "2026-02-13/"), judged_at=START)
        assert (data["due_date"], data["due_at"], data["state"]) == (None, None, "paused")

    def test_says_the_same_in_plain_data(self) -> None:
        data = trial.as_data("CL-48h", work_out("CL-48h"), judged_at=START)
        assert list(data) == [
            *["clock", "starts_at", "due_date", "due_at", "legal_latest", "provisional", "state", "steps"]
        ]
        assert data["starts_at"] == "2026-02-12T10:00:00+08:00"
        assert data["due_at"] == "2026-02-14T10:00:00+08:00"
        assert {tuple(step) for step in data["steps"]} == {("date", "counts", "why")}


class TestAnUnsoundTrial:
    def test_a_calendar_promise_is_refused(self) -> None:
        with pytest.raises(NotAClock):
            work_out("PA-17.4")

    @pytest.mark.parametrize("code", ["CL-48h", "CP-5-contact", "CP-4-contact"])
    def test_a_pause_of_an_hour_clock_is_refused(self, code: str) -> None:
        with pytest.raises(trial.ClockNeverPauses, match="不能暂停"):
            work_out(code, START, "2026-02-13/")

    def test_a_pause_that_runs_backwards_is_refused(self) -> None:
        with pytest.raises(PauseEndsBeforeItStarts):
            work_out("PA-17.1", START, "2026-02-14/2026-02-13")

    @pytest.mark.parametrize("code", ["PA-17.1", "R-4 extended", "CL-48h", "PA-simple", "CP-4-contact"])
    @pytest.mark.parametrize("year", [1989, 2056, 2100])
    def test_a_start_outside_the_calendar_is_refused(self, code: str, year: int) -> None:
        with pytest.raises(DateOutsideCalendar):
            work_out(code, datetime(year, 1, 1, tzinfo=SHANGHAI))

    @pytest.mark.parametrize("code", ["PA-17.1", "R-4 extended", "PA-simple", "CP-4-contact"])
    def test_an_end_outside_the_calendar_is_refused(self, code: str) -> None:
        with pytest.raises(DateOutsideCalendar):
            work_out(code, datetime(2055, 12, 31, 23, tzinfo=SHANGHAI))
