"""Changing a policy through the door."""

from collections.abc import Callable

import pytest
from django.test import Client

from crm.models import Customer, LogEntry, Policy, User
from crm.services import policies
from tests.crm.views.test_edits import fields_of
from tests.factories import crm as make

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


@pytest.fixture
def policy(gold: Customer) -> Policy:
    """A policy of the gold customer."""
    return make.policy(gold, premium_fen=12_345_67)


@pytest.fixture
def address(gold: Customer, policy: Policy) -> str:
    """The address of the form."""
    return f"/customers/{gold.pk}/policies/{policy.pk}/edit/"


class TestChangingAPolicy:
    """On its form."""

    def test_shows_yuan_and_saves_fen(
        self, client_as: LogIn, lin: User, policy: Policy, address: str
    ) -> None:
        """And writes down just what was changed."""
        client = client_as(lin)
        page = client.get(address)
        assert 'value="12345.67"' in page.text
        answer = client.post(address, fields_of(page) | {"premium": "20000.1", "status": "terminated"})
        assert answer["Location"].endswith("?tab=policies")
        policy.refresh_from_db()
        assert (policy.premium_fen, policy.status) == (20_000_10, "terminated")
        after = LogEntry.objects.get(action="crm.policy.changed").after
        assert after == {"premium_fen": 20_000_10, "status": "terminated"}

    def test_sent_back_unchanged_writes_nothing(self, client_as: LogIn, lin: User, address: str) -> None:
        """The same values again."""
        client = client_as(lin)
        assert client.post(address, fields_of(client.get(address))).status_code == 302
        assert not LogEntry.objects.filter(action="crm.policy.changed").exists()

    def test_shows_a_stale_edit_and_loses_nothing(
        self, client_as: LogIn, lin: User, policy: Policy, address: str
    ) -> None:
        """What was typed, beside what stands; saving again is then meant."""
        client = client_as(lin)
        form = fields_of(client.get(address)) | {"product": "甲产品"}
        policies.change_policy(policy=policy, product="乙产品", by=None, now=make.NOW)
        page = client.post(address, form)
        assert page.status_code == 422 and "产品：乙产品" in page.text and 'value="甲产品"' in page.text
        assert client.post(address, form | {"seen": page.context["seen"]}).status_code == 302
        policy.refresh_from_db()
        assert policy.product == "甲产品"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"premium": "-1"},
            {"premium": "1.234"},
            {"premium": "abc"},
            {"premium": "9" * 30},
            {"ends_date": "2025-12-31"},
            {"effective_date": ""},
            {"pay_years": "0"},
            {"status": "burnt"},
        ],
    )
    def test_refuses_what_cannot_be_true(
        self, client_as: LogIn, lin: User, policy: Policy, address: str, wrong: dict[str, str]
    ) -> None:
        """With a sentence, and nothing saved."""
        client = client_as(lin)
        page = client.post(address, fields_of(client.get(address)) | wrong)
        assert page.status_code == 422 and page.context["form"].errors
        assert Policy.objects.get(pk=policy.pk).premium_fen == policy.premium_fen

    def test_is_for_those_who_keep_the_customer(
        self, client_as: LogIn, gold: Customer, zhou: User, address: str
    ) -> None:
        """403 for a colleague, 404 for another branch, and the tab shows no button."""
        colleague = client_as(make.person("colleague"))
        assert colleague.get(address).status_code == 403
        assert "修改保单" not in colleague.get(f"/customers/{gold.pk}/?tab=policies").text
        assert client_as(zhou).get(address).status_code == 404

    def test_belongs_to_its_customer(
        self, client_as: LogIn, lin: User, silver: Customer, policy: Policy
    ) -> None:
        """Another customer's address does not lead to it."""
        assert client_as(lin).get(f"/customers/{silver.pk}/policies/{policy.pk}/edit/").status_code == 404
