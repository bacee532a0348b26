"""The customer list and its search."""

from typing import Any

import pytest
from stdnum.cn import ric

from crm.models import Customer
from crm.selectors import customers
from crm.selectors.customers import Wanted
from tests.factories import crm as make
from tests.factories.tiers import give_tier

pytestmark = pytest.mark.django_db
DEMO_ID = "99000019750312001" + ric.calc_check_digit("990000197503120010")


@pytest.fixture
def port(settings: Any) -> Customer:
    """A customer with a contact and a policy, among others."""
    settings.DEMO = True
    for name in ("海河乳业", "大沽化工"):
        make.contact(make.customer(name), "王芳", phone="13911112222")
    port = make.customer("天津港务集团", number="K77001234")
    make.contact(port, "欧阳娜", phone="13800005678", id_no=DEMO_ID)
    make.policy(port, number="P2026-778899")
    return port


class TestASearch:
    """For one customer among others."""

    @pytest.mark.parametrize(
        "text",
        [
            "天津港务集团",
            "港务",
            " 港务 ",
            "tjgw",
            "gwjt",
            "TJGW",
            "欧阳",
            "oyn",
            "13800005678",
            "+86 138-0000-5678",
            "１３８００００５６７８",
            "5678",
            DEMO_ID,
            "K77001234",
            "k7700",
            "1234",
            "P2026-778899",
            "p2026-77",
        ],
    )
    def test_finds_it_by(self, port: Customer, text: str) -> None:
        """Part of a name, initials, phone, tail, ID number, customer or policy number."""
        assert list(customers.search(Customer.objects.all(), text)) == [port]

    @pytest.mark.parametrize(
        "text", ["13800005679", "8000", "0000567", "567", "zzz", "港务局", "%", "_", "'; drop"]
    )
    def test_does_not_find_it_by(self, port: Customer, text: str) -> None:
        """A part of a phone, or what is nowhere."""
        assert port not in customers.search(Customer.objects.all(), text)

    def test_of_a_shared_phone_finds_each_once(self, port: Customer) -> None:
        """Two customers with the same handler."""
        make.contact(Customer.objects.get(name="大沽化工"), "王芳", role="second", phone="13911112222")
        found = customers.search(Customer.objects.all(), "13911112222")
        assert sorted(c.name for c in found) == ["大沽化工", "海河乳业"]

    def test_never_leaves_what_it_is_given(self, port: Customer) -> None:
        """Search narrows the gate's rows."""
        assert not customers.search(Customer.objects.none(), "港务").exists()


class TestInitialsThatManyShare:
    @pytest.fixture(autouse=True)
    def book(self, port: Customer) -> None:
        for name in ("天马", "天蒙", "田苗", "土门", "唐明", "马唐", "田七"):
            make.customer(name)
        make.contact(make.customer("甲公司"), "谭敏")

    @pytest.mark.parametrize("text", ["tm", "TM", "mt", "t", "tq"])
    def test_find_the_same_in_the_lists_order_as_found_first(
        self, text: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ordered = Customer.objects.order_by("name", "id")
        usual = list(customers.search(ordered, text))
        monkeypatch.setattr(customers, "MANY", 0)
        assert list(customers.search(ordered, text)) == usual

    def test_are_the_customers_or_those_of_a_person_served(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(customers, "MANY", 3)
        found = {one.name for one in customers.search(Customer.objects.all(), "tm")}
        assert found == {"天马", "天蒙", "田苗", "土门", "唐明", "甲公司"}

    def test_take_the_other_way_beyond_the_bound_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for bound, walked in ((4, True), (5, False)):
            monkeypatch.setattr(customers, "MANY", bound)
            asked = str(customers.search(Customer.objects.all(), "tm").query)
            assert (" OR " in asked) is walked


class TestTheList:
    """With filters."""

    def test_keeps_what_every_filter_keeps(self) -> None:
        """Branch with what is below, tier, kind, owner."""
        tree = make.branch_tree()
        lin, he = make.person("lin"), make.person("he", branch=tree.city)
        gold, person, plain = (
            make.customer("甲", owner=lin),
            make.customer("乙", owner=he, kind="person"),
            make.customer("丙"),
        )
        give_tier(gold, "gold")

        def names(**wanted: Any) -> list[str]:
            return [c.name for c in customers.listing(Customer.objects.all(), Wanted(**wanted))]

        assert sorted(names()) == sorted(["甲", "乙", "丙"])
        assert names(branch=tree.office, tiers=("gold",)) == ["甲"]
        assert names(tiers=("", "ordinary"), kind="organisation") == ["丙"]
        assert names(owner=he) == ["乙"]
        assert sorted(names(branch=tree.city)) == sorted(["甲", "乙", "丙"])
        assert names(branch=tree.other_office) == []
        assert {person.owner, plain.owner} == {he, lin}

    def test_counts_policies_in_force(self) -> None:
        """Terminated ones are not counted."""
        customer = make.customer()
        for status in ("in_force", "in_force", "terminated", "lapsed"):
            make.policy(customer, status=status)
        assert customers.listing(Customer.objects.all(), Wanted()).get().policies_in_force == 2


class TestASearchText:
    """That is personal."""

    @pytest.mark.parametrize(
        ("text", "personal"), [("13800005678", True), (DEMO_ID, True), ("5678", False), ("港务", False)]
    )
    def test_must_stay_out_of_addresses(self, text: str, personal: bool) -> None:
        """Whole phones and ID numbers."""
        assert customers.is_personal(text) is personal
