"""The demo's premiums: paid instalment by instalment, the newest ones still to come, here and there some given back."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from crm.book.cells import Cell
from crm.demo import policies
from crm.time.months import add_months

HEADER = ("保单号", "收付号", "收付日期", "金额（元）", "保单年度", "期次")
MONTHS = {"年交": 12, "半年交": 6, "季交": 3}
# older ones lie in the archive
YEARS_KEPT = 3
Row = tuple[Cell, ...]


def rows(policy: policies.Row, today: date) -> Iterator[Row]:
    """This function will write what was received on a policy until today."""
    told = dict(zip(policies.HEADER, policy, strict=True))
    number, begins, ends = str(told["保单号"]), told["生效日"], told["保障末日"]
    assert isinstance(begins, date)
    dice, step = Random(number), MONTHS.get(str(told["交费频率"]), 0)
    due, n = begins, 0
    while due <= (ends if isinstance(ends, date) else today):
        paid = due + timedelta(days=dice.randrange(-5, 12))
        if paid > today:
            return
        year, instalment = (n * step // 12 + 1, n * step % 12 // step + 1) if step else (1, 1)
        if due > add_months(today, -12 * YEARS_KEPT):
            yield (number, f"S{number[1:]}{n + 1:03d}", paid, told["保费（元）"], str(year), str(instalment))
            if dice.random() < 0.03 and paid + timedelta(days=9) <= today:
                back = f"-{dice.randrange(1, 20) * 10}.00"
                yield (
                    number,
                    f"T{number[1:]}{n + 1:03d}",
                    paid + timedelta(days=9),
                    back,
                    str(year),
                    str(instalment),
                )
        if not step:
            return
        n += 1
        due = add_months(begins, n * step)
