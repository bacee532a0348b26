"""Rows of a source system through the API: upserted by their own key, twice is once, row by row."""

from typing import Any, ClassVar

import pytest
from django.utils.timezone import now as read_clock

from crm.models import Contact, Customer, LogEntry, Policy, Premium, SourceKey, User
from crm.services import merging
from tests.factories import crm as make
from tests.factories.api import Machine, machine

NEW = {"kind": "organisation", "name": "晨光机械", "branch": "120101", "owner": "lin"}
POLICY = {
    "customer_external_id": "10086",
    "product": "团体意外险",
    "line": "group_life",
    "premium": "12000.50",
    "frequency": "annual",
    "effective_date": "2026-01-01",
    "ends_date": "2026-12-31",
}


@pytest.fixture
def client(manager: User, lin: User) -> Machine:
    return machine(manager)


def put(client: Machine, body: dict[str, Any], sheet: str = "customers", key: str = "10086") -> Any:
    return client.call("PUT", f"/api/v1/{sheet}/core/{key}", body)


def batch(client: Machine, *rows: dict[str, Any], sheet: str = "customers", **more: Any) -> Any:
    return client.call(
        "POST", "/api/v1/imports", {"source": "core", "noun": sheet, "rows": list(rows), **more}
    )


class TestANewCustomer:
    def test_gets_the_systems_key_for_its_number(self, client: Machine) -> None:
        answer = put(client, NEW)
        row = Customer.objects.get()

        assert (answer.status_code, answer.json()["outcome"], answer.json()["id"]) == (201, "created", row.pk)
        assert (row.number, row.name, row.owner.username) == ("10086", "晨光机械", "lin")
        assert SourceKey.objects.get().customer == row

    def test_with_a_field_missing_is_refused_by_the_imports_sentence(self, client: Machine) -> None:
        answer = put(client, {"kind": "organisation", "name": "晨光机械"})

        assert answer.status_code == 422
        assert answer.json()["fields"] == {"branch": ["新增时必填，请补上"], "owner": ["新增时必填，请补上"]}
        assert not Customer.objects.exists() and not SourceKey.objects.exists()

    def test_in_a_branch_out_of_reach_is_refused(self, client: Machine, zhou: User) -> None:
        assert put(client, {**NEW, "branch": "130101", "owner": "zhou"}).status_code == 422

    def test_does_not_take_a_customer_of_ours_with_the_same_number(self, client: Machine) -> None:
        make.customer("别人", number="10086")

        assert put(client, NEW).status_code == 422
        assert put(client, {"number": "10086", "name": "晨光机械"}).json()["outcome"] == "updated"
        assert Customer.objects.get().name == "晨光机械"


class TestTheSameAgain:
    def test_is_unchanged_and_leaves_no_further_trace_on_the_customer(self, client: Machine) -> None:
        put(client, NEW)
        acts = LogEntry.objects.filter(customer__isnull=False).count()
        answer = put(client, NEW)

        assert (answer.status_code, answer.json()["outcome"]) == (200, "unchanged")
        assert LogEntry.objects.filter(customer__isnull=False).count() == acts
        assert SourceKey.objects.count() == 1


class TestAChange:
    def test_leaves_what_is_not_named_or_empty(self, client: Machine) -> None:
        put(client, NEW)
        answer = put(client, {"name": "晨光重工", "stage": "", "owner": ""})

        assert answer.json()["outcome"] == "updated"
        assert Customer.objects.get().name == "晨光重工"

    def test_empties_by_null_where_that_is_permitted(self, client: Machine) -> None:
        put(client, NEW)
        put(client, POLICY, "policies", "P1")

        assert put(client, {"ends_date": None}, "policies", "P1").json()["outcome"] == "updated"
        assert Policy.objects.get().ends_date is None
        assert put(client, {"product": None}, "policies", "P1").status_code == 422
        assert put(client, {"name": None}).status_code == 422

    @pytest.mark.parametrize(
        "body",
        [{"number": "10087"}, {"branch": "1201"}, {"kind": "person"}, {"tier": "gold"}, {"name": ["x"]}],
    )
    def test_into_another_customer_is_refused(self, body: dict[str, Any], client: Machine) -> None:
        put(client, NEW)

        assert put(client, body).status_code == 422


class TestAPolicy:
    def test_names_its_customer_by_the_systems_key(self, client: Machine) -> None:
        put(client, NEW)
        answer = put(client, POLICY, "policies", "P1")
        row = Policy.objects.get()

        assert answer.status_code == 201
        assert (row.number, row.customer.number, row.premium_fen) == ("P1", "10086", 1_200_050)
        assert put(client, POLICY, "policies", "P1").json()["outcome"] == "unchanged"

    def test_of_a_customer_never_sent_is_refused(self, client: Machine) -> None:
        assert put(client, POLICY, "policies", "P1").status_code == 422


