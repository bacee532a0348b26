"""Tickets that show what a visitor should see once: across the Spring Festival, provisional, waived, transferred."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from crm.models import Customer
from crm.models.staff import Role
from crm.time import SHANGHAI, at_time, end_of_day, local_date
from crm.time.festivals import Festival, festival_window
from servicing.demo.stage import Scenery
from servicing.models import Ticket
from servicing.models.commitment import CancelKind
from servicing.selectors import standards
from servicing.services import commitments, tickets

BEFORE_THE_FESTIVAL = datetime(2026, 2, 12, 10, 2, tzinfo=SHANGHAI)
ANSWERED = datetime(2026, 2, 25, 15, 20, tzinfo=SHANGHAI)


def lay_out(scenery: Scenery) -> None:
    """This function will open the show pieces at 林晓's customers."""
    lin = scenery.people["lin"]
    ordinary, vips = scenery.pool(lin, vip=False), scenery.pool(lin, vip=True)
    if scenery.now > ANSWERED:
        _across_the_festival(scenery, ordinary[0])
    _provisional(scenery, ordinary[1])
    _waived(scenery, ordinary[2])
    _withdrawn(scenery, ordinary[3])
    _transferred(scenery, ordinary[4])
    _waiting_to_start(scenery, vips[0])
    _scheduled(scenery, vips)


def _request(
    scenery: Scenery,
    customer: Customer,
    subject: str,
    at: datetime,
    *,
    kind: str = "request",
    change_type: str = "",
    channel: str = "phone",
    body: str = "",
    papers_complete: bool = True,
) -> Ticket:
    return tickets.open_ticket(
        customer=customer,
        kind=kind,
        change_type=change_type,
        channel=channel,
        subject=subject,
        body=body,
        papers_complete=papers_complete,
        received_at=at,
        owner=customer.owner,
        by=scenery.intake(customer),
        now=at,
    )


def _yesterday(scenery: Scenery, days: int = 1) -> datetime:
    return scenery.moment(scenery.calendar.on_or_before(scenery.today - timedelta(days=days)))


def _across_the_festival(scenery: Scenery, customer: Customer) -> None:
    """Received on the Thursday before the holiday of 2026, which lasts nine days between two working Saturdays."""
    body = "节前新入职 46 人，资料已齐，请尽快出单。"
    ticket = _request(
        scenery,
        customer,
        "春节前新员工团体投保出单",
        BEFORE_THE_FESTIVAL,
        kind="issue",
        channel="counter",
        body=body,
    )
    tickets.reply(
        ticket=ticket,
        body="资料已收齐，节后优先办理。",
        by=customer.owner,
        now=BEFORE_THE_FESTIVAL + timedelta(hours=2),
    )
    tickets.close(
        ticket=ticket,
        summary="保单已签发并送达",
        by=customer.owner,
        now=ANSWERED,
        reference="PD2026022500017",
    )


def _provisional(scenery: Scenery, customer: Customer) -> None:
    """A complaint whose extended legal limit reaches into a year without a notice, where there is such a year."""
    for back in range(1, 14):
        at = _yesterday(scenery, back)
        standard = standards.in_force("R-4 extended", at)
        last = local_date(at) + timedelta(days=standard.amount)
        if scenery.calendar.touches_unpublished(local_date(at), last):
            break
    else:
        return
    ticket = _request(
        scenery, customer, "对赔付责任认定有异议，要求延期复核", at, kind="complaint", channel="letter"
    )
    assert ticket.ceiling is not None
    commitments.reclassify(
        commitment=ticket.ceiling,
        standard=standard,
        reason="案情复杂，经批准延长处理期限",
        by=customer.owner,
        approver=scenery.manager(customer.owner),
        now=min(at + timedelta(hours=3), scenery.now),
    )


def _waived(scenery: Scenery, customer: Customer) -> None:
    ticket = _request(scenery, customer, "预约上门讲解（客户要求改期）", _yesterday(scenery, 6))
    assert ticket.promise is not None
    owner = customer.owner
    at = ticket.received_at + timedelta(hours=4)
    commitments.cancel(
        commitment=ticket.promise,
        kind=CancelKind.WAIVED,
        reason="客户书面要求改到下月，经批准豁免本次时限",
        by=owner,
        approver=scenery.manager(owner),
        now=at,
    )


def _withdrawn(scenery: Scenery, customer: Customer) -> None:
    ticket = _request(scenery, customer, "补寄保险凭证", _yesterday(scenery, 3))
    at = ticket.received_at + timedelta(hours=2)
    tickets.withdraw(ticket=ticket, reason="客户找到了原件", by=customer.owner, now=at)


def _transferred(scenery: Scenery, customer: Customer) -> None:
    ticket = _request(scenery, customer, "开具缴费证明", _yesterday(scenery))
    agent = next(a for a in scenery.keepers(Role.SERVICE_AGENT) if a.branch_id == customer.branch_id)
    at = min(ticket.received_at + timedelta(minutes=30), scenery.now)
    tickets.transfer(ticket=ticket, owner=agent, reason="由柜面开具", by=customer.owner, now=at)


def _waiting_to_start(scenery: Scenery, customer: Customer) -> None:
    """A VIP's policy change whose clock waits for complete papers (PA-18.1.3)."""
    _request(
        scenery,
        customer,
        "增加被保险人（资料待补）",
        _yesterday(scenery),
        kind="change",
        change_type="members",
        channel="email",
        papers_complete=False,
    )


def _scheduled(scenery: Scenery, vips: Sequence[Customer]) -> None:
    """Care for the next Spring Festival, promised now and to be given in its own window (PA-18.2.5)."""
    window = festival_window(Festival.SPRING, scenery.today.year + 1, scenery.calendar)
    for customer in vips[:3]:
        commitments.open_windowed(
            customer=customer,
            standard=standards.in_force("PA-18.2.5-spring", scenery.now),
            occasion=f"festival_care:spring:{window.festival.year}",
            title=f"春节关怀（{window.festival:%Y-%m-%d}）",
            starts_at=at_time(window.opens, time(9)),
            due_at=end_of_day(window.festival),
            owner=customer.owner,
            tier=customer.tier_shown,
            now=scenery.now,
        )
