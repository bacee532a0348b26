"""Works out a customer's star points on a day, policy by policy."""

import json
from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.timezone import now

from crm import iso
from crm.management.doors import PlainCommand, plain_refusals
from crm.models import Customer
from crm.time import local_date
from tiers import wording
from tiers.rules.star_points import shown
from tiers.selectors import stars


class Command(PlainCommand):
    """The door of the star points."""

    help = "星点值：算出一位客户某一天的星点值和星级；--explain 逐张保单列出算法。"

    def add_arguments(self, parser: CommandParser) -> None:
        """This function will name the customer and the day."""
        parser.add_argument("customer", metavar="客户号")
        parser.add_argument("--at", help="哪一天，如 2026-06-30；默认今天")
        parser.add_argument("--explain", action="store_true", help="逐张保单列出")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """This function will compute from the policies as they stand, and print; it writes nothing."""
        with plain_refusals():
            on = iso.day(options["at"]) if options["at"] else local_date(now())
            found = stars.explained(self._customer(options["customer"]), on)
        if options["json"]:
            self.stdout.write(json.dumps(wording.as_data(found), ensure_ascii=False))
        else:
            self._print(found, on, explain=options["explain"])

    def _customer(self, number: str) -> Customer:
        customer = Customer.objects.filter(number=number).first()
        if customer is None:
            raise CommandError(f"没有客户号为 {number} 的客户，请核对。")
        return customer

    def _print(self, found: stars.Explained, on: date, *, explain: bool) -> None:
        self.stdout.write(
            f"{found.customer.number} {on.isoformat()} 星点值 {shown(found.points)} {wording.star_name(found.star)}"
        )
        if found.held:
            self.stdout.write(f"{found.held.get_state_display()}至 {found.held.ends_on.isoformat()}")
        if found.gap:
            self.stdout.write(
                f"距{wording.star_name(found.gap.next_star)}还差 {found.gap.points} 星点："
                f"十年期年交 {found.gap.annual_premium} 元，或趸交 {found.gap.single_premium} 元"
            )
        if explain:
            for worth in found.worths:
                self.stdout.write(f"  {worth.policy.number}  {shown(worth.points)}  {wording.reason(worth)}")
