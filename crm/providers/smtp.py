"""E-mail over SMTP, by Django's own backend. A mail server that took the letter has accepted it; nobody can ask later."""

import smtplib
from contextlib import suppress
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from crm.providers.base import Accepted, CannotBeAsked, Fate, NeverLeft, Outgoing, Refused

SECONDS = 10


class SmtpProvider:
    """Hands letters to one mail server, a connection each. The letter's own number is our serial."""

    name = "smtp"
    reports_delivery = False

    def __init__(self, *, sender: str, per_second: float, **connection: Any) -> None:
        """This function will keep who sends and where to; without a sender's address nothing starts."""
        self.sender = sender
        self.per_second: float | None = per_second
        self.domain = parseaddr(sender)[1].partition("@")[2]
        if not self.domain or not connection.get("host"):
            raise ImproperlyConfigured(
                "用 smtp 发邮件须设置 EMAIL_HOST 和 EMAIL_FROM（如 客服 <a@example.com>）。"
            )
        self.connection = connection

    def submit(self, message: Outgoing, *, now: datetime) -> Accepted | Refused:
        """This function will hand over one letter. An answer of the server is a yes or a no; silence is an exception."""
        if not message.to:
            return Refused("没有接收地址")
        number = f"<{message.serial}@{self.domain}>"
        letter = EmailMessage(
            message.subject, message.body, self.sender, [message.to], headers={"Message-ID": number}
        )
        try:
            letter.message()
        except ValueError:
            return Refused("邮件主题或地址里有换行，不能发送")
        line = EmailBackend(timeout=SECONDS, fail_silently=False, **self.connection)
        try:
            line.open()
        except smtplib.SMTPAuthenticationError as error:
            return Refused(f"邮件服务器不认账号（{error.smtp_code}）", lasting=False, of_provider=True)
        except (OSError, smtplib.SMTPException) as error:
            raise NeverLeft(f"连接不上邮件服务器：{type(error).__name__}") from error
        try:
            line.send_messages([letter])
        except smtplib.SMTPRecipientsRefused as error:
            return _no(next(iter(error.recipients.values()))[0])
        except smtplib.SMTPSenderRefused as error:
            return Refused(f"邮件服务器不接受发件人（{error.smtp_code}）", lasting=False, of_provider=True)
        except smtplib.SMTPDataError as error:
            return _no(error.smtp_code)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                line.close()
        return Accepted(number[:60], now)

    def query(self, serial: str, *, now: datetime) -> Fate:
        """This function will say that a mail server cannot be asked."""
        raise CannotBeAsked


def _no(code: int) -> Refused:
    return Refused(f"邮件服务器拒收（{code}）", lasting=code >= 500)


def from_settings() -> SmtpProvider:
    """This function will make the provider that the settings describe."""
    return SmtpProvider(
        sender=settings.EMAIL_FROM,
        per_second=settings.MESSAGE_RATE,
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        username=settings.EMAIL_HOST_USER,
        password=settings.EMAIL_HOST_PASSWORD,
        use_tls=settings.EMAIL_USE_TLS,
        use_ssl=settings.EMAIL_USE_SSL,
    )
