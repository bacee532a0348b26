"""The gates: what is not of one's own branch subtree does not exist."""

import pytest
from django.http import Http404

from crm import access
from crm.models import Branch, Customer, User
from crm.rights import NotAllowed
from tests.factories import crm as make

pytestmark = pytest.mark.django_db


class TestACustomerOfTheOffice:
    """Seen from the tree's branches."""

    @pytest.mark.parametrize(
        ("place", "seen"),
        [
            ("head_office", True),
            ("province", True),
            ("city", True),
            ("office", True),
            ("other_province", False),
            ("other_office", False),
        ],
    )
    def test_is_seen_from_its_branch_and_above(self, place: str, seen: bool) -> None:
        """And from nowhere else."""
        customer = make.customer()
        user = make.person("someone", branch=getattr(make.branch_tree(), place))
        assert access.visible_customers(user).exists() is seen
        if seen:
            assert access.customer(user, customer.pk) == customer
        else:
            with pytest.raises(Http404):
                access.customer(user, customer.pk)

    def test_is_seen_by_the_auditor_of_the_head_office(self) -> None:
        """Through the root."""
        auditor = make.person("shen", "auditor", make.branch_tree().head_office)
        assert access.customer(auditor, make.customer().pk)

    def test_is_not_seen_from_a_branch_with_a_longer_number(self) -> None:
        """Branch 1 is not the beginning of branch 12: paths end with a stroke."""
        tree = make.branch_tree()
        twelve = Branch.objects.create(
            name="津南", code="12", kind="office", parent=tree.city, path=f"{tree.office.path[:-1]}2/"
        )
        make.customer(branch=twelve)
        assert not access.visible_customers(make.person(branch=tree.office)).exists()


class TestAContact:
    """Asked by its own number."""

    def test_belongs_to_the_customer_in_the_address(self) -> None:
        """A number of another customer does not open it."""
        lin = make.person()
        first, second = make.customer("甲", owner=lin), make.customer("乙", owner=lin)
        contact = make.contact(first)
        assert access.contact(lin, first.pk, contact.pk) == contact
        with pytest.raises(Http404):
            access.contact(lin, second.pk, contact.pk)

    def test_of_another_branch_does_not_exist(self, zhou: User) -> None:
        """Not even by its number."""
        customer = make.customer()
        with pytest.raises(Http404):
            access.contact(zhou, customer.pk, make.contact(customer).pk)


class TestChangingACustomer:
    """Owner, team and their managers."""

    def test_is_for_owner_supervisor_team_and_managers(
        self, gold: Customer, lin: User, lead: User, manager: User, head_office: User
    ) -> None:
        """Each of them may."""
        mate = make.person("mate")
        assert not access.may_edit(mate, gold)
        gold.team.add(mate)
        assert all(access.may_edit(user, gold) for user in (lin, lead, manager, head_office, mate))

    def test_is_not_for_a_colleague_or_a_service_agent(self, gold: Customer, agent: User) -> None:
        """Who sees it, is told who may."""
        colleague = make.person("colleague", name="同事")
        for user in (colleague, agent):
            with pytest.raises(NotAllowed, match="林晓"):
                access.customer_to_edit(user, gold.pk)

    def test_elsewhere_does_not_exist(self, gold: Customer, zhou: User) -> None:
        """404 before any talk of rights."""
        with pytest.raises(Http404):
            access.customer_to_edit(zhou, gold.pk)
