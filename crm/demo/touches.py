"""What passed between the house and the demo's customers: calls, visits and messages of the last months."""

from datetime import datetime, time, timedelta

from crm.models import Customer, Touchpoint, User
from crm.models.customer import CustomerStatus
from crm.models.touchpoint import Direction, TouchpointKind
from crm.registry import DemoStage
from crm.selectors import calendars
from crm.services import stamps, touchpoints
from crm.time import at_time, local_date

ONE_IN, MOST, OF_LIN = 12, 120, 6
OLDEST, NEWEST = 120, 2
SAID = (
    ("call", "out", "电话回访：续保资料已收齐，客户对理赔进度满意。", "满意，无需跟进"),
    ("visit", "out", "上门送交新版保障手册，讲解团体医疗险的报销流程。", "下月再约一次员工讲解"),
    ("wechat", "in", "询问新员工加保需要哪些资料。", "已发资料清单"),
    ("came", "in", "来访办理被保险人变更，顺便问起年度体检安排。", "体检安排待定，月底前回复"),
    ("meeting", "out", "与人事、财务会面，核对本年度人员名单和保费。", "名单以会后邮件为准"),
    ("email", "out", "发送上半年保单报告书，请客户核对。", ""),
    ("call", "in", "来电反映短信收到太多，希望只接收服务通知。", "已说明可以随时退订"),
)


def record(stage: DemoStage) -> None:
    """This function will write down contacts with some customers, more of them at 林晓's first customers."""
    standing = Customer.objects.filter(status=CustomerStatus.ACTIVE, merged_into__isnull=True)
    rows = list(standing.select_related("owner__branch").order_by("number"))
    some = rows[ONE_IN::ONE_IN][:MOST]
    lins = [one for one in rows if one.owner.username == "lin"][:OF_LIN]
    for n, customer in enumerate([*some, *(one for one in lins for _ in range(3))]):
        _write(stage, customer, n)
    last = Touchpoint.objects.filter(by__username="lin").order_by("-pk").first()
    if last is not None:
        _correct(last, stage.now)


def _write(stage: DemoStage, customer: Customer, n: int) -> None:
    kind, direction, summary, outcome = SAID[n % len(SAID)]
    day = local_date(stage.now) - timedelta(days=stage.dice.randrange(NEWEST, OLDEST))
    at = at_time(calendars.current().on_or_before(day), time(9 + n % 8, 7 * n % 60))
    touchpoints.record(
        customer=customer,
        by=customer.owner,
        now=at + timedelta(minutes=25),
        kind=TouchpointKind(kind),
        direction=Direction(direction),
        contact=customer.contacts.order_by("role", "slot").first(),
        happened_at=at,
        summary=summary,
        outcome=outcome,
    )


def _correct(row: Touchpoint, now: datetime) -> None:
    """Its writer mends a slip within the hour; the log keeps both wordings."""
    lin = User.objects.select_related("branch").get(pk=row.by_id)
    touchpoints.correct(
        touchpoint=row,
        by=lin,
        now=min(row.recorded_at + timedelta(minutes=40), now),
        seen=stamps.of(row),
        kind=row.kind,
        direction=row.direction,
        contact=row.contact,
        happened_at=row.happened_at,
        summary=row.summary,
        outcome="客户更正：名单下周三前发来",
    )
