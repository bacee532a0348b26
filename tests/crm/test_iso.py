"""Moments as people write them."""

from datetime import date, datetime

import pytest

from crm import iso
from crm.time import SHANGHAI


class TestAMoment:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-02-12T10:00",
            "2026-02-12 10:00:00",
            "2026-02-12T10:00:00+08:00",
            "2026-02-12T02:00:00Z",
            " 2026-02-12T10:00:00.999 ",
        ],
    )
    def test_without_zone_is_shanghais_and_is_cut_to_the_second(self, text: str) -> None:
        assert iso.moment(text) == datetime(2026, 2, 12, 10, tzinfo=SHANGHAI)

    def test_without_hour_is_midnight(self) -> None:
        assert iso.moment("2026-02-12") == datetime(2026, 2, 12, tzinfo=SHANGHAI)

    def test_of_another_zone_falls_on_the_shanghai_date(self) -> None:
        assert iso.day("2026-02-12T18:00:00Z") == date(2026, 2, 13)

    @pytest.mark.parametrize(
        "text",
        ["", "明天", "2026-02-30", "2026-13-01", "12/02/2026", None, 20260212, "9999-12-31", "0001-01-01"],
    )
    def test_that_is_none_is_refused_in_a_sentence(self, text: object) -> None:
        with pytest.raises(iso.MomentIsUnreadable, match=r"。$"):
            iso.moment(text)
