"""Two customer rows are one customer: merging them, and taking that back."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from crm import access
from crm.models import Contact, Customer, CustomerMerge, LogEntry, MergeStep, User
from crm.rights import NotAllowed
from crm.selectors import customers as read
from crm.selectors import merging as select
from crm.services import customers, merging
from servicing.models import Commitment, Ticket
from servicing.services import commitments, tickets
from tests.factories import crm as make
from tests.factories.servicing import at, promise, ticket
from tests.factories.tiers import give_tier
from tiers.models import Assignment

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def first(lin: User) -> Customer:
    """The row that stays."""
    return make.customer("金海集团", owner=lin, number="K1")


@pytest.fixture
def second(lin: User) -> Customer:
    """The same customer, recorded a second time."""
    return make.customer("金海集团有限公司", owner=lin, number="K2", stage="prospect")


def merge(
    first: Customer, second: Customer, by: User, taken: Iterable[str] = (), now: Any = NOW
) -> CustomerMerge:
    """This function will merge two rows as they stand."""
    first.refresh_from_db()
    second.refresh_from_db()
    return merging.merge(
        survivor=first,
        merged=second,
        versions=(first.version, second.version),
        taken_over=set(taken),
        reason="重复开户",
        by=by,
        now=now,
    )


def picture() -> dict[str, Any]:
    """This function will copy every row of every floor, but for the log, versions and the merge itself."""
    skipped = {"crm.logentry", "crm.customermerge", "crm.mergestep", "servicing.commitmentevent"}
    return {
        model._meta.label_lower: sorted(
            (
                {k: v for k, v in row.items() if k not in ("version", "tier_shown")}
                for row in model._base_manager.values()
            ),
            key=lambda row: str(sorted(map(str, row.items()))),
        )
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ("crm", "tiers", "servicing") and model._meta.label_lower not in skipped
    }


class TestAMerge:
    """Of two organisations."""

    def test_moves_everything_and_leaves_a_pointer(
        self, first: Customer, second: Customer, manager: User, agent: User
    ) -> None:
        """On every floor; the old number finds the one that stays."""
        contact, policy = make.contact(second), make.policy(second)
        row, note = ticket(second, "complaint", received_at=NOW), make.touchpoint(second)
        paid = make.premium(policy)
        second.team.add(agent)
        give_tier(second, "gold")
        done = merge(first, second, manager)
        second.refresh_from_db()
        first.refresh_from_db()
        assert (second.merged_into, second.status) == (first, "lapsed")
        for one in (contact, policy, row, note, paid):
            one.refresh_from_db()
            assert one.customer == first
        assert not Commitment.objects.filter(customer=second).exists()
        assert first.tier_shown == "gold" and list(first.team.all()) == [agent]
        assert list(access.visible_customers(manager)) == [first]
        assert list(read.search(access.visible_customers(manager), "K2")) == [first]
        assert done.steps.count() >= 7 and done.reason == "重复开户"
        assert LogEntry.objects.filter(action="crm.customer.merged").count() == 2
        assert "crm.customer.recorded" in {
            entry.action for entry in read.history(first) if entry.customer == second
        }

    def test_takes_over_what_was_chosen(self, first: Customer, second: Customer, manager: User) -> None:
        """And nothing else."""
        merge(first, second, manager, ["name"])
        first.refresh_from_db()
        assert (first.name, first.stage, first.name_initials) == ("金海集团有限公司", "formal", "jhjtyxgs")

    def test_keeps_one_person_once_and_no_more_than_the_seats(
        self, first: Customer, second: Customer, manager: User
    ) -> None:
        """What stays behind is said."""
        make.contact(first, "张伟", phone="13800005678")
        make.contact(second, "张伟", phone="13800005678")
        fresh = make.contact(second, "李明")
        done = merge(first, second, manager)
        fresh.refresh_from_db()
        assert (fresh.customer, fresh.slot) == (first, 2) and second.contacts.count() == 1
        assert any("两边都登记了" in note for note in done.notes)

    def test_says_what_found_no_seat(self, first: Customer, second: Customer, manager: User) -> None:
        """Two first service objects are the most."""
        for name in ("张伟", "李明"):
            make.contact(first, name)
        make.contact(second, "王芳")
        assert any("席位已满" in note for note in merge(first, second, manager).notes)

    def test_promises_each_occasion_once(self, first: Customer, second: Customer, manager: User) -> None:
        """The second of two running ones is cancelled as a duplicate; one that was kept is not owed again."""
        kept, twin = promise(first, occasion="visit:1"), promise(second, occasion="visit:1")
        done, owed = promise(second, occasion="visit:2"), promise(first, occasion="visit:2")
        alone = promise(second, occasion="visit:3")
        commitments.fulfil(commitment=done, at=NOW, by=manager, proof=None, now=NOW)
        merge(first, second, manager)
        states = {row.pk: (row.state, row.cancel_kind) for row in Commitment.objects.all()}
        assert states[kept.pk] == ("open", "") and states[twin.pk] == ("cancelled", "duplicate")
        assert states[done.pk] == ("fulfilled", "") and states[owed.pk] == ("cancelled", "duplicate")
        alone.refresh_from_db()
        assert alone.customer == first and alone.state == "open"

    @pytest.mark.parametrize(
        ("own", "other", "stays"), [("silver", "gold", "gold"), ("gold", "silver", "gold")]
    )
    def test_keeps_the_higher_of_two_levels(
        self, first: Customer, second: Customer, manager: User, own: str, other: str, stays: str
    ) -> None:
        """And says so."""
        give_tier(first, own)
        give_tier(second, other)
        done = merge(first, second, manager)
        first.refresh_from_db()
        assert first.tier_shown == stays and any("保留较高的金牌" in note for note in done.notes)
        assert Assignment.objects.filter(customer=first).count() == 1

    def test_repoints_earlier_merges(
        self, first: Customer, second: Customer, lin: User, manager: User
    ) -> None:
        """An old number never leads to a row that is itself merged."""
        third = make.customer("金海", owner=lin, number="K3")
        merge(second, third, manager)
        merge(first, second, manager)
        third.refresh_from_db()
        assert third.merged_into == first


class TestAMergeOfPersons:
    """Who have one seat."""

    @pytest.fixture
    def pair(self, lin: User) -> tuple[Contact, Contact]:
        """The same person twice, with two phones."""
        rows = [make.customer("单雄信", kind="person", owner=lin) for _time in range(2)]
        return make.contact(rows[0], "单雄信"), make.contact(rows[1], "单雄信")

    @pytest.mark.parametrize("taken", [[], ["self"]])
    def test_keeps_the_data_that_was_chosen(
        self, pair: tuple[Contact, Contact], manager: User, taken: list[str]
    ) -> None:
        """The other stays with the old number, and both come back."""
        own, other = pair
        before = picture()
        done = merge(own.customer, other.customer, manager, taken)
        assert own.customer.contacts.get() == (other if taken else own)
        merging.undo(merge=done, by=manager, now=NOW)
        assert picture() == before


class TestWhatIsNoMerge:
    """Is refused, and nothing moves."""

    def test_of_itself_of_two_kinds_or_of_other_branches(
        self, first: Customer, second: Customer, manager: User, zhou: User, head_office: User
    ) -> None:
        """Unless somebody above both does it."""
        person = make.customer("单雄信", kind="person", owner=first.owner)
        theirs = make.customer("石家庄制药", owner=zhou)
        for other in (first, person, theirs):
            with pytest.raises(merging.CannotBeMerged):
                merge(first, other, manager)
        assert merge(first, theirs, head_office).pk

    def test_by_those_without_the_right_or_without_a_reason(
        self, first: Customer, second: Customer, lin: User, manager: User
    ) -> None:
        """The keeper asks the manager."""
        with pytest.raises(NotAllowed):
            merge(first, second, lin)
        with pytest.raises(merging.MergeNeedsReason):
            merging.merge(
                survivor=first, merged=second, versions=(1, 1), taken_over=(), reason=" ", by=manager, now=NOW
            )

    @pytest.mark.parametrize("stale", [(9, 1), (1, 9)])
    def test_of_rows_that_changed_meanwhile(
        self, first: Customer, second: Customer, manager: User, stale: tuple[int, int]
    ) -> None:
        """Either of them."""
        with pytest.raises(merging.MergedMeanwhile):
            merging.merge(
                survivor=first,
                merged=second,
                versions=stale,
                taken_over=(),
                reason="重复",
                by=manager,
                now=NOW,
            )

    def test_twice(self, first: Customer, second: Customer, lin: User, manager: User) -> None:
        """The second is told; the database refuses it too."""
        done = merge(first, second, manager)
        with pytest.raises(merging.MergedMeanwhile):
            merge(make.customer("别家", owner=lin), second, manager)
        with pytest.raises(IntegrityError), transaction.atomic():
            CustomerMerge.objects.create(
                survivor=first, merged=second, reason="再来", by=manager, merged_at=NOW
            )
        assert CustomerMerge.objects.get() == done


class TestAMergedCustomer:
    """Takes nothing more."""

    def test_refuses_what_would_be_added(
        self, first: Customer, second: Customer, manager: User, lin: User
    ) -> None:
        """With the number to use instead."""
        merge(first, second, manager)
        acts: list[Any] = [
            lambda: ticket(second, "enquiry", received_at=NOW),
            lambda: make.touchpoint(second),
            lambda: make.contact(second),
            lambda: make.policy(second),
            lambda: give_tier(second, "gold"),
        ]
        for act in acts:
            with pytest.raises(customers.CustomerWasMerged, match="K2 已并入 K1"):
                act()
        assert not Ticket.objects.exists()


class TestUndoing:
    """Within the days that the settings give."""

    def test_puts_exactly_everything_back(
        self, first: Customer, second: Customer, manager: User, agent: User
    ) -> None:
        """Row by row, on every floor; twice is refused."""
        make.contact(first, "张伟", phone="13800005678")
        make.contact(second, "张伟", phone="13800005678")
        make.contact(second, "李明")
        make.premium(make.policy(second))
        make.touchpoint(second)
        ticket(second, "complaint", received_at=NOW)
        promise(first, occasion="visit:1")
        paused = promise(second, occasion="visit:1", triggered_at=at("2026-03-10 09:00"))
        commitments.pause(commitment=paused, reason="appraisal", by=manager, now=NOW)
        second.team.add(agent)
        give_tier(first, "silver")
        give_tier(second, "gold")
        before = picture()
        done = merge(first, second, manager, ["name", "stage", "belongs"])
        assert picture() != before
        merging.undo(merge=done, by=manager, now=NOW + timedelta(days=30))
        assert picture() == before
        assert set(access.visible_customers(manager)) == {first, second}
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.tier_shown, second.tier_shown) == ("silver", "gold")
        with pytest.raises(merging.CannotBeUndone, match="已经撤销"):
            merging.undo(merge=done, by=manager, now=NOW)

    def test_is_too_late_after_thirty_days(self, first: Customer, second: Customer, manager: User) -> None:
        """To the second."""
        done = merge(first, second, manager)
        late = NOW + timedelta(days=30, seconds=1)
        with pytest.raises(merging.CannotBeUndone, match="超过 30 天"):
            merging.undo(merge=done, by=manager, now=late)

    def test_names_what_was_touched_since(self, first: Customer, second: Customer, manager: User) -> None:
        """And puts nothing back."""
        row = ticket(second, "complaint", received_at=NOW)
        make.policy(second)
        done = merge(first, second, manager)
        row.refresh_from_db()
        tickets.reply(ticket=row, body="已处理。", by=manager, now=NOW, version=row.version)
        with pytest.raises(merging.CannotBeUndone, match=row.number):
            merging.undo(merge=done, by=manager, now=NOW)
        assert not second.policies.exists()

    def test_leaves_what_came_since_with_the_one_that_stayed(
        self, first: Customer, second: Customer, manager: User
    ) -> None:
        """It was said of that customer."""
        done = merge(first, second, manager)
        note = make.touchpoint(first, "合并以后的电话")
        merging.undo(merge=done, by=manager, now=NOW)
        note.refresh_from_db()
        assert note.customer == first

    def test_waits_for_a_later_merge(
        self, first: Customer, second: Customer, lin: User, manager: User
    ) -> None:
        """The last is undone first."""
        third = make.customer("金海", owner=lin, number="K3")
        earlier = merge(second, third, manager)
        later = merge(first, second, manager)
        with pytest.raises(merging.CannotBeUndone, match="K1"):
            merging.undo(merge=earlier, by=manager, now=NOW)
        for one in (later, earlier):
            merging.undo(merge=one, by=manager, now=NOW)
        assert not Customer.objects.filter(merged_into__isnull=False).exists()

    def test_is_for_managers_of_both(
        self, first: Customer, second: Customer, manager: User, lin: User, zhou: User
    ) -> None:
        """Nobody else."""
        done = merge(first, second, manager)
        with pytest.raises(NotAllowed):
            merging.undo(merge=done, by=lin, now=NOW)
        stranger = make.person("hu", "branch_manager", branch=zhou.branch)
        with pytest.raises(merging.CannotBeUndone):
            merging.undo(merge=done, by=stranger, now=NOW)
        assert MergeStep.objects.exists()


class TestSuspects:
    """Who may be one customer."""

    def test_share_an_id_a_phone_or_a_name_and_birthday(self, lin: User, manager: User) -> None:
        """Of one kind; a unit and a person with one phone are two."""
        people = [make.customer("单雄信", kind="person", owner=lin) for _time in range(3)]
        unit = make.customer("金海集团", owner=lin)
        born = date(1990, 1, 2)
        make.contact(people[0], "单雄信", phone="13800005678", birth_date=born)
        make.contact(people[1], "单雄信", phone="13800005678")
        make.contact(people[2], "单雄信", birth_date=born)
        make.contact(unit, "张伟", phone="13800005678")
        found = select.suspects(access.visible_customers(manager))
        assert {(one.why, tuple(c.pk for c in one.customers)) for one in found} == {
            ("手机相同", (people[0].pk, people[1].pk)),
            ("姓名和生日相同", (people[0].pk, people[2].pk)),
        }

    def test_are_gone_after_the_merge(self, lin: User, manager: User) -> None:
        """Though what stayed behind has the same phone."""
        rows = [make.customer("单雄信", kind="person", owner=lin) for _time in range(2)]
        for row in rows:
            make.contact(row, "单雄信", phone="13800005678")
        assert select.suspects(access.visible_customers(manager))
        merge(rows[0], rows[1], manager)
        assert not select.suspects(access.visible_customers(manager))
