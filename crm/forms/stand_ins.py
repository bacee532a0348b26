"""Shape of a stand-in: who, from which day to which, both included as people say it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import DateBox, PersonChoice, Select, TextBox
from crm.models import User
from crm.selectors import stand_ins


class StandInForm(Form):
    """A colleague who acts for a person for some days."""

    stand_in = PersonChoice(
        label=_("代班人"),
        queryset=User.objects.none(),
        empty_label=_("请选择"),
        widget=Select(),
        help_text=_("同一机构或上级机构的同事"),
    )
    first_day = forms.DateField(label=_("首日"), widget=DateBox())
    last_day = forms.DateField(
        label=_("末日"),
        widget=DateBox(),
        help_text=_("这一天仍由代班人办理"),
    )
    reason = forms.CharField(
        label=_("事由"), max_length=100, required=False, widget=TextBox(placeholder=_("如：年假"))
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        """This function will offer the colleagues who may act for the person."""
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = stand_ins.takers(person)  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """This function will give what the service takes: the end is the first day on which nobody acts any more."""
        said = self.cleaned_data
        return {
            "stand_in": said["stand_in"],
            "active_from": said["first_day"],
            "active_to": min(said["last_day"], date.max - timedelta(days=1)) + timedelta(days=1),
            "reason": said["reason"].strip(),
        }
