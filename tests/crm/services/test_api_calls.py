"""A repeated API call counts once: by key, by fingerprint, by lease, in two threads at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from crm.models import ApiCall, ApiToken, User
from crm.services import api_calls
from crm.services.api_calls import Answer, BodyChanged, KeyIsUnusable, LeaseLost, StillRunning
from tests.factories import api
from tests.factories import crm as make

SECOND = timedelta(seconds=1)


@pytest.fixture
def token(lin: User) -> ApiToken:
    return api.token(lin).token


def begin(token: ApiToken, now: datetime, key: str = "k", fingerprint: str = "a") -> ApiCall | Answer:
    return api_calls.begin(token=token, key=key, fingerprint=fingerprint, now=now)


def claimed(token: ApiToken, now: datetime, key: str = "k") -> ApiCall:
    call = begin(token, now, key)
    assert isinstance(call, ApiCall)
    return call


class TestACallThatIsDone:
    def test_is_answered_again_for_a_day(self, token: ApiToken, now: datetime) -> None:
        answer = Answer(201, '{"a":1}', {"Location": "/x"})
        api_calls.finish(call=claimed(token, now), answer=answer, now=now)

        assert begin(token, now + api_calls.KEPT - SECOND) == answer
        assert isinstance(begin(token, now + api_calls.KEPT), ApiCall)

    def test_is_not_answered_to_another_body(self, token: ApiToken, now: datetime) -> None:
        api_calls.finish(call=claimed(token, now), answer=Answer(201, "{}"), now=now)

        with pytest.raises(BodyChanged):
            begin(token, now, fingerprint="b")

    def test_is_another_call_for_another_token(self, token: ApiToken, lin: User, now: datetime) -> None:
        api_calls.finish(call=claimed(token, now), answer=Answer(201, "{}"), now=now)

        assert isinstance(begin(api.token(lin).token, now), ApiCall)


class TestACallThatRuns:
    def test_is_not_done_a_second_time(self, token: ApiToken, now: datetime) -> None:
        claimed(token, now)

        with pytest.raises(StillRunning):
            begin(token, now + api_calls.LEASE - SECOND)


class TestACallWhoseProcessDied:
    def test_may_be_repeated_after_its_lease(self, token: ApiToken, now: datetime) -> None:
        claimed(token, now)

        assert isinstance(begin(token, now + api_calls.LEASE), ApiCall)

    def test_is_taken_over_by_one(self, token: ApiToken, now: datetime) -> None:
        claimed(token, now)
        seen, later = ApiCall.objects.get(), now + api_calls.LEASE
        begin(token, later)

        with pytest.raises(StillRunning):
            api_calls._again(seen, "a", later + SECOND)

    def test_cannot_be_finished_by_the_first(self, token: ApiToken, now: datetime) -> None:
        first = claimed(token, now)
        claimed(token, now + api_calls.LEASE)

        with pytest.raises(LeaseLost):
            api_calls.finish(call=first, answer=Answer(201, "{}"), now=now)


class TestAKey:
    @pytest.mark.parametrize("key", ["", "a" * 256, "钥匙", "a\nb"])
    def test_that_cannot_be_kept_is_refused(self, key: str, token: ApiToken, now: datetime) -> None:
        with pytest.raises(KeyIsUnusable):
            begin(token, now, key)

    def test_may_be_255_long(self, token: ApiToken, now: datetime) -> None:
        assert isinstance(begin(token, now, "a" * 255), ApiCall)

    def test_is_free_again_when_it_is_given_back(self, token: ApiToken, now: datetime) -> None:
        api_calls.give_back(call=claimed(token, now))

        assert isinstance(begin(token, now), ApiCall)


class TestOldCalls:
    def test_are_forgotten_after_a_day_twice_as_once(self, token: ApiToken, now: datetime) -> None:
        claimed(token, now)

        assert api_calls.forget(now=now + api_calls.KEPT) == 0
        assert api_calls.forget(now=now + api_calls.KEPT + SECOND) == 1
        assert api_calls.forget(now=now + api_calls.KEPT + SECOND) == 0


@pytest.mark.django_db(transaction=True)
class TestEightCallsAtOnce:
    def test_have_one_winner(self, now: datetime) -> None:
        token = api.token(make.person("lin")).token
        together = Barrier(8)

        def race(_number: int) -> bool:
            together.wait()
            try:
                return isinstance(begin(token, now), ApiCall)
            except StillRunning:
                return False
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(race, range(8)))

        assert won.count(True) == 1
        assert ApiCall.objects.count() == 1
