"""The list of promises, through the door."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from crm.models import Customer, User
from servicing.services import commitments
from tests.factories.servicing import promise, windowed

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def shown(page: object) -> list[int]:
    """This function will list the promises that a page shows."""
    return [row.promise.pk for row in page.context["rows"]]  # type: ignore[attr-defined]


class TestTheList:
    def test_shows_running_ones_whose_window_has_begun_nearest_first(
        self, client_as: LogIn, agent: User, silver: Customer, now: datetime
    ) -> None:
        soon = promise(silver, triggered_at=now)
        later = promise(silver, "PA-18.2.1-complaint", triggered_at=now)
        windowed(silver, starts_at=now + timedelta(days=3), now=now)
        assert shown(client_as(agent).get("/promises/")) == [soon.pk, later.pk]

    def test_hides_other_branches(
        self, client_as: LogIn, zhou: User, silver: Customer, now: datetime
    ) -> None:
        promise(silver, triggered_at=now)
        assert shown(client_as(zhou).get("/promises/?state=all")) == []

    def test_narrows_by_state_person_and_words(
        self,
        client_as: LogIn,
        agent: User,
        lin: User,
        silver: Customer,
        now: datetime,
        office_clock: time_machine.Traveller,
    ) -> None:
        row, kept = promise(silver, triggered_at=now), promise(silver, triggered_at=now)
        commitments.fulfil(commitment=kept, at=now, by=lin, proof=None, now=now)
        client = client_as(agent)
        assert shown(client.get("/promises/?state=kept")) == [kept.pk]
        assert set(shown(client.get("/promises/?state=all"))) == {row.pk, kept.pk}
        assert shown(client.get("/promises/?state=overdue")) == []
        assert shown(client.get("/promises/?scope=mine")) == []
        assert shown(client_as(lin).get("/promises/?scope=mine")) == [row.pk]
        for text in ("银河", "yhwl", "PA-18.1.3", "测试承诺"):
            assert shown(client.get("/promises/", {"q": text})) == [row.pk], text
        assert row.due_at is not None
        office_clock.move_to(row.due_at)
        assert shown(client_as(agent).get("/promises/?state=overdue")) == []
        office_clock.move_to(row.due_at + timedelta(seconds=1))
        assert shown(client_as(agent).get("/promises/?state=overdue")) == [row.pk]
