"""Shapes of what people do about their own login, and administrators about others'."""

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import TextBox


class SecretBox(forms.PasswordInput):
    """A box that hides what is typed; paste and password managers work."""

    def __init__(self, autocomplete: str) -> None:
        """This function will say to password managers which password belongs here."""
        super().__init__(attrs={"class": "form-control", "autocomplete": autocomplete})


class PasswordChange(Form, PasswordChangeForm):
    """The old password and a new one twice."""

    field_order = ["old_password", "new_password1", "new_password2"]
    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": _("当前密码不对，请重新输入；密码区分大小写。"),
        "password_mismatch": _("两次输入的新密码不一样，请重新输入。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """This function will dress the fields and say the rules before they are broken."""
        super().__init__(*args, **kwargs)
        labels = {
            "old_password": _("当前密码"),
            "new_password1": _("新密码"),
            "new_password2": _("再输一次新密码"),
        }
        for name, label in labels.items():
            old = name == "old_password"
            self.fields[name].label = label
            self.fields[name].widget = SecretBox("current-password" if old else "new-password")
            self.fields[name].help_text = ""
        self.fields["new_password1"].help_text = _(
            "至少 12 个字符，越长越好，可以用一句话；不要用常见密码、工号、姓名或机构名。不用定期更换。"
        )


class Code(Form):
    """A code of the app, or a recovery code. Spaces and dashes do not matter."""

    code = forms.CharField(
        label=_("验证码"),
        max_length=40,
        widget=TextBox(
            autocomplete="one-time-code", inputmode="numeric", autocapitalize="none", spellcheck="false"
        ),
    )


class RecoveryCodeForm(Code):
    """A recovery code, which has letters."""

    code = forms.CharField(
        label=_("恢复码"),
        max_length=40,
        widget=TextBox(autocomplete="off", autocapitalize="characters", spellcheck="false"),
        help_text=_("16 位字母和数字，大小写、空格和横线不影响；每个只能用一次"),
    )


class Reason(Form):
    """Why an administrator ends somebody's logins or takes away their second factor."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=300,
        widget=TextBox(placeholder=_("如：手机遗失，已当面核对身份")),
    )
