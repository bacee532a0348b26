"""Phone numbers as people write them."""

import pytest

from crm import phones


class TestAPhone:
    """Written by people."""

    @pytest.mark.parametrize(
        "text",
        [
            "13800005678",
            "138 0000 5678",
            "138-0000-5678",
            "+86 13800005678",
            "＋８６１３８００００５６７８",
            "008613800005678",
            "8613800005678",
            "１３８００００５６７８",
            " 13800005678\t",
        ],
    )
    def test_comes_to_one_form(self, text: str) -> None:
        """However it is written."""
        assert phones.normalise(text) == "13800005678"

    @pytest.mark.parametrize("text", ["022-12345678", "(022) 1234 5678", "+86 022 12345678"])
    def test_may_be_a_landline_with_area_code(self, text: str) -> None:
        """A caller may use one."""
        assert phones.normalise(text) == "02212345678"

    @pytest.mark.parametrize(
        "text",
        ["", "1380000567", "138000056789", "12800005678", "12345678", "abc", "1380000567x", "+1 2025550123"],
    )
    def test_is_refused_when_it_is_none(self, text: str) -> None:
        """With a sentence."""
        with pytest.raises(phones.PhoneNotUnderstood, match="11 位手机号"):
            phones.normalise(text)

    def test_that_cannot_receive_texts_is_no_mobile(self) -> None:
        """Greetings need a mobile."""
        with pytest.raises(phones.PhoneNotUnderstood, match="座机"):
            phones.mobile("022-12345678")

    def test_twice_normalised_is_the_same(self) -> None:
        """Doing it twice changes nothing."""
        assert phones.normalise(phones.normalise("+86 138 0000 5678")) == "13800005678"


class TestTheDemoRange:
    """Numbers beginning with 100."""

    def test_is_refused_in_earnest(self, settings: object) -> None:
        """A sentence says why."""
        settings.DEMO = False  # type: ignore[attr-defined]
        with pytest.raises(phones.PhoneIsForDemos, match="演示"):
            phones.normalise("10012345678")

    def test_is_accepted_in_a_demo(self, settings: object) -> None:
        """So that the demo can never reach a real phone."""
        settings.DEMO = True  # type: ignore[attr-defined]
        assert phones.mobile("100 1234 5678") == "10012345678"


class TestASearchText:
    """Typed into the search box."""

    @pytest.mark.parametrize(
        ("text", "whole"), [("138 0000 5678", True), ("5678", False), ("天津港", False), ("", False)]
    )
    def test_is_known_as_a_whole_number(self, text: str, whole: bool) -> None:
        """Only whole numbers are kept out of addresses."""
        assert phones.looks_whole(text) is whole
