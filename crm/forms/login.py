"""The shape of logging in."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from crm.services import logins, tries


class LoginForm(AuthenticationForm):
    """Staff number and password. The password is not even tried while the door is closed."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("工号或密码不对，请核对后再试；密码区分大小写。"),
    }

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        """This function will keep the moment of the try."""
        super().__init__(*args, **kwargs)
        self.now = now
        self.locked = False
        self.attempt: logins.Attempt | None = None

    def clean(self) -> dict[str, Any]:
        """This function will refuse in a sentence after too many wrong tries, and else check the password."""
        try:
            self.attempt = logins.admit(username=self.cleaned_data.get("username", ""), now=self.now)
        except tries.TooManyTries as refusal:
            self.locked = True
            raise forms.ValidationError(refusal.message) from refusal
        return super().clean()
