"""Evidence that comes after the fact."""

from django import forms
from django.utils.translation import gettext_lazy as _

from servicing.forms.fields import Select, Text

KINDS = (
    ("document", _("单证")),
    ("endorsement", _("批单")),
    ("payment", _("付款凭证")),
    ("call", _("通话录音")),
    ("message", _("信息往来")),
)


class NewEvidence(forms.Form):
    """One proof: its kind, what to look up, a note."""

    kind = forms.ChoiceField(label=_("凭据类别"), choices=KINDS, widget=Select())
    reference = forms.CharField(
        label=_("凭据编号"),
        max_length=80,
        widget=Text(),
        error_messages={"required": _("请填写能查到的凭据编号。")},
        help_text=_("能在业务系统里查到的编号或流水号"),
    )
    note = forms.CharField(label=_("说明"), required=False, max_length=200, widget=Text())
