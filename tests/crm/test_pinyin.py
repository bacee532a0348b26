"""Initials by which people search."""

import pytest

from crm import pinyin


class TestInitials:
    """Of names."""

    @pytest.mark.parametrize(
        ("name", "letters"),
        [("天津港务集团", "tjgwjt"), ("TCL 电子（天津）", "tcldztj"), ("A-3号", "a3h"), ("", "")],
    )
    def test_of_an_organisation(self, name: str, letters: str) -> None:
        """Letters and digits stay, the rest goes."""
        assert pinyin.initials(name) == letters

    @pytest.mark.parametrize(
        ("name", "letters"),
        [
            ("张伟", "zw"),
            ("单雄信", "sxx"),
            ("解缙", "xj"),
            ("曾国藩", "zgf"),
            ("尉迟恭", "ycg"),
            ("仇英", "qy"),
            ("查良镛", "zly"),
        ],
    )
    def test_of_a_person_read_the_surname_as_a_surname(self, name: str, letters: str) -> None:
        """单 is shàn in a name."""
        assert pinyin.person_initials(name) == letters
