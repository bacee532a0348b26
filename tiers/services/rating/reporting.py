"""The report of a rating as a workbook: places and cut lines, movements, and who won, keeps or loses a level."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from django.db import transaction
from django.utils.translation import gettext as _

from crm.book.writing import OPTIONS
from crm.models import User
from crm.services import audit
from tiers.models import Level, RatingRow, RatingRun
from tiers.rules import terms
from tiers.selectors import ratings

FEN = 100


@transaction.atomic
def report(*, run: RatingRun, by: User, now: datetime) -> bytes:
    """This function will write the report of a computed run and log that it was taken. Every cell is text."""
    rows = ratings.concerned(run)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, OPTIONS)
    _sheet(book, _("名额与入选线"), _line_titles(), (_line(run, one) for one in ratings.lists(run)))
    levels = [str(level.label) for level in ratings.LEVELS]
    moves = ([str(Level(before).label), *map(str, row)] for before, row in ratings.movements(run))
    _sheet(book, _("升降"), [_("原层级＼新层级"), *levels], moves)
    _sheet(book, _("名单与变动"), _row_titles(), map(_row, rows.iterator(2000)))
    book.close()
    audit.log(action="tiers.rating.exported", subject=run, by=by, now=now, after={"rows": rows.count()})
    return file.getvalue()


def _sheet(book: Any, title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    sheet, bold = book.add_worksheet(title), book.add_format({"bold": True})
    for place, word in enumerate(head):
        sheet.write_string(0, place, word, bold)
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell)
    sheet.set_column(0, len(head) - 1, 18)
    sheet.freeze_panes(1, 0)


def _line_titles() -> list[str]:
    return [
        *(_("名单"), _("名额"), _("候选"), _("入选"), _("空缺")),
        *(_("最后入选"), _("得分"), _("首位落选"), _("得分"), _("分出先后的项")),
    ]


def _line(run: RatingRun, of: ratings.Places) -> list[str]:
    found = ratings.line(run, of)
    counts = [of.name, str(of.places), str(of.candidates), str(of.taken), str(of.vacant)]
    ends = [cell for row in (found.last_in, found.first_out) for cell in _end(row)]
    return [*counts, *ends, str(ratings.CRITERIA_WORDS.get(found.decided_by, ""))]


def _end(row: RatingRow | None) -> tuple[str, str]:
    return (row.number, row.score_shown) if row else ("", "")


def _row_titles() -> list[str]:
    return [
        *(_("客户号"), _("客户"), _("机构"), _("原层级"), _("新层级"), _("变动"), _("名单"), _("名次")),
        *(_("标准保费（元）"), _("规模系数"), _("忠诚度系数"), _("利润系数"), _("得分")),
        *(_("整年数"), _("首张保单"), _("不参评原因")),
    ]


def _row(row: RatingRow) -> list[str]:
    coefficients = (_hundredths(one) for one in (row.scale, row.loyalty, row.profit))
    return [
        *(row.number, row.customer.shown_name, row.branch.name),
        *(row.get_previous_display(), row.get_level_display(), row.movement, row.get_won_display()),
        *(str(row.rank or ""), _hundredths(row.premium_fen), *coefficients, terms.shown(row.score)),
        *(
            str(row.years),
            row.first_policy.isoformat() if row.first_policy else "",
            row.get_problem_display(),
        ),
    ]


def _hundredths(value: int) -> str:
    return f"{value // FEN}.{value % FEN:02d}"
