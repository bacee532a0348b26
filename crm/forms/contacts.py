"""Shapes of a person served at a customer, and of the reason for looking at clear data."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import CheckBox, DateBox, NumberBox, Select, TextBox
from crm.models import Contact, Customer
from crm.models.customer import BirthdayCalendar, ContactRole, CustomerKind
from crm.services.contacts import ContactChanges, ContactFields

PLAIN = (
    *("title", "birthday_calendar", "birth_date", "birth_month", "birth_day", "birth_leap_month"),
    *("public_official", "consent_source"),
)


class NewContact(Form):
    """One person served at a customer."""

    role = forms.ChoiceField(label=_("对象类别"), widget=Select())
    name = forms.CharField(label=_("姓名"), max_length=40, widget=TextBox())
    title = forms.CharField(label=_("职务"), max_length=40, required=False, widget=TextBox())
    phone = forms.CharField(label=_("手机"), max_length=30, required=False, widget=TextBox(inputmode="tel"))
    email = forms.CharField(
        label=_("邮箱"), max_length=120, required=False, widget=TextBox(inputmode="email")
    )
    id_no = forms.CharField(label=_("证件号码"), max_length=30, required=False, widget=TextBox())
    birthday_calendar = forms.ChoiceField(
        label=_("生日历法"), choices=BirthdayCalendar.choices, widget=Select()
    )
    birth_date = forms.DateField(
        label=_("出生日期"),
        required=False,
        widget=DateBox(),
        help_text=_("公历出生日期；填写后自动得出生日，过农历生日的自动换算"),
    )
    birth_month = forms.IntegerField(
        label=_("生日月"), required=False, min_value=1, max_value=12, widget=NumberBox()
    )
    birth_day = forms.IntegerField(
        label=_("生日日"), required=False, min_value=1, max_value=31, widget=NumberBox()
    )
    birth_leap_month = forms.BooleanField(label=_("闰月生日"), required=False, widget=CheckBox())
    public_official = forms.BooleanField(label=_("公职人员"), required=False, widget=CheckBox())
    consented = forms.BooleanField(label=_("同意接收关怀信息"), required=False, widget=CheckBox())
    consent_source = forms.CharField(
        label=_("同意来源"), max_length=60, required=False, widget=TextBox(), help_text=_("如：投保单勾选")
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        """This function will offer the roles that fit the customer's kind."""
        super().__init__(*args, **kwargs)
        person = customer.kind == CustomerKind.PERSON
        roles = [choice for choice in ContactRole.choices if (choice[0] == ContactRole.SELF) == person]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]

    def details(self, now: datetime) -> ContactFields:
        """This function will say the fields as the service takes them; consent is given now."""
        told = {field: value for field, value in self.cleaned_data.items() if field not in ("role", "name")}
        told["consented_at"] = now if told.pop("consented") else None
        return cast(ContactFields, told)


class ContactEdit(NewContact):
    """A person as recorded. Name, phone and ID number stay unseen: an empty box leaves them as they are."""

    opted_out = forms.BooleanField(label=_("已退订关怀信息"), required=False, widget=CheckBox())

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        """This function will fill in what is not sealed and show the masks of what is."""
        filled = {name: getattr(contact, name) for name in PLAIN}
        filled["consented"] = contact.consented_at is not None
        filled["opted_out"] = contact.opted_out_at is not None
        super().__init__(*args, customer=contact.customer, initial=filled, **kwargs)
        del self.fields["role"]
        masks = {
            "name": contact.shown_name,
            "phone": contact.phone_masked,
            "email": contact.email_masked,
            "id_no": contact.id_no_masked,
        }
        for name, mask in masks.items():
            field = self.fields[name]
            field.required = False
            field.help_text = _("留空表示不修改")
            field.widget.attrs["placeholder"] = mask

    def changes(self, now: datetime) -> ContactChanges:
        """This function will say only what was changed, so that nothing else is overwritten."""
        told = {name: self.cleaned_data[name] for name in self.changed_data}
        for answer, moment in (("consented", "consented_at"), ("opted_out", "opted_out_at")):
            if answer in told:
                told[moment] = now if told.pop(answer) else None
        return cast(ContactChanges, told)


class RevealReason(Form):
    """Why somebody wants to see a phone or ID number in clear."""

    reason = forms.CharField(
        label=_("查看用途"), max_length=300, widget=TextBox(placeholder=_("如：电话回访")), required=False
    )