class TestAPremium:
    PAID: ClassVar[dict[str, Any]] = {
        "policy_external_id": "P1",
        "paid_on": "2026-01-05",
        "amount": "3000.50",
        "policy_year": 1,
    }

    @pytest.fixture(autouse=True)
    def policy(self, client: Machine) -> None:
        put(client, NEW)
        put(client, POLICY, "policies", "P1")

    def test_names_its_policy_by_the_systems_key(self, client: Machine) -> None:
        answer = put(client, self.PAID, "premiums", "77")
        row = Premium.objects.get()

        assert answer.status_code == 201, answer.content
        assert (row.policy.number, row.number, row.amount_fen, row.instalment) == ("P1", "77", 300_050, 1)
        assert put(client, self.PAID, "premiums", "77").json()["outcome"] == "unchanged"

    def test_is_corrected_and_given_back(self, client: Machine) -> None:
        put(client, self.PAID, "premiums", "77")
        put(client, {"amount": "3100"}, "premiums", "77")
        put(client, {**self.PAID, "amount": "-100.00"}, "premiums", "78")

        assert list(Premium.objects.order_by("number").values_list("amount_fen", flat=True)) == [
            310_000,
            -10_000,
        ]

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"amount": "0"}, "amount"),
            ({"amount": None}, "amount"),
            ({"amount_fen": 5}, "amount_fen?"),
            ({"policy_year": 0}, "policy_year"),
            ({"paid_on": "2999-01-01"}, "paid_on"),
            ({"policy_external_id": "P2"}, "policy"),
            ({"number": "78"}, "number"),
        ],
    )
    def test_that_cannot_be_is_refused_by_its_field(
        self, body: dict[str, Any], field: str, client: Machine
    ) -> None:
        put(client, self.PAID, "premiums", "77")
        answer = put(client, body, "premiums", "77")

        assert answer.status_code == 422
        assert field in answer.json()["fields"]
        assert Premium.objects.get().amount_fen == 300_050

    def test_comes_five_hundred_at_once(self, client: Machine) -> None:
        rows = [{"external_id": f"{n}", **self.PAID} for n in range(3)]
        assert batch(client, *rows, sheet="premiums").json()["counts"]["created"] == 3
        assert batch(client, *rows, sheet="premiums").json()["counts"]["unchanged"] == 3


class TestAServiceObject:
    PERSON = {"customer_external_id": "10086", "role": "first", "name": "王强", "phone": "13912345678"}

    def test_keeps_its_key_when_its_name_changes(self, client: Machine) -> None:
        put(client, NEW)
        assert put(client, self.PERSON, "contacts", "c1").status_code == 201
        answer = put(client, {"name": "王小强", "title": "总经理"}, "contacts", "c1")

        assert answer.json()["outcome"] == "updated"
        assert [(one.name, one.title) for one in Contact.objects.all()] == [("王小强", "总经理")]

    def test_loses_its_phone_by_null(self, client: Machine) -> None:
        put(client, NEW)
        put(client, self.PERSON, "contacts", "c1")
        put(client, {"phone": None}, "contacts", "c1")
        row = Contact.objects.get()

        assert (row.phone_sealed, row.phone_masked, row.phone_index) == ("", "", "")

    def test_with_a_wrong_phone_is_refused_without_repeating_it(self, client: Machine) -> None:
        put(client, NEW)
        answer = put(client, {**self.PERSON, "phone": "1391234567x"}, "contacts", "c1")

        assert answer.status_code == 422
        assert "phone" in answer.json()["fields"]
        assert "1391234567" not in answer.content.decode()


class TestABatch:
    def test_says_row_by_row_what_became_of_it(self, client: Machine) -> None:
        put(client, NEW)
        answer = batch(
            client,
            {"external_id": "10086", **NEW},
            {"external_id": "10087", **NEW},
            {"external_id": "10088"},
            {"external_id": "10087", **NEW, "name": "另一位"},
        ).json()

        assert [row["outcome"] for row in answer["rows"]] == ["unchanged", "created", "refused", "refused"]
        assert answer["counts"]["refused"] == 2
        assert Customer.objects.count() == 2

    def test_has_one_to_five_hundred_rows_each_with_a_key(self, client: Machine) -> None:
        assert batch(client).status_code == 422
        assert batch(client, *[{"external_id": str(i)} for i in range(501)]).status_code == 422
        assert batch(client, {"name": "x"}).status_code == 422
        assert batch(client, {"external_id": "1"}, sheet="tiers").status_code == 422
        assert batch(client, {"external_id": "1"}, source="Kern System").status_code == 422

    def test_needs_the_right_to_import(self, lin: User) -> None:
        assert batch(machine(lin), {"external_id": "1", **NEW}).status_code == 403


class TestAMergedCustomer:
    def test_is_found_as_its_survivor_by_the_old_key(self, client: Machine, head_office: User) -> None:
        put(client, NEW)
        put(client, {**NEW, "name": "晨光机械有限公司"}, key="10087")
        old, kept = (Customer.objects.get(number=n) for n in ("10086", "10087"))
        merging.merge(
            survivor=kept,
            merged=old,
            versions=(old.version, kept.version),
            taken_over=(),
            reason="重复开户",
            by=head_office,
            now=read_clock(),
        )
        answer = put(client, {"stage": "prospect"})

        kept.refresh_from_db()
        assert (answer.json()["outcome"], answer.json()["id"], kept.stage) == ("updated", kept.pk, "prospect")
        assert put(client, {"number": "10086", "stage": "prospect"}).json()["outcome"] == "unchanged"
        assert put(client, POLICY, "policies", "P1").status_code == 201
        assert Policy.objects.get().customer == kept


class TestARowOfOurs:
    def test_has_one_key_of_a_system(self, client: Machine) -> None:
        put(client, NEW)
        answer = put(client, {"number": "10086", "name": "晨光重工"}, key="other")

        assert answer.status_code == 422
        assert "另一个来源键" in answer.json()["fields"]["row"][0]
        assert SourceKey.objects.count() == 1

    def test_of_another_branch_is_not_told_of(self, client: Machine, zhou: User, head_office: User) -> None:
        put(machine(head_office), {**NEW, "branch": "130101", "owner": "zhou"})

        assert put(client, {"name": "晨光重工"}).status_code == 404
        told = batch(client, {"external_id": "10086", "name": "晨光重工"}).json()["rows"][0]
        assert (told["outcome"], told["id"]) == ("refused", None)
        assert "没有这一项" in str(told) and "130101" not in str(told)
