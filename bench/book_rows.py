"""The rows of the book: who works where, whom they serve, what was promised. The same ones each time, as plain tuples.

Instants are UTC text, which both databases read; everything is counted back from one midnight.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from crm import pinyin, privacy

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰玉萍红鹏辉飞鑫波斌莉宇浩凯健俊帆帅旭宁龙林欢佳玲婷雪梅慧"
)
PLACES = ("天津", "北京", "滨海", "武清", "石家庄", "唐山", "上海", "苏州", "广州", "成都", "武汉", "西安")
TRADES = (
    "机械",
    "港务",
    "物流",
    "电子",
    "化工",
    "食品",
    "纺织",
    "建材",
    "贸易",
    "软件",
    "医药",
    "能源",
    "汽车",
    "钢铁",
)
FORMS = ("有限公司", "集团有限公司", "股份有限公司", "厂")
PROVINCES, BRANCHES, STAFF = 29, 300, 3_000
PER_PERSON, ORGANISATIONS = 5, 0.4
OPEN_SHARE, OPEN_TICKETS = 0.007562, 0.15
DAYS = 3 * 365
Row = tuple[Any, ...]


@cache
def initials(characters: str) -> str:
    """This function will give the initials of a piece of a name, each piece looked up once."""
    return pinyin.initials(characters)


def text(moment: datetime) -> str:
    """This function will write an instant in UTC."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def branches() -> Iterator[Row]:
    """This function will list 总公司, its provinces and their cities: id, name, code, kind, parent, path."""
    yield (1, "总公司", "1000", "head_office", None, "1/")
    for pk in range(2, PROVINCES + 2):
        yield (pk, f"第{pk}分公司", f"{pk:04d}", "province", 1, f"1/{pk}/")
    for pk in range(PROVINCES + 2, BRANCHES + 1):
        parent = 2 + (pk - PROVINCES - 2) * PROVINCES // (BRANCHES - PROVINCES - 1)
        yield (pk, f"第{pk}中心支公司", f"{pk:04d}", "city", parent, f"1/{parent}/{pk}/")


def staff() -> Iterator[Row]:
    """This function will list ten people of each branch: id, username, name, branch, role, supervisor."""
    roles = ("branch_manager", "service_agent", "claims_handler", *["account_manager"] * 7)
    for pk in range(1, STAFF + 1):
        branch = (pk - 1) % BRANCHES + 1
        role = roles[(pk - 1) // BRANCHES]
        yield (pk, f"s{pk:05d}", f"员工{pk}", branch, "head_office" if branch == 1 else role, None)


def person_name(chance: random.Random) -> str:
    """This function will make a name of two or three characters."""
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2, 2))))


def organisation_name(chance: random.Random, n: int) -> str:
    """This function will make the name of a firm; its word of two characters makes it nearly its own."""
    own = chance.choice(GIVEN) + chance.choice(GIVEN + SURNAMES)
    return f"{chance.choice(PLACES)}{own}{chance.choice(TRADES)}{chance.choice(FORMS)}"


