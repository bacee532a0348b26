"""Shape of what a person said about care messages by one channel."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import DateBox, Select, TextBox
from crm.models.consent import CHANNELS
from crm.time import at_time, local_date

GIVEN, WITHDRAWN = "given", "withdrawn"


class Statement(Form):
    """Consent to a channel or its withdrawal, with where it was made and when."""

    channel = forms.ChoiceField(label=_("渠道"), choices=CHANNELS, widget=Select())
    said = forms.ChoiceField(
        label=_("客户表示"),
        choices=[(GIVEN, _("同意接收关怀信息")), (WITHDRAWN, _("不再接收"))],
        widget=Select(),
    )
    source = forms.CharField(
        label=_("来源"), max_length=60, widget=TextBox(placeholder=_("如：电话确认、短信回复 R、柜面签字"))
    )
    said_on = forms.DateField(
        label=_("表示日期"), widget=DateBox(), help_text=_("客户作出表示的那一天，不是登记的日子")
    )

    def told(self, now: datetime) -> dict[str, Any]:
        """This function will give what the service takes; said today means said by now."""
        told = self.cleaned_data
        day = told["said_on"]
        return {
            "channel": told["channel"],
            "given": told["said"] == GIVEN,
            "source": told["source"],
            "said_at": now if day == local_date(now) else at_time(day, time.min),
        }
