"""Computing a rating: who is rated, by what, and the first N by the chain, on both databases alike (PA-13 to PA-13.3)."""

from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.models import Branch, Customer, LongJob, Message, User
from crm.models.long_job import LongJobState
from crm.services import long_jobs
from crm.time import SHANGHAI
from tests.factories import crm as make
from tests.factories import rating as make_rating
from tests.factories.crm import NOW
from tests.factories.damage import breaking
from tests.factories.tiers import give_tier
from tiers.models import RatingRow, RatingRun
from tiers.models.run import Pool, Problem, RunState
from tiers.rules.ranking import Candidate, QuotaIsNotSet, gold, silver
from tiers.rules.scales import Band
from tiers.rules.scores import CoefficientTables, score
from tiers.rules.terms import MOST, Terms
from tiers.services import rating
from tiers.services.rating import computing, statements

pytestmark = pytest.mark.django_db
LAST_YEAR = date(2025, 3, 1)


def row(run: RatingRun, customer: Customer) -> RatingRow:
    return RatingRow.objects.get(run=run, customer=customer)


class TestARating:
    @pytest.fixture(autouse=True)
    def places(self) -> None:
        make_rating.set_places(main=2, new=1, silver={"120101": 2})

    def test_gives_each_list_its_first_and_nobody_else(self) -> None:
        for name, yuan in (("甲", 900), ("乙", 800), ("丙", 700), ("丁", 600), ("戊", 500)):
            make_rating.rated(name, yuan)
        make_rating.rated("新一", 950, first=LAST_YEAR)
        make_rating.rated("新二", 650, first=LAST_YEAR)

        run = make_rating.computed()

        assert run.state == RunState.COMPUTED
        assert make_rating.found(run) == {
            "甲": ("gold", "main", 1),
            "乙": ("gold", "main", 2),
            "新一": ("gold", "new", 1),
            "丙": ("silver", "silver", 1),
            "新二": ("silver", "silver", 2),
            "丁": ("ordinary", "", None),
            "戊": ("ordinary", "", None),
        }

    def test_rates_only_organisations_with_a_group_policy_at_the_end_of_the_year(self) -> None:
        make_rating.rated("到期前一天", 100, until=date(2025, 12, 30))
        make_rating.rated("末日当天", 100, until=date(2025, 12, 31))
        make_rating.rated("次年才生效", 100, first=date(2026, 1, 1))
        make.policy(make.customer("只有车险"), effective=LAST_YEAR, line="motor")
        make_rating.rated("已终止", 100, status="lapsed")

        assert set(make_rating.found(make_rating.computed())) == {"末日当天"}

    def test_annualises_the_premium(self) -> None:
        customer = make_rating.rated("甲", 100)
        for frequency, long_term in (("monthly", False), ("single", False), ("single", True)):
            make.policy(
                customer,
                effective=LAST_YEAR,
                ends=None,
                premium_fen=1_000,
                frequency=frequency,
                long_term=long_term,
            )

        found = row(make_rating.computed(), customer)

        assert found.premium_fen == 100_00 + 12 * 1_000 + 1_000 + 100
        assert (found.score, found.years) == (found.premium_fen * 1_000_000, 5)

    def test_weighs_by_the_tables_as_the_rule_does(self) -> None:
        tables = {
            "scale_coefficients": {"0": "1.00", "800.50": "1.25"},
            "loyalty_coefficients": {"5": "1.10"},
        }
        make_rating.set_places(**tables)
        customer = make_rating.rated("甲", 801)

        found = row(make_rating.computed(), customer)

        rule = CoefficientTables(
            scale=(Band(Decimal(0), Decimal("1.00")), Band(Decimal("800.50"), Decimal("1.25"))),
            loyalty=(Band(Decimal(5), Decimal("1.10")),),
        )
        expected = score(rule, premium=Decimal(801), years=5).value
        assert (found.scale, found.loyalty, found.profit) == (125, 110, 100)
        assert found.score == expected * 100 * 1_000_000

    def test_lists_who_holds_a_level_without_competing(self) -> None:
        gone = make.customer("无保单")
        free = make_rating.rated("免费", 0)
        give_tier(gone, "gold")

        run = make_rating.computed()

        assert (row(run, gone).problem, row(run, gone).previous, row(run, gone).level) == (
            Problem.NO_POLICY,
            "gold",
            "ordinary",
        )
        assert (row(run, free).problem, row(run, free).rank) == (Problem.NO_PREMIUM, None)

    def test_counts_the_year_of_the_first_policy_ever_as_new(self) -> None:
        returning = make_rating.rated("回头客", 100, first=LAST_YEAR)
        make.policy(returning, effective=date(2010, 1, 1), ends=date(2010, 12, 31), line="motor")

        found = row(make_rating.computed(), returning)

        assert (found.pool, found.years) == (Pool.MAIN, 15)

    def test_of_a_branch_without_places_gives_no_silver_and_tells_its_manager(self, manager: User) -> None:
        make_rating.set_places(main=0, new=0, silver={"1300": 5})
        make_rating.rated("甲", 100)
        elsewhere = make_rating.rated("外地", 50, branch=make.branch_tree().other_office)

        run = make_rating.computed()

        assert make_rating.found(run) == {"甲": ("ordinary", "", None), "外地": ("silver", "silver", 1)}
        assert row(run, elsewhere).seat == Branch.objects.get(code="1300")
        notice = Message.objects.get(user=manager)
        assert "塘沽营业部没有设置银牌名额" in notice.body

    def test_never_gives_more_than_its_places(self) -> None:
        """The nightly sentence sees a run that did; the ranks of gold and silver are counted apart."""
        for n in range(6):
            make_rating.rated(f"客户{n}", 100 - n)
        run = make_rating.computed()
        assert breaking("ratings_keep_to_their_places") == []

        RatingRow.objects.filter(run=run, won="silver", rank=2).update(rank=3)
        assert breaking("ratings_keep_to_their_places") == [f"{run.pk} silver"]

    def test_tells_who_asked(self, head_office: User) -> None:
        make_rating.rated("甲", 100)
        make_rating.computed(head_office)

        assert "已算完" in Message.objects.get(user=head_office).body

    def test_of_a_score_beyond_whole_numbers_stops_with_a_sentence(self) -> None:
        make_rating.set_places(scale_coefficients={"0": "1000.00"})
        limit = Terms(gold_main=0, gold_new=0, scale=((0, 100_000),)).greatest_premium
        assert limit * 100_000 * 10_000 <= MOST < (limit + 1) * 100_000 * 10_000
        customer = make_rating.rated("甲", 1, number="K42")
        customer.policies.update(premium_fen=limit + 1)

        run = make_rating.computed()

        job = LongJob.objects.get()
        assert (run.state, job.state) == (RunState.COMPUTING, LongJobState.FAILED)
        assert "K42" in job.note and "超出可精确计算的范围" in job.note


