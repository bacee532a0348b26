"""The demo's policies: one-year covers that renew through the year, some long-term ones, some that ended."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from crm.book.cells import Cell
from crm.time.months import add_months

HEADER = (
    "保单号",
    "客户号",
    "产品",
    "险类",
    "长期险",
    "保费（元）",
    "交费频率",
    "交费年限",
    "生效日",
    "送达日",
    "保障末日",
    "状态",
)
GROUP = (("团体意外伤害保险", "团体寿险"), ("团体补充医疗保险", "团体健康险"), ("雇主责任保险", "财产险"))
SHORT = (("机动车商业保险", "车险"), ("家庭财产保险", "财产险"))
Row = tuple[Cell, ...]


def rows(dice: Random, customer: str, organisation: bool, i: int, today: date) -> Iterator[Row]:
    """This function will write the policies of one customer."""
    for n in range(dice.choice((1, 2, 2, 3)) if organisation else dice.choice((0, 1, 1, 2))):
        number = f"P{today.year}{i + 1:07d}{n + 1}"
        if not organisation and dice.random() < 0.5:
            yield _long_term(dice, number, customer, today)
        else:
            yield _one_year(dice, number, customer, organisation, today)


def _one_year(dice: Random, number: str, customer: str, organisation: bool, today: date) -> Row:
    product, line = dice.choice(GROUP if organisation else SHORT)
    ended = dice.random() < 0.1
    begins = today - timedelta(days=dice.randrange(366, 700) if ended else dice.randrange(0, 365))
    premium = dice.randrange(80, 9000) * 100 if organisation else dice.randrange(20, 90) * 100
    return (
        number,
        customer,
        product,
        line,
        "否",
        f"{premium:,}.00",
        dice.choice(("年交", "半年交", "季交")) if organisation else "趸交",
        None,
        begins,
        _delivered(dice, begins, today),
        add_months(begins, 12) - timedelta(days=1),
        "终止" if ended else "有效",
    )


def _long_term(dice: Random, number: str, customer: str, today: date) -> Row:
    begins = today - timedelta(days=dice.randrange(30, 3000))
    premium = dice.randrange(30, 300) * 100
    years = dice.choice((10, 15, 20))
    lapsed = dice.random() < 0.06
    return (
        number,
        customer,
        "终身寿险（分红型）",
        "个人寿险",
        "是",
        f"{premium:,}.00",
        "年交",
        str(years),
        begins,
        _delivered(dice, begins, today),
        None,
        "失效" if lapsed else "有效",
    )


def _delivered(dice: Random, begins: date, today: date) -> date | None:
    day = begins + timedelta(days=dice.randrange(1, 9))
    return day if day <= today else None
