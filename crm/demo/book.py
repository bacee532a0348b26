"""The demo's customers: written as sheets and taken in by the import, as a real branch would do it."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from crm.book.cells import Cell
from crm.demo import cast, numbers, policies, premiums
from crm.demo.words import FIRST_TITLES, SECOND_TITLES, Namer
from crm.models import User
from crm.registry import DemoStage
from crm.services import demo
from crm.time import local_date, lunar

BOOK_IS_OLDER = timedelta(days=400)
AT_ONCE = 2_000
ORGANISATIONS = 0.6
# birthdays within these days of the moment shown, one each, so that greetings leave today and left last week
NEAR = range(-8, 9)
# the next ones in the book were kept by the colleague who left
LEFT_BEHIND = range(len(NEAR), len(NEAR) + 9)
SOURCES = ("投保单勾选", "服务手册回执", "电话确认", "柜面签字")
HEADERS = {
    "客户": (
        "客户号",
        "类型",
        "名称",
        "统一社会信用代码",
        "机构代码",
        "客户经理工号",
        "阶段",
        "特大型客户",
        "特大型起始日",
    ),
    "服务对象": (
        "客户号",
        "对象类别",
        "姓名",
        "职务",
        "手机",
        "证件号码",
        "生日历法",
        "生日",
        "公职人员",
        "同意接收关怀日期",
        "同意来源",
    ),
    "保单": policies.HEADER,
}
# the office that most demo logins belong to keeps a bigger book
OFFICES = (("120101", 6), ("120102", 3), ("120201", 3), ("130101", 3), ("130102", 2), ("130201", 3))
Row = tuple[Cell, ...]


def import_customers(stage: DemoStage) -> None:
    """This function will import the customers in files of two thousand, as of more than a year ago; premiums as of yesterday."""
    then = datetime.combine(local_date(stage.now - BOOK_IS_OLDER), time(10), stage.now.tzinfo)
    yesterday = stage.now - timedelta(days=1)
    by = User.objects.select_related("branch").get(username=cast.PEOPLE[0].username)
    author = Author(stage, local_date(then))
    for start in range(0, stage.customers, AT_ONCE):
        sheets = author.sheets(range(start, min(start + AT_ONCE, stage.customers)))
        headed: dict[str, list[demo.Row]] = {title: [HEADERS[title], *rows] for title, rows in sheets.items()}
        part = start // AT_ONCE + 1
        demo.import_sheets(sheets=headed, name=f"客户清册{part}.xlsx", by=by, now=then)
        paid = [row for policy in sheets["保单"] for row in premiums.rows(policy, local_date(yesterday))]
        taken: dict[str, list[demo.Row]] = {"保费": [premiums.HEADER, *paid]}
        demo.import_sheets(sheets=taken, name=f"实收保费{part}.xlsx", by=by, now=yesterday)


class Author:
    """Writes rows of the book, the same ones at every run."""

    def __init__(self, stage: DemoStage, recorded: date) -> None:
        """This function will remember the day that is shown and the day on which the book was recorded."""
        self.today, self.recorded = local_date(stage.now), recorded
        self.dice = stage.dice
        self.names = Namer(self.dice)
        self.serial = 0
        self.taken: set[str] = set()
        self.offices = [code for code, weight in OFFICES for _ in range(weight)]
        self.keepers = {
            code: [
                a.username
                for a in cast.PEOPLE
                if a.branch == code and a.role == cast.M and a.username != cast.LEFT
            ]
            for code, _ in OFFICES
        }

    def sheets(self, numbered: range) -> dict[str, list[Row]]:
        """This function will write the three sheets of some customers."""
        sheets: dict[str, list[Row]] = {title: [] for title in HEADERS}
        for i in numbered:
            organisation = i < len(NEAR) or self.dice.random() < ORGANISATIONS
            name = self.names.company() if organisation else self.names.person()
            number = f"K{i + 1:07d}"
            sheets["客户"].append(self._customer(i, number, name, organisation))
            sheets["服务对象"] += self._people(i, number, name, organisation)
            sheets["保单"] += policies.rows(self.dice, number, organisation, i, self.today)
        return sheets

    def _customer(self, i: int, number: str, name: str, organisation: bool) -> Row:
        here = i < len(NEAR) or i in LEFT_BEHIND
        office = OFFICES[0][0] if here else self.dice.choice(self.offices)
        keeper = "lin" if i < len(NEAR) else self.dice.choice(self.keepers[office])
        if i in LEFT_BEHIND:
            keeper = cast.LEFT
        stage = self.dice.choices(("正式客户", "准客户", "目标客户"), (90, 7, 3))[0]
        large = organisation and self.dice.random() < 0.03
        return (
            number,
            "单位" if organisation else "个人",
            name,
            numbers.registration_no(i + 1) if organisation else None,
            office,
            keeper,
            stage,
            "是" if large else None,
            date(self.recorded.year, 1, 1) if large else None,
        )

    def _people(self, i: int, number: str, name: str, organisation: bool) -> Iterator[Row]:
        if not organisation:
            yield self._person(number, "本人", name, "")
            return
        near = NEAR[i] if i < len(NEAR) else None
        yield self._person(
            number, "第一服务对象", self.names.person(), self.dice.choice(FIRST_TITLES[:2]), near
        )
        yield self._person(number, "第二服务对象", self.names.person(), self.dice.choice(SECOND_TITLES[:3]))
        if self.dice.random() < 0.3:
            yield self._person(
                number, "第一服务对象", self.names.person(), self.dice.choice(FIRST_TITLES[2:])
            )

    def _person(self, number: str, role: str, name: str, title: str, near: int | None = None) -> Row:
        self.serial += 1
        born = _born(self.dice, self.today, near)
        moon = near is None and self.dice.random() < 0.2
        consented = near is not None or self.dice.random() < 0.85
        return (
            number,
            role,
            name,
            title,
            numbers.phone(self.serial) if near is not None or self.dice.random() < 0.95 else None,
            self._id_no(born) if self.dice.random() < 0.8 else None,
            "农历" if moon else "公历",
            lunar.lunar_label(born) if moon else born,
            "是" if organisation_chief(title) and self.dice.random() < 0.04 else None,
            self.recorded - timedelta(days=self.dice.randrange(1, 300)) if consented else None,
            self.dice.choice(SOURCES) if consented else None,
        )

    def _id_no(self, born: date) -> str:
        """The next number of that day that nobody has: three digits come round, and two people are never one by chance."""
        serial = self.serial
        while (number := numbers.id_no(born, serial)) in self.taken:
            serial += 1
        self.taken.add(number)
        return number


def organisation_chief(title: str) -> bool:
    """This function will say whether a title is one of those at the head of an organisation."""
    return title in FIRST_TITLES


def _born(dice: Random, today: date, near: int | None) -> date:
    if near is None:
        return date(1953, 1, 1) + timedelta(days=dice.randrange(45 * 365))
    birthday = today + timedelta(days=near)
    year = dice.randrange(1956, 1990) // 4 * 4  # a leap year, so that 29 February can be the birthday too
    return date(year, birthday.month, birthday.day)
