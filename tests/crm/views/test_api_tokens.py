"""The page 接口令牌: a new token is shown once, a double submit makes one."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils.timezone import now as read_clock

from crm.models import ApiToken, User
from tests.factories.api import Machine

PAGE = "crm:api-token-list"


def asked(person: User, **fields: object) -> dict[str, object]:
    day = (read_clock() + timedelta(days=9)).date().isoformat()
    return {
        "name": "同步",
        "person": person.pk,
        "scopes": ["read"],
        "expires_on": day,
        "token": "t1",
        **fields,
    }


class TestANewToken:
    def test_is_shown_once_and_opens_the_api(self, lin: User, client_as: Callable[[User], Client]) -> None:
        client = client_as(lin)
        answer = client.post(reverse(PAGE), asked(lin))
        text = answer.context["issued"].text

        assert text in answer.content.decode()
        assert text not in client.get(reverse(PAGE)).content.decode()
        assert Machine(text).call("GET", "/api/v1/customers").status_code == 200

    def test_is_made_once_by_two_submits(self, lin: User, client_as: Callable[[User], Client]) -> None:
        client = client_as(lin)
        for _time in range(2):
            client.post(reverse(PAGE), asked(lin))

        assert ApiToken.objects.count() == 1

    def test_for_another_person_is_refused(
        self, lin: User, manager: User, client_as: Callable[[User], Client]
    ) -> None:
        answer = client_as(lin).post(reverse(PAGE), asked(manager))

        assert answer.status_code == 422
        assert not ApiToken.objects.exists()

    def test_that_is_half_filled_keeps_what_was_typed(
        self, lin: User, client_as: Callable[[User], Client]
    ) -> None:
        answer = client_as(lin).post(reverse(PAGE), asked(lin, addresses="办公室"))

        assert answer.status_code == 422
        assert "不是 IP 地址" in answer.content.decode()
        assert "办公室" in answer.content.decode()


class TestATokenOfAnother:
    def test_is_not_even_known(self, lin: User, manager: User, client_as: Callable[[User], Client]) -> None:
        client_as(lin).post(reverse(PAGE), asked(lin))
        row = ApiToken.objects.get()

        answer = client_as(manager).post(reverse("crm:api-token-revoke", args=[row.pk]))

        assert answer.status_code == 404
        row.refresh_from_db()
        assert row.revoked_at is None
