"""Which clock a request gets, and what clock a standard is."""

import pytest

from crm.time.clocks import Clock, Unit
from servicing.catalogue import shipped
from servicing.clocks import (
    KINDS,
    TIERS,
    ClockChoice,
    NoClockForKind,
    NotAClock,
    TierIsUnknown,
    choose_clock,
    clock_of,
    is_clock,
    shortest_seconds,
)

# DESIGN, "which clock a ticket gets", as a table: kind → ordinary, silver, gold
TABLE: dict[str, tuple[str | None, str | None, str | None]] = {
    "issue": ("PA-17.1", "PA-18.1.2", "PA-18.1.2"),
    "change": ("PA-17.2", "PA-18.1.3", "PA-18.1.3"),
    "simple_change": ("PA-simple", "PA-simple", "PA-simple"),
    "enquiry": (None, "PA-18.2.1-normal", "PA-18.2.1-normal"),
    "complaint": (None, "PA-18.2.1-complaint", "PA-18.2.1-complaint"),
    "money_in": (None, "PA-18.1.5-in", "PA-18.1.5-in"),
    "money_out": (None, "PA-18.1.5-out", "PA-18.1.5-out"),
    "request": ("X-16", "X-16", "X-16"),
    "claim": ("PA-17.3-general", "PA-18.1.4-general", "PA-18.1.4-general"),
    "claim_general": ("PA-17.3-general", "PA-18.1.4-general", "PA-18.1.4-general"),
    "claim_investigation": ("PA-17.3-investigation", "PA-18.1.4-investigation", "PA-18.1.4-investigation"),
    "claim_appraisal": (None, None, None),
}
SIMPLE = ["contact_name", "phone", "email", "address", "postcode", "handler", "remark", "name_typo"]
NOT_SIMPLE = [
    *["members", "sum_insured", "beneficiary", "bank_account"],
    *["premium", "occupation", "id_number", "policyholder"],
]


class TestARequest:
    @pytest.mark.parametrize("kind", sorted(TABLE))
    def test_gets_the_clock_of_its_kind_and_tier(self, kind: str) -> None:
        for tier, code in zip(TIERS, TABLE[kind], strict=True):
            assert choose_clock(kind, tier=tier).company == code, tier

    @pytest.mark.parametrize("kind", sorted(TABLE))
    def test_only_a_complaint_has_the_laws_ceiling(self, kind: str) -> None:
        expected = "R-4 simple" if kind == "complaint" else None
        assert {choose_clock(kind, tier=tier).ceiling for tier in TIERS} == {expected}

    def test_every_kind_of_the_table_is_tried_here(self) -> None:
        assert {*TABLE, "issue_extra_large"} == KINDS

    def test_every_clock_it_may_get_is_in_the_catalogue_for_its_tier(self) -> None:
        for kind in KINDS:
            for tier in TIERS:
                for code in choose_clock(kind, tier=tier, extra_large=True):
                    if code is not None:
                        assert not shipped()[code].tiers or tier in shipped()[code].tiers
                        assert is_clock(shipped()[code])

    def test_an_extra_large_vips_issue_has_its_own_longer_limit(self) -> None:
        codes = [choose_clock("issue", tier=tier, extra_large=True).company for tier in TIERS]
        assert codes == ["PA-17.1", "PA-18.1.2-XL", "PA-18.1.2-XL"]
        assert choose_clock("change", "beneficiary", "gold", extra_large=True).company == "PA-18.1.3"

    @pytest.mark.parametrize("change", SIMPLE)
    def test_simple_changes_are_done_the_same_day(self, change: str) -> None:
        assert {choose_clock("change", change, tier).company for tier in TIERS} == {"PA-simple"}

    @pytest.mark.parametrize("change", [*NOT_SIMPLE, "other"])
    def test_other_changes_are_not_simple(self, change: str) -> None:
        assert [choose_clock("change", change, tier).company for tier in TIERS] == [
            "PA-17.2",
            "PA-18.1.3",
            "PA-18.1.3",
        ]

    def test_the_list_of_simple_changes_is_a_setting(self) -> None:
        choice = choose_clock("change", "address", "silver", simple_change_types=("phone",))
        assert choice == ClockChoice("PA-18.1.3", None)
        choice = choose_clock("change", "beneficiary", "silver", simple_change_types=("beneficiary",))
        assert choice == ClockChoice("PA-simple", None)

    def test_a_claim_reads_its_type(self) -> None:
        assert (
            choose_clock("claim", claim_type="investigation", tier="gold").company
            == "PA-18.1.4-investigation"
        )
        assert choose_clock("claim", claim_type="appraisal").company is None

    def test_an_unknown_tier_or_kind_is_refused(self) -> None:
        with pytest.raises(TierIsUnknown, match="没有“platinum”这个层级"):
            choose_clock("issue", tier="platinum")
        for kind, claim_type in (("party", "general"), ("claim", "strange")):
            with pytest.raises(NoClockForKind, match="没有为"):
                choose_clock(kind, claim_type=claim_type)


class TestAStandard:
    def test_is_the_clock_it_says(self) -> None:
        assert clock_of(shipped()["PA-17.1"]) == Clock(Unit.WORKING_DAYS, 5)
        assert clock_of(shipped()["R-4 simple"]) == Clock(Unit.NATURAL_DAYS, 15, statutory=True)
        assert clock_of(shipped()["PA-18.2.1-complaint"]) == Clock(Unit.NATURAL_DAYS, 3)

    @pytest.mark.parametrize(
        "code", ["PA-17.4", "PA-17.6", "PA-18.2.2", "PA-18.2.3-gold", "PA-18.2.4", "PA-17.3-appraisal"]
    )
    def test_of_the_calendar_is_no_clock(self, code: str) -> None:
        assert not is_clock(shipped()[code])
        with pytest.raises(NotAClock, match=f"“{code}”不是从某一事件起算的时限：.+。"):
            clock_of(shipped()[code])


class TestTheShortestLength:
    @pytest.mark.parametrize(
        ("clock", "days"),
        [
            (Clock(Unit.WORKING_DAYS, 4), 4),
            (Clock(Unit.WORKING_DAYS, 5), 7),
            (Clock(Unit.WORKING_DAYS, 10), 14),
            (Clock(Unit.WORKING_DAYS, 11), 15),
            (Clock(Unit.NATURAL_DAYS, 15), 15),
            (Clock(Unit.SAME_DAY, 0), 0),
            (Clock(Unit.HOURS, 48), 2),
            (Clock(Unit.MINUTES, 1440), 1),
        ],
    )
    def test_counts_weeks_without_holidays(self, clock: Clock, days: int) -> None:
        assert shortest_seconds(clock) == days * 86_400
