"""What people see of premiums: under the policy, with totals, and a year's sum on the customer's page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now as read_clock

from crm.models import Policy, User
from crm.time import local_date
from tests.factories import crm as make


@pytest.fixture
def policy(lin: User) -> Policy:
    policy = make.policy(make.customer("金海集团", owner=lin), number="P1")
    today = local_date(read_clock())
    make.premium(policy, 1_200_050, today, number="S1")
    make.premium(policy, -20_050, today, number="T1")
    make.premium(policy, 700_000, today - timedelta(days=800), year=2, number="S0")
    return policy


@pytest.mark.django_db
class TestAPolicyWithPremiums:
    def test_shows_what_was_received_in_all(self, policy: Policy, lin: User, client: Client) -> None:
        client.force_login(lin)
        page = client.get(f"/customers/{policy.customer_id}/?tab=policies").content.decode()

        assert f'/customers/{policy.customer_id}/policies/{policy.pk}/premiums/">18,800.00</a>' in page

    def test_lists_them_with_totals(self, policy: Policy, lin: User, client: Client) -> None:
        client.force_login(lin)
        answer = client.get(f"/customers/{policy.customer_id}/policies/{policy.pk}/premiums/")
        page = answer.content.decode()

        assert [row.number for row in answer.context["premiums"]][-1] == "S0"
        for words in ("12,000.50", "-200.50", "退费", "18,800.00", "11,800.00", "7,000.00"):
            assert words in page, words

    def test_shows_the_years_sum_on_the_customers_page(
        self, policy: Policy, lin: User, client: Client
    ) -> None:
        client.force_login(lin)
        answer = client.get(f"/customers/{policy.customer_id}/")

        assert answer.context["received"].fen == 1_180_000
        assert f"{answer.context['year']} 年实收" in answer.content.decode()

    def test_is_not_there_for_another_branch(self, policy: Policy, zhou: User, client: Client) -> None:
        client.force_login(zhou)

        assert (
            client.get(f"/customers/{policy.customer_id}/policies/{policy.pk}/premiums/").status_code == 404
        )
