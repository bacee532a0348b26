"""The intake form: who asks, what for, when it was received."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm import phones
from crm.forms.base import Form
from crm.forms.widgets import CheckBox, Moment, Select, TextArea, TextBox
from crm.models import Contact, Customer, Policy
from servicing.forms.fields import ContactChoice, PolicyChoice
from servicing.models.ticket import ChangeType, TicketChannel, TicketKind

NEEDS_PAPERS = (TicketKind.ISSUE, TicketKind.CHANGE)
NONE = _("不指定")


class Intake(Form):
    """One request, taken in from a call or at the counter. The customer is chosen from what the search found."""

    caller = forms.CharField(
        label=_("来电号码或客户"),
        required=False,
        max_length=60,
        widget=TextBox(
            autofocus=True, inputmode="search", placeholder=_("手机号、客户名称、拼音首字母或客户号")
        ),
    )
    contact = ContactChoice(
        label=_("联系人"), queryset=Contact.objects.none(), required=False, empty_label=NONE, widget=Select()
    )
    policy = PolicyChoice(
        label=_("保单"), queryset=Policy.objects.none(), required=False, empty_label=NONE, widget=Select()
    )
    kind = forms.ChoiceField(
        label=_("类别"), choices=TicketKind.choices, initial=TicketKind.ENQUIRY, widget=Select()
    )
    change_type = forms.ChoiceField(
        label=_("变更内容"),
        choices=[("", _("请选择")), *ChangeType.choices],
        required=False,
        widget=Select(),
    )
    channel = forms.ChoiceField(
        label=_("渠道"), choices=TicketChannel.choices, initial=TicketChannel.PHONE, widget=Select()
    )
    received_at = forms.DateTimeField(
        label=_("受理时间"), widget=Moment(), error_messages={"required": _("请填写受理时间，时限从它起算。")}
    )
    subject = forms.CharField(
        label=_("客户要办什么"),
        max_length=80,
        error_messages={"required": _("请用一句话写明客户要办什么。")},
        widget=TextBox(placeholder=_("一句话，例如：变更受益人")),
    )
    body = forms.CharField(label=_("详细内容"), required=False, max_length=4000, widget=TextArea(rows=4))
    papers_complete = forms.BooleanField(
        label=_("资料已齐备"),
        required=False,
        initial=True,
        widget=CheckBox(),
        help_text=_("未齐备的，按规定尚未起算或立即暂停，右侧会说明"),
    )

    def __init__(self, *args: Any, customer: Customer | None = None, **kwargs: Any) -> None:
        """This function will offer the persons and policies of the chosen customer."""
        super().__init__(*args, **kwargs)
        self.customer = customer
        if customer is not None:
            self.fields["contact"].queryset = customer.contacts.order_by("role", "slot")  # type: ignore[attr-defined]
            self.fields["policy"].queryset = customer.policies.order_by("status", "-effective_date", "pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """This function will ask for the customer, and for what changes where something changes."""
        asked = super().clean() or self.cleaned_data
        if self.customer is None:
            self.add_error("caller", _("请先查找并选中客户。"))
        if asked.get("kind") == TicketKind.CHANGE and not asked.get("change_type"):
            self.add_error("change_type", _("请选择要变更的内容，时限由它决定。"))
        if asked.get("kind") not in NEEDS_PAPERS:
            asked["papers_complete"] = True
        return asked

    def phone(self) -> str:
        """This function will return the caller's number where the search text is one."""
        text = str(self.cleaned_data.get("caller") or "")
        return text if phones.looks_whole(text) else ""

    def draft(self) -> dict[str, Any] | None:
        """This function will return what the clocks need from a half-filled form; None where that does not suffice."""
        self.is_valid()
        asked = self.cleaned_data
        received_at: datetime | None = asked.get("received_at")
        kind = asked.get("kind")
        if self.customer is None or received_at is None or not kind:
            return None
        if kind == TicketKind.CHANGE and not asked.get("change_type"):
            return None
        return {
            "customer": self.customer,
            "kind": kind,
            "change_type": asked.get("change_type", "") if kind == TicketKind.CHANGE else "",
            "channel": asked.get("channel", ""),
            "received_at": received_at,
            "papers_complete": asked["papers_complete"],
        }
