"""A touchpoint as the proof of a promise, where its standard takes one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from crm.models import Customer, User
from servicing.models import Commitment, ServiceStandard
from servicing.selectors.touch_proofs import that_prove
from servicing.services import commitments
from servicing.touch_proofs import kinds_that_prove
from tests.factories import crm as make
from tests.factories.servicing import at, promise

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


@pytest.fixture
def visited(silver: Customer, lin: User) -> Commitment:
    """A promise to visit, closed without proof."""
    promise(silver)  # publishes the catalogue
    standard = next(one for one in ServiceStandard.objects.all() if "拜访记录" in one.evidence)
    row = commitments.open_windowed(
        customer=silver,
        standard=standard,
        occasion="visit:2026:1",
        title="上半年拜访",
        starts_at=at("2026-03-01 00:00"),
        due_at=at("2026-06-30 23:59:59"),
        owner=lin,
        tier="silver",
        now=make.NOW,
    )
    return commitments.fulfil(commitment=row, at=make.NOW, by=lin, proof=None, now=make.NOW)


class TestATouchpointAsProof:
    """Chosen on the receipt."""

    def test_is_one_of_the_customer_in_person_and_in_its_time(
        self, visited: Commitment, silver: Customer, gold: Customer
    ) -> None:
        """A call is no visit, and next week's visit proves nothing of this week's."""
        visit = make.touchpoint(silver, kind="visit", happened_at=make.NOW)
        make.touchpoint(silver, kind="call")
        make.touchpoint(gold, kind="visit")
        later = make.NOW + timedelta(days=7)
        make.touchpoint(silver, kind="visit", happened_at=later, now=later)
        make.touchpoint(silver, kind="visit", happened_at=at("2026-02-28 23:59:59"))
        assert list(that_prove(visited, now=later)) == [visit]

    def test_is_filed_with_its_number(
        self, client_as: LogIn, visited: Commitment, silver: Customer, lin: User
    ) -> None:
        """No other reference is asked."""
        visit = make.touchpoint(silver, "拜访总经理", kind="visit")
        client, address = client_as(lin), f"/promises/{visited.pk}/"
        assert "拜访总经理" in client.get(address).text
        client.post(f"{address}evidence/", {"touchpoint": str(visit.pk), "reference": "", "token": "t"})
        proof = visited.evidence.get()
        assert (proof.kind, proof.reference, proof.note) == ("touchpoint", visit.number, "拜访总经理")
        assert "往来记录" in client.get(address).text

    def test_of_another_customer_is_refused(
        self, client_as: LogIn, visited: Commitment, gold: Customer, lin: User
    ) -> None:
        """It is not among the choices."""
        other = make.touchpoint(gold, kind="visit")
        answer = client_as(lin).post(f"/promises/{visited.pk}/evidence/", {"touchpoint": str(other.pk)})
        assert answer.status_code == 422 and not visited.evidence.exists()

    def test_is_not_offered_where_the_standard_takes_none(self) -> None:
        """Papers are proved by papers."""
        assert kinds_that_prove(["付款凭证", "批单号"]) == frozenset()
        assert "call" in kinds_that_prove(["沟通记录"]) and "call" not in kinds_that_prove(["拜访记录"])
