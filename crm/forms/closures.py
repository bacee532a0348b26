"""Shape of a closure that is proposed: which branch, which days, why. Nothing is written here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import BranchChoice, CheckBox, DateBox, Select, TextBox
from crm.models import Branch

CLOSED, OPEN = "closed", "open"


class ClosureForm(Form):
    """One branch closed, or opened again, for some days of one year."""

    branch = BranchChoice(
        Branch.objects.order_by("path"), label=_("机构"), empty_label=_("请选择"), widget=Select()
    )
    lifted = forms.ChoiceField(
        label=_("安排"), choices=[(CLOSED, _("停业")), (OPEN, _("恢复营业"))], initial=CLOSED, widget=Select()
    )
    first_day = forms.DateField(label=_("首日"), widget=DateBox())
    last_day = forms.DateField(label=_("末日"), widget=DateBox())
    name = forms.CharField(
        label=_("名称"),
        max_length=20,
        widget=TextBox(placeholder=_("台风停业")),
        help_text=_("显示在日历和时效凭证上。"),
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        widget=TextBox(placeholder=_("气象台发布台风红色预警，全省停工")),
    )
    recount = forms.BooleanField(
        label=_("在办承诺也重算"),
        required=False,
        widget=CheckBox(),
        help_text=_("不勾选时，已定的到期日不变，只影响以后登记的承诺。法定时限不受停业影响。"),
    )

    def told(self) -> dict[str, Any]:
        """This function will give what the service wants to know."""
        return {**self.cleaned_data, "lifted": self.cleaned_data["lifted"] == OPEN}
