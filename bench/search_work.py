"""What the search bench does inside its installation."""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import book_rows as rows
from crm import access
from crm.models import Customer, User
from crm.selectors import customers

SHOWN, ROUNDS = 20, 9
OF_NAME = "SELECT id FROM crm_customer WHERE name LIKE %s ORDER BY name LIMIT 20"
OF_INITIALS = "SELECT id FROM crm_customer WHERE name_initials LIKE %s ORDER BY name LIMIT 20"
OF_PHONE = "SELECT customer_id FROM crm_contact WHERE phone_masked LIKE %s LIMIT 20"
OF_ID = "SELECT customer_id FROM crm_contact WHERE id_no_masked LIKE %s LIMIT 20"


def cases(count: int) -> list[tuple[str, str, str, str]]:
    """This function will list what is looked for: what it is, the text, the bare statement and its pattern."""
    n = count // 2
    firm = Customer.objects.get(pk=next(k for k in range(n, n + 9) if rows.is_organisation(k)))
    person = Customer.objects.get(pk=next(k for k in range(n, n + 9) if not rows.is_organisation(k)))
    own, letters, phone = firm.name[2:4], firm.name_initials, rows.phone_of(n)
    return [
        ("2 characters of a firm's name", own, OF_NAME, f"%{own}%"),
        ("2 characters of a person's name", person.name[:2], OF_NAME, f"%{person.name[:2]}%"),
        ("4 pinyin initials", letters[2:6], OF_INITIALS, f"%{letters[2:6]}%"),
        ("2 pinyin initials", letters[2:4], OF_INITIALS, f"%{letters[2:4]}%"),
        ("whole phone", phone, OF_PHONE, f"{phone[:3]}%{phone[-4:]}"),
        ("phone tail 4", phone[-4:], OF_PHONE, f"%{phone[-4:]}"),
        ("whole ID number", rows.id_number_of(n), OF_ID, "%9______________9"),
    ]


def measure(count: int) -> list[dict[str, Any]]:
    """This function will time every case, ours and LIKE in turn, and give the median milliseconds."""
    user = User.objects.select_related("branch").get(pk=1)
    return [_case(user, *one) for one in cases(count)]


def _case(user: User, what: str, text: str, statement: str, pattern: str) -> dict[str, Any]:
    with CaptureQueriesContext(connection) as before:  # what the search asks to choose its way
        asked = customers.search(access.visible_customers(user), text).order_by("name", "id")
    first = [one["sql"] for one in before]
    sql, params = asked.values_list("pk", flat=True)[:SHOWN].query.sql_with_params()
    ours, like = [], []
    for _round in range(ROUNDS):
        ours.append(_time(lambda: [*map(_run, first), *_run(sql, params)]))
        like.append(_time(lambda: _run(statement, [pattern])))
    return {"what": what, "ours": median(ours), "like": median(like), "rows": len(_run(sql, params))}


def _time(work: Callable[[], Any]) -> float:
    begin = perf_counter()
    work()
    return 1000 * (perf_counter() - begin)


def _run(sql: str, params: Any = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
