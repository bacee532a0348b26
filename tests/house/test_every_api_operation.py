"""Rules that hold for every operation of the API: who may, in which branches, with which scope, and what it shows."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, resolve, reverse
from django.utils.timezone import now as read_clock

from crm import rights
from crm.models import Branch, SourceKey, User
from crm.models.api import ApiScope
from crm.models.staff import Role
from tests.factories import crm as make
from tests.factories.api import Machine, machine, token
from tests.house.api_operations import NAMES, OPERATIONS
from tests.house.test_every_address import World, walk

DONE = (200, 201)
METHODS = ("get", "post", "put", "patch", "delete")
EACH = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: " ".join(one))
OF_A_ROW = pytest.mark.parametrize(
    "operation", [one for one, what in OPERATIONS.items() if what.rows], ids=lambda one: " ".join(one)
)
LISTS = pytest.mark.parametrize(
    "operation", [one for one, what in OPERATIONS.items() if what.lists], ids=lambda one: " ".join(one)
)
UNSAFE = pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if one[0] != "GET"], ids=lambda one: " ".join(one)
)
Name = tuple[str, str]


def path_of(operation: Name, world: World) -> str:
    values = {
        "customer": world.customer.pk,
        "policy": world.policy.pk,
        "promise": world.promise.pk if world.promise else 0,
        "ticket": world.ticket.number,
        "source": "core",
        "customer_key": key_of("customer", world),
        "contact_key": key_of("contact", world),
        "policy_key": key_of("policy", world),
        "premium_key": key_of("premium", world),
    }
    return reverse(operation[1], args=[values.get(row, row) for row in OPERATIONS[operation].rows])


def key_of(noun: str, world: World) -> str:
    """This function will give a row of the world a key of a source system."""
    row = getattr(world, noun)
    SourceKey.objects.get_or_create(
        noun=noun, source="core", **{noun: row}, defaults={"external_id": row.pk, "created_at": read_clock()}
    )
    return str(row.pk)


def body_of(operation: Name, world: World) -> Any:
    bodies = {
        "": None,
        "stage": {"stage": "formal"},
        "title": {"title": "总经理"},
        "product": {"product": "团体意外险"},
        "paid": {"paid_on": "2026-01-05"},
        "batch": {
            "source": "core",
            "noun": "customers",
            "rows": [{"external_id": key_of("customer", world), "stage": "formal"}],
        },
        "ticket": {
            "customer": world.customer.number,
            "kind": "complaint",
            "channel": "web",
            "received_at": read_clock().isoformat(),
            "subject": "迟迟没有答复",
        },
    }
    return bodies[OPERATIONS[operation].body]


def ask(client: Machine, operation: Name, world: World, **more: Any) -> Any:
    return prepared(client, operation, world, **more)()


def prepared(client: Machine, operation: Name, world: World, **more: Any) -> Callable[[], Any]:
    """This function will gather what a call says, and leave the call itself to be made."""
    body, path = more.pop("body", body_of(operation, world)), path_of(operation, world)
    world.customer.refresh_from_db()
    return partial(
        client.call, operation[0], path, body, **{"If-Match": f'"{world.customer.version}"', **more}
    )


def someone(role: str, branch: Branch) -> User:
    place = make.branch_tree().head_office if role == Role.HEAD_OFFICE else branch
    return make.person(f"{role}-{place.code}", role=role, branch=place)


@pytest.fixture
def world(lin: User) -> World:
    return World(lin)


class TestTheOperations:
    def test_are_all_classified(self) -> None:
        api = {name for name in walk(get_resolver().url_patterns) if name.split(":")[0].endswith("api")}
        found = set()
        for name in api - {"api-schema"}:
            view = resolve_class(name)
            found |= {(m.upper(), name) for m in METHODS if hasattr(view, m)}

        assert found == set(OPERATIONS)
        assert api == NAMES

    def test_ask_what_they_are_classified_to_ask(self) -> None:
        for (method, name), what in OPERATIONS.items():
            assert resolve_class(name).asks[method] == (what.right, ApiScope(what.scope)), (method, name)

    def test_that_change_something_count_once(self) -> None:
        loose = [
            one for one in OPERATIONS if one[0] != "GET"
            if not hasattr(getattr(resolve_class(one[1]), one[0].lower()), "counts_once")
        ]  # fmt: skip

        assert not loose


def resolve_class(name: str) -> Any:
    for args in ([], [1], ["core", "1"], ["x"]):
        try:
            return resolve(reverse(name, args=args)).func.view_class  # type: ignore[attr-defined]
        except Exception:
            continue
    raise AssertionError(name)


class TestACallWithoutAToken:
    @EACH
    def test_is_answered_with_401(self, operation: Name, world: World) -> None:
        answer = ask(Machine("jn_000000000000_wrong"), operation, world)

        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert "令牌" in answer.json()["title"]


class TestARole:
    @EACH
    def test_may_do_what_its_rights_say_in_its_own_branch_above_it_and_nowhere_else(
        self, operation: Name, world: World
    ) -> None:
        tree, what = make.branch_tree(), OPERATIONS[operation]
        places = {"own": tree.office, "parent": tree.city, "sibling": tree.other_office}
        for role in Role:
            for place, branch in places.items():
                status = ask(machine(someone(role, branch)), operation, world).status_code
                inside = place != "sibling" or role == Role.HEAD_OFFICE
                if role not in rights.table()[what.right]["roles"]:
                    assert status == 403, (role, place)
                elif what.rows and not inside:
                    assert status == 404, (role, place)
                elif what.by_row and not inside:
                    assert status == 200, (role, place)
                elif operation[0] == "POST" and not inside:
                    assert status == 422, (role, place)
                elif what.narrow and inside:
                    assert status in (*DONE, 403), (role, place)
                else:
                    assert status in DONE, (role, place)

    @OF_A_ROW
    def test_of_a_branch_below_sees_nothing_of_the_one_above(self, operation: Name, world: World) -> None:
        tree = make.branch_tree()
        above = World(make.person("above", branch=tree.city, role="branch_manager"))
        below = make.person("below", role="branch_manager", branch=tree.office)

        assert ask(machine(below), operation, above).status_code == 404


class TestAList:
    @LISTS
    def test_leaks_no_row_of_another_branch(self, operation: Name, world: World, zhou: User) -> None:
        answer = ask(machine(zhou), operation, world)

        assert answer.status_code == 200
        assert answer.json() == {"rows": [], "next": None}


class TestACall:
    @EACH
    def test_asks_few_statements_whatever_the_rows(
        self, operation: Name, world: World, manager: User, head_office: User
    ) -> None:
        what = OPERATIONS[operation]
        client = machine(manager if rights.may(manager, what.right) else head_office)
        assert ask(client, operation, world).status_code in DONE  # fills what is kept in memory

        few = statements_of(client, operation, world)
        world.crowd(manager, 60)
        many = statements_of(client, operation, world)

        assert len(many) <= len(few) + 1, "\n".join(many)
        assert len(many) <= what.statements, (len(many), "\n".join(many))


def statements_of(client: Machine, operation: Name, world: World) -> list[str]:
    call = prepared(client, operation, world)
    with CaptureQueriesContext(connection) as found:
        assert call().status_code in DONE
    return [one["sql"][:200] for one in found if "SAVEPOINT" not in one["sql"]]


class TestAScope:
    @EACH
    def test_that_was_not_given_opens_nothing(self, operation: Name, world: World, head_office: User) -> None:
        others = tuple(s for s in ApiScope.values if s != OPERATIONS[operation].scope)

        assert ask(machine(head_office, others), operation, world).status_code == 403


class TestAnAnswer:
    @EACH
    def test_holds_no_clear_name_phone_or_id_number(self, operation: Name, world: World, lin: User) -> None:
        phone = "13912345678"
        secret = make.contact(
            world.customer, "欧阳修文", role="second", phone=phone, id_no="11010519491231002X"
        )
        answer = ask(machine(lin), operation, world).content.decode()

        assert secret.name not in answer
        assert phone not in answer
        assert "11010519491231002X" not in answer


class TestARevokedToken:
    @EACH
    def test_is_dead_at_the_next_call(self, operation: Name, world: World, lin: User) -> None:
        issued = token(lin)
        issued.token.revoked_at, issued.token.revoked_by = read_clock(), lin
        issued.token.save()

        assert ask(Machine(issued.text), operation, world).status_code == 401


class TestFieldsThatNobodyMaySet:
    @UNSAFE
    def test_are_refused_or_change_nothing(
        self, operation: Name, world: World, head_office: User, zhou: User
    ) -> None:
        wanted = {
            "branch": zhou.branch.code,
            "tier": "gold",
            "tier_shown": "gold",
            "version": 99,
            "is_staff": True,
        }
        before = type(world.customer).objects.filter(pk=world.customer.pk).values().get()
        for name, value in wanted.items():
            body = body_of(operation, world)
            body = [{**one, name: value} for one in body] if isinstance(body, list) else {**body, name: value}
            answer = ask(machine(head_office), operation, world, body=body)

            assert answer.status_code in (400, 422), (name, answer.status_code)
        assert type(world.customer).objects.filter(pk=world.customer.pk).values().get() == before


class TestATokenInAnAddress:
    def test_is_not_read(self, world: World, lin: User) -> None:
        answer = Machine("").get(f"{reverse('api:customers')}?token={token(lin).text}")

        assert answer.status_code == 401
