"""The words of cases, and facts that are missing or misspelt."""

from typing import Any

import pytest

from crm.house_rules import SIMPLE_CHANGES
from servicing.cases.facts import CaseIsUnsound, Facts, only_moment
from servicing.cases.statutory import _limits
from servicing.cases.words import change_of, claim_type_of, extra_large, kind_of, pause_reason_of


class TestTheKindOfARequest:
    @pytest.mark.parametrize(
        ("facts", "kind"),
        [
            ({"event": "claim opened (立案)", "claim_type": "general"}, "claim"),
            ({"event": "claim opened (立案)"}, "claim"),
            ({"event": "formalities and papers complete"}, "issue"),
            ({"event": "application formalities complete"}, "issue"),
            ({"event": "change application received, papers complete"}, "change"),
            ({"change": "beneficiary"}, "change"),
            ({"item": "VIP line enquiry"}, "enquiry"),
            ({"item": "VIP line complaint"}, "complaint"),
            ({"item": "VIP line normal item"}, "enquiry"),
            ({"event": "money arrived"}, "money_in"),
            ({"event": "claim payment approved"}, "money_out"),
            ({"event": "surrender approved"}, "money_out"),
            ({"item": "general request"}, "request"),
            ({"kind": "simple_change"}, "simple_change"),
        ],
    )
    def test_is_read_from_what_the_case_says(self, facts: dict[str, Any], kind: str) -> None:
        assert kind_of(Facts(facts)) == kind

    def test_that_nobody_says_is_refused(self) -> None:
        with pytest.raises(CaseIsUnsound, match="没有写明是哪类事项"):
            kind_of(Facts({"event": "sunrise"}))


class TestWhatIsChanged:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("handler phone number", "phone"),
            ("contact name", "contact_name"),
            ("handler", "handler"),
            ("mail", "email"),
            ("mailing address", "address"),
            ("postcode", "postcode"),
            ("non-financial remark", "remark"),
            ("typing error in a member's name", "name_typo"),
            ("adding insured members", "members"),
            ("removing an insured member", "members"),
            ("sum insured", "sum_insured"),
            ("beneficiary", "beneficiary"),
            ("bank account", "bank_account"),
            ("premium", "premium"),
            ("occupation class", "occupation"),
            ("ID number", "id_number"),
            ("policyholder", "policyholder"),
            ("受益人", "beneficiary"),
            ("id_number", "id_number"),
            ("增员", "members"),
            ("经办人身份证号", "id_number"),
            ("typo in the ID number", "id_number"),
            ("投保人联系电话", "phone"),
            ("姓名错别字更正(不涉及身份变更)", "name_typo"),
            ("phone and beneficiary", "beneficiary"),
            ("地址、银行账号", "bank_account"),
            ("地址、电话", "address"),
            ("financial remarks", "other"),
            ("phone and colour", "other"),
            ("colour of the folder", "other"),
            ("", "other"),
        ],
    )
    def test_is_joined_to_our_codes(self, text: str, code: str) -> None:
        assert change_of(Facts({"change": text}), SIMPLE_CHANGES) == code

    def test_of_several_the_first_stands_for_all_where_all_are_simple(self) -> None:
        facts = Facts({"change": "postcode, phone"})
        assert change_of(facts, SIMPLE_CHANGES) == "postcode"
        assert change_of(facts, ["postcode"]) == "phone"


class TestTheTypeOfAClaim:
    @pytest.mark.parametrize(
        ("facts", "claim_type"),
        [
            ({}, "general"),
            ({"claim_type": "investigation"}, "investigation"),
            ({"claim_type": "调查案件"}, "investigation"),
            ({"claim_type": "伤残鉴定"}, "appraisal"),
            ({"claim_type": "一般"}, "general"),
            ({"claim_type": "none of these"}, "none of these"),
            ({"event": "investigation claim opened"}, "investigation"),
        ],
    )
    def test_is_stated_or_said_by_the_event(self, facts: dict[str, Any], claim_type: str) -> None:
        assert claim_type_of(Facts(facts)) == claim_type


