"""The words of case files, joined to the product's codes: what is asked, and what is changed on a policy.

Cases are written in plain English (rulebook Part 8) or with our own codes and labels; the first match decides.
"""

import re
from collections.abc import Collection, Sequence

from servicing.cases.facts import CaseIsUnsound, Facts
from servicing.clocks import KINDS
from servicing.models.commitment import PauseReason
from servicing.models.ticket import ChangeType

_OTHER = "other"

# The first match decides: a phone number of whomever is simple information, an ID number of whomever is not;
# "name" alone may be another person, which is not.
_CHANGES: Sequence[tuple[str, str]] = (
    *((word, ChangeType.ID_NUMBER) for word in ("id number", "id card", "identity card", "证件", "身份证")),
    *((word, ChangeType.PHONE) for word in ("phone", "mobile", "电话", "手机")),
    *((word, ChangeType.EMAIL) for word in ("e-mail", "email", "邮箱", "邮件")),
    *((word, ChangeType.POSTCODE) for word in ("postcode", "post code", "postal code", "zip")),
    *((word, ChangeType.POSTCODE) for word in ("邮编", "邮政编码")),
    *((word, ChangeType.ADDRESS) for word in ("address", "地址", "住址")),
    ("mail", ChangeType.EMAIL),
    *((word, ChangeType.BENEFICIARY) for word in ("beneficiar", "受益")),
    *((word, ChangeType.POLICYHOLDER) for word in ("policyholder", "policy holder", "投保人", "投保单位")),
    *((word, ChangeType.BANK_ACCOUNT) for word in ("bank", "account", "银行", "账号", "账户")),
    *((word, ChangeType.SUM_INSURED) for word in ("sum insured", "sum assured", "保额", "保险金额")),
    *((word, ChangeType.OCCUPATION) for word in ("occupation", "职业", "工种")),
    *(
        (word, ChangeType.NAME_TYPO)
        for word in ("typo", "typing error", "spelling", "misspel", "错字", "错别字")
    ),
    *((word, ChangeType.MEMBERS) for word in ("member", "insured person", "employee")),
    *((word, ChangeType.MEMBERS) for word in ("被保险人", "增员", "减员", "增减", "加人", "减人")),
    *((word, ChangeType.REMARK) for word in ("non-financial", "非财务")),
    *((word, _OTHER) for word in ("financial", "财务")),
    *((word, ChangeType.REMARK) for word in ("remark", "备注")),
    *((word, ChangeType.PREMIUM) for word in ("premium", "保费", "保险费", "缴费")),
    *((word, ChangeType.HANDLER) for word in ("handler", "经办")),
    *((word, ChangeType.CONTACT_NAME) for word in ("contact", "联系人")),
)

# Where several things are changed at once, each is looked at by itself.
_AND = re.compile(r"[、，,;；/&+和与]|(?<!涉)及|\band\b")

_KINDS: Sequence[tuple[str, str]] = (
    *((word, "complaint") for word in ("complaint", "投诉")),
    *((word, "enquiry") for word in ("enquiry", "inquiry", "咨询", "查询", "vip line")),
    *((word, "change") for word in ("change", "变更", "保全", "批改")),
    *((word, "issue") for word in ("formalities", "issue", "出单", "投保")),
    *((word, "claim") for word in ("claim opened", "立案")),
    *((word, "money_in") for word in ("arriv", "到账")),
    *((word, "money_out") for word in ("payment", "surrender", "付款", "退保")),
    *((word, "request") for word in ("request", "请求", "要求")),
)

_CLAIMS: Sequence[tuple[str, str]] = (
    *((word, "investigation") for word in ("investigat", "调查")),
    *((word, "appraisal") for word in ("apprais", "鉴定")),
    *((word, "general") for word in ("general", "normal", "一般", "普通")),
)

# What stops a clock (rulebook X-13), as people write it.
_REASONS: Sequence[tuple[str, PauseReason]] = (
    *((word, PauseReason.APPRAISAL) for word in ("apprais", "valuation", "testing", "loss adjust")),
    *((word, PauseReason.APPRAISAL) for word in ("鉴定", "公估", "检测", "评估")),
    *((word, PauseReason.MEDICAL) for word in ("medical exam", "examination", "health check", "体检")),
    *((word, PauseReason.MEDIATION) for word in ("mediat", "调解")),
    *(
        (word, PauseReason.PROCEEDINGS)
        for word in ("police", "court", "proceeding", "litigation", "arbitrat")
    ),
    *((word, PauseReason.PROCEEDINGS) for word in ("公安", "交警", "司法", "法院", "诉讼", "仲裁")),
    *((word, PauseReason.FORCE_MAJEURE) for word in ("majeure", "typhoon", "flood", "earthquake")),
    *((word, PauseReason.FORCE_MAJEURE) for word in ("不可抗力", "台风", "洪水", "地震")),
    *((word, PauseReason.PAPERS) for word in ("document", "paper", "material", "supplement", "missing")),
    *((word, PauseReason.PAPERS) for word in ("record", "certificate", "invoice", "proof", "form")),
    *((word, PauseReason.PAPERS) for word in ("证明", "发票", "病历")),
    *((word, PauseReason.PAPERS) for word in ("补件", "补充", "补交", "资料", "材料", "单证", "缺件")),
)


def kind_of(facts: Facts) -> str:
    """This function will say what kind of request a case speaks of; raises CaseIsUnsound where it does not say."""
    if facts.get("kind") in KINDS:
        return facts.word("kind")
    if facts.get("claim_type"):
        return "claim"
    if facts.get("change") or facts.get("change_type"):
        return "change"
    for name in ("kind", "item", "event"):
        kind = _first(_KINDS, str(facts.get(name) or ""))
        if kind:
            return kind
    raise CaseIsUnsound("用例没有写明是哪类事项（claim_type、change、item 或 event）。")


def claim_type_of(facts: Facts) -> str:
    """This function will give the type of a claim, stated or said by the event; without a word it is general."""
    stated = facts.word("claim_type", "")
    if stated:
        return _first(_CLAIMS, stated) or stated
    return (
        _first(_CLAIMS, f"{facts.get('kind') or ''} {facts.get('item') or ''} {facts.get('event') or ''}")
        or "general"
    )


def change_of(facts: Facts, simple: Collection[str]) -> str:
    """This function will give the code of what is changed; what nobody knows is never simple information.

    Of several changes at once one that is not simple decides.
    """
    text = str(facts.get("change") or facts.get("change_type") or "").strip()
    for one in ChangeType:
        if text in (one.value, str(one.label)):
            return one.value
    codes = [_first(_CHANGES, part) or _OTHER for part in _AND.split(text.lower()) if part.strip()]
    return next((code for code in codes if code not in simple), codes[0] if codes else _OTHER)


def pause_reason_of(text: str) -> str:
    """This function will give the code of a pause's reason; empty where none of the permitted ones is meant."""
    for one in PauseReason:
        if text in (one.value, str(one.label)):
            return one.value
    return _first(_REASONS, text)


def _first(table: Sequence[tuple[str, str]], text: str) -> str:
    """The code of the first word of a table that stands in a text."""
    lower = text.lower()
    return next((str(code) for word, code in table if word in lower), "")


def extra_large(facts: Facts) -> bool:
    """This function will say whether the customer carries the flag 特大型客户."""
    flags = facts.listed("customer_flag", "customer_flags")
    return "extra_large" in flags or facts.get("extra_large") is True
