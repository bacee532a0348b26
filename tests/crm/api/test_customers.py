"""Customers through the API: filtered like the list, paged by cursor, changed under the version that was seen."""

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from crm.models import Customer, User
from tests.factories import crm as make
from tests.factories.api import Machine, machine

LIST = "/api/v1/customers"


@pytest.fixture
def client(lin: User) -> Machine:
    return machine(lin)


class TestTheList:
    def test_is_paged_without_gaps_or_doubles(self, client: Machine, lin: User) -> None:
        names = [make.customer(name, owner=lin).name for name in ("甲", "乙", "乙", "丙", "丁")]
        seen, path = [], f"{LIST}?size=2"
        for _page in range(3):
            answer = client.call("GET", path).json()
            seen += [row["name"] for row in answer["rows"]]
            path = f"{LIST}?size=2&cursor={answer['next']}"

        assert sorted(seen) == sorted(names)
        assert answer["next"] is None

    def test_filters_as_the_page_does(self, client: Machine, gold: Customer, ordinary: Customer) -> None:
        def found(query: str) -> list[str]:
            return [row["number"] for row in client.call("GET", f"{LIST}?{query}").json()["rows"]]

        assert found("tier=gold") == [gold.number]
        assert found("tier=ordinary") == [ordinary.number]
        assert found("q=pjsm") == [ordinary.number]
        assert found("kind=person") == []
        assert set(found("branch=120101&owner=lin")) == {gold.number, ordinary.number}

    @pytest.mark.parametrize(
        "query",
        ["size=0", "size=201", "size=x", "cursor=x", "branch=130101", "owner=nobody", "kind=cat", "tier=tin"],
    )
    def test_refuses_what_it_does_not_know(self, query: str, client: Machine) -> None:
        answer = client.call("GET", f"{LIST}?{query}")

        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"

    def test_takes_no_whole_phone_number_in_an_address(self, client: Machine) -> None:
        assert client.call("GET", f"{LIST}?q=13912345678").status_code == 400

    def test_is_not_sent_twice_to_who_has_it(self, client: Machine, gold: Customer) -> None:
        tag = client.call("GET", LIST)["ETag"]

        assert client.call("GET", LIST, **{"If-None-Match": tag}).status_code == 304


class TestAChange:
    def test_is_made_under_the_version_that_was_seen(self, client: Machine, gold: Customer) -> None:
        path = f"{LIST}/{gold.pk}"
        tag = client.call("GET", path)["ETag"]
        answer = client.call("PATCH", path, {"stage": "prospect"}, **{"If-Match": tag})

        gold.refresh_from_db()
        assert (answer.status_code, gold.stage) == (200, "prospect")
        assert answer["ETag"] == f'"{gold.version}"' != tag

    def test_without_a_version_is_refused(self, client: Machine, gold: Customer) -> None:
        answer = client.call("PATCH", f"{LIST}/{gold.pk}", {"stage": "prospect"})

        assert answer.status_code == 428
        assert "If-Match" in answer.json()["title"]

    def test_of_what_another_changed_meanwhile_is_refused(self, client: Machine, gold: Customer) -> None:
        path = f"{LIST}/{gold.pk}"
        tag = client.call("GET", path)["ETag"]
        client.call("PATCH", path, {"stage": "prospect"}, **{"If-Match": tag})
        answer = client.call("PATCH", path, {"stage": "target"}, **{"If-Match": tag})

        gold.refresh_from_db()
        assert (answer.status_code, gold.stage) == (412, "prospect")

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"stage": "x"}, "stage"),
            ({"owner": "zhou"}, "owner"),
            ({"name": ""}, "name"),
            ({"branch": "1"}, "branch"),
        ],
    )
    def test_that_cannot_be_says_which_field(
        self, body: dict[str, str], field: str, client: Machine, gold: Customer, zhou: User
    ) -> None:
        answer = client.call("PATCH", f"{LIST}/{gold.pk}", body, **{"If-Match": f'"{gold.version}"'})

        assert answer.status_code == 422
        assert field in answer.json()["fields"]

    def test_of_a_wrong_code_carries_the_services_sentence(self, client: Machine, gold: Customer) -> None:
        body = {"registration_no": "91120000000000000X"}
        answer = client.call("PATCH", f"{LIST}/{gold.pk}", body, **{"If-Match": f'"{gold.version}"'})

        assert answer.status_code == 422
        assert "统一社会信用代码" in answer.json()["title"]


class TestABodyThatIsNoJson:
    @pytest.mark.parametrize("body", ["{", "[]", '"x"', "null", '{"stage": 1e999}'])
    def test_is_a_refusal(self, body: str, client: Machine, gold: Customer) -> None:
        answer = client.patch(
            f"{LIST}/{gold.pk}",
            data=body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {client.text}", "If-Match": f'"{gold.version}"'},
        )

        assert answer.status_code in (400, 422)


class TestWrongTokens:
    def test_rest_after_thirty_tries_from_one_address(self, db: None) -> None:
        cache.clear()
        answers = [Machine("jn_a_b").call("GET", LIST) for _try in range(31)]
        cache.clear()

        assert [a.status_code for a in answers] == [401] * 30 + [429]
        assert int(answers[-1]["Retry-After"]) > 0


class TestAnAddressForMachines:
    """Whatever is wrong with it, the answer is one that a machine can read."""

    @pytest.mark.parametrize(
        "path", ["/api/", "/api/v1/", "/api/v1/custmers", "/api/v1/customers/", "/api/v2/customers"]
    )
    def test_that_is_none_is_said_to_be_none(self, path: str, manager: User) -> None:
        answer = machine(manager).call("GET", path)

        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
        assert "没有这个接口地址" in answer.json()["title"]

    @pytest.mark.parametrize(
        ("method", "path"),
        [("DELETE", "/api/v1/customers"), ("PUT", "/api/v1/imports"), ("GET", "/api/receipts/gateway/")],
    )
    def test_refuses_another_method(self, method: str, path: str, manager: User) -> None:
        answer = machine(manager).call(method, path)

        assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
        assert answer["Allow"] and "请" in answer.json()["title"]

    def test_refuses_what_is_no_json(self, manager: User) -> None:
        text = machine(manager).text
        answer = Client().put(
            "/api/v1/customers/core/1", "a=b", "text/plain", headers={"Authorization": f"Bearer {text}"}
        )
        assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")

    def test_refuses_a_body_beyond_all_bounds_unread(self, manager: User, settings: Settings) -> None:
        settings.BODY_MAX_BYTES = 10
        answer = machine(manager).call("PUT", "/api/v1/customers/core/1", {"name": "很长的名称"})

        assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")

    def test_refuses_a_filter_that_it_does_not_know(self, manager: User) -> None:
        answer = machine(manager).call("GET", "/api/v1/customers?ower=lin")

        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["ower"])

    def test_that_is_a_page_stays_a_page(self) -> None:
        assert "<html" in Client().get("/custmers/").content.decode()
