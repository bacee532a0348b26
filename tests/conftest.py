"""The clock and the cast: who works where, and which customers of which tier they keep."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings

from crm.models import Customer, User
from crm.time import SHANGHAI
from tests.factories import crm as make
from tests.factories.tiers import give_tier


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """This function will leave out what speaks of another database than the one of this run."""
    elsewhere = [
        item
        for item in items
        if (mark := item.get_closest_marker("only_on")) and mark.args[0] != connection.vendor
    ]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning."""
    return datetime(2026, 3, 10, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def manager(db: None) -> User:
    """The manager of 塘沽营业部."""
    return make.person("guo", role="branch_manager", name="郭敏")


@pytest.fixture
def lead(manager: User) -> User:
    """The lead of the account managers, under the branch manager."""
    return make.person("he", role="account_manager", name="何静", supervisor=manager)


@pytest.fixture
def lin(lead: User) -> User:
    """The account manager who keeps the cast's customers."""
    return make.person("lin", role="account_manager", name="林晓", supervisor=lead)


@pytest.fixture
def agent(lead: User) -> User:
    """A service agent of the same office."""
    return make.person("qin", role="service_agent", name="秦岚", supervisor=lead)


@pytest.fixture
def zhou(db: None) -> User:
    """An account manager of another branch, who must see nothing of this one."""
    tree = make.branch_tree()
    return make.person("zhou", role="account_manager", branch=tree.other_office, name="周平")


@pytest.fixture
def head_office(db: None) -> User:
    """An administrator of the head office."""
    return make.person("tang", role="head_office", branch=make.branch_tree().head_office, name="唐宁")


@pytest.fixture
def gold(lin: User) -> Customer:
    """A gold customer of 林晓."""
    customer = make.customer("金海集团", owner=lin)
    give_tier(customer, "gold")
    customer.refresh_from_db()
    return customer


@pytest.fixture
def silver(lin: User) -> Customer:
    """A silver customer of 林晓."""
    customer = make.customer("银河物流", owner=lin)
    give_tier(customer, "silver")
    customer.refresh_from_db()
    return customer


@pytest.fixture
def ordinary(lin: User) -> Customer:
    """An ordinary customer of 林晓."""
    return make.customer("普济商贸", owner=lin)


@pytest.fixture
def client_as() -> object:
    """A function that gives a client logged in as a person."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    """How often somebody asked is counted in memory: a test does not pay for the calls of the one before."""
    cache.clear()


@pytest.fixture(autouse=True)
def _password_is_enough() -> Iterator[None]:
    """Tests of other things log in by password alone, as the demo does."""
    with override_settings(SECOND_FACTOR_REQUIRED=False):
        yield
