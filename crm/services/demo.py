"""Fills an empty installation with the demo, all of it or nothing, and only where the settings say so."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from crm.book.cells import Cell
from crm.book.reader import Grid, Grids
from crm.models import Branch, LogEntry, User
from crm.refusal import Refusal
from crm.registry import DemoPart, DemoStage
from crm.services import audit, book

Row = Sequence[Cell]

SEEDED = "crm.demo.seeded"
SEED = 20260212
FEWEST = 60
# Everybody in the demo has this password; it is printed, and no other installation knows these people.
PASSWORD = "jiannuo-demo-2026"
SHOWN = ("lin", "qin", "luo", "guo", "tang", "shen")


class NotADemo(Refusal):
    """The installation is not switched to demo; invented people have no place in it."""


class HouseIsLivedIn(Refusal):
    """There are branches that the demo did not make."""


class DemoIsWrong(Refusal):
    """The demo's own book has rows that the import refuses."""


class TooFewCustomers(Refusal):
    """So few customers could not show every state."""


def is_seeded() -> bool:
    """This function will say whether the demo is here already."""
    return LogEntry.objects.filter(action=SEEDED).exists()


def seed(*, parts: Iterable[DemoPart], customers: int, now: datetime) -> bool:
    """This function will seed every part in one transaction; False where the demo stands already.

    Raises NotADemo, TooFewCustomers, or HouseIsLivedIn where the database holds somebody's work.
    """
    if not settings.DEMO:
        raise NotADemo(_("演示数据只在 DEMO=1 的环境中生成；请确认这不是正式环境，再设置 DEMO=1。"))
    if is_seeded():
        return False
    if customers < FEWEST:
        raise TooFewCustomers(_("客户数至少 %(fewest)d，否则显示不全各种状态。") % {"fewest": FEWEST})
    if Branch.objects.exists():
        raise HouseIsLivedIn(_("数据库里已有机构，为免混入演示数据，请换一个空的数据库。"))
    stage = DemoStage(now=now, customers=customers, dice=Random(SEED))
    with transaction.atomic():
        for part in parts:
            part.seed(stage)
        audit.log(action=SEEDED, subject="crm.demo:1", by=None, now=now, after={"customers": customers})
    return True


def import_sheets(*, sheets: Mapping[str, list[Row]], name: str, by: User, now: datetime) -> None:
    """This function will import sheets, header first, and raise DemoIsWrong if any row is refused."""
    grids = Grids("xlsx", [Grid(title, [list(row) for row in rows]) for title, rows in sheets.items()])
    plan = book.carry_out(book.plan(grids=grids, name=name, by=by, now=now))
    for cause in plan.causes():
        raise DemoIsWrong(f"{cause.sheet}：{cause.reason}（{cause.count} 行）")


def give_password(people: Iterable[User]) -> None:
    """This function will let the people of the demo log in. Hashing is slow on purpose, so it is done once."""
    hashed = make_password(PASSWORD)
    User.objects.filter(pk__in=[person.pk for person in people]).update(password=hashed)


def logins() -> list[User]:
    """This function will list the people of the demo who are shown to visitors."""
    people = {person.username: person for person in User.objects.select_related("branch")}
    return [people[username] for username in SHOWN if username in people]