class TestTheReasonOfAPause:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("waiting for documents", "papers"),
            ("补件", "papers"),
            ("等待补件", "papers"),
            ("outside appraisal; case type not yet changed", "appraisal"),
            ("medical examination", "medical"),
            ("体检", "medical"),
            ("mediation", "mediation"),
            ("police proceedings", "proceedings"),
            ("force_majeure", "force_majeure"),
            ("台风", "force_majeure"),
            ("handler on holiday", ""),
        ],
    )
    def test_is_one_of_those_allowed_or_none(self, text: str, code: str) -> None:
        assert pause_reason_of(text) == code


class TestTheFlag:
    @pytest.mark.parametrize(
        ("facts", "flag"),
        [
            ({"customer_flag": "extra_large"}, True),
            ({"customer_flags": ["national", "extra_large"]}, True),
            ({"extra_large": True}, True),
            ({"extra_large": False}, False),
            ({}, False),
        ],
    )
    def test_extra_large_is_found(self, facts: dict[str, Any], flag: bool) -> None:
        assert extra_large(Facts(facts)) is flag


class TestMissingOrMisspeltFacts:
    @pytest.mark.parametrize(
        "ask",
        [
            lambda facts: facts.need("nothing"),
            lambda facts: facts.word("number"),
            lambda facts: facts.whole("word"),
            lambda facts: facts.whole("yes"),
            lambda facts: facts.day("word"),
            lambda facts: facts.moment("number"),
            lambda facts: facts.table("word"),
            lambda facts: facts.number("word"),
            lambda facts: Facts({"pauses": [5]}).pauses(),
            lambda facts: Facts({"pauses": [{"to": "2026-01-01"}]}).pauses(),
        ],
    )
    def test_are_refused_in_a_sentence(self, ask: Any) -> None:
        with pytest.raises(Exception, match=r"。$"):
            ask(Facts({"number": 5, "word": "x", "yes": True}))

    def test_the_trigger_may_carry_any_name_but_must_be_alone(self) -> None:
        assert only_moment(Facts({"documents_complete": "2026-01-05", "lane": "x"}), ()).day == 5
        with pytest.raises(CaseIsUnsound, match="a、b"):
            only_moment(Facts({"a": "2026-01-05", "b": "2026-01-06"}), ())
        with pytest.raises(CaseIsUnsound, match="无"):
            only_moment(Facts({"lane": "x"}), ())


class TestNamesOfLaw:
    @pytest.mark.parametrize(
        ("rule", "codes"),
        [
            ("R-4", ["R-4 simple", "R-4 complex", "R-4 extended", "R-4 review"]),
            ("R-4 simple", ["R-4 simple"]),
            ("R-4 review", ["R-4 review"]),
            ("R-4 复杂", ["R-4 complex"]),
            ("R-4 especially complex", ["R-4 extended"]),
            ("R-4 15 days", ["R-4 simple", "R-4 complex", "R-4 extended", "R-4 review"]),
            ("投诉办法 18", ["R-4 simple", "R-4 complex", "R-4 extended"]),
            ("投诉处理管理办法第二十条", ["R-4 review"]),
            ("《保险法》第二十四条 拒赔通知", ["保险法 24 refusal notice"]),
            ("Insurance Law art. 23 payment", ["保险法 23 payment"]),
            ("机动车交通事故责任强制保险条例第二十八条", ["交强险条例 28 paper list"]),
            ("保险法 23 assessment, complex", ["保险法 23 assessment, complex"]),
            ("保险法 23 payment", ["保险法 23 payment"]),
            ("保险法 23", ["保险法 23 assessment, complex", "保险法 23 payment"]),
            ("保险法 24 refusal notice", ["保险法 24 refusal notice"]),
            ("保险法 25 certain part", ["保险法 25 certain part"]),
            ("交强险条例 28", ["交强险条例 28 paper list"]),
            ("交强险条例 29 decision", ["交强险条例 29 decision"]),
            ("交强险条例 29 payment", ["交强险条例 29 payment"]),
            (
                "交强险条例 28, 29",
                ["交强险条例 28 paper list", "交强险条例 29 decision", "交强险条例 29 payment"],
            ),
        ],
    )
    def test_mean_limits_of_the_catalogue(self, rule: str, codes: list[str]) -> None:
        assert [limit.code for limit in _limits(rule)] == codes

    @pytest.mark.parametrize("rule", ["保险法 99", "海商法 1", "保险法", "保险法第十条", "保险法无此条"])
    def test_that_mean_none_are_refused(self, rule: str) -> None:
        with pytest.raises(CaseIsUnsound, match=r"。$"):
            _limits(rule)
