"""Publishing a rating: by another person, at once, from tomorrow; what stays is left alone (PA-13, PA-13.4, PA-16.1)."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from crm.models import Customer, LogEntry, Message, User
from crm.services import proposals
from crm.services.proposals import NeedsAnotherPerson
from tests.factories import crm as make
from tests.factories import rating as make_rating
from tests.factories.crm import NOW
from tests.factories.damage import breaking
from tests.factories.tiers import give_tier
from tiers.models import Assignment, ClubMembership, RatingRow, RatingRun
from tiers.models.run import RunState
from tiers.selectors import tier_of
from tiers.services import assignments, rating

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def second() -> User:
    """Another administrator of the head office."""
    return make.person("shen", role="head_office", branch=make.branch_tree().head_office, name="沈青")


@pytest.fixture(autouse=True)
def places() -> None:
    make_rating.set_places(main=1, new=0, silver={"120101": 1})


def level(customer: Customer, day: date) -> str:
    return tier_of(customer, "group_vip", day)


def published(by: User, second: User, **told: object) -> RatingRun:
    run = make_rating.computed(by, **told)  # type: ignore[arg-type]
    handed_in = rating.submit(run=run, opinion="名额按年初会议", by=by, now=NOW)
    return rating.approve(submission=handed_in, by=second, now=NOW)


class TestApproving:
    def test_gives_the_levels_from_tomorrow(self, head_office: User, second: User) -> None:
        first, next_one, last = (make_rating.rated(f"客户{n}", 100 - n) for n in range(3))

        run = published(head_office, second)

        assert (run.state, run.effective_from, run.published_at) == (RunState.PUBLISHED, TOMORROW, NOW)
        assert [level(one, TOMORROW) for one in (first, next_one, last)] == ["gold", "silver", "ordinary"]
        assert [level(one, TODAY) for one in (first, next_one, last)] == ["ordinary"] * 3
        held = Assignment.objects.get(customer=first)
        assert (held.source, held.by, held.active_to) == (f"rating:{run.pk}", second, None)
        assert held.reason == "2025 年度评定，金牌主榜第 1 名"

    def test_shows_the_levels_in_lists_once_they_began(self, head_office: User, second: User) -> None:
        first = make_rating.rated("客户", 100)
        published(head_office, second)

        assignments.refresh_shown(now=NOW)
        first.refresh_from_db()
        assert first.tier_shown in ("", "ordinary")
        assignments.refresh_shown(now=NOW + timedelta(days=1))
        first.refresh_from_db()
        assert first.tier_shown == "gold"
        assert breaking("levels_do_not_overlap") == []

    def test_leaves_alone_what_goes_on_and_ends_the_rest(self, head_office: User, second: User) -> None:
        stays, falls, leaves = make_rating.rated("留", 100), make_rating.rated("降", 90), make.customer("出")
        before = [give_tier(one, "gold") for one in (stays, falls, leaves)]

        run = published(head_office, second)

        assert Assignment.objects.get(customer=stays) == before[0]
        assert [level(one, TOMORROW) for one in (stays, falls, leaves)] == ["gold", "silver", "ordinary"]
        assert [level(one, TODAY) for one in (falls, leaves)] == ["gold", "gold"]
        logged = LogEntry.objects.filter(action="tiers.rating.published").order_by("customer__name")
        assert {(one.customer, one.before["level"], one.after["level"]) for one in logged} == {  # type: ignore[index]
            (falls, "gold", "silver"),
            (leaves, "gold", "ordinary"),
        }
        assert LogEntry.objects.get(action="tiers.rating.confirmed").after["run"] == run.pk  # type: ignore[index]

    def test_makes_a_level_that_would_have_ended_go_on(self, head_office: User, second: User) -> None:
        first = make_rating.rated("留", 100)
        give_tier(first, "gold", until=date(2026, 7, 1))

        published(head_office, second)

        assert level(first, date(2026, 12, 31)) == "gold"
        assert not LogEntry.objects.filter(action="tiers.rating.published").exists()

    def test_is_not_for_who_handed_it_in(self, head_office: User) -> None:
        make_rating.rated("客户", 100)
        run = make_rating.computed(head_office)
        handed_in = rating.submit(run=run, opinion="可以", by=head_office, now=NOW)

        with pytest.raises(NeedsAnotherPerson):
            rating.approve(submission=handed_in, by=head_office, now=NOW)
        assert not Assignment.objects.exists()

    def test_counts_once(self, head_office: User, second: User) -> None:
        make_rating.rated("客户", 100)
        run = make_rating.computed(head_office)
        handed_in = rating.submit(run=run, opinion="可以", by=head_office, now=NOW)
        rating.approve(submission=handed_in, by=second, now=NOW)

        with pytest.raises(proposals.ProposalIsDecided):
            rating.approve(submission=handed_in, by=second, now=NOW)
        assert Assignment.objects.count() == 1

    def test_refuses_a_list_that_the_book_has_left_behind(self, head_office: User, second: User) -> None:
        customer = make_rating.rated("客户", 100, number="K77")
        run = make_rating.computed(head_office)
        handed_in = rating.submit(run=run, opinion="可以", by=head_office, now=NOW)
        give_tier(customer, "silver")

        with pytest.raises(rating.BookHasMoved, match="K77"):
            rating.approve(submission=handed_in, by=second, now=NOW)
        assert level(customer, TOMORROW) == "silver"

    def test_refuses_a_customer_that_ended(self, head_office: User, second: User) -> None:
        customer = make_rating.rated("客户", 100, number="K78")
        run = make_rating.computed(head_office)
        Customer.objects.filter(pk=customer.pk).update(status="lapsed")

        with pytest.raises(rating.BookHasMoved, match="K78"):
            rating.submit(run=run, opinion="可以", by=head_office, now=NOW)

    def test_comes_too_late_when_the_year_is_over(self, head_office: User, second: User) -> None:
        make_rating.rated("客户", 100)
        run = make_rating.computed(head_office)
        handed_in = rating.submit(run=run, opinion="可以", by=head_office, now=NOW)

        with pytest.raises(rating.ListIsOver):
            rating.approve(submission=handed_in, by=second, now=NOW.replace(month=12, day=31))


class TestHandingIn:
    def test_needs_an_opinion_and_counts_once(self, head_office: User) -> None:
        run = make_rating.computed(head_office)
        with pytest.raises(rating.OpinionIsMissing):
            rating.submit(run=run, opinion=" ", by=head_office, now=NOW)
        rating.submit(run=run, opinion="可以", by=head_office, now=NOW)
        with pytest.raises(rating.IsHandedInAlready):
            rating.submit(run=run, opinion="可以", by=head_office, now=NOW)

    def test_waits_for_the_computing(self, head_office: User) -> None:
        run = rating.request(year=2025, by=head_office, now=NOW)
        with pytest.raises(rating.RunIsNotOpen, match="还没有算完"):
            rating.submit(run=run, opinion="可以", by=head_office, now=NOW)

    def test_may_be_done_again_after_it_was_sent_back(self, head_office: User, second: User) -> None:
        run = make_rating.computed(head_office)
        handed_in = rating.submit(run=run, opinion="可以", by=head_office, now=NOW)
        with pytest.raises(rating.RunIsNotOpen, match="等待批准"):
            rating.discard(run=run, by=head_office, now=NOW)
        proposals.send_back(proposal=handed_in, reason="名额有误", by=second, now=NOW)

        again = rating.submit(run=run, opinion="已核对名额", by=head_office, now=NOW)

        assert again != handed_in


class TestAPublishedRating:
    def test_never_changes(self, head_office: User, second: User) -> None:
        make_rating.rated("客户", 100)
        run = published(head_office, second)
        for change in (
            lambda: RatingRun.objects.filter(pk=run.pk).update(year=2024),
            lambda: RatingRow.objects.filter(run=run).update(score=1),
        ):
            with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
                change()

    def test_is_corrected_by_a_run_that_names_it(self, head_office: User, second: User) -> None:
        """On the same day: what has not begun gives way."""
        first, other = make_rating.rated("甲", 100), make_rating.rated("乙", 90)
        run = published(head_office, second)
        with pytest.raises(rating.YearIsPublished, match="更正"):
            rating.request(year=2025, by=head_office, now=NOW)
        other.policies.update(premium_fen=200_00)

        correction = published(head_office, second, corrects=run)

        assert correction.corrects == run
        assert [level(one, TOMORROW) for one in (first, other)] == ["silver", "gold"]
        assert Assignment.objects.count() == 2


class TestTheClub:
    def test_takes_the_chairman_and_lets_go_with_gold(self, head_office: User, second: User) -> None:
        gold, former = make_rating.rated("甲", 100), make_rating.rated("乙", 90)
        give_tier(former, "gold")
        chairman = make.contact(gold, "王军", title="董事长")
        make.contact(gold, "李强", title="总经理")
        manager = make.contact(former, "赵明", title="总经理")
        old = ClubMembership.objects.create(
            customer=former,
            contact=manager,
            run=make_rating.computed(head_office),
            active_from=date(2026, 1, 1),
        )
        rating.discard(run=old.run, by=head_office, now=NOW)

        published(head_office, second)

        old.refresh_from_db()
        member = ClubMembership.objects.get(active_to=None)
        assert (member.customer, member.contact, member.active_from) == (gold, chairman, TOMORROW)
        assert old.active_to == TOMORROW

    def test_asks_for_a_person_who_is_missing(self, lin: User, head_office: User, second: User) -> None:
        make_rating.rated("甲", 100, owner=lin)

        published(head_office, second)

        assert not ClubMembership.objects.exists()
        assert "董事长" in Message.objects.get(user=lin).body
