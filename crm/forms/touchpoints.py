"""Shape of a touchpoint: how, with whom, when, what was said, what came of it."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import Moment, Select, TextArea, TextBox
from crm.models import Contact, Customer, Touchpoint
from crm.models.touchpoint import Direction, TouchpointKind
from crm.services.touchpoints import TouchpointFields

if TYPE_CHECKING:
    _OfContact = forms.ModelChoiceField[Contact]
else:  # the field takes no type when the program runs
    _OfContact = forms.ModelChoiceField
FIELDS = ("kind", "direction", "contact", "happened_at", "summary", "outcome")


class WhomChoice(_OfContact):
    """A person served at the customer."""

    def label_from_instance(self, obj: Contact) -> str:
        """This function will show name and role, masked."""
        return f"{obj.shown_name}（{obj.get_role_display()}）"


class NewTouchpoint(Form):
    """One contact with a customer, told in a line or two."""

    kind = forms.ChoiceField(
        label=_("方式"), choices=TouchpointKind.choices, initial=TouchpointKind.CALL, widget=Select()
    )
    direction = forms.ChoiceField(
        label=_("方向"), choices=Direction.choices, initial=Direction.OUT, widget=Select()
    )
    contact = WhomChoice(
        label=_("对象"),
        queryset=Contact.objects.none(),
        required=False,
        empty_label=_("不指定"),
        widget=Select(),
    )
    happened_at = forms.DateTimeField(label=_("发生时间"), widget=Moment())
    summary = forms.CharField(label=_("说了什么"), max_length=2000, widget=TextArea(rows=2))
    outcome = forms.CharField(label=_("结果或下一步"), max_length=200, required=False, widget=TextBox())

    def __init__(self, data: Any = None, *, customer: Customer, **kwargs: Any) -> None:
        """This function will offer the persons served at the customer."""
        super().__init__(data, **kwargs)
        self.fields["contact"].queryset = customer.contacts.order_by("role", "slot")  # type: ignore[attr-defined]

    def details(self) -> TouchpointFields:
        """This function will say the fields as the service takes them."""
        return cast(TouchpointFields, {name: self.cleaned_data[name] for name in FIELDS})


class Correction(NewTouchpoint):
    """A touchpoint as recorded, and why it is corrected where that must be said."""

    reason = forms.CharField(label=_("更正理由"), max_length=200, required=False, widget=TextBox())

    def __init__(self, data: Any = None, *, touchpoint: Touchpoint, needs_reason: bool) -> None:
        """This function will fill in the row; the writer of a fresh one is not asked why."""
        filled = {name: getattr(touchpoint, name) for name in FIELDS}
        super().__init__(
            data, customer=touchpoint.customer, initial={**filled, "contact": touchpoint.contact_id}
        )
        self.fields["reason"].required = needs_reason
        if not needs_reason:
            del self.fields["reason"]

    def details(self) -> TouchpointFields:
        """This function will keep the recorded second where the minute was not changed."""
        told = super().details()
        if "happened_at" not in self.changed_data:
            told["happened_at"] = self.initial["happened_at"]
        return told
