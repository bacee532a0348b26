"""The demo's standing arrangements: who serves and acts for whom, which branch closes, which machines may read."""

from datetime import timedelta

from crm.models import ApiToken, Branch, Customer, User
from crm.models.api import ApiScope
from crm.models.customer import SeatKind
from crm.registry import DemoStage
from crm.selectors import calendars
from crm.services import api_tokens, closures, stand_ins, teams
from crm.time import local_date

AHEAD = timedelta(days=10)
SEATS = (
    ("qin", SeatKind.MEMBER, "受理来电、办理保全变更"),
    ("wang", SeatKind.DEPUTY, "代理客户经理、续保跟进"),
    ("guo", SeatKind.LEADER, "重大事项决策"),
)


def arrange(stage: DemoStage) -> None:
    """This function will arrange stand-ins, closures and tokens, as the people of the house would."""
    people = {one.username: one for one in User.objects.select_related("branch", "supervisor")}
    _seat(stage, people)
    _stand_in(stage, people)
    _close(stage, people)
    _issue(stage, people)


def _seat(stage: DemoStage, people: dict[str, User]) -> None:
    """Teams of 林晓's first customers; the first is complete."""
    own = Customer.objects.filter(owner=people["lin"], merged_into__isnull=True).order_by("number")[:4]
    for n, customer in enumerate(own):
        for username, kind, duty in SEATS[: len(SEATS) - n]:
            teams.seat(
                customer=customer,
                user=people[username],
                kind=kind,
                duty=duty,
                by=people["lin"],
                now=stage.now - timedelta(days=30 - n),
            )


def _stand_in(stage: DemoStage, people: dict[str, User]) -> None:
    """One that is over, one that runs, one to come."""
    for person, taker, ago, starts, days, reason in (
        ("wang", "lin", 30, 0, 5, "年休假"),
        ("he", "guo", 1, 0, 4, "外出培训"),
        ("qin", "he", 0, 12, 3, "婚假"),
    ):
        now = stage.now - timedelta(days=ago)
        first = local_date(now) + timedelta(days=starts)
        stand_ins.begin(
            person=people[person],
            stand_in=people[taker],
            active_from=first,
            active_to=first + timedelta(days=days),
            reason=reason,
            by=people[person],
            now=now,
        )


def _close(stage: DemoStage, people: dict[str, User]) -> None:
    """One branch closes for a day soon, confirmed by the second administrator; another waits for a word."""
    for code, name, reason, confirmed in (
        ("120102", "装修", "营业场所装修，业务由塘沽营业部代办", True),
        ("130201", "停电检修", "大楼供电检修，提前告知客户", False),
    ):
        day = calendars.current().on_or_after(local_date(stage.now) + AHEAD)
        branch = Branch.objects.get(code=code)
        draft = closures.propose(branch=branch, first_day=day, last_day=day, name=name, reason=reason)
        draft = closures.submit(draft=draft, by=people["tang"], now=stage.now - timedelta(hours=20))
        if confirmed:
            closures.confirm(draft=draft, by=people["pei"], now=stage.now - timedelta(hours=3))


def _issue(stage: DemoStage, people: dict[str, User]) -> None:
    """One token in use, one that ends soon, one revoked. Their texts are shown to nobody."""
    for name, scopes, age, lasts in (
        ("数据仓库每日读取", [ApiScope.READ], 40, 300),
        ("呼叫中心登记工单", [ApiScope.READ, ApiScope.WRITE_TICKETS], 86, 90),
        ("旧报表程序", [ApiScope.READ], 120, 200),
    ):
        then = stage.now - timedelta(days=age)
        api_tokens.issue(
            person=people["tang"],
            name=name,
            scopes=[str(one) for one in scopes],
            expires_at=then + timedelta(days=lasts),
            addresses=["10.1.0.0/16"],
            by=people["tang"],
            now=then,
        )
    old = ApiToken.objects.get(name="旧报表程序")
    api_tokens.revoke(token=old, by=people["tang"], now=stage.now - timedelta(days=15))
