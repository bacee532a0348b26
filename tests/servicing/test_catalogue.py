"""The shipped catalogue against the rule book, limit by limit. The table below was typed from the rule book."""

import re
from dataclasses import asdict, replace

import pytest

from servicing import catalogue
from servicing.catalogue import NoSuchStandard, StandardIsUnsound
from servicing.models import ServiceStandard

# code: (amount, unit, tiers); no tiers means all
WD, SAME, ND, H = "working_days", "same_day", "natural_days", "hours"
AHEAD, YEAR, MONTH, WINDOW = "months_ahead", "yearly", "monthly", "window"
VIP = ("silver", "gold")
RULE_BOOK: dict[str, tuple[int, str, tuple[str, ...]]] = {
    # Part 0, vague words
    "X-16": (2, WD, ()),
    # Part 1, basic service
    "PA-17.1": (5, WD, ("ordinary",)),
    "PA-17.2": (3, WD, ("ordinary",)),
    "PA-simple": (0, SAME, ()),
    "PA-17.3-general": (7, WD, ("ordinary",)),
    "PA-17.3-investigation": (15, WD, ("ordinary",)),
    "PA-17.3-appraisal": (0, "untimed", ()),
    "PA-17.4": (2, AHEAD, ()),
    "PA-17.4-late": (1, WD, ()),
    "PA-17.5-maturity": (1, WD, ()),
    "PA-17.5-lapse": (1, WD, ()),
    "PA-17.5-advance": (30, WINDOW, ()),
    "PA-17.6": (1, YEAR, ()),
    "PA-17.8": (0, SAME, ()),
    # Part 1, value-added service
    "PA-18.1.2": (3, WD, VIP),
    "PA-18.1.2-XL": (7, WD, VIP),
    "PA-18.1.3": (2, WD, VIP),
    "PA-18.1.4-general": (5, WD, VIP),
    "PA-18.1.4-investigation": (10, WD, VIP),
    "PA-18.1.5-in": (0, SAME, VIP),
    "PA-18.1.5-out": (0, SAME, VIP),
    "PA-18.1.6": (20, WD, VIP),
    "PA-18.1.8": (1, WD, VIP),
    "PA-18.2.1-normal": (0, SAME, VIP),
    "PA-18.2.1-complaint": (3, ND, VIP),
    "PA-18.2.2": (1, MONTH, VIP),
    "PA-18.2.3-silver": (2, YEAR, ("silver",)),
    "PA-18.2.3-gold": (3, YEAR, ("gold",)),
    "PA-18.2.4": (0, WINDOW, VIP),
    "PA-18.2.5-spring": (15, WINDOW, VIP),
    "PA-18.2.5-mid-autumn": (15, WINDOW, VIP),
    "PA-18.2.6": (3, WD, VIP),
    "PA-18.2.7": (1, WINDOW, VIP),
    "PA-18.2.7-festival": (1, WINDOW, VIP),
    "PA-18.2.8-H1": (31, WINDOW, VIP),
    "PA-18.2.8-H2": (31, WINDOW, VIP),
    "PA-18.2.8-event": (24, H, VIP),
    "PA-18.2.10": (1, YEAR, VIP),
    # Part 2
    "TA-2.1": (4, YEAR, ()),
    "TA-2.3a": (1, YEAR, ()),
    "TA-2.3a-forward": (1, WD, ()),
    "TA-2.3c-small": (5, WD, ()),
    "TA-2.3c-progress": (5, WD, ()),
    "TA-4.1-spot-check": (1, MONTH, ()),
    "TA-4.1-survey": (2, YEAR, ()),
    "TA-4.1-followup": (5, WD, ()),
    "TA-5": (1, YEAR, ()),
    # Part 3
    "BR-2": (3, WD, ()),
    "BR-3": (3, WD, ()),
    "BR-4": (5, WD, ()),
    "BR-5": (10, WD, ()),
    "BR-6-log": (1, WD, ()),
    "BR-6-review": (2, YEAR, ()),
    "BR-7-calls-1": (1, YEAR, ("1",)),
    "BR-7-calls-2": (2, YEAR, ("2",)),
    "BR-7-calls-3": (4, YEAR, ("3",)),
    "BR-7-calls-4": (6, YEAR, ("4",)),
    "BR-7-calls-5": (12, YEAR, ("5",)),
    "BR-7-visits-1": (1, YEAR, ("1",)),
    "BR-7-visits-2": (1, YEAR, ("2",)),
    "BR-7-visits-3": (2, YEAR, ("3",)),
    "BR-7-visits-4": (4, YEAR, ("4",)),
    "BR-7-visits-5": (6, YEAR, ("5",)),
    "BR-renewal": (2, AHEAD, ()),
    # Part 4 and 5
    "CL-48h": (48, H, ()),
    "CP-authorise-pay": (1, WD, ()),
    "CP-credit-pay": (0, SAME, ()),
    "CP-4-contact": (2, "business_hours", ()),
    "CP-4-survey": (3, WD, ()),
    "CP-5-contact": (30, "minutes", ()),
    # regulation.md
    "保险法 23 assessment, complex": (30, ND, ()),
    "保险法 23 payment": (10, ND, ()),
    "保险法 24 refusal notice": (3, ND, ()),
    "保险法 25 certain part": (60, ND, ()),
    "交强险条例 28 paper list": (1, ND, ()),
    "交强险条例 29 decision": (5, ND, ()),
    "交强险条例 29 payment": (10, ND, ()),
    "R-4 simple": (15, ND, ()),
    "R-4 complex": (30, ND, ()),
    "R-4 extended": (60, ND, ()),
    "R-4 review": (30, ND, ()),
    # regulation.md R-8 and rulebook X-25: a customer is told of the new keeper
    "R-8": (30, ND, ()),
    "X-25": (30, ND, ("silver", "gold")),
}
# regulation.md: which rules of law let which pauses through (保险法 22 and 23, 投诉办法 18 and 23)
LAW_PAUSES = {
    "保险法 23 assessment, complex": ("papers",),
    "R-4 simple": ("appraisal", "mediation"),
    "R-4 complex": ("appraisal", "mediation"),
    "R-4 extended": ("appraisal", "mediation"),
}
DAY_CLOCKS = {WD, ND, SAME}


