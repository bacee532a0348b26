"""`manage.py points`: what a customer's points are made of."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from crm.models import Customer
from tests.factories import crm as make
from tests.tiers.services.test_stars import count, life
from tiers.models import StarPoints

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = StringIO()
    call_command("points", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def customer() -> Customer:
    found = make.customer()
    life(found, "38500.00", number="L1")
    life(found, "100.00", number="L2", delivered_date=None)
    return found


class TestTheCommand:
    def test_tells_points_star_and_gap(self, customer: Customer) -> None:
        said = run(customer.number, "--at", "2026-06-30")

        assert f"{customer.number} 2026-06-30 星点值 38500.00 一星" in said
        assert "距二星还差 1500.00 星点：十年期年交 1500.00 元，或趸交 15000.00 元" in said

    def test_lists_each_policy_with_its_reason(self, customer: Customer) -> None:
        said = run(customer.number, "--at", "2026-06-30", "--explain")

        assert "L1  38500.00  计入" in said
        assert "L2  0.00  没有送达日，补上后才计入" in said

    def test_says_from_which_day_a_policy_will_count(self, customer: Customer) -> None:
        said = run(customer.number, "--at", "2024-01-15", "--explain")

        assert "L1  0.00  送达未满 15 天，2024-01-26 起计入" in said

    def test_tells_the_held_star_and_its_term(self, customer: Customer) -> None:
        count()
        StarPoints.objects.update(star=3)

        assert "三星\n有效期至 2028-06-28" in run(customer.number, "--at", "2026-07-01")

    def test_gives_the_same_as_data(self, customer: Customer) -> None:
        found = json.loads(run(customer.number, "--at", "2026-06-30", "--json"))

        assert (found["points"], found["star"], found["gap"]["single_premium"]) == ("38500.00", 1, "15000.00")
        assert [(one["number"], one["reason"]) for one in found["policies"]] == [
            ("L1", ""),
            ("L2", "not_delivered"),
        ]

    def test_changes_nothing(self, customer: Customer) -> None:
        run(customer.number)

        assert not StarPoints.objects.exists()

    @pytest.mark.parametrize(
        ("words", "sentence"), [(["K999"], "没有客户号为 K999"), (["K1", "--at", "昨天"], "昨天")]
    )
    def test_that_is_mistyped_says_what_to_do(self, words: list[str], sentence: str) -> None:
        with pytest.raises(CommandError, match=sentence):
            run(*words)
