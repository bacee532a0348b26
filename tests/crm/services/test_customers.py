"""Recording and changing customers."""

from datetime import date

import pytest

from crm.models import Customer, LogEntry
from crm.services import customers
from crm.signals import customer_status_changed
from tests.factories import crm as make

pytestmark = pytest.mark.django_db


class TestRecordingACustomer:
    """By hand or by import."""

    def test_without_a_number_gives_ours(self) -> None:
        """JN and the row's id."""
        lin = make.person()
        customer = customers.record_customer(
            name=" 天津港 ", kind="organisation", branch=lin.branch, owner=lin, by=lin, now=make.NOW
        )
        assert customer.number == f"JN{customer.pk:08d}"
        assert (customer.name, customer.name_initials) == ("天津港", "tjg")

    def test_refuses_a_number_twice(self) -> None:
        """Numbers are unique."""
        make.customer(number="K1")
        with pytest.raises(customers.CustomerNumberIsTaken, match="K1"):
            make.customer(number="K1")

    def test_refuses_an_owner_who_could_not_open_it(self) -> None:
        """The owner works in the branch or above."""
        tree = make.branch_tree()
        with pytest.raises(customers.OwnerCannotSeeCustomer, match="zhou"):
            make.customer(owner=make.person("zhou", branch=tree.other_office), branch=tree.office)
        assert (
            make.customer(owner=make.person("up", branch=tree.city), branch=tree.office).branch == tree.office
        )

    def test_refuses_a_wrong_organisation_code(self) -> None:
        """Eighteen characters with a check digit; a person has none."""
        with pytest.raises(customers.RegistrationNumberIsWrong):
            make.customer(registration_no="91120000000000000A")
        with pytest.raises(customers.RegistrationNumberIsWrong):
            make.customer(kind="person", registration_no="91110000600037341L")
        assert make.customer(registration_no="91110000600037341l").registration_no == "91110000600037341L"

    def test_refuses_extra_large_without_a_start(self) -> None:
        """Extra large is from a day on."""
        with pytest.raises(customers.ExtraLargeNeedsStart):
            make.customer(extra_large=True)

    def test_is_written_down_with_a_persons_name_masked(self) -> None:
        """The log holds nothing clear."""
        make.customer("单雄信", kind="person")
        row = LogEntry.objects.get(action="crm.customer.recorded")
        assert row.after and row.after["name"] == "单*"


class TestChangingACustomer:
    """That somebody else may be changing too."""

    def test_saves_and_raises_the_version(self) -> None:
        """The log holds before and after."""
        customer = make.customer("甲公司")
        changed = customers.change_customer(
            customer=customer, version=1, name="乙公司", stage="prospect", by=None, now=make.NOW
        )
        assert (changed.name, changed.name_initials, changed.version) == ("乙公司", "ygs", 2)
        row = LogEntry.objects.get(action="crm.customer.changed")
        assert row.before == {"name": "甲公司", "stage": "formal"}
        assert row.after == {"name": "乙公司", "stage": "prospect"}

    def test_refuses_a_stale_version(self) -> None:
        """The second saver is told, and nothing is lost."""
        customer = make.customer("甲公司")
        customers.change_customer(customer=customer, version=1, name="乙公司", by=None, now=make.NOW)
        with pytest.raises(customers.CustomerChangedMeanwhile, match="刷新"):
            customers.change_customer(customer=customer, version=1, name="丙公司", by=None, now=make.NOW)
        customer.refresh_from_db()
        assert customer.name == "乙公司"

    def test_to_the_same_is_no_change(self) -> None:
        """No version, no log row."""
        customer = make.customer("甲公司")
        same = customers.change_customer(customer=customer, version=1, name="甲公司", by=None, now=make.NOW)
        assert same.version == 1
        assert not LogEntry.objects.filter(action="crm.customer.changed").exists()

    def test_keeps_the_owner_able_to_see_it(self) -> None:
        """A move to a branch that the owner cannot see is refused."""
        customer = make.customer()
        with pytest.raises(customers.OwnerCannotSeeCustomer):
            customers.change_customer(
                customer=customer, version=1, branch=make.branch_tree().other_office, by=None, now=make.NOW
            )

    def test_of_status_tells_the_floors_above(self) -> None:
        """With the former status."""
        told: list[tuple[str, str]] = []

        def hear(*, customer: Customer, former: str, **_rest: object) -> None:
            told.append((former, customer.status))

        customer_status_changed.connect(hear)
        customers.change_customer(customer=make.customer(), version=1, status="lapsed", by=None, now=make.NOW)
        customer_status_changed.disconnect(hear)
        assert told == [("active", "lapsed")]

    def test_writes_dates_as_text(self) -> None:
        """The log is plain JSON."""
        customer = make.customer()
        customers.change_customer(
            customer=customer,
            version=1,
            extra_large=True,
            extra_large_from=date(2026, 1, 1),
            by=None,
            now=make.NOW,
        )
        row = LogEntry.objects.get(action="crm.customer.changed")
        assert row.after == {"extra_large": True, "extra_large_from": "2026-01-01"}