def home_of(n: int) -> tuple[int, int]:
    """This function will say in which city and with whom customer n is: branch and owner."""
    branch = PROVINCES + 2 + n % (BRANCHES - PROVINCES - 1)
    return branch, branch + BRANCHES * (3 + n // (BRANCHES - PROVINCES - 1) % 7)


def is_organisation(n: int) -> bool:
    """This function will say whether customer n is a firm."""
    return n % PER_PERSON < ORGANISATIONS * PER_PERSON


def phone_of(n: int) -> str:
    """This function will give the mobile phone of customer n's person."""
    return f"139{(n * 7_919 + 13) % 100_000_000:08d}"


def id_number_of(n: int) -> str:
    """This function will give the ID number of customer n's person."""
    return f"12010119{60 + n % 45:02d}{1 + n % 12:02d}{1 + n % 28:02d}{n % 1_000:03d}{(n // 1_000) % 10}"


def customers(count: int, midnight: datetime) -> Iterator[Row]:
    """This function will list customers: id, number, kind, name, initials, branch, owner, created."""
    chance = random.Random(1)
    created = text(midnight - timedelta(days=DAYS))
    for n in range(1, count + 1):
        branch, owner = home_of(n)
        firm = is_organisation(n)
        name = organisation_name(chance, n) if firm else person_name(chance)
        letters = "".join(map(initials, name))
        yield (n, f"K{n:08d}", "organisation" if firm else "person", name, letters, branch, owner, created)


def contacts(count: int, refs: Iterator[str]) -> Iterator[Row]:
    """This function will list one person of each customer, phone and ID number sealed and indexed."""
    chance = random.Random(2)
    for n in range(1, count + 1):
        ref, name, phone, number = next(refs), person_name(chance), phone_of(n), id_number_of(n)
        yield (
            n, ref, n, "first" if is_organisation(n) else "self", name, "".join(map(initials, name)),
            privacy.seal(phone, f"crm.contact.phone:{ref}"), privacy.mask_phone(phone),
            privacy.phone_index(phone), privacy.phone_tail_index(phone),
            privacy.seal(number, f"crm.contact.id_no:{ref}"), privacy.mask_id_no(number),
            privacy.id_no_index(number), 1 + n % 12, 1 + n % 28,
        )  # fmt: skip


def policies(count: int, midnight: datetime) -> Iterator[Row]:
    """This function will list two policies of each customer: id, number, customer, product, line, premium, from, to."""
    for n in range(1, 2 * count + 1):
        start = midnight - timedelta(days=n * 31 % DAYS)
        line = ("group_life", "团体意外伤害保险") if n % 2 else ("motor", "机动车保险")
        ends = start + timedelta(days=364)
        yield (
            n, f"P{n:010d}", (n - 1) // 2 + 1, line[1], line[0], 1_200_00 + n % 9_000_00,
            f"{start:%Y-%m-%d}", f"{ends:%Y-%m-%d}", "in_force" if ends >= midnight else "lapsed",
        )  # fmt: skip


def how_many_open(count: int, tickets: int) -> int:
    """This function will say how many promises run: 0.76 % of all, and at least those of the open tickets."""
    return max(round(5 * count * OPEN_SHARE), round(tickets * OPEN_TICKETS))


def commitments(
    count: int, tickets: int, midnight: datetime, standards: Sequence[tuple[int, str]]
) -> Iterator[Row]:
    """This function will list five promises of each customer; the running ones first, one in ten of them overdue."""
    running = how_many_open(count, tickets)
    for n in range(1, 5 * count + 1):
        customer = (n * 7 - 1) % count + 1
        branch, owner = home_of(customer)
        standard, kind = standards[n % len(standards)]
        is_open, ticket = n <= running, n <= tickets
        ago = n * 11 % 3 if is_open else 8 + n * 13 % DAYS
        start = midnight - timedelta(days=ago, minutes=n * 37 % 480)
        limit = timedelta(days=7 + n % 5) if is_open else timedelta(days=2 + n % 5)
        due = start + limit - timedelta(days=9 if is_open and n % 10 == 0 else 0)
        start = min(start, due - timedelta(hours=1))
        late, done = n % 20 == 0, None if is_open else due - timedelta(hours=3)
        done = due + timedelta(hours=5) if done and late else done
        overdue = is_open and due < midnight
        yield (
            n, customer, branch, owner, kind, f"ticket:{ticket_number(n)}" if ticket else f"book:{n}",
            f"承诺 {n}", standard, "ordinary", text(start), 1, text(start), text(start), text(due),
            "open" if is_open else "fulfilled",
            text(due - timedelta(hours=8)) if is_open and not overdue else None,
            text(due) if overdue or (done and late) else None, text(done) if done else None,
        )  # fmt: skip


def ticket_number(n: int) -> str:
    """This function will give the number of ticket n."""
    return f"GD{n // 100_000:06d}-{n % 100_000:05d}"


def tickets(count: int, many: int, midnight: datetime) -> Iterator[Row]:
    """This function will list tickets, each with one promise; the first 15 % are open."""
    for n in range(1, many + 1):
        customer = (n * 7 - 1) % count + 1
        branch, owner = home_of(customer)
        is_open = n <= round(many * OPEN_TICKETS)
        ago = n * 11 % 3 if is_open else 8 + n * 13 % DAYS
        received = text(midnight - timedelta(days=ago, minutes=n * 37 % 480))
        closed = None if is_open else text(midnight - timedelta(days=ago - 2))
        yield (
            n, ticket_number(n), "complaint", "phone", customer, branch, owner, f"请求第 {n} 件", "ordinary",
            received, received, "received" if is_open else "closed", n, closed,
        )  # fmt: skip
