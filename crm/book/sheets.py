"""The sheets of the ground floor: 客户, 服务对象, 保单, 保费, with their columns, names and hints."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.book.cells import choice, identifier, money, signed_money, text, whole, yes_no
from crm.book.columns import Column, Sheet
from crm.book.dates import birthday, day
from crm.models.customer import BirthdayCalendar, ContactRole, CustomerKind, CustomerStage
from crm.models.policy import PolicyLine, PolicyStatus, PremiumFrequency
from crm.models.premium import MOST_INSTALMENTS, MOST_YEARS

NUMBER_AS_TEXT = _("文本格式，保留前导零")
DATE_NOTE = _("日期，如 2026-01-02")


def options(choices: Iterable[tuple[str, str | Promise]], **more: str) -> dict[str, str]:
    """This function will map the words of a choices class, and further words, to stored values."""
    return {**{str(label): str(value) for value, label in choices}, **more}


KINDS = options(CustomerKind.choices, 团体="organisation", 企业="organisation")
STAGES = options(CustomerStage.choices, 目标="target", 准="prospect", 正式="formal")
ROLES = options(ContactRole.choices, 第一="first", 第二="second")
CALENDARS = options(BirthdayCalendar.choices, 阳历="solar", 阴历="lunar")
LINES = options(PolicyLine.choices)
FREQUENCIES = options(
    PremiumFrequency.choices,
    年缴="annual",
    半年缴="half_yearly",
    季缴="quarterly",
    月缴="monthly",
    趸缴="single",
)
STATUSES = options(PolicyStatus.choices)

CUSTOMER_NUMBER = ("客户编号", "客户代码")

CUSTOMERS = Sheet(
    "customers",
    "客户",
    10,
    (
        Column("number", "客户号", identifier(30), "key", NUMBER_AS_TEXT, "K0001024", CUSTOMER_NUMBER),
        Column(
            "kind", "类型", choice(KINDS), "new", _("单位或个人"), "单位", ("客户类型",), tuple(KINDS)[:2], 8
        ),
        Column(
            "name",
            "名称",
            text(80),
            "new",
            _("单位全称或个人姓名"),
            "滨海晨光机械有限公司",
            ("客户名称", "单位名称"),
            (),
            30,
        ),
        Column(
            "registration_no",
            "统一社会信用代码",
            identifier(18),
            "",
            _("单位 18 位代码；个人不填"),
            "",
            ("信用代码",),
            (),
            22,
        ),
        Column(
            "branch", "机构代码", identifier(20), "new", _("您所在机构或下级机构的代码"), "120101", ("机构",)
        ),
        Column(
            "owner",
            "客户经理工号",
            identifier(30),
            "new",
            _("须在该客户的机构或其上级机构"),
            "LIN",
            ("客户经理", "经理工号"),
        ),
        Column(
            "stage",
            "阶段",
            choice(STAGES),
            "",
            _("不填为正式客户"),
            "正式客户",
            ("客户阶段",),
            tuple(STAGES)[:3],
            10,
        ),
        Column("extra_large", "特大型客户", yes_no, "", _("是或否"), "否", ("特大型",), ("是", "否"), 10),
        Column("extra_large_from", "特大型起始日", day, "", _("特大型客户必填"), "", (), (), 14),
    ),
    ("客户信息", "客户清单"),
)

CONTACTS = Sheet(
    "contacts",
    "服务对象",
    20,
    (
        Column("customer", "客户号", identifier(30), "key", NUMBER_AS_TEXT, "K0001024", CUSTOMER_NUMBER),
        Column(
            "role",
            "对象类别",
            choice(ROLES),
            "",
            _("单位客户填第一或第二服务对象，各最多两位；个人客户填本人"),
            "第一服务对象",
            ("类别", "服务对象类别"),
            tuple(ROLES)[:3],
        ),
        Column(
            "name",
            "姓名",
            text(40),
            "key",
            _("与已有的姓名或证件号码相同即更新"),
            "陈建国",
            ("服务对象姓名", "联系人"),
        ),
        Column("title", "职务", text(40), "", "", "总经理", ("职位",)),
        Column(
            "phone",
            "手机",
            identifier(20),
            "",
            _("文本格式，11 位手机号"),
            "",
            ("手机号", "手机号码", "联系电话"),
        ),
        Column(
            "id_no",
            "证件号码",
            identifier(20),
            "",
            _("文本格式，18 位"),
            "",
            ("身份证号", "身份证号码", "证件号"),
            (),
            22,
        ),
        Column(
            "calendar",
            "生日历法",
            choice(CALENDARS),
            "",
            _("公历或农历，不填为公历"),
            "公历",
            ("历法",),
            ("公历", "农历"),
            10,
        ),
        Column(
            "birthday",
            "生日",
            birthday,
            "",
            _("公历 1980-05-06 或 05-06；农历 四月初六，闰月写 闰四月初六"),
            "1980-05-06",
            ("出生日期",),
            (),
            18,
        ),
        Column("leap", "闰月", yes_no, "", _("农历生日在闰月的填是"), "", ("是否闰月",), ("是", "否"), 8),
        Column(
            "public_official", "公职人员", yes_no, "", _("是或否"), "否", ("是否公职人员",), ("是", "否"), 10
        ),
        Column("consented_on", "同意接收关怀日期", day, "", DATE_NOTE, "2026-01-02", ("同意日期",), (), 18),
        Column(
            "consent_source",
            "同意来源",
            text(60),
            "",
            _("填了同意日期就必须写来源"),
            "投保单勾选",
            (),
            (),
            16,
        ),
    ),
    ("联系人",),
)

POLICIES = Sheet(
    "policies",
    "保单",
    30,
    (
        Column(
            "number", "保单号", identifier(40), "key", NUMBER_AS_TEXT, "P120101000001", ("保单号码",), (), 22
        ),
        Column("customer", "客户号", identifier(30), "key", NUMBER_AS_TEXT, "K0001024", CUSTOMER_NUMBER),
        Column("product", "产品", text(60), "new", "", "团体意外伤害保险", ("产品名称", "险种"), (), 22),
        Column("line", "险类", choice(LINES), "new", "", "团体寿险", (), tuple(LINES)),
        Column(
            "long_term",
            "长期险",
            yes_no,
            "",
            _("保险期间超过一年填是"),
            "否",
            ("是否长期险",),
            ("是", "否"),
            8,
        ),
        Column(
            "premium_fen",
            "保费（元）",
            money,
            "new",
            _("单位元，可有千分位"),
            "12,000.00",
            ("保费", "保险费"),
            (),
            14,
        ),
        Column(
            "frequency",
            "交费频率",
            choice(FREQUENCIES),
            "new",
            "",
            "年交",
            ("缴费频率", "交费方式"),
            tuple(FREQUENCIES)[:5],
            10,
        ),
        Column("pay_years", "交费年限", whole(1, 100), "", _("整数"), "", ("缴费年限",), (), 10),
        Column("effective_date", "生效日", day, "new", DATE_NOTE, "2026-01-02", ("生效日期",)),
        Column("delivered_date", "送达日", day, "", DATE_NOTE, "", ("送达日期",)),
        Column(
            "ends_date",
            "保障末日",
            day,
            "",
            _("保障的最后一天"),
            "2027-01-01",
            ("满期日", "终止日期", "到期日"),
        ),
        Column(
            "status", "状态", choice(STATUSES), "", _("不填为有效"), "有效", ("保单状态",), tuple(STATUSES), 8
        ),
    ),
    ("保单信息", "保单清单"),
)

PREMIUMS = Sheet(
    "premiums",
    "保费",
    35,
    (
        Column(
            "policy", "保单号", identifier(40), "key", NUMBER_AS_TEXT, "P120101000001", ("保单号码",), (), 22
        ),
        Column(
            "number",
            "收付号",
            identifier(60),
            "key",
            _("收付流水号或收据号，一张保单内不重复；同号即更新"),
            "S2026010200001",
            ("流水号", "收付流水号", "收据号"),
            (),
            22,
        ),
        Column("paid_on", "收付日期", day, "new", DATE_NOTE, "2026-01-02", ("实收日期", "到账日期")),
        Column(
            "amount_fen",
            "金额（元）",
            signed_money,
            "new",
            _("实收金额；退费填负数，如 -300.00"),
            "12,000.00",
            ("金额", "实收保费", "实收金额"),
        ),
        Column(
            "policy_year",
            "保单年度",
            whole(1, MOST_YEARS),
            "new",
            _("首年填 1，第一次续期填 2"),
            "1",
            ("年度",),
            (),
            10,
        ),
        Column(
            "instalment",
            "期次",
            whole(1, MOST_INSTALMENTS),
            "",
            _("本保单年度第几期，不填为 1"),
            "1",
            ("期数",),
            (),
            8,
        ),
    ),
    ("实收", "保费信息", "保费清单"),
)
