"""The pages of stars: who is about to rise, about to fall, to be told; and what one customer's points are made of."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from crm import access
from crm.models import User
from crm.time import local_date
from crm.views.pages import below_customer, page_or_part, signed_in
from tiers import wording
from tiers.models import StarCount, StarPoints
from tiers.rules.star_lists import Gap, gap_to_next
from tiers.rules.star_points import StarRules, Worth, shown
from tiers.selectors import stars as read

PAGE_SIZE = 50
LISTS = {
    "rise": gettext_lazy("即将升星"),
    "fall": gettext_lazy("即将降星"),
    "tell": gettext_lazy("星级权益告知"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One star in a list, with what is missing to the next one; amounts in fen, points in hundredths."""

    stands: StarPoints
    name: str
    points: int
    gap: Gap | None

    @property
    def missing(self) -> int | None:
        """This function will give the missing points in hundredths."""
        return fen(self.gap.points) if self.gap else None

    @property
    def annual(self) -> int | None:
        """This function will give the ten-year yearly premium that is missing, in fen."""
        return fen(self.gap.annual_premium) if self.gap else None

    @property
    def single(self) -> int | None:
        """This function will give the single premium that is missing, in fen."""
        return fen(self.gap.single_premium) if self.gap else None


@dataclass(frozen=True, slots=True)
class Line:
    """One policy of the explanation, in words and in fen."""

    worth: Worth

    @property
    def premium(self) -> int:
        """This function will give one instalment in fen."""
        return fen(self.worth.policy.premium)

    @property
    def points(self) -> int:
        """This function will give the points in hundredths."""
        return fen(shown(self.worth.points))

    @property
    def payment(self) -> str:
        """This function will say how the premium is paid: 年交 20 年."""
        return wording.payment(self.worth.policy)

    @property
    def reason(self) -> str:
        """This function will say why the policy counts or not."""
        return wording.reason(self.worth)


def fen(amount: Decimal) -> int:
    """This function will give an amount of two decimals in hundredths."""
    return int(amount * 100)


@require_safe
@access.needs("customer_view")
def star_list(request: HttpRequest) -> HttpResponse:
    """This function will list the stars of the person's branches: `?list=` rise, fall or tell; `?mine=1` own customers."""
    user, on, rules = signed_in(request), local_date(read_clock()), read.rules_in_force()
    chosen = request.GET.get("list", "rise")
    chosen = chosen if chosen in LISTS else "rise"
    mine = request.GET.get("mine") == "1"
    paginator = Paginator(_visible(_asked(chosen, rules, on), user, mine=mine), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page", "1"))
    context = {
        "lists": LISTS.items(),
        "chosen": chosen,
        "mine": mine,
        "page": page,
        "pages": paginator.get_elided_page_range(page.number),
        "query": f"list={chosen}" + ("&mine=1" if mine else ""),
        "rows": [_row(one, rules) for one in page.object_list],
        "share": int(rules.rise_share * 100),
        "days": rules.fall_days,
        "counted": StarCount.objects.order_by("-day").first(),
        "crumbs": [(_("星级"), "")],
    }
    return page_or_part(
        request, page="tiers/stars/list.html", part="tiers/stars/_results.html", context=context
    )


@require_safe
@access.needs("customer_view")
def customer_star(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will explain a customer's points of today, policy by policy, and what is missing to the next star."""
    customer = access.customer(signed_in(request), pk)
    found = read.explained(customer, local_date(read_clock()))
    held = found.held
    context: dict[str, Any] = {
        "customer": customer,
        "found": found,
        "held": held,
        "name": wording.star_name(found.star),
        "points": fen(shown(found.points)),
        "next_name": wording.star_name(found.gap.next_star) if found.gap else "",
        "gap": [fen(one) for one in (found.gap.points, found.gap.annual_premium, found.gap.single_premium)]
        if found.gap
        else [],
        "maintenance_to": found.term.maintenance_to(found.rules) if found.term else None,
        "worths": [Line(one) for one in found.worths],
        "now": read_clock(),
        "crumbs": below_customer(customer, _("星点值")),
    }
    return render(request, "tiers/stars/detail.html", context)


def _asked(chosen: str, rules: StarRules, on: date) -> QuerySet[StarPoints]:
    if chosen == "fall":
        return read.about_to_fall(rules, on)
    return read.to_be_told(on) if chosen == "tell" else read.about_to_rise(rules)


def _visible(rows: QuerySet[StarPoints], user: User, *, mine: bool) -> QuerySet[StarPoints]:
    """The stars of customers that the person may see, with what a row shows."""
    customers = access.visible_customers(user)
    if mine:
        customers = customers.filter(owner=user)
    return rows.filter(customer__in=customers).select_related("customer__owner", "customer__branch")


def _row(stands: StarPoints, rules: StarRules) -> Row:
    name = wording.star_name(stands.star)
    return Row(stands, name, fen(shown(stands.points)), gap_to_next(stands.star, stands.points, rules))