class TestTheCatalogue:
    def test_holds_every_limit_of_the_rule_book_and_no_other(self) -> None:
        held = {code: (one.amount, one.unit, one.tiers) for code, one in catalogue.shipped().items()}
        assert held == RULE_BOOK

    def test_marks_the_law_as_the_law_and_nothing_else(self) -> None:
        law = {code for code, one in catalogue.shipped().items() if one.authority == "statutory"}
        assert law == {code for code in RULE_BOOK if code.startswith(("保险法", "交强险", "R-4", "R-8"))}

    def test_lets_the_laws_clocks_pause_only_as_each_rule_allows(self) -> None:
        for code, one in catalogue.shipped().items():
            if one.authority == "statutory":
                assert one.pause_reasons == LAW_PAUSES.get(code, ()), code

    def test_lets_only_clocks_in_days_pause(self) -> None:
        assert {one.unit for one in catalogue.shipped().values() if one.pause_reasons} <= DAY_CLOCKS

    @pytest.mark.parametrize("code", ["PA-18.1.2", "PA-18.1.2-XL", "PA-18.1.3"])
    def test_a_vip_clock_that_starts_with_the_papers_does_not_pause_for_them(self, code: str) -> None:
        assert "papers" not in catalogue.shipped()[code].pause_reasons
        assert "papers" in catalogue.shipped()["PA-17.2"].pause_reasons

    def test_every_entry_says_its_rule_wording_and_evidence(self) -> None:
        for code, one in catalogue.shipped().items():
            assert one.rule and one.evidence, code
            assert one.wording.endswith("。"), code

    def test_the_wording_names_the_limit(self) -> None:
        for code, one in catalogue.shipped().items():
            if one.unit in (WD, ND, H) and code != "R-4 extended":
                assert re.search(rf"(?<!\d){one.amount}(?!\d)|三天", one.wording), code

    def test_a_complaint_of_a_vip_and_the_laws_start_alike(self) -> None:
        book = catalogue.shipped()
        assert book["PA-18.2.1-complaint"].start == book["R-4 simple"].start
        assert book["R-4 simple"].kind == book["PA-18.2.1-complaint"].kind + "_law"


@pytest.mark.django_db
class TestTheDatabase:
    def test_holds_the_catalogue_word_for_word(self) -> None:
        rows = {row.code: catalogue.entry_of(row) for row in ServiceStandard.objects.all()}
        assert rows == catalogue.shipped()


class TestAnUnsoundEntry:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"name": ""}, "缺少：name"),
            ({"unit": "weeks"}, "单位“weeks”不认识"),
            ({"amount": -1}, "不小于 0 的整数"),
            ({"amount": True}, "不小于 0 的整数"),
            ({"programme": "other"}, "服务体系或效力"),
            ({"authority": "god"}, "服务体系或效力"),
            ({"pause_reasons": ("holiday",)}, "不认识的暂停原因"),
            ({"unit": "hours"}, "不能暂停"),
        ],
    )
    def test_is_refused(self, change: dict[str, object], words: str) -> None:
        with pytest.raises(StandardIsUnsound, match=words):
            replace(catalogue.shipped()["PA-17.1"], **change)  # type: ignore[arg-type]

    def test_a_misspelt_or_missing_key_is_refused(self) -> None:
        with pytest.raises(StandardIsUnsound, match=r"“PA-1”写法不对"):
            catalogue.read_file(
                'programme = "law"\nauthority = "company"\n[[standard]]\ncode = "PA-1"\ncolour = 1'
            )

    def test_an_unknown_code_is_refused_with_the_ones_that_look_like_it(self) -> None:
        with pytest.raises(NoSuchStandard, match=r"“PA-17\.11”.*PA-17\.1"):
            catalogue.in_book("PA-17.11")


class TestTheFingerprint:
    def test_changes_with_every_field(self) -> None:
        entry = catalogue.shipped()["PA-17.2"]
        others: dict[str, object] = {
            "code": "PA-17.9",
            "programme": "law",
            "authority": "statutory",
            "unit": ND,
            "amount": 4,
            "tiers": ("gold",),
            "pause_reasons": (),
            "evidence": (),
            "sourced": False,
        }
        for field in asdict(entry):
            changed = replace(entry, **{field: others.get(field, "另一种说法")})  # type: ignore[arg-type]
            assert changed.digest != entry.digest, field
