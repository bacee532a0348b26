"""The form of a new API token; nothing is written here."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import DateBox, PersonChoice, Select, TextBox
from crm.models import User
from crm.models.api import ApiScope
from crm.time import at_time

USUAL = timedelta(days=90)


class NewToken(Form):
    """What a new token is called, for whom, for what, until when and from where."""

    name = forms.CharField(
        label=_("名称"), max_length=40, widget=TextBox(), help_text=_("哪个系统用它，例如：核心系统夜间同步")
    )
    person = PersonChoice(
        label=_("使用人"),
        queryset=User.objects.none(),
        empty_label=None,
        widget=Select(),
        help_text=_("令牌以这位员工的岗位和机构行事"),
    )
    scopes = forms.MultipleChoiceField(
        label=_("范围"),
        choices=ApiScope.choices,
        initial=[ApiScope.READ],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    expires_on = forms.DateField(
        label=_("到期日"), widget=DateBox(), help_text=_("这一天结束时失效，最长一年")
    )
    addresses = forms.CharField(
        label=_("允许的地址"),
        required=False,
        max_length=400,
        widget=TextBox(placeholder="10.1.2.3, 10.1.2.0/24"),
        help_text=_("IP 或网段，用逗号隔开；不填不限制"),
    )

    def __init__(self, data: Any = None, *, people: QuerySet[User], user: User, today: date) -> None:
        """This function will offer the people for whom the person may make a token."""
        super().__init__(data, initial={"person": user.pk, "expires_on": today + USUAL})
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def expires_at(self) -> datetime:
        """This function will return the last moment of the last day."""
        return at_time(self.cleaned_data["expires_on"], time.max).replace(microsecond=0)

    def networks(self) -> list[str]:
        """This function will cut the allowed addresses at their commas."""
        text = str(self.cleaned_data["addresses"]).replace("，", ",").replace("、", ",")
        return [part for part in (piece.strip() for piece in text.split(",")) if part]
