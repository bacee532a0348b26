"""Why somebody reminds a promise's owner."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import TextBox

REASONS = (_("客户来电催问"), _("临近到期"), _("已经超时"), _("后续事项在等"))


class Urging(Form):
    """A reminder with its reason, one of the usual ones or one's own words."""

    reason = forms.CharField(
        label=_("催办原因"),
        max_length=200,
        widget=TextBox(list="urge-reasons", placeholder=_("例如：客户来电催问")),
        error_messages={"required": _("请写明催办的原因。")},
    )
