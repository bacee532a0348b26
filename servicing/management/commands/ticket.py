"""Takes in, answers and closes tickets from the command line: what the pages do, through the same services."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import now

from crm import access, iso, rights
from crm.management import doors
from crm.models import User
from crm.refusal import Refusal
from servicing import access as gates
from servicing.management import printing
from servicing.models import Ticket
from servicing.models.ticket import ChangeType, TicketChannel, TicketKind
from servicing.services import tickets


class WhoActs(Refusal):
    """A ticket is never worked on by nobody."""


class NotFound(Refusal):
    """The customer or ticket does not exist, or not for this person."""


class Command(BaseCommand):
    """The door of tickets for scripts and for those who have no browser at hand."""

    help = "工单：open 受理、reply 答复、close 办结。权限与机构范围同页面。"

    def add_arguments(self, parser: CommandParser) -> None:
        """This function will name the three acts and what each needs."""
        acts = parser.add_subparsers(dest="act", required=True)
        opening = acts.add_parser("open", help="受理一张工单")
        opening.add_argument("--customer", required=True, help="客户号")
        opening.add_argument("--kind", required=True, choices=TicketKind.values)
        opening.add_argument("--change-type", default="", choices=["", *ChangeType.values])
        opening.add_argument("--channel", default="phone", choices=TicketChannel.values)
        opening.add_argument("--subject", required=True, help="一句话写明要办什么")
        opening.add_argument("--at", help="受理时刻，默认现在；不写时区即北京时间")
        opening.add_argument("--papers-missing", action="store_true", help="资料尚不齐备")
        reply = acts.add_parser("reply", help="答复客户")
        reply.add_argument("--body", required=True)
        close = acts.add_parser("close", help="办结")
        close.add_argument("--summary", required=True)
        close.add_argument("--reference", default="", help="凭据编号，如批单号")
        for act in (reply, close):
            act.add_argument("number", help="工单号")
        for act in (opening, reply, close):
            doors.add_by(act)

    def handle(self, *_args: Any, **options: Any) -> None:
        """This function will do the act as the named person and print where the ticket stands."""
        with doors.plain_refusals():
            by = doors.person(options["by"])
            if by is None:
                raise WhoActs("请用 --by 写明经办人工号。")
            ticket = self._open(by, options) if options["act"] == "open" else self._work(by, options)
        ticket.refresh_from_db()
        self.stdout.write(f"{ticket.number} {ticket.get_state_display()}")
        for promise in (ticket.promise, ticket.ceiling):
            if promise is not None:
                due = printing.moment(promise.due_at) if promise.due_at else "暂停中"
                self.stdout.write(f"{promise.standard.code} {promise.get_state_display()} 到期 {due}")
        if ticket.promise is None and ticket.ceiling is None:
            self.stdout.write("无时限承诺" if ticket.papers_complete_at else "尚未起算：等待资料齐备")

    def _open(self, by: User, options: dict[str, Any]) -> Ticket:
        rights.require(by, "ticket_open")
        moment = now()
        customer = access.visible_customers(by).filter(number=options["customer"]).first()
        if customer is None:
            raise NotFound(f"没有找到客户“{options['customer']}”，请核对客户号。")
        return tickets.open_ticket(
            customer=customer,
            kind=options["kind"],
            change_type=options["change_type"],
            channel=options["channel"],
            subject=options["subject"],
            received_at=iso.moment(options["at"]) if options["at"] else moment,
            papers_complete=not options["papers_missing"],
            by=by,
            now=moment,
        )

    def _work(self, by: User, options: dict[str, Any]) -> Ticket:
        rights.require(by, "ticket_work")
        ticket = gates.visible_tickets(by).filter(number=options["number"]).first()
        if ticket is None:
            raise NotFound(f"没有找到工单“{options['number']}”，请核对工单号。")
        if options["act"] == "reply":
            tickets.reply(ticket=ticket, body=options["body"], by=by, now=now())
            return ticket
        return tickets.close(
            ticket=ticket, summary=options["summary"], reference=options["reference"], by=by, now=now()
        )
