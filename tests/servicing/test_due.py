"""The ladder of a promise: when it warns, breaks and climbs."""

from datetime import datetime

import pytest

from crm.selectors import calendars
from crm.time import SHANGHAI
from crm.time.rules import TimeRules
from servicing.due import Moment, Rung, ladder, next_look, next_opening, passed


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def moments(db: None) -> tuple[Moment, ...]:
    """A limit that ends on the Thursday before a weekend of make-up work: 2026-02-26 23:59:59."""
    return ladder(
        warn_at=at("2026-02-24 00:00:00"),
        due_at=at("2026-02-26 23:59:59"),
        calendar=calendars.current(),
        first_days=1,
        second_days=3,
    )


class TestALadder:
    def test_breaks_one_second_after_the_inclusive_deadline(self, moments: tuple[Moment, ...]) -> None:
        assert moments[1] == Moment(Rung.BREAK, at("2026-02-27 00:00:00"))

    def test_climbs_by_working_days_and_a_make_up_saturday_is_one(self, moments: tuple[Moment, ...]) -> None:
        assert moments[2] == Moment(Rung.FIRST, at("2026-02-28 00:00:00"))  # 02-27 counts
        assert moments[3] == Moment(Rung.SECOND, at("2026-03-03 00:00:00"))  # 02-27, Sat 02-28, Mon 03-02

    def test_never_warns_after_the_deadline(self, db: None) -> None:
        due = at("2026-03-10 12:00:00")

        first = ladder(
            warn_at=at("2026-03-10 13:00:00"),
            due_at=due,
            calendar=calendars.current(),
            first_days=1,
            second_days=3,
        )[0]

        assert first.at == due


class TestLookingAtALadder:
    def test_sees_nothing_just_before_a_rung(self, moments: tuple[Moment, ...]) -> None:
        assert passed(moments, at("2026-02-23 23:59:59")) == ()

    def test_sees_a_rung_exactly_at_its_moment(self, moments: tuple[Moment, ...]) -> None:
        assert [m.rung for m in passed(moments, at("2026-02-27 00:00:00"))] == [Rung.WARN, Rung.BREAK]

    def test_looks_again_at_the_next_rung(self, moments: tuple[Moment, ...]) -> None:
        assert next_look(moments, at("2026-02-24 00:00:00")) == at("2026-02-27 00:00:00")

    def test_sleeps_after_the_last_rung(self, moments: tuple[Moment, ...]) -> None:
        assert next_look(moments, at("2026-03-03 00:00:00")) is None


class TestTheNextOpening:
    @pytest.mark.parametrize(
        ("now", "opens"),
        [
            ("2026-03-10 10:00:00", "2026-03-10 10:00:00"),  # inside
            ("2026-03-10 08:59:59", "2026-03-10 09:00:00"),  # before, same morning
            ("2026-03-10 18:00:01", "2026-03-11 09:00:00"),  # after closing
            ("2026-02-27 23:00:00", "2026-02-28 09:00:00"),  # a make-up Saturday opens
            ("2026-02-14 20:00:00", "2026-02-24 09:00:00"),  # over the whole Spring Festival
        ],
    )
    def test_is_when_the_office_works(self, now: str, opens: str, db: None) -> None:
        assert next_opening(at(now), calendars.current(), TimeRules()) == at(opens)