class TestARatingThatMayNotBegin:
    def test_needs_the_gold_quota(self) -> None:
        with pytest.raises(QuotaIsNotSet, match="金牌名额"):
            rating.request(year=2025, by=None, now=NOW)

    def test_waits_for_the_end_of_the_year(self) -> None:
        make_rating.set_places()
        with pytest.raises(rating.YearIsNotOver, match="12 月 31 日之后"):
            rating.request(year=2025, by=None, now=datetime(2025, 12, 31, 23, 59, tzinfo=SHANGHAI))
        assert (
            rating.request(year=2025, by=None, now=datetime(2026, 1, 1, 0, 0, tzinfo=SHANGHAI)).year == 2025
        )

    def test_comes_too_late_for_a_year_that_is_over(self) -> None:
        make_rating.set_places()
        with pytest.raises(rating.YearIsPublished, match="已经结束"):
            rating.request(year=2024, by=None, now=NOW)

    def test_names_a_branch_that_does_not_exist(self) -> None:
        make_rating.set_places(silver={"9999": 3})
        with pytest.raises(rating.QuotaBranchIsUnknown, match="9999"):
            rating.request(year=2025, by=None, now=NOW)

    def test_is_told_of_another_one(self) -> None:
        make_rating.set_places()
        first = rating.request(year=2025, by=None, now=NOW)
        with pytest.raises(rating.RunIsOpenAlready, match="已有一次评定"):
            rating.request(year=2025, by=None, now=NOW)
        assert RatingRun.objects.get() == first

    def test_may_begin_once_the_other_is_discarded(self, head_office: User) -> None:
        make_rating.set_places()
        first = rating.request(year=2025, by=None, now=NOW)
        rating.discard(run=first, by=head_office, now=NOW)

        second = make_rating.computed()

        first.refresh_from_db()
        assert (first.state, first.rows.count()) == (RunState.DISCARDED, 0)
        assert first.job is not None and first.job.state == LongJobState.CANCELLED
        assert second.state == RunState.COMPUTED


def everything(run: RatingRun) -> list[tuple[Any, ...]]:
    fields = ("number", "pool", "score", "level", "won", "rank", "previous", "problem")
    return list(RatingRow.objects.filter(run=run).order_by("number").values_list(*fields))


