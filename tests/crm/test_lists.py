"""Where a row stands in its list: first, in the middle, last, and after it has left the list."""

from crm.lists import Place, place


class TestARowOfTheList:
    def test_knows_its_neighbours(self) -> None:
        assert place([7, 8, 9], 8, 2) == Place(2, 3, 7, 9)

    def test_at_an_end_has_one(self) -> None:
        assert place([7, 8, 9], 7, 1) == Place(1, 3, None, 8)
        assert place([7, 8, 9], 9, 3) == Place(3, 3, 8, None)

    def test_alone_has_none(self) -> None:
        assert place([7], 7, 1) == Place(1, 1, None, None)

    def test_that_moved_is_found_where_it_is_now(self) -> None:
        assert place([9, 8, 7], 7, 1).position == 3


class TestARowThatLeftTheList:
    def test_leads_on_to_the_one_that_moved_up(self) -> None:
        assert place([7, 9], 8, 2) == Place(0, 2, 7, 9)

    def test_from_the_end_leads_back_only(self) -> None:
        assert place([7, 8], 9, 3) == Place(0, 2, 8, None)

    def test_with_a_place_that_is_none_starts_at_the_top(self) -> None:
        assert place([7, 8], 5, 0) == Place(0, 2, None, 7)
        assert place([], 5, 99) == Place(0, 0, None, None)
