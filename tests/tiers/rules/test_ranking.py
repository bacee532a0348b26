"""Hard ranking: exactly the first N, decided by the chain, never by the order of rows (rulebook PA-13.1-13.3)."""

from datetime import date
from decimal import Decimal
from functools import cmp_to_key
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiers.rules.ranking import Candidate, QuotaIsNotSet, gold, hard_ranking, is_new, ranked, silver


def one(
    number: str, score: str = "100", premium: str = "100", years: int = 3, first: str = "2022-01-05"
) -> Candidate:
    return Candidate(number, Decimal(score), Decimal(premium), years, date.fromisoformat(first))


def numbers(candidates: tuple[Candidate, ...]) -> list[str]:
    return [candidate.number for candidate in candidates]


CROWD = [
    one("C01", "900", "900"),
    one("C02", "700", "700", 8, "2017-03-01"),
    one("C03", "700", "700", 8, "2017-02-01"),
    one("C04", "700", "650", 9, "2016-02-01"),
    one("C05", "950", "800", 1, "2025-06-01"),
]


class TestATieAtTheCut:
    def test_is_decided_by_the_first_criterion_that_differs(self) -> None:
        cut = hard_ranking(CROWD, 3)

        assert numbers(cut.chosen) == ["C05", "C01", "C03"]
        assert cut.first_out == CROWD[1]
        assert cut.decided_by == "first_policy"

    def test_names_everybody_with_that_score(self) -> None:
        assert numbers(hard_ranking(CROWD, 3).tied) == ["C03", "C02", "C04"]

    def test_is_none_where_the_scores_differ(self) -> None:
        cut = hard_ranking(CROWD, 2)

        assert cut.tied == ()
        assert cut.decided_by == "score"

    @pytest.mark.parametrize(
        ("upper", "lower", "criterion"),
        [
            (one("B", "2"), one("A", "1"), "score"),
            (one("B", premium="2"), one("A", premium="1"), "premium"),
            (one("B", years=2), one("A", years=1), "years"),
            (one("B", first="2020-01-01"), one("A", first="2020-01-02"), "first_policy"),
            (one("A"), one("B"), "number"),
        ],
    )
    def test_goes_down_the_chain_to_the_number(
        self, upper: Candidate, lower: Candidate, criterion: str
    ) -> None:
        cut = hard_ranking([lower, upper], 1)

        assert cut.chosen == (upper,)
        assert cut.decided_by == criterion


class TestPlaces:
    def test_are_never_more_than_the_quota(self) -> None:
        assert len(hard_ranking([one(f"C{n}") for n in range(9)], 4).chosen) == 4

    def test_that_nobody_takes_stay_vacant(self) -> None:
        cut = hard_ranking([one("C1")], 4)

        assert (numbers(cut.chosen), cut.vacant, cut.first_out) == (["C1"], 3, None)

    def test_of_none_leave_everybody_out(self) -> None:
        cut = hard_ranking(CROWD, 0)

        assert cut.chosen == ()
        assert cut.first_out == CROWD[4]


class TestTheGoldList:
    def test_gives_new_customers_their_own_slots_and_lets_the_rest_lapse(self) -> None:
        newcomers = [one(f"N0{n}", str(100 - n), first="2026-01-10", years=0) for n in range(1, 5)]
        found = gold(CROWD, newcomers, main_quota=3, new_slots=10)

        assert numbers(found.main.chosen) == ["C05", "C01", "C03"]
        assert numbers(found.new.chosen) == ["N01", "N02", "N03", "N04"]
        assert found.new.vacant == 6
        assert len(found.members) == 7

    def test_keeps_a_better_newcomer_out_of_the_main_ranking(self) -> None:
        found = gold([one("C1", "1")], [one("N1", "900"), one("N2", "800")], main_quota=2, new_slots=1)

        assert numbers(found.members) == ["C1", "N1"]

    def test_needs_a_quota(self) -> None:
        with pytest.raises(QuotaIsNotSet, match="金牌名额"):
            gold(CROWD, [], main_quota=None, new_slots=10)

    @pytest.mark.parametrize(
        ("first", "expected"), [("2025-12-31", False), ("2026-01-01", True), ("2026-12-31", True)]
    )
    def test_calls_new_whose_first_policy_is_of_the_rating_year(self, first: str, expected: bool) -> None:
        assert is_new(date.fromisoformat(first), 2026) is expected


class TestTheSilverList:
    def test_goes_on_where_gold_ends(self) -> None:
        cut = silver(CROWD, gold_numbers=["C05", "C01", "C03"], quota=2)

        assert numbers(cut.chosen) == ["C02", "C04"]

    def test_is_empty_without_a_quota(self) -> None:
        assert silver(CROWD, gold_numbers=[], quota=None).chosen == ()


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        number=st.integers(0, 99_999).map(lambda n: f"C{n:05d}"),
        score=st.sampled_from([Decimal("10.00"), Decimal("10.01"), Decimal("700")]),
        premium=st.sampled_from([Decimal(1), Decimal(2)]),
        years=st.integers(0, 2),
        first_policy=st.dates(date(2020, 1, 1), date(2020, 1, 3)),
    ),
    unique_by=lambda candidate: candidate.number,
    max_size=60,
)


class TestAnyCrowd:
    @given(CANDIDATES, st.integers(0, 70), st.randoms(use_true_random=False))
    def test_gives_the_same_list_however_it_is_shuffled(
        self, crowd: list[Candidate], places: int, dice: Random
    ) -> None:
        shuffled = list(crowd)
        dice.shuffle(shuffled)

        assert hard_ranking(shuffled, places) == hard_ranking(crowd, places)

    @given(CANDIDATES, st.integers(0, 70))
    def test_agrees_with_comparing_two_at_a_time(self, crowd: list[Candidate], places: int) -> None:
        assert list(hard_ranking(crowd, places).chosen) == sorted(crowd, key=cmp_to_key(_by_hand))[:places]
        assert ranked(crowd) == sorted(crowd, key=cmp_to_key(_by_hand))


def _by_hand(left: Candidate, right: Candidate) -> int:
    """The chain once more, as the rule book tells it."""
    if left.score != right.score:
        return -1 if left.score > right.score else 1
    if left.premium != right.premium:
        return -1 if left.premium > right.premium else 1
    if left.years != right.years:
        return -1 if left.years > right.years else 1
    if left.first_policy != right.first_policy:
        return -1 if left.first_policy < right.first_policy else 1
    return -1 if left.number < right.number else 1
