"""Makes the sample files and their README: a branch's book of 200 customers as it really arrives. See `script/samples`.

Every wart is put in by a line of `WARTS`, which also says what the product answers; the tests hold both together.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

from crm.demo import numbers
from crm.demo.words import FIRST_TITLES, SECOND_TITLES, Namer

HERE = Path(__file__).parent
BOOK, CSV, README = "塘沽营业部客户清册.xlsx", "塘沽营业部客户-GB18030.csv", "README.md"
CUSTOMERS = 200
TODAY = date(2026, 3, 2)
SERIAL = 90_000_000
HEADERS: dict[str, list[str]] = {
    "客户": [
        "客户号",
        "客户名称",
        "类型",
        "",
        "统一社会信用代码",
        "机构代码",
        "客户经理工号",
        "阶段",
        "备注",
    ],
    "服务对象": [
        "姓名",
        "客户号",
        "对象类别",
        "职务",
        "手机号码",
        "证件号码",
        "生日历法",
        "生日",
        "同意接收关怀日期",
        "同意来源",
    ],
    "保单": [
        "保单号",
        "客户号",
        "产品",
        "险类",
        "保费（元）",
        "交费频率",
        "生效日",
        "送达日",
        "保障末日",
        "状态",
    ],
    "层级": ["客户号", "级别", "生效日", "依据"],
}
# a title stands above the header of the first sheet
FIRST_ROW = {"客户": 3, "服务对象": 2, "保单": 2, "层级": 2}
ACCEPTED = "照常导入"


@dataclass(frozen=True, slots=True)
class Wart:
    """One thing that is wrong or odd: sheet, row of the sheet counted from the first customer, column, new cell."""

    sheet: str
    at: int
    column: str
    cell: Any
    what: str
    answer: str

    @property
    def row(self) -> int:
        """This function will give the row as the spreadsheet numbers it."""
        return self.at + FIRST_ROW[self.sheet]


def _number(i: int) -> str:
    return f"TG{i:05d}"


WARTS = (
    Wart("客户", 104, "客户号", "ＴＧ００１０４", "全角的客户号", ACCEPTED),
    Wart("客户", 106, "客户名称", "  津沽禾川  食品有限公司\n", "名称里有空格和换行", ACCEPTED),
    Wart("客户", 108, "客户名称", "=SUM(1,1)贸易有限公司", "名称像公式", ACCEPTED),
    Wart("客户", 110, "客户名称", None, "没有名称", "新增时必填，请补上"),
    Wart("客户", 112, "客户经理工号", "zhaoliu", "没有这个工号", "没有这个工号"),
    Wart("客户", 114, "客户经理工号", "zhou", "别的分公司的客户经理", "看不到这位客户"),
    Wart("客户", 116, "机构代码", "130101", "别的分公司的机构", "不在您可写的机构范围内"),
    Wart("客户", 118, "类型", "公司", "类型写成“公司”", "只能填：单位、个人"),
    Wart("客户", 120, "客户号", 20260020.0, "客户号是数字格式", "请把整列设为“文本”格式"),
    Wart("客户", 122, "统一社会信用代码", "91990000000000022A", "信用代码校验位不对", "校验位正确"),
    Wart("客户", 124, "客户经理工号", 1024.0, "工号是数字格式", "请把整列设为“文本”格式"),
    Wart("客户", 126, "客户名称", "很长" * 50, "名称 100 个字", "最多 80 个字"),
    Wart("服务对象", 1, "手机号码", "１００９０００７７０１", "全角的手机号", ACCEPTED),
    Wart("服务对象", 3, "手机号码", " 100 9000 7703 ", "手机号里有空格", ACCEPTED),
    Wart("服务对象", 5, "证件号码", 4.4010119900101e17, "证件号码变成 4.40E+17", "号码可能已丢位"),
    Wart("服务对象", 7, "证件号码", "4.40E+17", "证件号码是科学计数法的文字", "号码已丢位"),
    Wart("服务对象", 9, "手机号码", 10090007709.0, "手机是数字格式", "号码可能已丢位"),
    Wart("服务对象", 11, "手机号码", "022-25890011", "手机填了座机", "请填写 11 位手机号"),
    Wart("服务对象", 13, "证件号码", "990000197001010010", "证件号码校验位不对", "校验位不对"),
    Wart("服务对象", 15, "证件号码", "130503670401001", "15 位旧证件号码", "15 位的旧证件号码"),
    Wart("服务对象", 17, "生日", "1981-02-29", "没有的日期", "没有这一天"),
    Wart("服务对象", 19, "生日", 30000.0, "日期变成了数字", "看不懂是哪一天"),
    Wart("服务对象", 21, "生日", "闰四月初六", "公历生日写了闰月", "公历生日没有闰月"),
    Wart("服务对象", 23, "生日", "05-06", "只有月和日", ACCEPTED),
    Wart("服务对象", 25, "生日", "1976年3月8日", "中文写的日期", ACCEPTED),
    Wart("服务对象", 27, "同意来源", None, "有同意日期没有来源", "须写明来源"),
    Wart("服务对象", 29, "同意接收关怀日期", date(2099, 1, 1), "同意日期在将来", "在今天之后"),
    Wart("服务对象", 31, "对象类别", "联系人", "对象类别写错", "只能填：第一服务对象"),
    Wart("服务对象", 33, "客户号", "TG99999", "客户没有登记", "还没有登记"),
    Wart("服务对象", 35, "姓名", None, "没有姓名", "没有填写，请补上"),
    Wart("服务对象", 37, "生日", date(2026, 5, 6), "Excel 给月日补上了今年", "年份不像服务对象的出生年份"),
    Wart("保单", 1, "保费（元）", "１２，３４５．６０", "全角的金额", ACCEPTED),
    Wart("保单", 3, "保费（元）", "3.5万", "金额带“万”", "请填不为负的金额"),
    Wart("保单", 5, "保费（元）", -100.0, "负的保费", "请填不为负的金额"),
    Wart("保单", 7, "保费（元）", "1,23,456", "千分位不对", "请填不为负的金额"),
    Wart("保单", 9, "生效日", "26/3/1", "两位数的年份", "看不懂是哪一天"),
    Wart("保单", 11, "生效日", "20260101", "八位数字的日期", ACCEPTED),
    Wart("保单", 13, "保障末日", date(2020, 1, 1), "保障末日早于生效日", "保障末日早于生效日"),
    Wart("保单", 15, "保单号", 1.0e15, "保单号是数字格式", "请把整列设为“文本”格式"),
    Wart("保单", 17, "险类", "寿险", "险类写得不全", "只能填：团体寿险"),
    Wart("保单", 19, "产品", None, "没有产品", "新增时必填，请补上"),
    Wart("层级", 1, "级别", "钻石", "没有这个级别", "只能填：普通、银牌、金牌"),
    Wart("层级", 3, "生效日", None, "没有生效日", "新增时必填，请补上"),
    Wart("层级", 5, "级别", "金牌VIP", "级别的俗称", ACCEPTED),
)


class Clerk:
    """Writes the branch's rows, right ones first."""

    def __init__(self) -> None:
        """This function will start with the same dice at every run."""
        self.dice = Random(200)
        self.names = Namer(self.dice)
        self.serial = SERIAL

    def sheets(self) -> dict[str, list[list[Any]]]:
        """This function will write all sheets, then put the warts in, then the extra rows at the end."""
        sheets: dict[str, list[list[Any]]] = {title: [] for title in HEADERS}
        for i in range(CUSTOMERS):
            company = i < 60 or i % 3 != 0
            sheets["客户"].append(self._customer(i, company))
            sheets["服务对象"] += self._people(i, company)
            sheets["保单"] += self._policies(i, company)
            if company and i % 4 == 0:
                level = "金牌" if i % 20 == 0 else "银牌"
                sheets["层级"].append([_number(i), level, date(2026, 1, 1), "2026 年度评定"])
        for wart in WARTS:
            sheets[wart.sheet][wart.at][HEADERS[wart.sheet].index(wart.column)] = wart.cell
        for title, rows in self._extra(sheets).items():
            sheets[title] += rows
        return sheets

    def _customer(self, i: int, company: bool) -> list[Any]:
        name = self.names.company() if company else self.names.person()
        code = numbers.registration_no(SERIAL + i) if company else None
        keeper = self.dice.choice(("lin", "wang", "he"))
        return [
            _number(i),
            name,
            "单位" if company else "个人",
            None,
            code,
            "120101",
            keeper,
            "正式客户",
            None,
        ]

    def _people(self, i: int, company: bool) -> Iterator[list[Any]]:
        if company:
            yield self._person(i, "第一服务对象", self.dice.choice(FIRST_TITLES))
            yield self._person(i, "第二服务对象", self.dice.choice(SECOND_TITLES))
        else:
            yield self._person(i, "本人", "")

    def _person(self, i: int, role: str, title: str) -> list[Any]:
        self.serial += 1
        born = date(1955, 1, 1) + timedelta(days=self.dice.randrange(40 * 365))
        moon = i >= 60 and self.dice.random() < 0.3
        birthday: Any = self.dice.choice(("正月十五", "闰四月初六", "八月十五", "腊月廿三")) if moon else born
        # among the first rows stand the warts; their ID numbers are left out so that a wart has one reason
        id_no = numbers.id_no(born, self.serial) if i >= 60 and not moon else None
        calendar = "农历" if moon else "公历"
        agreed = TODAY - timedelta(days=self.dice.randrange(10, 400))
        return [
            self.names.person(),
            _number(i),
            role,
            title,
            numbers.phone(self.serial),
            id_no,
            calendar,
            birthday,
            agreed,
            "投保单勾选",
        ]

    def _policies(self, i: int, company: bool) -> Iterator[list[Any]]:
        begins = TODAY - timedelta(days=self.dice.randrange(0, 360))
        ends = begins + timedelta(days=364)
        product = ("团体意外伤害保险", "团体寿险") if company else ("机动车商业保险", "车险")
        premium = f"{self.dice.randrange(20, 9000) * 100:,}.00"
        delivered = min(begins + timedelta(days=3), TODAY)
        yield [f"PTG{i:07d}", _number(i), *product, premium, "年交", begins, delivered, ends, "有效"]

    def _extra(self, sheets: dict[str, list[list[Any]]]) -> dict[str, list[list[Any]]]:
        """This function will write the rows that are wrong beside others: twins and one person too many."""
        twin, other = list(sheets["客户"][30]), list(sheets["客户"][32])
        other[1] = "另一个名称有限公司"
        third = [self._person(40, "第一服务对象", "副总经理") for _ in range(2)]
        wrong_role = self._person(63, "第一服务对象", "本人")
        return {"客户": [twin, other], "服务对象": [*third, wrong_role], "保单": [list(sheets["保单"][30])]}


