"""Shape of a rating that is asked for, and of its opinion. Nothing is written here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import NumberBox, TextBox

FIRST_YEAR, LAST_YEAR = 2000, 2100


class RatingForm(Form):
    """The year that is rated."""

    year = forms.IntegerField(
        label=_("评定年度"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=NumberBox(),
        help_text=_("须在该年 12 月 31 日之后；名单属于次年。"),
    )


class OpinionForm(Form):
    """What the person who hands a list in says about it."""

    opinion = forms.CharField(
        label=_("意见"),
        max_length=200,
        widget=TextBox(placeholder=_("名额依据、并列和数据问题如何处理")),
    )

    def told(self) -> dict[str, Any]:
        """This function will give what `submit` takes."""
        return {"opinion": self.cleaned_data["opinion"]}
