"""Acts on many rows, called as the doors call them: rows that somebody else took, forms that came twice."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from crm.bulk_acts import BulkAct, Done
from crm.models import BulkRow, Customer, User
from crm.rights import NotAllowed
from crm.services import bulk
from servicing.services.bulk import transfer_ticket
from tests.factories import crm as make
from tests.factories.servicing import ticket

pytestmark = pytest.mark.django_db


def act(run: Any = transfer_ticket) -> BulkAct:
    """This function will make an act on tickets."""
    return BulkAct("tickets.test", "tickets", "试", "x", "ticket_transfer", lambda user, data: None, run)


def chosen(*pks: int) -> list[bulk.Chosen]:
    """This function will tick rows."""
    return [bulk.Chosen(pk, str(pk), "/") for pk in pks]


class TestARowThatIsTaken:
    def test_is_not_done_again(self, agent: User, now: datetime) -> None:
        """While the first row was being done, somebody who went on with the same run did the second."""
        seen: list[int] = []

        def run(by: User, pk: int, said: Mapping[str, Any], at: datetime) -> Done:
            seen.append(pk)
            BulkRow.objects.filter(row=2).update(state="done", sentence="别人办的")
            return Done()

        row = bulk.begin(act=act(run), chosen=chosen(1, 2), said={}, token="t", by=agent, now=now)
        bulk.go_on(run=row, act=act(run), said={}, by=agent, now=now)
        assert seen == [1]
        assert BulkRow.objects.get(row=2).sentence == "别人办的"


class TestAFormThatComesTwice:
    def test_is_the_same_run(self, agent: User, lin: User, now: datetime) -> None:
        first = bulk.begin(act=act(), chosen=chosen(1), said={}, token="t", by=agent, now=now)
        assert bulk.begin(act=act(), chosen=chosen(1), said={}, token="t", by=agent, now=now) == first
        assert bulk.begin(act=act(), chosen=chosen(1), said={}, token="t", by=lin, now=now) != first


class TestWhoMayNot:
    def test_begins_nothing_and_goes_on_with_nothing(
        self, agent: User, silver: Customer, now: datetime
    ) -> None:
        auditor = make.person("shen", role="auditor")
        row = ticket(silver, received_at=now)
        with pytest.raises(NotAllowed):
            bulk.begin(act=act(), chosen=chosen(row.pk), said={}, token="t", by=auditor, now=now)
        run = bulk.begin(act=act(), chosen=chosen(row.pk), said={}, token="t", by=agent, now=now)
        with pytest.raises(NotAllowed):
            bulk.go_on(run=run, act=act(), said={}, by=auditor, now=now)
        assert BulkRow.objects.get().state == "planned"
