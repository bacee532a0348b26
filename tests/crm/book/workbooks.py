"""Makes workbooks and csv files for the import's tests."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

Rows = Sequence[Sequence[Any]]


def workbook(path: Path, sheets: Mapping[str, Rows], hidden: Sequence[int] = ()) -> Path:
    """This function will write sheets of rows as .xlsx; texts stay texts, numbers numbers, dates dates."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for title, rows in sheets.items():
            page = book.add_worksheet(title)
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(i, j, cell, day)
                    elif cell is not None:
                        page.write(i, j, cell)
            for row_number in hidden:
                page.set_row(row_number, None, None, {"hidden": True})
    return path


CUSTOMER_HEADER = ("客户号", "类型", "名称", "机构代码", "客户经理工号")
CONTACT_HEADER = ("客户号", "对象类别", "姓名", "职务", "手机", "证件号码", "生日历法", "生日")
POLICY_HEADER = ("保单号", "客户号", "产品", "险类", "保费（元）", "交费频率", "生效日", "保障末日")
TIER_HEADER = ("客户号", "级别", "生效日", "依据")


def small_book(path: Path) -> Path:
    """This function will write a right book: two customers, three persons, one policy, one tier."""
    return workbook(
        path,
        {
            "客户": [
                CUSTOMER_HEADER,
                ("K1", "单位", "滨海晨光机械有限公司", "120101", "lin"),
                ("K2", "个人", "赵明", "120101", "lin"),
            ],
            "服务对象": [
                CONTACT_HEADER,
                ("K1", "第一服务对象", "陈建国", "总经理", "13900000001", "", "公历", date(1970, 5, 6)),
                ("K1", "第二服务对象", "刘洋", "经办", "13900000002", "", "农历", "闰四月初六"),
                ("K2", "", "赵明", "", "13900000003", "", "", "05-06"),
            ],
            "保单": [
                POLICY_HEADER,
                (
                    "P1",
                    "K1",
                    "团体意外伤害保险",
                    "团体寿险",
                    "12,345.60",
                    "年交",
                    "2026年1月2日",
                    date(2027, 1, 1),
                ),
            ],
            "层级": [TIER_HEADER, ("K1", "银牌", "2026/1/1", "2026 年度评定")],
        },
    )
