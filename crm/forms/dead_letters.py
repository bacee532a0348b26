"""Shape of what is done to dead letters."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import TextBox


class Reason(Form):
    """Why a letter is voided, or what was found out before it is sent again."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=200,
        required=False,
        widget=TextBox(placeholder=_("如：已电话告知客户"), autocomplete="off"),
    )


class CauseAsked(Reason):
    """The cause whose letters are meant."""

    state = forms.CharField(max_length=10, required=False)
    channel = forms.CharField(max_length=8, required=False)
    why = forms.CharField(max_length=200, required=False, strip=False)
