"""Guessing passwords: one number from everywhere, one password for everybody, and honest people beside it."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from crm import trace
from crm.models import LoginTry
from crm.services import logins, sessions, tries
from crm.services.tries import TooManyTries
from tests.factories import crm as make

pytestmark = pytest.mark.django_db
NOW = make.NOW


def guess(username: str, address: str, at: datetime = NOW, *, right: bool = False) -> bool:
    """This function will try a password and say whether it was let through to be checked."""
    trace.begin("test", address)
    try:
        attempt = logins.admit(username=username, now=at)
    except TooManyTries:
        return False
    finally:
        trace.end()
    if right:
        logins.note_password(attempt)
    else:
        logins.note_failure(attempt, now=at)
    return True


def used_to_log_in(username: str, address: str, at: datetime = NOW - timedelta(days=1)) -> None:
    sessions.begin(
        user=make.person(username), key=f"{username}{address}{at}", device="", address=address, now=at
    )


def address(n: int) -> str:
    return f"203.0.{n // 250}.{n % 250 + 1}"


class TestManyPasswordsForOneNumber:
    def test_are_ten_at_most_from_five_hundred_addresses(self) -> None:
        make.person("lin")
        assert sum(guess("lin", address(n)) for n in range(500)) == tries.OF_STRANGERS

    def test_are_five_at_most_from_one_address(self) -> None:
        make.person("lin")
        assert sum(guess("lin", address(0)) for _n in range(500)) == tries.IN_A_ROW

    def test_of_an_ipv6_line_come_from_one_place(self) -> None:
        make.person("lin")
        assert sum(guess("lin", f"2001:db8::{n:x}") for n in range(1, 50)) == tries.IN_A_ROW

    def test_are_counted_alike_for_a_number_that_nobody_has(self) -> None:
        assert sum(guess("nobody", address(n)) for n in range(50)) == tries.OF_STRANGERS

    def test_are_ten_at_most_though_none_is_settled_yet(self) -> None:
        """A hundred at once are counted like a hundred one after another."""
        make.person("lin")
        let_through = 0
        for n in range(100):
            trace.begin("test", address(n))
            try:
                logins.admit(username="lin", now=NOW)
                let_through += 1
            except TooManyTries:
                pass
        trace.end()
        assert let_through == tries.OF_STRANGERS

    def test_may_go_on_after_a_rest(self) -> None:
        make.person("lin")
        for n in range(50):
            guess("lin", address(n))
        assert not guess("lin", address(99), NOW + tries.REST - timedelta(seconds=1))
        assert guess("lin", address(99), NOW + tries.REST)

    def test_do_not_keep_the_owner_out_of_the_own_office(self) -> None:
        used_to_log_in("lin", "198.51.100.7")
        for n in range(500):
            guess("lin", address(n))
        assert not guess("lin", address(1), right=True)
        assert guess("lin", "198.51.100.7", right=True)


class TestOnePasswordForManyNumbers:
    def test_is_tried_on_thirty_of_five_hundred(self) -> None:
        assert sum(guess(f"T{n:04d}", address(0)) for n in range(500)) == tries.OF_A_PLACE


class TestAnOfficeBehindOneAddress:
    OFFICE = "198.51.100.7"

    def test_is_not_locked_by_its_own_slips(self) -> None:
        """Two hundred people in a quarter of an hour; every fourth mistypes once or twice."""
        for n in range(200):
            used_to_log_in(f"T{n:04d}", self.OFFICE)
        for n in range(200):
            slips = n % 4 % 3
            assert all(guess(f"T{n:04d}", self.OFFICE) for _slip in range(slips))
            assert guess(f"T{n:04d}", self.OFFICE, right=True)

    def test_is_not_locked_while_somebody_in_it_guesses(self) -> None:
        for n in range(20):
            used_to_log_in(f"T{n:04d}", self.OFFICE)
        for n in range(300):
            guess(f"X{n:04d}", self.OFFICE)
        assert all(guess(f"T{n:04d}", self.OFFICE, right=True) for n in range(20))

    def test_is_no_longer_ones_own_after_thirty_days(self) -> None:
        used_to_log_in("lin", self.OFFICE, NOW - logins.REMEMBERED)
        for n in range(30):
            guess("lin", address(n))
        assert not guess("lin", self.OFFICE, right=True)


class TestOldTries:
    def test_are_forgotten_after_a_day(self) -> None:
        guess("lin", address(0))
        assert tries.forget(now=NOW + tries.KEPT) == 0
        assert [tries.forget(now=NOW + tries.KEPT + timedelta(seconds=1)) for _time in range(2)] == [1, 0]


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
class TestManyTriesAtOnce:
    def test_let_through_no_more_than_one_after_another(self) -> None:
        """Twelve threads, all of them past the barrier before any has failed."""
        make.person("lin")
        together = Barrier(12, timeout=20)
        through: list[bool] = []

        def run(n: int) -> None:
            try:
                together.wait()
                through.append(guess("lin", address(0)))
            finally:
                connection.close()

        threads = [Thread(target=run, args=(n,)) for n in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(through) == 12 and sum(through) <= tries.IN_A_ROW
        assert LoginTry.objects.count() == 12
