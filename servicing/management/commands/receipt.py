"""Prints the receipts of a ticket's promises, or of one promise: when it is due, and why."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from servicing.management import printing
from servicing.models import Commitment
from servicing.selectors.commitments import of_reference, result
from servicing.selectors.receipts import Receipt, receipt_of

RESULTS = {"kept": "按时办结", "broken": "超时办结", "unproven": "已办结，待补凭据"}


class Command(BaseCommand):
    """The door of the receipt."""

    help = "时效凭证：打印一张工单（或一项承诺）的到期时间、逐日算法、经过和凭据。"

    def add_arguments(self, parser: CommandParser) -> None:
        """This function will ask for the ticket's number or the promise's."""
        parser.add_argument("reference", help="工单号，如 GD260212-00001；或承诺编号")

    def handle(self, *_args: Any, **options: Any) -> None:
        """This function will print one receipt a promise."""
        rows = of_reference(options["reference"])
        if not rows:
            raise CommandError(f"没有找到“{options['reference']}”的承诺，请核对工单号或承诺编号。")
        moment = now()
        for row in rows:
            self._print(receipt_of(row, as_of=moment), moment)

    def _print(self, receipt: Receipt, moment: datetime) -> None:
        row = receipt.commitment
        self.stdout.write(f"{row.standard.code}（第 {row.standard.version} 版）{row.title}")
        if receipt.due is not None:
            for line in printing.arithmetic(receipt.due):
                self.stdout.write(f"  {line}")
        elif row.due_at is not None:
            self.stdout.write(f"  可办 {printing.moment(row.starts_at)} 至 {printing.moment(row.due_at)}")
        for event in receipt.events:
            self.stdout.write(f"  {printing.moment(event.at)}  {event.get_kind_display()}")
        for proof in receipt.evidence:
            self.stdout.write(f"  凭据 {proof.reference}（{printing.moment(proof.at)}）")
        self.stdout.write(f"  结果 {_outcome(row, moment)}")


def _outcome(row: Commitment, moment: datetime) -> str:
    if found := result(row):
        return RESULTS[found]
    if row.due_at is not None and moment > row.due_at and row.state == "open":
        return "超时未办结"
    return str(row.get_state_display())
