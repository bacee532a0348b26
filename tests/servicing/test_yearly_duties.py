"""The survey of the year and the reports of its halves."""

from datetime import date

import pytest

from servicing.yearly_duties import Campaign, half_year_name, report_due, survey_result

NEW_YEAR = date(2027, 1, 1)
DONE = Campaign(date(2026, 12, 28), date(2026, 12, 30), 40, 40)
DUE = ((7, 31), (1, 31))


class TestTheSurvey:
    def test_is_open_until_the_year_is_over(self) -> None:
        assert survey_result(2026, [DONE], date(2026, 12, 31)) == "open"

    def test_is_kept_when_closed_in_the_year_with_all_invited_and_published(self) -> None:
        assert survey_result(2026, [DONE], NEW_YEAR) == "kept"

    @pytest.mark.parametrize(
        "campaign",
        [
            Campaign(date(2027, 1, 1), date(2027, 1, 1), 40, 40),
            Campaign(date(2025, 12, 31), date(2026, 1, 5), 40, 40),
            Campaign(date(2026, 12, 28), None, 40, 40),
            Campaign(date(2026, 12, 28), date(2027, 1, 2), 40, 40),
            Campaign(date(2026, 12, 28), date(2026, 12, 30), 40, 39),
            Campaign(None, date(2026, 12, 30), 40, 40),
        ],
    )
    def test_is_broken_when_one_of_them_is_missing(self, campaign: Campaign) -> None:
        assert survey_result(2026, [campaign], NEW_YEAR) == "broken"

    def test_one_good_survey_is_enough(self) -> None:
        assert survey_result(2026, [Campaign(None, None, 1, 0), DONE], NEW_YEAR) == "kept"

    def test_no_survey_is_broken(self) -> None:
        assert survey_result(2026, [], NEW_YEAR) == "broken"


class TestTheReport:
    def test_of_the_first_half_is_due_in_the_same_year_of_the_second_in_the_next(self) -> None:
        assert report_due(date(2026, 6, 30), DUE) == date(2026, 7, 31)
        assert report_due(date(2026, 12, 31), DUE) == date(2027, 1, 31)

    def test_follows_the_setting(self) -> None:
        assert report_due(date(2026, 12, 31), ((8, 15), (2, 15))) == date(2027, 2, 15)

    def test_halves_have_names(self) -> None:
        assert [half_year_name(date(2026, month, 1)) for month in (1, 6, 7, 12)] == ["H1", "H1", "H2", "H2"]