class TestAComputationThatDies:
    """At any piece; whoever takes it up gives the list of an undisturbed run."""

    def test_goes_on_where_it_stopped(self, head_office: User, monkeypatch: pytest.MonkeyPatch) -> None:
        make_rating.set_places(main=3, new=1, silver={"120101": 2, "1300": 1})
        for n in range(12):
            first = LAST_YEAR if n % 4 == 0 else date(2015, 1, 1)
            branch = make.branch_tree().other_office if n % 3 == 0 else None
            make_rating.rated(f"客户{n}", 100 + n % 5, first=first, branch=branch)
        undisturbed = make_rating.computed()
        expected = everything(undisturbed)
        rating.discard(run=undisturbed, by=head_office, now=NOW)
        monkeypatch.setattr(computing, "SLICE", 5)

        run = rating.request(year=2025, by=None, now=NOW)
        pieces = 0
        job = run.job
        assert job is not None
        while job.waiting:
            self.die_in_the_middle_of_a_piece(job)
            self.one_piece(job, monkeypatch)
            pieces += 1
            job.refresh_from_db()

        assert pieces >= 6
        assert everything(run) == expected

    def die_in_the_middle_of_a_piece(self, job: LongJob) -> None:
        """Its transaction is rolled back: nothing of the piece is left."""
        piece = computing.COMPUTING.open(job, NOW, lambda **_told: None)  # type: ignore[arg-type]
        with transaction.atomic():
            piece(job.cursor, NOW)
            transaction.set_rollback(True)

    def one_piece(self, job: LongJob, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patch:
            patch.setattr("crm.services.long_jobs.working.TURN_SECONDS", -1.0)
            long_jobs.work(clock=lambda: NOW)


def chosen(run: RatingRun, won: str) -> list[str]:
    rows = RatingRow.objects.filter(run=run, won=won).order_by("rank")
    assert list(rows.values_list("rank", flat=True)) == list(range(1, len(rows) + 1))
    return [one.number for one in rows]


CROWDS = st.lists(
    st.tuples(
        st.sampled_from(["K1", "K10", "K2", "k1", "K-1", "Ka", "客", "Z"]),
        st.integers(0, 9),
        st.sampled_from([1, 2]),
        st.integers(0, 2),
        st.dates(date(2020, 1, 1), date(2020, 1, 3)),
        st.booleans(),
    ),
    unique_by=lambda one: one[0] + str(one[1]),
    max_size=25,
)


class TestAnyCrowd:
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
    @given(CROWDS, st.integers(0, 8), st.integers(0, 3), st.integers(0, 5), st.randoms(use_true_random=False))
    def test_is_ranked_as_the_rule_ranks_it(
        self, db: None, crowd: list[Any], main: int, slots: int, places: int, dice: Random
    ) -> None:
        """Whatever order the rows were written in; no list exceeds its places."""
        branch = make.branch_tree().office
        base = make.customer("底", number=f"B{Customer.objects.count()}")
        run = RatingRun.objects.create(
            scheme="group_vip",
            year=2025,
            as_of=date(2025, 12, 31),
            active_from=date(2026, 1, 1),
            active_to=date(2027, 1, 1),
            parameters={},
            rule_version="test",
            requested_at=NOW,
            state=RunState.DISCARDED,
        )
        people = {
            f"{letter}{n}": (points, years, first, new) for letter, n, points, years, first, new in crowd
        }
        shuffled = list(people)
        dice.shuffle(shuffled)
        customers = Customer.objects.bulk_create(
            Customer(
                number=f"{number}@{run.pk}",
                kind="organisation",
                name=number,
                branch=branch,
                owner=base.owner,
                created_at=NOW,
            )
            for number in shuffled
        )
        RatingRow.objects.bulk_create(
            RatingRow(
                run=run,
                customer=customer,
                number=customer.name,
                branch=branch,
                seat=branch,
                pool="new" if people[customer.name][3] else "main",
                premium_fen=people[customer.name][0],
                years=people[customer.name][1],
                first_policy=people[customer.name][2],
                scale=100,
                loyalty=100,
                profit=100,
                score=people[customer.name][0],
                previous="ordinary",
            )
            for customer in customers
        )
        statements.choose_gold(run, Pool.MAIN, main)
        statements.choose_gold(run, Pool.NEW, slots)
        statements.choose_silver(run, branch.pk, places)

        candidates = {
            number: Candidate(number, Decimal(points), Decimal(points), years, first)
            for number, (points, years, first, _new) in people.items()
        }
        expected = gold(
            [candidates[n] for n, one in people.items() if not one[3]],
            [candidates[n] for n, one in people.items() if one[3]],
            main_quota=main,
            new_slots=slots,
        )
        after = silver(
            list(candidates.values()), gold_numbers=[one.number for one in expected.members], quota=places
        )
        assert chosen(run, "main") == [one.number for one in expected.main.chosen]
        assert chosen(run, "new") == [one.number for one in expected.new.chosen]
        assert chosen(run, "silver") == [one.number for one in after.chosen]
        assert len(expected.members) <= main + slots
