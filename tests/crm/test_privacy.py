"""Sealing, finding and masking."""

import pytest

from crm import privacy

PHONE = "13800005678"
PLACE = "crm.contact.phone:one"


class TestASealedValue:
    """A phone sealed for one row."""

    def test_opens_in_its_own_place(self) -> None:
        """What was sealed comes back."""
        assert privacy.open_sealed(privacy.seal(PHONE, PLACE), PLACE) == PHONE

    def test_names_its_key_version_and_hides_the_text(self) -> None:
        """The version leads, the clear text does not show."""
        sealed = privacy.seal(PHONE, PLACE)
        assert sealed.startswith("1.")
        assert PHONE not in sealed

    def test_is_never_the_same_twice(self) -> None:
        """Equal values cannot be told from their sealed texts."""
        assert privacy.seal(PHONE, PLACE) != privacy.seal(PHONE, PLACE)

    def test_does_not_open_in_another_row(self) -> None:
        """A sealed value copied into another row stays closed."""
        with pytest.raises(privacy.CannotOpen):
            privacy.open_sealed(privacy.seal(PHONE, PLACE), "crm.contact.phone:two")

    def test_does_not_open_when_altered(self) -> None:
        """One changed character is noticed."""
        sealed = privacy.seal(PHONE, PLACE)
        swapped = sealed[:-3] + ("A" if sealed[-3] != "A" else "B") + sealed[-2:]
        with pytest.raises(privacy.CannotOpen):
            privacy.open_sealed(swapped, PLACE)

    @pytest.mark.parametrize("broken", ["", "1.", "1.x", "9.abcd", "no dot"])
    def test_refuses_what_was_never_sealed(self, broken: str) -> None:
        """Rubbish is refused in a sentence, not with a crash."""
        with pytest.raises(privacy.CannotOpen):
            privacy.open_sealed(broken, PLACE)

    def test_does_not_open_with_another_key(self, settings: object) -> None:
        """A stolen database without the key tells nothing."""
        sealed = privacy.seal(PHONE, PLACE)
        settings.PERSONAL_DATA_KEY = "another"  # type: ignore[attr-defined]
        with pytest.raises(privacy.CannotOpen):
            privacy.open_sealed(sealed, PLACE)


class TestABlindIndex:
    """The keyed digest of a value."""

    def test_finds_equals(self) -> None:
        """Equal values of a column have equal digests."""
        assert privacy.phone_index(PHONE) == privacy.phone_index(PHONE)
        assert privacy.phone_index(PHONE) != privacy.phone_index("13800005679")

    def test_does_not_join_columns(self) -> None:
        """The same text in two columns has two digests."""
        assert privacy.blind_index(PHONE, "phone") != privacy.blind_index(PHONE, "id_no")

    def test_depends_on_a_key_of_its_own(self, settings: object) -> None:
        """The digest changes with the index key and not with the sealing key."""
        before = privacy.phone_index(PHONE)
        settings.PERSONAL_DATA_KEY = "another"  # type: ignore[attr-defined]
        assert privacy.phone_index(PHONE) == before
        settings.BLIND_INDEX_KEY = "another"  # type: ignore[attr-defined]
        assert privacy.phone_index(PHONE) != before

    def test_of_a_tail_is_cut_to_sixteen_bits(self) -> None:
        """The tail's digest is the same for all phones with the tail, and short."""
        assert privacy.phone_tail_index(PHONE) == privacy.phone_tail_index("5678")
        assert len(privacy.phone_tail_index(PHONE)) == 4


class TestMasks:
    """What pages show."""

    def test_keep_what_the_decision_says(self) -> None:
        """Persons 张*, phones 3+4, ID numbers 1+1."""
        assert privacy.mask_person("张伟") == "张*"
        assert privacy.mask_phone(PHONE) == "138****5678"
        assert privacy.mask_id_no("99000019800101001X") == "9****************X"

    def test_of_nothing_are_nothing(self) -> None:
        """Empty stays empty."""
        assert [privacy.mask_person(""), privacy.mask_phone(""), privacy.mask_id_no("")] == ["", "", ""]
