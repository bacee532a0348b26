"""Evidence that comes after the fact."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import Select, TextBox
from crm.models import Touchpoint
from crm.time import local
from servicing.services.commitments import Proof

if TYPE_CHECKING:
    _OfTouchpoint = forms.ModelChoiceField[Touchpoint]
else:  # the field takes no type when the program runs
    _OfTouchpoint = forms.ModelChoiceField

KINDS = (
    ("document", _("单证")),
    ("endorsement", _("批单")),
    ("payment", _("付款凭证")),
    ("call", _("通话录音")),
    ("message", _("信息往来")),
)


TOUCHPOINT = "touchpoint"


class TouchpointChoice(_OfTouchpoint):
    """What was written down about the customer in the time of the promise."""

    def label_from_instance(self, obj: Touchpoint) -> str:
        """This function will show when, how, and how it begins."""
        day = f"{local(obj.happened_at):%Y-%m-%d %H:%M}"
        return f"{day} {obj.get_kind_display()} {Truncator(obj.summary).chars(24)}"


class NewEvidence(Form):
    """One proof: its kind, what to look up, a note; or a touchpoint, which says all that itself."""

    kind = forms.ChoiceField(label=_("凭据类别"), choices=KINDS, widget=Select())
    reference = forms.CharField(
        label=_("凭据编号"),
        max_length=80,
        widget=TextBox(),
        error_messages={"required": _("请填写能查到的凭据编号。")},
        help_text=_("能在业务系统里查到的编号或流水号"),
    )
    note = forms.CharField(label=_("说明"), required=False, max_length=200, widget=TextBox())
    touchpoint = TouchpointChoice(
        label=_("往来记录"),
        queryset=Touchpoint.objects.none(),
        required=False,
        empty_label=_("不用往来记录"),
        widget=Select(),
        help_text=_("选了往来记录，就不必填凭据编号"),
    )

    def __init__(self, data: Any = None, *, touchpoints: QuerySet[Touchpoint]) -> None:
        """This function will offer the touchpoints that may prove the promise; without any, no choice is shown."""
        super().__init__(data)
        self.fields["touchpoint"].queryset = touchpoints  # type: ignore[attr-defined]
        chosen = self.data.get("touchpoint") if self.is_bound else None
        if chosen:
            self.fields["kind"].required = self.fields["reference"].required = False
        elif not touchpoints.exists():
            del self.fields["touchpoint"]

    def proof(self) -> Proof:
        """This function will say the proof as the service takes it."""
        told, row = self.cleaned_data, self.cleaned_data.get("touchpoint")
        if row is not None:
            return Proof(TOUCHPOINT, row.number, told["note"] or Truncator(row.summary).chars(200))
        return Proof(told["kind"], told["reference"], told["note"])
