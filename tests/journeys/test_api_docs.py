"""The page that explains the API, drawn by a library under our own colours and policy."""

from collections.abc import Callable

import pytest

from crm.models import User
from tests.journeys.walker import Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class TestThePageOfTheApi:
    def test_has_no_barrier_closed_or_opened(self, walk: Callable[..., Walker], manager: User) -> None:
        walker = walk(manager)
        walker.page.goto(f"{walker.base}/api/docs")
        walker.page.wait_for_selector(".opblock-post")
        walker.look()
        walker.page.click(".opblock-post .opblock-summary-control")
        walker.page.click(".try-out__btn")
        walker.page.wait_for_selector(".body-param textarea")
        walker.look()
