"""Shapes of choosing the other customer, and of a merge: what the survivor takes over, and why the two are one."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import TextBox


class OtherCustomer(Form):
    """The number of the other row."""

    other = forms.CharField(
        label=_("另一位的客户号"), max_length=30, widget=TextBox(placeholder=_("如：K0000012"))
    )


class MergeForm(Form):
    """What was chosen on the comparison, as it was shown."""

    reason = forms.CharField(
        label=_("合并理由"),
        max_length=200,
        widget=TextBox(placeholder=_("如：证件号相同，重复开户")),
    )
    version = forms.IntegerField(widget=forms.HiddenInput())
    other_version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, data: Any = None, *, names: Iterable[str], **kwargs: Any) -> None:
        """This function will take the fields in which the two differ."""
        super().__init__(data, **kwargs)
        # the page sends one answer a field: `take_name=other`
        self.names = [name for name in names if data and data.get(f"take_{name}") == "other"]