EXTRA = (
    ("客户", 200, "与前面的一行完全相同", "完全相同，已略过", "重复"),
    ("客户", 201, "同一客户号，名称不同", "是同一项，请只保留正确的一行", "错误"),
    ("服务对象", -2, "同一单位的第三位第一服务对象", "席位已满", "错误"),
    ("服务对象", -1, "个人客户登记了第一服务对象", "个人客户只登记“本人”", "错误"),
    ("保单", -1, "重复的保单行", "完全相同，已略过", "重复"),
)


def book() -> bytes:
    """This function will write the workbook, the same bytes at every run."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        workbook.set_properties({"created": datetime(2026, 3, 2), "author": "塘沽营业部"})  # noqa: DTZ001
        formats = {
            "title": workbook.add_format({"bold": True, "align": "center", "font_size": 14}),
            "day": workbook.add_format({"num_format": "yyyy/m/d"}),
            "text": workbook.add_format({"num_format": "@"}),
        }
        for title, rows in Clerk().sheets().items():
            _sheet(workbook.add_worksheet(title), title, rows, formats)
        workbook.add_worksheet("填表说明").write(0, 0, "本表由塘沽营业部内勤维护")
        old = workbook.add_worksheet("2024旧表")
        old.write(0, 0, "已停用")
        old.hide()
    return file.getvalue()


def _sheet(page: Any, title: str, rows: list[list[Any]], formats: dict[str, Any]) -> None:
    header = HEADERS[title]
    start = FIRST_ROW[title] - 1
    if start > 1:
        page.merge_range(0, 0, 0, len(header) - 1, "塘沽营业部客户清册（2026 年 3 月）", formats["title"])
    page.write_row(start - 1, 0, header)
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(start + i, j, cell, formats["day"])
            elif isinstance(cell, str):
                page.write_string(start + i, j, cell, formats["text"])
            elif cell is not None:
                page.write_number(start + i, j, cell)
    if title == "客户":
        for hidden in (50, 51, 52):
            page.set_row(start + hidden, None, None, {"hidden": True})


def gb18030() -> bytes:
    """This function will write one sheet as the .csv that Excel and WPS save in Chinese."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["客户号", "类型", "名称", "机构代码", "客户经理工号", "阶段"])
    names = Namer(Random(18030))
    writer.writerow(["TGC001", "单位", "㐱䶮堃，喆（天津）贸易有限公司", "120101", "lin", "正式客户"])
    for i in range(2, 21):
        writer.writerow([f"TGC{i:03d}", "单位", names.company(), "120101", "wang", "准客户"])
    return text.getvalue().encode("gb18030")


