"""API tokens: shown once, kept as a digest, dead when they should be."""

from datetime import datetime, timedelta

import pytest

from crm.models import ApiToken, LogEntry, User
from crm.rights import NotAllowed
from crm.services import api_tokens
from crm.services.api_tokens import (
    AddressIsUnreadable,
    LastsTooLong,
    NotTheirToken,
    ScopeIsUnknown,
    TokenIsWrong,
)

DAY = timedelta(days=1)
HERE = "10.1.2.3"


def issue(person: User, now: datetime, **fields: object) -> api_tokens.Issued:
    values = {"name": "同步", "scopes": ["read"], "expires_at": now + DAY, "by": person, **fields}
    return api_tokens.issue(person=person, now=now, **values)  # type: ignore[arg-type]


def recognise(text: str, now: datetime, address: str = HERE) -> ApiToken:
    return api_tokens.recognise(text=text, address=address, now=now)


class TestANewToken:
    def test_is_kept_as_a_digest_and_logged_without_its_text(self, lin: User, now: datetime) -> None:
        made = issue(lin, now)
        secret = made.text.split("_", 2)[2]
        row = ApiToken.objects.values().get()

        assert secret not in str(row)
        assert secret not in str(list(LogEntry.objects.values()))
        assert recognise(made.text, now) == made.token

    def test_notes_its_use_once_a_minute(self, lin: User, now: datetime) -> None:
        made = issue(lin, now)
        for seconds in (0, 30, 61):
            recognise(made.text, now + timedelta(seconds=seconds))
        made.token.refresh_from_db()

        assert (made.token.last_used_at, made.token.last_used_from) == (now + timedelta(seconds=61), HERE)

    def test_ends_within_a_year(self, lin: User, now: datetime) -> None:
        for end in (now, now + api_tokens.LONGEST + DAY):
            with pytest.raises(LastsTooLong):
                issue(lin, now, expires_at=end)

    @pytest.mark.parametrize("scopes", [[], ["everything"]])
    def test_says_what_it_is_for(self, scopes: list[str], lin: User, now: datetime) -> None:
        with pytest.raises(ScopeIsUnknown):
            issue(lin, now, scopes=scopes)

    def test_for_another_person_is_made_by_the_head_office_only(
        self, lin: User, manager: User, head_office: User, now: datetime
    ) -> None:
        with pytest.raises(NotAllowed):
            issue(lin, now, by=manager)
        assert issue(lin, now, by=head_office).token.person == lin

    def test_of_an_address_that_is_none_is_refused(self, lin: User, now: datetime) -> None:
        with pytest.raises(AddressIsUnreadable):
            issue(lin, now, addresses=["office"])


class TestAToken:
    def test_is_refused_from_elsewhere(self, lin: User, now: datetime) -> None:
        text = issue(lin, now, addresses=["10.1.2.0/24"]).text

        assert recognise(text, now)
        for elsewhere in ("10.1.3.1", "", "::1"):
            with pytest.raises(TokenIsWrong):
                recognise(text, now, elsewhere)

    def test_is_refused_from_its_end_on(self, lin: User, now: datetime) -> None:
        text = issue(lin, now).text

        assert recognise(text, now + DAY - timedelta(seconds=1))
        with pytest.raises(TokenIsWrong):
            recognise(text, now + DAY)

    @pytest.mark.parametrize("text", ["", "x", "jn_", "jn_a_b", "jn__", "Basic abc"])
    def test_that_is_none_of_ours_is_refused(self, text: str, lin: User, now: datetime) -> None:
        issue(lin, now)

        with pytest.raises(TokenIsWrong):
            recognise(text, now)

    def test_with_another_secret_is_refused(self, lin: User, now: datetime) -> None:
        with pytest.raises(TokenIsWrong):
            recognise(issue(lin, now).text[:-1] + "!", now)

    def test_of_a_person_switched_off_is_dead_at_once(self, lin: User, now: datetime) -> None:
        text = issue(lin, now).text
        User.objects.filter(pk=lin.pk).update(is_active=False)

        with pytest.raises(TokenIsWrong):
            recognise(text, now)


class TestARevokedToken:
    def test_is_dead_at_once(self, lin: User, now: datetime) -> None:
        made = issue(lin, now)
        api_tokens.revoke(token=made.token, by=lin, now=now)
        api_tokens.revoke(token=made.token, by=lin, now=now + DAY)

        with pytest.raises(TokenIsWrong):
            recognise(made.text, now)
        assert LogEntry.objects.filter(action="crm.api_token.revoked").count() == 1

    def test_is_ones_own_or_revoked_by_the_head_office(
        self, lin: User, manager: User, head_office: User, now: datetime
    ) -> None:
        made = issue(lin, now)
        with pytest.raises(NotTheirToken):
            api_tokens.revoke(token=made.token, by=manager, now=now)

        assert api_tokens.revoke(token=made.token, by=head_office, now=now).revoked_by == head_office
