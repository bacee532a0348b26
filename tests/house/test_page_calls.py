"""What one more row costs a list, counted in calls of Python functions: the same number on every machine.

A row that includes a fragment, translates a word or looks up an address for itself costs several hundred calls more.
"""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now as read_clock

from crm.models import Customer, User
from tests.factories import crm as make
from tests.factories import servicing as promise_floor

pytestmark = pytest.mark.django_db
FEW, MORE = 2, 8
# calls of Python functions that a row may cost, reading it from the database included; at the last count 245, 211, 211, 110
MOST = {"/tickets/": 300, "/?scope=mine": 300, "/promises/": 300, "/customers/?all=1": 160}


def calls(work: Callable[[], Any]) -> int:
    """This function will count the functions of Python that some work calls."""
    counted = 0

    def note(_frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal counted
        counted += event == "call"

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted


def customers_with_tickets(owner: User, count: int) -> list[Customer]:
    made = [make.customer(f"客户{n}号", owner=owner) for n in range(count)]
    for one in made:
        promise_floor.ticket(one, "complaint", received_at=read_clock())
    return made


class TestOneMoreRow:
    @pytest.mark.parametrize("path", MOST)
    def test_costs_few_calls(self, path: str, lin: User, client_as: Callable[[User], Client]) -> None:
        client = client_as(lin)

        def cost(rows: int) -> int:
            for _warm in range(2):
                page = client.get(path).content.decode()
            assert page.count("data-row") == rows
            return calls(lambda: client.get(path))

        customers_with_tickets(lin, FEW)
        few = cost(FEW)
        customers_with_tickets(lin, MORE - FEW)
        more = cost(MORE)
        assert (more - few) / (MORE - FEW) <= MOST[path], (few, more)
