"""Cases of the law's clocks, named by law and article (R-3, R-4): 保险法 24 refusal notice, R-4 simple."""

import re
from datetime import datetime
from typing import NamedTuple

from servicing.cases import clocks
from servicing.cases.facts import CaseIsUnsound, Facts, only_moment
from servicing.cases.registry import Action, Answer, House, action


class _Limit(NamedTuple):
    """One limit of the law: the standard's code, how results of several are told apart, and its trigger's names."""

    code: str
    prefix: str
    triggers: tuple[str, ...]
    words: tuple[str, ...] = ()


_RECEIVED = ("complaint_received", "received", "complaint_received_at")
_CLAIMED = ("claim_request_with_papers", "claim_request", "papers_received")
_AGREED = ("agreement_on_amount", "agreement", "agreed")
_TABLE: dict[tuple[str, str], tuple[_Limit, ...]] = {
    ("保险法", "23"): (
        _Limit(
            "保险法 23 assessment, complex", "assessment", _CLAIMED, ("assess", "complex", "核定", "复杂")
        ),
        _Limit("保险法 23 payment", "payment", _AGREED, ("pay", "赔付", "给付", "支付")),
    ),
    ("保险法", "24"): (_Limit("保险法 24 refusal notice", "refusal_notice", ("decided_not_covered",)),),
    ("保险法", "25"): (_Limit("保险法 25 certain part", "certain_part", _CLAIMED),),
    ("交强险条例", "28"): (
        _Limit("交强险条例 28 paper list", "written_paper_list", ("motor_compulsory_claim", "claim_request")),
    ),
    ("交强险条例", "29"): (
        _Limit("交强险条例 29 decision", "decision", ("papers_received",), ("decision", "decide", "核定")),
        _Limit("交强险条例 29 payment", "payment", _AGREED, ("pay", "赔付", "赔偿")),
    ),
    ("R-4", "18"): (
        _Limit("R-4 simple", "simple", _RECEIVED, ("simple", "简单")),
        _Limit("R-4 complex", "complex", _RECEIVED, ("complex", "复杂")),
        _Limit("R-4 extended", "extended", _RECEIVED, ("extended", "extension", "延长")),
    ),
    ("R-4", "20"): (
        _Limit("R-4 review", "review", ("review_requested", "review_request"), ("review", "核查")),
    ),
}
# How the laws are called besides, longer names first.
_LAWS = {
    "R-4": "R-4",
    "投诉处理管理办法": "R-4",
    "投诉办法": "R-4",
    "机动车交通事故责任强制保险条例": "交强险条例",
    "交强险条例": "交强险条例",
    "保险法": "保险法",
    "insurance law": "保险法",
}
# 特别复杂 is not 复杂: it is the extension that a higher unit approves (投诉办法 18).
_VERY_COMPLEX = re.compile("especially complex|特别复杂")
_CHINESE_ARTICLE = re.compile("([一二三四五六七八九])?(十)?([一二三四五六七八九])?条")
_DIGITS = "一二三四五六七八九"
# New facts start the complaint's period anew (投诉办法 18).
_ANEW = ("new_facts_received", "new_material_received", "new_facts")


def compute(facts: Facts, house: House) -> Answer:
    """This function will compute every limit that a rule of law sets and the case gives the trigger of."""
    limits = _limits(facts.word("rule"))
    found: dict[str, Answer] = {}
    for limit in limits:
        at = _trigger(limit, facts, alone=len(limits) == 1)
        if at is not None:
            due = clocks.run(house.standard(limit.code), at, facts, house)
            found[limit.prefix] = {**clocks.answer(due, facts, house), "rule": limit.code}
    if not found:
        raise CaseIsUnsound(f"用例没有写明“{facts.word('rule')}”的起算日。")
    bare = next(iter(found.values())) if len(found) == 1 else {}
    return bare | {f"{name}_{key}": value for name, one in found.items() for key, value in one.items()}


def _limits(rule: str) -> list[_Limit]:
    """The limits that a rule's name means: by law and articles, narrowed by its words where they say more."""
    lower = rule.lower()
    name = next((name for name in _LAWS if name.lower() in lower), None)
    if name is None:
        known = "、".join(dict.fromkeys(_LAWS.values()))
        raise CaseIsUnsound(f"不认识法定规则“{rule}”；可用：{known}。")
    law = _LAWS[name]
    _, _, rest = lower.partition(name.lower())
    rest = _VERY_COMPLEX.sub("extended", _CHINESE_ARTICLE.sub(_in_digits, rest))
    articles = re.findall(r"\d+", rest)
    if law == "R-4" and not {"18", "20"} & set(articles):
        articles = ["18", "20"]
    limits = [limit for article in articles for limit in _TABLE.get((law, article), ())]
    if not limits:
        raise CaseIsUnsound(f"“{rule}”没有规定时限的条款。")
    named = [limit for limit in limits if any(word in rest for word in limit.words)]
    return named or limits


def _in_digits(found: re.Match[str]) -> str:
    """第二十八条 as 28条; 条 alone stays as it is."""
    tens, ten, ones = found.groups()
    number = (_DIGITS.index(tens) + 1 if tens else 1) * 10 if ten else 0
    last = ones if ten else tens
    number += _DIGITS.index(last) + 1 if last else 0
    return f"{number}条" if number else "条"


def _trigger(limit: _Limit, facts: Facts, *, alone: bool) -> datetime | None:
    """The moment a limit runs from; a rule asked for by itself may call its trigger anything."""
    stated = facts.moment_or_none(*limit.triggers)
    anew = facts.moment_or_none(*_ANEW) if limit.code.startswith("R-4") else None
    if stated is not None:
        return max(stated, anew) if anew else stated
    if facts.get("at") is not None:
        return facts.moment("at")
    return only_moment(facts, clocks.NOT_TRIGGERS) if alone else None


ACTIONS: dict[str, Action] = {"compute_statutory": action(compute, whole=["pauses"])}
