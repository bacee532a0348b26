"""The words of case files, joined to the product's codes: what is asked, and what is changed on a policy.

Cases are written in plain English (rulebook Part 8) or with our own codes and labels; the first match decides.
"""

from collections.abc import Sequence

from servicing.cases.facts import CaseIsUnsound, Facts
from servicing.clocks import KINDS
from servicing.models.ticket import ChangeType

# A phone number of whomever is simple information; "name" alone may be another person, which is not.
_CHANGES: Sequence[tuple[str, ChangeType]] = (
    ("phone", ChangeType.PHONE),
    ("mobile", ChangeType.PHONE),
    ("e-mail", ChangeType.EMAIL),
    ("email", ChangeType.EMAIL),
    ("postcode", ChangeType.POSTCODE),
    ("post code", ChangeType.POSTCODE),
    ("address", ChangeType.ADDRESS),
    ("mail", ChangeType.EMAIL),
    ("beneficiary", ChangeType.BENEFICIARY),
    ("policyholder", ChangeType.POLICYHOLDER),
    ("bank", ChangeType.BANK_ACCOUNT),
    ("sum insured", ChangeType.SUM_INSURED),
    ("occupation", ChangeType.OCCUPATION),
    ("id number", ChangeType.ID_NUMBER),
    ("typing error in a member", ChangeType.NAME_TYPO),
    ("typo", ChangeType.NAME_TYPO),
    ("typing error", ChangeType.NAME_TYPO),
    ("member", ChangeType.MEMBERS),
    ("non-financial remark", ChangeType.REMARK),
    ("remark", ChangeType.REMARK),
    ("premium", ChangeType.PREMIUM),
    ("contact name", ChangeType.CONTACT_NAME),
    ("contact", ChangeType.CONTACT_NAME),
    ("handler", ChangeType.HANDLER),
)

_KINDS: Sequence[tuple[str, str]] = (
    ("complaint", "complaint"),
    ("投诉", "complaint"),
    ("enquiry", "enquiry"),
    ("inquiry", "enquiry"),
    ("VIP line", "enquiry"),
    ("change", "change"),
    ("变更", "change"),
    ("formalities", "issue"),
    ("issue", "issue"),
    ("出单", "issue"),
    ("claim opened", "claim"),
    ("立案", "claim"),
    ("arriv", "money_in"),
    ("到账", "money_in"),
    ("payment", "money_out"),
    ("surrender", "money_out"),
    ("付款", "money_out"),
    ("request", "request"),
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
        text = str(facts.get(name) or "")
        for word, kind in _KINDS:
            if word in text:
                return kind
    raise CaseIsUnsound("用例没有写明是哪类事项（claim_type、change、item 或 event）。")


def change_of(facts: Facts) -> str:
    """This function will give the code of what is changed; what nobody knows is never simple information."""
    text = str(facts.get("change") or facts.get("change_type") or "").strip()
    for one in ChangeType:
        if text in (one.value, str(one.label)):
            return one.value
    lower = text.lower()
    return next((code.value for word, code in _CHANGES if word in lower), "other")


def extra_large(facts: Facts) -> bool:
    """This function will say whether the customer carries the flag 特大型客户."""
    flags = facts.listed("customer_flag", "customer_flags")
    return "extra_large" in flags or facts.get("extra_large") is True
