"""Half-open spans (house habit 7, rulebook X-15), and the words that draw lines (X-16, X-18)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.time.boundaries import Boundary, holds
from crm.time.clocks import Clock, Unit
from crm.time.periods import Period, PeriodIsEmpty, as_of, contains, first_overlap, overlaps
from crm.time.vague_words import VagueWordHasNoNumber, clock_for

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))
LENGTHS = st.one_of(st.none(), st.integers(1, 40))


def spanned(start: date, length: int | None) -> Period[date]:
    return Period(start, None if length is None else start + timedelta(days=length))


class TestAHalfOpenSpan:
    def test_holds_its_start_and_not_its_end(self) -> None:
        span = Period(MAY, JUNE)
        assert contains(span, MAY)
        assert contains(span, date(2026, 5, 31))
        assert not contains(span, JUNE)
        assert not contains(span, date(2026, 4, 30))

    def test_without_an_end_runs_on(self) -> None:
        assert contains(Period(MAY), date(2050, 1, 1))

    def test_that_only_touches_another_does_not_overlap_it(self) -> None:
        assert not overlaps(Period(MAY, JUNE), Period(JUNE, JULY))
        assert overlaps(Period(MAY, JULY), Period(JUNE))
        assert overlaps(Period(MAY), Period(JULY))

    def test_without_a_moment_in_it_is_refused(self) -> None:
        with pytest.raises(PeriodIsEmpty, match="时段不成立"):
            Period(JUNE, JUNE)

    def test_may_be_one_of_instants(self) -> None:
        noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
        assert not contains(Period(noon - timedelta(hours=1), noon), noon)

    @given(DAYS, LENGTHS, DAYS, LENGTHS)
    def test_overlaps_exactly_where_a_day_lies_in_both(
        self, first: date, long: int | None, second: date, wide: int | None
    ) -> None:
        one, other = spanned(first, long), spanned(second, wide)
        days = [date(2026, 1, 1) + timedelta(days=offset) for offset in range(120)]
        shared = any(contains(one, day) and contains(other, day) for day in days)
        assert overlaps(one, other) is overlaps(other, one) is shared


class TestRowsOverTime:
    def test_name_the_one_in_force(self) -> None:
        rows = [Period(MAY, JUNE), Period(JUNE)]
        assert as_of(rows, JUNE) == rows[1]
        assert as_of(rows, date(2026, 4, 1)) is None

    def test_show_the_first_pair_that_overlaps(self) -> None:
        rows = [Period(JUNE), Period(MAY, JUNE)]
        assert first_overlap(rows) is None
        assert first_overlap([*rows, Period(JULY)]) == (Period(JUNE), Period(JULY))


class TestBoundaryWords:
    @pytest.mark.parametrize(
        ("word", "below", "equal", "above"),
        [
            ("以上", False, True, True),
            ("以下", True, True, False),
            ("以内", True, True, False),
            ("届满", False, True, True),
            ("超过", False, False, True),
            ("不满", True, False, False),
            ("以外", False, False, True),
        ],
    )
    def test_include_the_number_as_the_law_says(
        self, word: str, below: bool, equal: bool, above: bool
    ) -> None:
        limit = Decimal("3000.00")
        values = (Decimal("2999.99"), limit, Decimal("3000.01"))
        assert tuple(holds(Boundary(word), value, limit) for value in values) == (below, equal, above)


class TestVagueWords:
    def test_have_the_numbers_of_the_book(self) -> None:
        assert clock_for("及时") == Clock(Unit.WORKING_DAYS, 1)
        assert clock_for("立即") == Clock(Unit.MINUTES, 30)
        assert clock_for("第一时间") == Clock(Unit.HOURS, 24)
        assert clock_for("即时").unit is Unit.SAME_DAY

    def test_without_a_number_are_refused(self) -> None:
        with pytest.raises(VagueWordHasNoNumber, match="尽快"):
            clock_for("尽快")
