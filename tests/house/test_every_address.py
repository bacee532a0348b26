"""Rules that hold for every address: logged in, with the right, inside one's branches, within a few queries."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.timezone import now as read_clock

from crm import rights
from crm.models import Customer, Recovery, User
from crm.models.staff import Role
from crm.services import handovers, long_jobs, merging, messages, reveal_limits, stand_ins, teams, visits
from crm.time import local_date
from tests.factories import crm as make
from tests.factories import servicing as promise_floor
from tests.factories.api import token
from tests.factories.tiers import give_tier
from tests.house.addresses import ADDRESSES
from tests.house.api_operations import NAMES as API

BUDGETS = json.loads(Path(__file__).with_name("budgets.json").read_text(encoding="utf-8"))
MOST_QUERIES = 15


def walk(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


class World:
    """A customer with everything an address can show."""

    def __init__(self, owner: User) -> None:
        now = read_clock()
        self.customer: Customer = make.customer("金海集团", owner=owner)
        give_tier(self.customer, "gold")
        self.contact = make.contact(self.customer, "王强")
        self.policy = make.policy(self.customer)
        self.premium = make.premium(self.policy)
        twin = make.customer("金海集团", owner=owner)
        self.merge = merging.merge(
            survivor=self.customer,
            merged=twin,
            versions=(self.customer.version, twin.version),
            taken_over=(),
            reason="重复开户",
            by=make.person("merger", role="head_office", branch=make.branch_tree().head_office),
            now=now,
        )
        self.touchpoint = make.touchpoint(self.customer, now=now)
        self.seat = teams.seat(
            customer=self.customer,
            user=make.person(f"seated-{owner.username}", branch=owner.branch),
            kind="member",
            duty="保全",
            by=owner,
            now=now,
        )
        self.ticket = promise_floor.ticket(self.customer, "complaint", received_at=now)
        self.promise = self.ticket.promise
        self.long_job = long_jobs.request(kind="test", title="测试", by=owner, now=now)
        self.api_token = token(owner).token
        self.message = messages.post(
            kind="birthday_greeting",
            message_class="marketing",
            channel="sms",
            body="测试",
            contact=self.contact,
            now=now,
        )
        self.recovery = Recovery.objects.create(began_at=now - timedelta(days=3), ended_at=now)
        self.handover = handovers.note_change(
            customer=self.customer,
            former=make.person("former", branch=owner.branch),
            former_branch=owner.branch,
            by=None,
            now=now,
        )
        self.stand_in = stand_ins.begin(
            person=owner,
            stand_in=make.person("stand-in", branch=make.branch_tree().head_office),
            active_from=local_date(now),
            active_to=local_date(now) + timedelta(days=3),
            by=owner,
            now=now,
        )
        self.notice = messages.notify(users=[owner], kind="ticket", body="测试", now=now, link="/")[0]

    def crowd(self, owner: User, n: int) -> None:
        """This function will add `n` more of everything, all of it on the same pages."""
        now = read_clock()
        for i in range(n):
            customer = make.customer(f"客户{i:03d}", owner=owner)
            make.premium(make.policy(self.customer))
            make.premium(self.policy)
            make.touchpoint(self.customer, now=now)
            mate = make.person(f"mate-{i}", branch=owner.branch)
            teams.seat(customer=self.customer, user=mate, kind="member", duty="保全", by=owner, now=now)
            passer_by = make.person(f"p-{i}", branch=owner.branch)
            visits.note(customer=self.customer, by=passer_by, now=now)
            reveal_limits.count(by=passer_by, now=now)
            make.person(f"crowd-{i:03d}", supervisor=owner)
            taken = promise_floor.ticket(customer, "complaint", received_at=now - timedelta(minutes=i))
            promise_floor.ticket(self.customer, "complaint", received_at=now - timedelta(minutes=i))
            token(owner)
            messages.notify(
                users=[owner], kind="ticket", body="测试", now=now, link=f"/tickets/{taken.number}/"
            )


def path_of(name: str, world: World) -> str:
    values = {
        "customer": world.customer.pk,
        "contact": world.contact.pk,
        "merge": world.merge.pk,
        "touchpoint": world.touchpoint.pk,
        "seat": world.seat.pk,
        "colleague": world.customer.owner_id,
        "policy": world.policy.pk,
        "ticket": world.ticket.number,
        "promise": world.promise.pk if world.promise else 0,
        "notice": world.notice.pk,
        "long_job": world.long_job.pk,
        "person": world.customer.owner_id,
        "stand_in": world.stand_in.pk,
        "handover": world.handover.pk,
        "branch": world.customer.branch_id,
        "api_token": world.api_token.pk,
        "message": world.message.pk,
        "recovery": world.recovery.pk,
        "field": "phone",
        "token": "no-such-upload",
        "year": 2026,
        "login": 0,
        "draft": 0,
        "code": "PA-17.1",
        "act": "publish",
        "list": "tickets",
        "bulk": "tickets.transfer",
    }
    return reverse(name, args=[values.get(row, row) for row in ADDRESSES[name].rows])


def ask(client: Client, name: str, world: World) -> int:
    return int(getattr(client, ADDRESSES[name].method)(path_of(name, world)).status_code)


def named(**wanted: Any) -> list[str]:
    return [n for n, a in ADDRESSES.items() if all(getattr(a, k) == v for k, v in wanted.items())]


SCOPED = [name for name, address in ADDRESSES.items() if address.rows and not address.everywhere]
PRIVATE = named(public=False)
RIGHTS = [name for name, address in ADDRESSES.items() if address.right]


@pytest.fixture
def world(lin: User) -> World:
    return World(lin)


class TestTheAddresses:
    def test_are_all_classified(self) -> None:
        assert set(walk(get_resolver().url_patterns)) == set(ADDRESSES) | API


class TestAStranger:
    @pytest.mark.parametrize("name", PRIVATE)
    def test_is_sent_to_the_login(self, name: str, world: World) -> None:
        answer = getattr(Client(), ADDRESSES[name].method)(path_of(name, world))

        assert answer.status_code == 302
        assert answer["Location"].startswith("/login/")


class TestARole:
    @pytest.mark.parametrize("name", RIGHTS)
    def test_opens_what_its_rights_say_and_nothing_else(
        self, name: str, world: World, client_as: Callable[[User], Client]
    ) -> None:
        for role in Role:
            root = make.branch_tree().head_office if role == Role.HEAD_OFFICE else None
            person = make.person(f"a-{role}", role=role, branch=root)

            status = ask(client_as(person), name, world)

            if not rights.may(person, ADDRESSES[name].right):
                assert status == 403, role
            elif not ADDRESSES[name].narrow:
                assert status in (200, 302, 303, 409, 422), role
            else:
                assert status < 500, role


class TestAPersonOfAnotherBranch:
    @pytest.mark.parametrize("name", SCOPED)
    def test_does_not_even_learn_that_the_row_exists(
        self, name: str, world: World, zhou: User, client_as: Callable[[User], Client]
    ) -> None:
        role = next(r for r in Role if r in rights.table()[ADDRESSES[name].right]["roles"])
        stranger = make.person(f"z-{role}", role=role, branch=zhou.branch)

        assert ask(client_as(stranger), name, world) == 404

    @pytest.mark.parametrize("name", [n for n in named(method="get", public=False) if not ADDRESSES[n].rows])
    def test_reads_nothing_of_this_one_in_any_list(
        self, name: str, world: World, zhou: User, client_as: Callable[[User], Client]
    ) -> None:
        page = client_as(zhou).get(path_of(name, world), follow=True).content.decode()

        assert world.customer.name not in page
        assert world.ticket.number not in page


class TestAPage:
    @pytest.mark.parametrize("name", named(budget=True))
    def test_asks_few_queries_whatever_its_rows(
        self, name: str, world: World, lin: User, manager: User, client_as: Callable[[User], Client]
    ) -> None:
        client = client_as(lin if rights.may(lin, ADDRESSES[name].right) else manager)
        client.get(path_of(name, world))  # fills what is kept in memory: calendar, rights

        with CaptureQueriesContext(connection) as few:
            assert ask(client, name, world) == 200
        world.crowd(lin, 60)
        with CaptureQueriesContext(connection) as many:
            assert ask(client, name, world) == 200

        # one more row may bring one more kind of thing; sixty may not bring sixty queries
        assert len(many) <= len(few) + 2, "\n".join(q["sql"][:200] for q in many.captured_queries)
        assert len(many) <= BUDGETS[name] <= MOST_QUERIES, (name, len(many))


class TestTheBudgets:
    def test_name_every_page_that_is_counted(self) -> None:
        assert set(BUDGETS) == set(named(budget=True))
