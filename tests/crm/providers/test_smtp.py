"""E-mail's contract: a taken letter is accepted, a clear no is a refusal, silence after the letter means nobody knows."""

import smtplib
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.core.exceptions import ImproperlyConfigured

from crm.providers.base import Accepted, CannotBeAsked, NeverLeft, Outgoing, Refused
from crm.providers.smtp import SmtpProvider
from tests.fakes.mail import FakeMail, running

LETTER = Outgoing("a1", "plan", "email", "zhang@example.com", "您好，\n附上计划。", "服务计划")


@pytest.fixture
def far() -> Iterator[FakeMail]:
    with running(FakeMail()) as mail:
        yield mail


@pytest.fixture
def provider(far: FakeMail) -> SmtpProvider:
    return SmtpProvider(
        sender="客服 <kf@jiannuo.example>", per_second=20, host="127.0.0.1", port=far.port, use_tls=False
    )


class TestALetter:
    def test_is_accepted_under_our_serial(self, far: FakeMail, provider: SmtpProvider, now: datetime) -> None:
        assert provider.submit(LETTER, now=now) == Accepted("<a1@jiannuo.example>", now)
        (letter,) = far.letters
        assert (letter["Subject"], letter["To"], letter["Message-ID"]) == (
            "服务计划",
            "zhang@example.com",
            "<a1@jiannuo.example>",
        )
        assert "附上计划" in letter.get_content()

    def test_that_the_server_took_is_taken_however_it_says_goodbye(
        self, far: FakeMail, provider: SmtpProvider, now: datetime
    ) -> None:
        far.answers["QUIT"] = ""
        assert isinstance(provider.submit(LETTER, now=now), Accepted)

    def test_cannot_be_asked_about(self, provider: SmtpProvider, now: datetime) -> None:
        with pytest.raises(CannotBeAsked):
            provider.query("a1", now=now)

    def test_with_a_line_break_in_its_subject_is_not_sent(
        self, far: FakeMail, provider: SmtpProvider, now: datetime
    ) -> None:
        forged = Outgoing("a1", "x", "email", "a@example.com", "x", "a\nBcc: b@example.com")
        assert isinstance(provider.submit(forged, now=now), Refused)
        assert far.letters == []


class TestAClearNo:
    @pytest.mark.parametrize(
        ("verb", "said", "answer"),
        [
            ("RCPT", "550 no such mailbox", Refused("邮件服务器拒收（550）")),
            ("RCPT", "450 later", Refused("邮件服务器拒收（450）", lasting=False)),
            (".", "554 spam", Refused("邮件服务器拒收（554）")),
            (
                "MAIL",
                "550 not you",
                Refused("邮件服务器不接受发件人（550）", lasting=False, of_provider=True),
            ),
        ],
    )
    def test_is_a_refusal(
        self, far: FakeMail, provider: SmtpProvider, now: datetime, verb: str, said: str, answer: Refused
    ) -> None:
        far.answers[verb] = said
        assert provider.submit(LETTER, now=now) == answer
        assert far.letters == []


class TestSilence:
    def test_after_the_letter_means_nobody_knows(
        self, far: FakeMail, provider: SmtpProvider, now: datetime
    ) -> None:
        far.answers["."] = ""
        with pytest.raises(smtplib.SMTPServerDisconnected):
            provider.submit(LETTER, now=now)
        assert len(far.letters) == 1

    def test_before_the_line_stood_means_that_nothing_left(self, far: FakeMail, now: datetime) -> None:
        nobody = SmtpProvider(sender="a@example.com", per_second=20, host="127.0.0.1", port=1, use_tls=False)
        with pytest.raises(NeverLeft):
            nobody.submit(LETTER, now=now)


class TestSettingsThatAreNotComplete:
    @pytest.mark.parametrize(("sender", "host"), [("", "127.0.0.1"), ("a@example.com", ""), ("客服", "x")])
    def test_are_refused_at_the_start(self, sender: str, host: str) -> None:
        with pytest.raises(ImproperlyConfigured, match="EMAIL_FROM"):
            SmtpProvider(sender=sender, per_second=20, host=host)
