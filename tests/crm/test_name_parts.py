"""Finding by a part of a name: the index is used, and it follows every change of a row."""

from typing import Any

import pytest
from django.db import connection

from crm.models import Contact, Customer, User
from crm.selectors import customers
from tests.factories import crm as make


def found(text: str) -> list[Customer]:
    return list(customers.search(Customer.objects.all(), text))


def plan(rows: Any) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_seqscan = off")
        return str(rows.explain())


@pytest.mark.django_db
class TestAPartOfAName:
    def test_of_two_characters_is_found_by_index(self, lin: User) -> None:
        make.customer("天津港务集团", owner=lin)

        told = plan(Customer.objects.filter(name__has_part="港务"))

        assert {"postgresql": "customer_name_parts", "sqlite": "(pair=?)"}[connection.vendor] in told
        assert "SCAN crm_customer" not in told

    @pytest.mark.parametrize("text", ["港务", "津港务集", "天津港务集团", "团", "天津"])
    def test_is_found_wherever_it_stands(self, lin: User, text: str) -> None:
        port = make.customer("天津港务集团", owner=lin)

        assert found(text) == [port]

    @pytest.mark.parametrize("text", ["务港", "天务", "津团", "港务公司", "津港团"])
    def test_is_not_found_where_its_characters_stand_apart(self, lin: User, text: str) -> None:
        make.customer("天津港务集团", owner=lin)

        assert not found(text)

    @pytest.mark.parametrize("text", ["abc", "ABC", "bC机", "%", "_", "c机"])
    def test_takes_letters_of_either_case_and_signs_as_they_are(self, lin: User, text: str) -> None:
        firm = make.customer("aBc机械", owner=lin)

        assert found(text) == ([] if text in "%_" else [firm])


@pytest.mark.django_db
class TestTheIndex:
    def test_follows_a_new_name(self, lin: User) -> None:
        port = make.customer("天津港务集团", owner=lin)

        Customer.objects.filter(pk=port.pk).update(name="渤海航运集团")

        assert (found("港务"), found("航运")) == ([], [port])

    def test_follows_rows_written_in_bulk(self, lin: User) -> None:
        port = make.customer("天津港务集团", owner=lin)
        more = Customer.objects.get(pk=port.pk)
        more.pk, more.number, more.name = None, "K-BULK", "渤海航运集团"

        Customer.objects.bulk_create([more])

        assert [one.number for one in found("航运")] == ["K-BULK"]

    def test_forgets_a_person_whose_name_was_taken_away(self, lin: User) -> None:
        port = make.customer("天津港务集团", owner=lin)
        make.contact(port, "欧阳静")
        assert found("欧阳") == [port]

        Contact.objects.update(name="已匿名", name_initials="")

        assert found("欧阳") == []

    def test_forgets_a_row_that_is_gone(self, lin: User) -> None:
        port = make.customer("天津港务集团", owner=lin)
        person = make.contact(port, "欧阳静")

        Contact.objects.filter(pk=person.pk).delete()

        assert found("欧阳") == []

    @pytest.mark.only_on("sqlite")
    def test_keeps_nothing_of_old_names(self, lin: User) -> None:
        port = make.customer("天津港务集团", owner=lin)

        Customer.objects.filter(pk=port.pk).update(name="渤海")

        with connection.cursor() as cursor:
            cursor.execute("SELECT pair FROM crm_customer_name_pair WHERE row = %s", [port.pk])
            assert cursor.fetchall() == [("渤海",)]


@pytest.mark.django_db
class TestASearch:
    @pytest.mark.parametrize("text", ["港务", "tjgw", "13911112222", "2222", "110101199003072316", "K00000"])
    def test_never_reads_every_customer(self, lin: User, text: str) -> None:
        make.customer("天津港务集团", owner=lin)

        told = plan(customers.search(Customer.objects.all(), text))

        for table in ("crm_customer", "crm_contact", "crm_policy"):
            assert f"Seq Scan on {table}" not in told
            assert f"SCAN {table}\n" not in told + "\n"


@pytest.mark.django_db
@pytest.mark.only_on("postgresql")
class TestTheIndexesOfPairs:
    def test_put_nothing_aside_for_a_search_to_read_through(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, reloptions FROM pg_class JOIN pg_am a ON a.oid = relam WHERE amname = 'gin'"
            )
            found = dict(cursor.fetchall())
        assert {"customer_name_parts", "customer_initials_parts", "contact_name_parts"} <= set(found)
        assert {name: options for name, options in found.items() if options != ["fastupdate=off"]} == {}
