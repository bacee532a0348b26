"""Two hand-overs of the demo: a colleague who left long ago, and three customers who changed hands this week."""

from datetime import date, datetime, time, timedelta

from crm.demo import cast, line
from crm.models import Customer, User
from crm.models.handover import HandoverCause
from crm.registry import DemoStage, moving_with
from crm.selectors import calendars
from crm.services import handovers, staff
from crm.time import at_time, local_date

LEFT = timedelta(days=200)
OF_LATE = timedelta(days=5)
FEW, LOOKED_AT = 3, 40
TEN, HALF_PAST_TEN = time(10), time(10, 30)


def colleague_leaves(stage: DemoStage) -> None:
    """This function will deal out the customers of the colleague who left, tell the customers, and end the access."""
    people = {one.username: one for one in User.objects.select_related("branch")}
    then = _workday(local_date(stage.now - LEFT), TEN)
    left = people[cast.LEFT]
    handovers.hand_over(
        customers=Customer.objects.filter(owner=left),
        takers=[people["lin"], people["wang"]],
        former=left,
        rest_taker=people["he"],
        cause=HandoverCause.LEAVING,
        reason="离职，本周五为最后工作日",
        by=people["guo"],
        now=then,
    )
    line.deliver(then + timedelta(minutes=1))
    staff.switch_off(person=left, reason="已离职", by=people["guo"], now=then + timedelta(hours=7))


def few_change_hands(stage: DemoStage) -> None:
    """This function will hand three customers without open work from 王越 to 林晓, so that no desk runs empty."""
    people = {one.username: one for one in User.objects.select_related("branch")}
    own = Customer.objects.filter(owner=people["wang"], merged_into__isnull=True).order_by(
        "-tier_shown", "pk"
    )
    idle = [
        one.pk
        for one in own[:LOOKED_AT]
        if not any(work.count for work in moving_with(Customer.objects.filter(pk=one.pk)))
    ]
    if not idle:
        return
    then = _workday(local_date(stage.now - OF_LATE), HALF_PAST_TEN)
    handovers.hand_over(
        customers=Customer.objects.filter(pk__in=idle[:FEW]),
        takers=[people["lin"]],
        cause=HandoverCause.WORKLOAD,
        reason="片区调整，就近服务",
        by=people["he"],
        now=then,
    )
    line.deliver(then + timedelta(minutes=1))


def _workday(day: date, clock: time) -> datetime:
    return at_time(calendars.current().on_or_before(day), clock)
