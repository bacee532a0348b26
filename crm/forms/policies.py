"""Shape of a policy as people change it: premiums in yuan here, in whole fen everywhere else."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import DateBox, Select, TextBox
from crm.models import Policy
from crm.models.policy import PolicyLine, PolicyStatus, PremiumFrequency
from crm.services.policies import PolicyFields

FEN = 100
MOST_YUAN = Decimal(9_999_999_999)
YEARS = 120


class PolicyEdit(Form):
    """A policy as recorded. Its number and its customer stay: another number is another policy."""

    product = forms.CharField(label=_("产品"), max_length=60, widget=TextBox())
    line = forms.ChoiceField(label=_("险类"), choices=PolicyLine.choices, widget=Select())
    premium = forms.DecimalField(
        label=_("保费（元）"),
        min_value=0,
        max_value=MOST_YUAN,
        decimal_places=2,
        widget=TextBox(inputmode="decimal"),
        error_messages={"min_value": _("保费不能小于零，请核对。")},
    )
    frequency = forms.ChoiceField(label=_("交费频率"), choices=PremiumFrequency.choices, widget=Select())
    pay_years = forms.IntegerField(
        label=_("交费年限"),
        required=False,
        min_value=1,
        max_value=YEARS,
        widget=TextBox(inputmode="numeric"),
    )
    effective_date = forms.DateField(label=_("生效日"), widget=DateBox())
    delivered_date = forms.DateField(label=_("送达日"), required=False, widget=DateBox())
    ends_date = forms.DateField(
        label=_("保障末日"), required=False, widget=DateBox(), help_text=_("终身的留空")
    )
    status = forms.ChoiceField(label=_("状态"), choices=PolicyStatus.choices, widget=Select())

    def __init__(self, data: Any = None, *, policy: Policy) -> None:
        """This function will fill in the policy."""
        filled = {name: getattr(policy, name) for name in self.base_fields if name != "premium"}
        premium = Decimal(policy.premium_fen) / FEN
        super().__init__(data, initial={**filled, "premium": f"{premium:.2f}"})

    def changes(self) -> PolicyFields:
        """This function will say only what was changed, the premium in fen."""
        told = {name: self.cleaned_data[name] for name in self.changed_data}
        if "premium" in told:
            told["premium_fen"] = int(told.pop("premium") * FEN)
        return cast(PolicyFields, told)
