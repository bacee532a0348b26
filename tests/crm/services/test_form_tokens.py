"""Forms count once."""

from datetime import timedelta

import pytest

from crm.models import FormToken, LogEntry
from crm.refusal import Refusal
from crm.services import audit, form_tokens
from tests.factories import crm as make

pytestmark = pytest.mark.django_db


class TestADoubleSubmit:
    """Of one form."""

    def test_has_one_effect_and_one_result(self) -> None:
        """The second submit is sent to the first one's result."""
        lin = make.person()

        def act() -> str:
            row = audit.log(action="test.form.sent", subject="x", by=lin, now=make.NOW)
            return f"/things/{row.pk}/"

        results = {form_tokens.once(token="t", user=lin, now=make.NOW, act=act) for _time in range(3)}
        assert len(results) == 1
        assert LogEntry.objects.filter(action="test.form.sent").count() == 1

    def test_of_two_people_is_two_forms(self) -> None:
        """A token belongs to a person."""
        for name in ("lin", "he"):
            assert form_tokens.take(token="t", user=make.person(name), now=make.NOW) is None

    def test_after_a_refusal_may_try_again(self) -> None:
        """A refused effect gives the token back."""
        lin = make.person()

        def refuse() -> str:
            raise Refusal("不行")

        with pytest.raises(Refusal):
            form_tokens.once(token="t", user=lin, now=make.NOW, act=refuse)
        assert not FormToken.objects.exists()
        assert form_tokens.once(token="t", user=lin, now=make.NOW, act=lambda: "/done/") == "/done/"

    def test_is_forgotten_after_a_week(self) -> None:
        """Nobody sends a form again after that; twice is the same as once."""
        lin = make.person()
        form_tokens.take(token="old", user=lin, now=make.NOW)
        form_tokens.take(token="new", user=lin, now=make.NOW + form_tokens.KEPT)
        later = make.NOW + form_tokens.KEPT + timedelta(seconds=1)
        assert [form_tokens.forget(now=later) for _time in range(2)] == [1, 0]
        assert FormToken.objects.get().token == "new"

    def test_without_a_token_simply_acts(self) -> None:
        """A client that has no form of ours."""
        assert form_tokens.once(token="", user=make.person(), now=make.NOW, act=lambda: "/done/") == "/done/"
