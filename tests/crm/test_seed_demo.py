"""The demo: only where it is asked for, once, the same at every run, with every state on every desk."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from random import Random

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from django.utils.module_loading import autodiscover_modules
from pytest_django import DjangoDbBlocker, Settings

from crm import registry
from crm.demo.book import Author
from crm.models import (
    ApiToken,
    BranchClosure,
    Contact,
    Customer,
    CustomerMerge,
    Handover,
    LogEntry,
    Message,
    Policy,
    Recovery,
    StandIn,
    Touchpoint,
    User,
)
from crm.models.handover import HandoverCause
from crm.models.message import MessageState
from crm.models.staff import Role
from crm.selectors import invariants, merging, recoveries
from crm.selectors.sending import dead as dead_letters_of
from crm.services import audit_seals, demo
from crm.time import SHANGHAI
from servicing.models import Commitment, Ticket
from servicing.selectors import commitments
from tests.factories import crm as make

FEW = 120
SATURDAY_NIGHT = datetime(2026, 11, 21, 23, 50, tzinfo=SHANGHAI)


def seed(now: datetime, customers: int = FEW) -> bool:
    """This function will seed the demo as of a moment."""
    autodiscover_modules("demo")
    return demo.seed(parts=registry.demo_parts(), customers=customers, now=now)


@pytest.fixture
def shown(settings: Settings) -> None:
    """An installation that is switched to demo."""
    settings.DEMO = True


@pytest.mark.django_db
class TestAnInstallationThatIsNoDemo:
    def test_is_left_alone(self, settings: Settings, now: datetime) -> None:
        settings.DEMO = False
        with pytest.raises(demo.NotADemo, match="DEMO=1"):
            seed(now)
        assert not User.objects.exists()

    def test_with_branches_of_its_own_is_left_alone(self, shown: None, now: datetime) -> None:
        make.branch_tree()
        with pytest.raises(demo.HouseIsLivedIn):
            seed(now)

    def test_needs_enough_customers(self, shown: None, now: datetime) -> None:
        with pytest.raises(demo.TooFewCustomers):
            seed(now, customers=5)


@pytest.fixture(scope="class")
def seeded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo, seeded once for a class, whose tests run inside one transaction that is rolled back."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        assert seed(SATURDAY_NIGHT)
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("seeded")
@pytest.mark.django_db
class TestTheDemo:
    def test_is_made_once(self) -> None:
        rows = (Customer.objects.count(), Ticket.objects.count(), LogEntry.objects.count())
        assert not seed(SATURDAY_NIGHT + timedelta(days=3))
        assert rows == (Customer.objects.count(), Ticket.objects.count(), LogEntry.objects.count())

    def test_has_people_of_every_role_who_can_log_in(self, client: Client) -> None:
        assert set(User.objects.values_list("role", flat=True)) == set(Role.values)
        assert all(client.login(username=person.username, password=demo.PASSWORD) for person in demo.logins())

    def test_holds_numbers_that_belong_to_nobody(self) -> None:
        phones = set(Contact.objects.exclude(phone_masked="").values_list("phone_masked", flat=True))
        assert phones and all(phone.startswith("100") for phone in phones)
        assert all(
            n.startswith("9")
            for n in Contact.objects.exclude(id_no_masked="").values_list("id_no_masked", flat=True)
        )
        assert Policy.objects.count() > FEW

    def test_shows_promises_in_every_state(self) -> None:
        states = Counter(Commitment.objects.values_list("state", "cancel_kind"))
        assert {
            ("open", ""),
            ("paused", ""),
            ("fulfilled", ""),
            ("cancelled", "withdrawn"),
            ("cancelled", "waived"),
        } <= set(states)
        fulfilled = Commitment.objects.filter(state="fulfilled")
        assert fulfilled.filter(breached_at__isnull=True).exists()
        assert fulfilled.filter(breached_at__isnull=False).exists()
        assert Commitment.objects.filter(provisional=True, state="open").exists()
        assert Commitment.objects.filter(state="open", breached_at__isnull=False).exists()
        assert Commitment.objects.filter(state="open", starts_at__gt=SATURDAY_NIGHT).exists()
        assert set(Ticket.objects.values_list("kind", flat=True)) == {
            "issue",
            "change",
            "enquiry",
            "complaint",
            "money_in",
            "money_out",
            "request",
        }

    def test_gives_every_desk_work_of_every_kind(self) -> None:
        for person in User.objects.filter(
            is_active=True, role__in=(Role.ACCOUNT_MANAGER, Role.SERVICE_AGENT)
        ):
            load = commitments.load_of(person, mine=True, now=SATURDAY_NIGHT)
            assert min(load.overdue, load.today, load.tomorrow, load.week, load.paused) > 0, (person, load)
        for person in User.objects.filter(is_active=True).exclude(role=Role.AUDITOR):
            assert commitments.load_of(person, mine=True, now=SATURDAY_NIGHT).running, person

    def test_crosses_the_spring_festival(self) -> None:
        ticket = Ticket.objects.select_related("promise").get(subject__startswith="春节前")
        assert ticket.promise is not None and ticket.promise.due_at is not None
        assert ticket.received_at.astimezone(SHANGHAI).date().isoformat() == "2026-02-12"
        assert ticket.promise.due_at.astimezone(SHANGHAI).date().isoformat() == "2026-02-26"
        assert (ticket.state, ticket.promise.state) == ("closed", "fulfilled")

    def test_greeted_last_week_and_leaves_today_to_the_tick(self) -> None:
        assert Message.objects.filter(kind="birthday_greeting", state="accepted").exists()
        birthdays = set(
            Contact.objects.filter(customer__tier_shown__in=("gold", "silver")).values_list(
                "birth_month", "birth_day"
            )
        )
        assert {(11, 21), (11, 22)} <= birthdays

    def test_handed_customers_over_and_told_them(self) -> None:
        leaving, workload = Handover.objects.order_by("at")
        assert (leaving.cause, workload.cause) == (HandoverCause.LEAVING, HandoverCause.WORKLOAD)
        assert leaving.former is not None and not leaving.former.is_active
        assert {item.taker.username for item in leaving.items.all()} == {"lin", "wang"}
        told = [item.notice for row in (leaving, workload) for item in row.items.all()]
        assert {one.state for one in told if one is not None} == {MessageState.ACCEPTED}

    def test_has_the_suspected_pairs_made_on_purpose_and_no_other(self) -> None:
        found = merging.suspects(Customer.objects.filter(merged_into__isnull=True))
        assert sorted(one.why for one in found) == [
            "手机相同、姓名和生日相同",
            "手机相同、姓名和生日相同",
            "统一社会信用代码相同",
        ]

    def test_merged_one_pair_and_parted_another(self) -> None:
        merged, parted = CustomerMerge.objects.order_by("pk")
        assert (merged.undone_at is None, parted.undone_at is None) == (True, False)

    def test_wrote_down_what_passed_with_customers(self) -> None:
        assert Touchpoint.objects.filter(by__username="lin").count() > 3
        assert Touchpoint.objects.filter(corrected_at__isnull=False).count() == 1

    def test_has_dead_letters_of_both_kinds(self) -> None:
        dead = Counter(dead_letters_of(Customer.objects.all()).values_list("state", flat=True))
        assert set(dead) == {MessageState.FAILED, MessageState.UNKNOWN}

    def test_stood_still_once_and_says_what_that_cost(self) -> None:
        report = Recovery.objects.get()
        parts = Counter[str]()
        for line in recoveries.lines(report, Customer.objects.all()):
            parts += line.parts
        assert parts["missed"] and parts["made_up"]

    def test_arranged_stand_ins_closures_and_tokens(self) -> None:
        today = SATURDAY_NIGHT.date()
        assert StandIn.objects.filter(active_from__lte=today, active_to__gt=today).exists()
        assert StandIn.objects.filter(active_from__gt=today).exists()
        assert StandIn.objects.filter(active_to__lte=today).exists()
        assert set(BranchClosure.objects.values_list("decision", flat=True)) == {"", "confirmed"}
        assert [bool(one.revoked_at) for one in ApiToken.objects.order_by("pk")] == [False, False, True]

    def test_breaks_no_sentence_about_the_data(self) -> None:
        shortly = SATURDAY_NIGHT + timedelta(seconds=30)
        audit_seals.seal(now=shortly)
        broken = [one.words() for one in invariants.findings(now=shortly) if not one.holds]
        assert not broken

    def test_wrote_nothing_that_lies_ahead(self) -> None:
        assert not Ticket.objects.filter(received_at__gt=SATURDAY_NIGHT).exists()
        assert not Commitment.objects.filter(fulfilled_at__gt=SATURDAY_NIGHT).exists()
        assert not LogEntry.objects.filter(at__gt=SATURDAY_NIGHT).exists()


@pytest.mark.django_db
class TestAnyDayOfTheYear:
    @pytest.mark.parametrize(
        "now",
        [
            datetime(2026, 1, 2, 0, 5, tzinfo=SHANGHAI),
            datetime(2026, 12, 31, 23, 59, tzinfo=SHANGHAI),
            datetime(2028, 2, 29, 15, 0, tzinfo=SHANGHAI),
        ],
    )
    def test_can_be_shown(self, shown: None, now: datetime) -> None:
        assert seed(now)
        lin = User.objects.get(username="lin")
        assert commitments.load_of(lin, mine=True, now=now).running > 5


class TestTheBookOfTheDemo:
    def test_is_the_same_at_every_run(self, now: datetime) -> None:
        books = [
            Author(registry.DemoStage(now, FEW, Random(demo.SEED)), now.date()).sheets(range(FEW))
            for _ in range(2)
        ]
        assert books[0] == books[1]

    def test_gives_no_number_twice(self, now: datetime) -> None:
        author = Author(registry.DemoStage(now, 2_000, Random(demo.SEED)), now.date())
        people = author.sheets(range(2_000))["服务对象"]
        numbers = [row[5] for row in people if row[5]]
        assert len(numbers) > 2_000 and len(set(numbers)) == len(numbers)


@pytest.mark.django_db
class TestTheCommand:
    def test_prints_who_may_log_in_and_says_when_it_was_here(self, shown: None) -> None:
        out = StringIO()
        with time_machine.travel(SATURDAY_NIGHT, tick=False):
            call_command("seed_demo", "--customers", str(FEW), stdout=out)
            call_command("seed_demo", "--customers", str(FEW), stdout=out)
        assert "演示数据已生成" in out.getvalue() and "没有重复生成" in out.getvalue()
        assert "jiannuo-demo-2026" in out.getvalue() and "林晓 · 客户经理 · 塘沽营业部" in out.getvalue()

    def test_refuses_in_one_sentence(self, settings: Settings) -> None:
        settings.DEMO = False
        with pytest.raises(CommandError, match="DEMO=1"):
            call_command("seed_demo")
