"""The second factor: registered by a code, taken once, rested after wrong ones, reset by another."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from crm.models import LogEntry, LoginSession, RecoveryCode, SecondFactor, User
from crm.services import second_factors, sessions, tries
from crm.services.second_factors import NothingToConfirm, NotYourOwn, ReasonIsMissing, WrongCode
from tests.factories import crm as make
from tests.factories.login import code_at, enrol

pytestmark = pytest.mark.django_db
NOW = make.NOW
LATER = NOW + timedelta(minutes=5)


def taken(user: User, code: str, at: Any = LATER) -> bool:
    try:
        second_factors.check(user=user, code=code, now=at)
    except WrongCode:
        return False
    return True


class TestWhoNeedsOne:
    @pytest.mark.parametrize(
        ("role", "needed"),
        [
            ("head_office", True),
            ("auditor", True),
            ("branch_manager", True),
            ("account_manager", False),
            ("service_agent", False),
            ("claims_handler", False),
        ],
    )
    def test_is_head_office_the_auditor_and_who_imports(self, role: str, needed: bool, settings: Any) -> None:
        settings.SECOND_FACTOR_REQUIRED = True
        root = make.branch_tree().head_office if role == "head_office" else None
        assert second_factors.required(make.person("x", role=role, branch=root)) == needed

    def test_is_nobody_in_the_demo(self, head_office: User, settings: Any) -> None:
        settings.SECOND_FACTOR_REQUIRED = False
        assert not second_factors.required(head_office)


class TestARegistration:
    def test_counts_only_once_a_code_confirms_it(self, lin: User) -> None:
        second_factors.start(user=lin, now=NOW)
        assert not second_factors.enrolled(lin)
        with pytest.raises(WrongCode):
            second_factors.confirm(user=lin, code="000000", key="", now=NOW)
        assert not taken(lin, code_at(lin, LATER))
        codes = second_factors.confirm(user=lin, code=code_at(lin, LATER), key="", now=LATER)
        assert second_factors.enrolled(lin) and len(set(codes)) == second_factors.CODES

    def test_that_is_begun_again_has_another_secret(self, lin: User) -> None:
        second_factors.start(user=lin, now=NOW)
        first = code_at(lin, NOW)
        second_factors.start(user=lin, now=NOW)
        with pytest.raises(WrongCode):
            second_factors.confirm(user=lin, code=first, key="", now=NOW)

    def test_that_is_done_cannot_be_begun_again_nor_read(self, lin: User) -> None:
        enrol(lin, NOW)
        with pytest.raises(NothingToConfirm):
            second_factors.start(user=lin, now=LATER)
        with pytest.raises(NothingToConfirm):
            second_factors.confirm(user=lin, code=code_at(lin, LATER), key="", now=LATER)
        with pytest.raises(NothingToConfirm):
            second_factors.key_of(SecondFactor.objects.get(user=lin))

    def test_ends_the_logins_that_had_none(self, lin: User) -> None:
        for key in ("here", "elsewhere"):
            sessions.begin(user=lin, key=key, device="", address="", now=NOW)
        second_factors.start(user=lin, now=NOW)
        second_factors.confirm(user=lin, code=code_at(lin, NOW), key="here", now=NOW)
        assert LoginSession.objects.get(ended_at=None).key_digest == sessions.digest("here")

    def test_leaves_nothing_readable(self, lin: User) -> None:
        """Neither the secret nor a recovery code stands in a row or in the log."""
        second_factors.start(user=lin, now=NOW)
        pending = second_factors.pending(lin)
        assert pending is not None
        secret = second_factors._secret(pending).hex()
        codes = second_factors.confirm(user=lin, code=code_at(lin, NOW), key="", now=NOW)
        kept = [*SecondFactor.objects.values(), *RecoveryCode.objects.values(), *LogEntry.objects.values()]
        text = repr(kept)
        assert secret not in text
        assert not [code for code in codes if code in text or code.replace("-", "") in text]


class TestACode:
    def test_is_never_taken_twice(self, lin: User) -> None:
        enrol(lin, NOW)
        code = code_at(lin, LATER)
        assert [taken(lin, code), taken(lin, code)] == [True, False]

    def test_older_than_one_taken_is_not_taken(self, lin: User) -> None:
        enrol(lin, NOW)
        assert taken(lin, code_at(lin, LATER))
        assert not taken(lin, code_at(lin, LATER, -1))

    def test_that_confirmed_the_registration_does_not_open_too(self, lin: User) -> None:
        enrol(lin, NOW)
        assert not taken(lin, code_at(lin, NOW), NOW)

    @pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
    def test_may_be_half_a_minute_off(self, lin: User, steps: int, good: bool) -> None:
        enrol(lin, NOW)
        assert taken(lin, code_at(lin, LATER, steps)) == good

    def test_may_be_typed_with_spaces(self, lin: User) -> None:
        enrol(lin, NOW)
        code = code_at(lin, LATER)
        assert taken(lin, f" {code[:3]} {code[3:]} ")

    @pytest.mark.parametrize("nonsense", ["", "12345", "1234567", "abcdef", "１２３４５６", "-1", "🙂"])
    def test_that_is_nonsense_is_only_wrong(self, lin: User, nonsense: str) -> None:
        enrol(lin, NOW)
        assert not taken(lin, nonsense)

    def test_of_another_person_does_not_open(self, lin: User, manager: User) -> None:
        enrol(lin, NOW)
        enrol(manager, NOW)
        assert not taken(lin, code_at(manager, LATER))

    def test_may_be_guessed_five_times_at_one_place_and_ten_in_all(self, lin: User) -> None:
        enrol(lin, NOW)
        for _time in range(tries.IN_A_ROW):
            assert not taken(lin, "000000")
        with pytest.raises(tries.TooManyTries):
            second_factors.check(user=lin, code=code_at(lin, LATER), now=LATER)
        rested = LATER + tries.REST
        assert taken(lin, code_at(lin, rested), rested)


class TestARecoveryCode:
    def test_opens_once(self, lin: User) -> None:
        codes = enrol(lin, NOW)
        assert [taken(lin, codes[0]), taken(lin, codes[0]), taken(lin, codes[1])] == [True, False, True]

    def test_may_be_typed_any_way(self, lin: User) -> None:
        codes = enrol(lin, NOW)
        assert taken(lin, codes[0].lower().replace("-", " "))

    def test_is_void_once_new_ones_were_made(self, lin: User) -> None:
        old = enrol(lin, NOW)
        new = second_factors.renew_codes(user=lin, code=code_at(lin, LATER), now=LATER)
        assert not taken(lin, old[0]) and taken(lin, new[0])
        assert RecoveryCode.objects.count() == second_factors.CODES


class TestAReset:
    def test_by_another_administrator_begins_anew(self, lin: User, head_office: User) -> None:
        codes = enrol(lin, NOW)
        sessions.begin(user=lin, key="k", device="", address="", now=NOW)
        second_factors.reset(user=lin, by=head_office, reason="手机遗失，已当面核对", now=LATER)
        assert not second_factors.enrolled(lin) and not taken(lin, codes[0])
        assert not LoginSession.objects.filter(ended_at=None).exists()
        line = LogEntry.objects.get(action="crm.second_factor.reset")
        assert (line.by, line.reason) == (head_office, "手机遗失，已当面核对")

    def test_is_never_of_ones_own(self, head_office: User) -> None:
        enrol(head_office, NOW)
        with pytest.raises(NotYourOwn):
            second_factors.reset(user=head_office, by=head_office, reason="手机遗失", now=LATER)
        assert second_factors.enrolled(head_office)

    def test_needs_a_reason(self, lin: User, head_office: User) -> None:
        enrol(lin, NOW)
        with pytest.raises(ReasonIsMissing):
            second_factors.reset(user=lin, by=head_office, reason="  ", now=LATER)
        assert second_factors.enrolled(lin)


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    @pytest.mark.parametrize("kind", ["app", "recovery"])
    def test_with_one_code_are_let_in_once(self, kind: str) -> None:
        lin = make.person("lin")
        codes = enrol(lin, NOW)
        code = codes[0] if kind == "recovery" else code_at(lin, LATER)
        together = Barrier(2, timeout=20)
        got: list[bool] = []

        def run() -> None:
            try:
                together.wait()
                got.append(taken(lin, code))
            finally:
                connection.close()

        threads = [Thread(target=run) for _time in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(got) == [False, True]