def readme() -> str:
    """This function will write what every wart is and what the product answers."""
    lines = [
        "# 样例文件",
        "",
        "由 `script/samples` 生成，每次相同；人名、单位名、号码都是虚构的（手机以 100 开头，证件号码以 990000 开头，",
        "只在 `DEMO=1` 时可用）。在演示环境中以 `guo`（塘沽营业部，机构管理者）登录，打开“导入”上传即可。",
        "",
        f"- `{BOOK}`：一个营业部的 200 位客户，四张表，带着真实表格常有的毛病。",
        f"- `{CSV}`：20 位客户，GB18030 编码，含生僻字和带逗号的名称。",
        "",
        "```",
        f"DEMO=1 .venv/bin/python manage.py import_book docs/samples/{BOOK} --dry-run --as guo",
        "```",
        "",
        "## 整张表的毛病",
        "",
        "| 毛病 | 回答 |",
        "| --- | --- |",
        "| “客户”表头上方有一行合并的标题 | 表头在前 10 行内自动找到 |",
        "| 列的顺序与模板不同，表头写“客户名称”“手机号码” | 按表头的名称和常见叫法识别 |",
        "| 中间有一个空列，末尾多一列“备注” | 空列忽略；“备注”列在“未识别的列”中 |",
        "| 第 53 至 55 行被隐藏 | 显示“隐藏的行 3”，照常导入 |",
        "| 多出“填表说明”表和隐藏的“2024旧表” | 列在“未导入的表”和“隐藏的表”中 |",
        "",
        "## 逐行的毛病",
        "",
        "| 表 | 行 | 毛病 | 回答 |",
        "| --- | --- | --- | --- |",
    ]
    lines += [f"| {w.sheet} | {w.row} | {w.what} | {w.answer} |" for w in WARTS]
    sheets = Clerk().sheets()
    for title, at, what, answer, _outcome in EXTRA:
        row = (at if at >= 0 else len(sheets[title]) + at) + FIRST_ROW[title]
        lines.append(f"| {title} | {row} | {what} | {answer} |")
    lines += ["", "客户那一行有错误时，他的服务对象、保单和层级也会退回，理由写明“请先改正那一行”。", ""]
    return "\n".join(lines)


def main() -> None:
    """This function will write all files beside this one."""
    (HERE / BOOK).write_bytes(book())
    (HERE / CSV).write_bytes(gb18030())
    (HERE / README).write_text(readme(), encoding="utf-8")


if __name__ == "__main__":
    main()
